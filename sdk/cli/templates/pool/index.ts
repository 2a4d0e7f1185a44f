// One service over several machines that answer SSH: Docker is installed on each, the placement spreads
// the replicas, and every machine's proxy answers for all of them. Add a machine to Pulumi.dev.yaml and
// run `pulumi up` again.
import { Bridge, Daemon, debianImages, Host, HostPool, Image, Proxy, Service } from "dockwright";
import { settings } from "./config.ts";

const { hosts: addresses, user, replicas, privateKey } = settings.load();
// The keys of the SSH agent, unless the configuration has one.
const login = {
  user,
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
  replicas,
  networks: [front],
  port: 8080,
  health: { http: "/" },
  routes: [{ proxy: edges, host: "*" }],
});

export const urls = Object.values(addresses).map((address) => `http://${address}/`);
export const containers = web.containerNames;
