// One service over several machines that answer SSH: Docker is installed on each, the placement spreads
// the replicas, and every machine's proxy answers for all of them. Add a machine to Pulumi.dev.yaml and
// run `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { Bridge, Daemon, debianImages, Host, HostPool, Image, Proxy, Service } from "dockwright";

const config = new pulumi.Config();
const addresses = config.requireObject<Readonly<Record<string, string>>>("hosts");
const privateKey = config.getSecret("privateKey");
// The keys of the SSH agent, unless the configuration has one.
const login = {
  user: config.require("user"),
  ...(privateKey === undefined ? { agentSocket: "SSH_AUTH_SOCK" } : { privateKey }),
};

const hosts = Object.entries(addresses).map(([name, address]) => {
  const host = new Host(name, { address, ...login });
  return [name, { daemon: new Daemon(`${name}-docker`, { host }), address }] as const;
});
const pool = new HostPool("pool", { hosts: Object.fromEntries(hosts) });

const front = pool.each((daemon, { name }) => new Bridge(`front-${name}`, { daemon }));
const pages = pool.each((daemon, { name }) => {
  const server = new Image(`server-${name}`, { daemon, debian: debianImages.webServer });
  const build = { context: "./pages", args: { BASE: server.ref } };
  return new Image(`pages-${name}`, { daemon, build });
});
const edges = pool.each((daemon, { name }) => {
  const own = front.perHost[name];
  return new Proxy(`edge-${name}`, { on: daemon, networks: own === undefined ? [] : [own] });
});
const web = new Service("web", {
  on: pool,
  image: pages,
  replicas: config.requireNumber("replicas"),
  networks: [front],
  port: 8080,
  health: { http: "/" },
  routes: [{ proxy: edges, host: "*" }],
});

export const urls = Object.values(addresses).map((address) => `http://${address}/`);
export const containers = web.containerNames;
