// A web server on every node of a swarm of one's own machines, behind HAProxy on the managers. The image
// is built on the first node and copied to the others: no registry. Change site/index.html and run
// `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { Daemon, debianImages, Host, Image } from "dockwright";
import { SwarmWeb } from "dockwright/stacks/swarm-web";

interface Machine {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly role: "manager" | "worker";
  /** Its SSH host key, where it is known beforehand. */
  readonly hostKey?: string;
}

const config = new pulumi.Config();
const machines = config.requireObject<Machine[]>("machines");
const privateKey = config.requireSecret("privateKey");

const nodes = machines.map(({ name, role, ...login }) => {
  const host = new Host(name, { ...login, privateKey });
  const daemon = new Daemon(`${name}-docker`, {
    host,
    adopt: config.getBoolean("adopt") ?? false,
    // Docker has no swarm with it.
    options: { liveRestore: false },
  });
  return { name, daemon, role, address: login.address };
});
const [first] = nodes;
if (first === undefined) throw new Error("give machines in the configuration");

const server = new Image("server", { daemon: first.daemon, debian: debianImages.webServer });
const build = { context: "./site", args: { BASE: server.ref } };
const built = new Image("site", { daemon: first.daemon, build });
const images = nodes.map(({ name, daemon }) => {
  if (daemon === first.daemon) return [name, built] as const;
  const copy = { image: built.imageId, from: first.daemon.provider.connection };
  return [name, new Image(`site-${name}`, { daemon, copy })] as const;
});

const web = new SwarmWeb("web", {
  nodes: Object.fromEntries(nodes.map(({ name, ...node }) => [name, node])),
  image: { perHost: Object.fromEntries(images) },
});

export const urls = web.urls;
export const service = web.service;
