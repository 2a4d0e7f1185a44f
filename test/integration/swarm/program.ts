// The program of the swarm's tests, as text: it is run by the engine, not by the test.
export const program = `
import { readFileSync } from "node:fs";
import {
  Bridge, Daemon, Host, Image, Overlay, Proxy, SwarmCluster, SwarmConfig, SwarmRoute, SwarmSecret, SwarmService,
} from "dockwright";
const logins = JSON.parse(readFileSync("hosts.json", "utf8"));
const s = JSON.parse(readFileSync("settings.json", "utf8"));
const names = [...s.managers, ...s.workers];
const nodes = Object.fromEntries(logins.filter(({ name }) => names.includes(name)).map(({ name, ...login }) => {
  const host = new Host(name, { ...login, lost: s.lost.includes(name) });
  const daemon = new Daemon(name + "-docker", { host, adopt: true, options: { liveRestore: s.liveRestore } });
  const role = s.managers.includes(name) ? "manager" : "worker";
  return [name, { daemon, address: login.address, role, labels: s.labels[name] ?? {} }];
}));
const cluster = new SwarmCluster("crew", { nodes, addressPools: ["10.77.0.0/16"], drainTimeoutMs: 30000 });
export const swarmId = cluster.swarmId;
export let service;
if (s.service) {
  const { daemon } = cluster.nodes[s.seat];
  const built = new Image("answerer", { daemon, build: { context: "answerer", builder: "classic" } });
  const image = cluster.each((daemon, node) => node === s.seat ? built
    : new Image("answerer-" + node, { daemon, copy: { image: built.imageId, from: cluster.nodes[s.seat].daemon.provider.connection } }));
  const inside = new Overlay("inside", { on: cluster, encrypted: s.encrypted, attachable: true });
  const password = new SwarmSecret("password", { on: cluster, data: s.password });
  const motd = new SwarmConfig("motd", { on: cluster, data: "hello " + s.version });
  const shop = new SwarmService("shop", {
    on: cluster, image, mode: "global", networks: [inside], endpointMode: "dnsrr",
    env: { VERSION: s.version },
    ports: [{ port: 8080, publishedPort: 8081, mode: "host" }],
    secrets: [{ secret: password, target: "password" }],
    configs: [{ config: motd, target: "/etc/motd" }],
    update: { monitorMs: 1500, delayMs: 1500 },
    ...s.more,
  });
  service = shop.serviceName;
  // Its tasks go elsewhere when a node is lost.
  new SwarmService("crowd", { on: cluster, image, replicas: 5, env: { VERSION: "crowd" }, endpointMode: "dnsrr", update: { monitorMs: 1500 } });
  // What Swarm does by itself: a virtual address, and a port that every node answers at.
  new SwarmService("mesh", { on: cluster, image, networks: [inside], ports: [{ port: 8080, publishedPort: 8082 }], env: { VERSION: "mesh" }, update: { monitorMs: 1500 } });
  const front = new Bridge("front", { daemon });
  const edge = new Proxy("edge", { on: daemon, networks: [front] });
  new SwarmRoute("shop-route", { daemon, proxy: edge, host: "*", service: shop, port: 8081, nodes: cluster.nodes, check: { path: "/healthz", intervalMs: 200 } });
}
`;
