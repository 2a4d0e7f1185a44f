// A swarm of machines that answer SSH, a service on every node, and HAProxy on the managers. The image is
// built on the first node and copied to the others: no registry is needed. Change a page and run
// `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { Daemon, debianImages, Host, Image } from "dockwright";
import { SwarmWeb } from "dockwright/stacks/swarm-web";

interface Machine {
  readonly name: string;
  readonly address: string;
  readonly role: "manager" | "worker";
}

const config = new pulumi.Config();
const machines = config.requireObject<readonly Machine[]>("machines");
const privateKey = config.getSecret("privateKey");
// The keys of the SSH agent, unless the configuration has one.
const login = {
  user: config.require("user"),
  ...(privateKey === undefined ? { agentSocket: "SSH_AUTH_SOCK" } : { privateKey }),
};

const nodes = machines.map(({ name, address, role }) => {
  const host = new Host(name, { address, ...login });
  // Docker has no swarm with liveRestore.
  const daemon = new Daemon(`${name}-docker`, { host, options: { liveRestore: false } });
  return { name, daemon, role, address };
});
const [first, ...others] = nodes;
if (first === undefined) throw new Error("machines in the configuration is empty; give one");

const server = new Image("server", { daemon: first.daemon, debian: debianImages.webServer });
const build = { context: "./pages", args: { BASE: server.ref } };
const pages = new Image("pages", { daemon: first.daemon, build });
const copies = others.map(({ name, daemon }) => {
  const copy = { image: pages.imageId, from: first.daemon.provider.connection };
  return [name, new Image(`pages-${name}`, { daemon, copy })] as const;
});

const web = new SwarmWeb("web", {
  nodes: Object.fromEntries(nodes.map(({ name, ...node }) => [name, node])),
  image: { perHost: { [first.name]: pages, ...Object.fromEntries(copies) } },
});

export const urls = web.urls;
export const service = web.service;
