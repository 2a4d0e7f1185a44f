// One service, and where it runs: on the daemon of d1, or on a swarm of the others. As text: it is run by
// the engine, not by the test.
export const serviceProgram = `
import { readFileSync } from "node:fs";
import { Bridge, Daemon, Host, Image, Overlay, Service, SwarmCluster } from "dockwright";
const logins = JSON.parse(readFileSync("hosts.json", "utf8"));
const s = JSON.parse(readFileSync("settings.json", "utf8"));
const daemons = Object.fromEntries(logins.map(({ name, ...login }) => {
  const host = new Host(name, login);
  return [name, new Daemon(name + "-docker", { host, adopt: true, options: { liveRestore: false } })];
}));
const address = (name) => logins.find((login) => login.name === name).address;
const daemon = daemons.d1;
const cluster = new SwarmCluster("crew", {
  nodes: {
    m1: { daemon: daemons.m1, address: address("m1"), role: "manager" },
    w1: { daemon: daemons.w1, address: address("w1") },
  },
  addressPools: ["10.79.0.0/16"],
});
const build = { build: { context: "answerer", builder: "classic" } };
const places = {
  daemon: { on: daemon, image: () => new Image("answerer-d1", { daemon, ...build }), network: () => new Bridge("front", { daemon }) },
  swarm: { on: cluster, image: () => cluster.image("answerer", build), network: () => new Overlay("inside", { on: cluster, attachable: true }) },
};
const { on, image, network } = places[s.more.on];
const inside = network();
new Service("shop", {
  on, image: image(), port: 8080, replicas: 2,
  networks: [{ networkName: inside.networkName, aliases: ["shop"] }],
  env: { VERSION: s.version, ...s.more.env },
  secrets: { password: s.password },
  stopGraceMs: 10000,
});
export const networkName = inside.networkName;
`;
