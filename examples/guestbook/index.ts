// A guestbook on this machine's own Docker; with machines in the configuration, the same on a swarm of
// them. Only `on` and where the leader keeps its entries differ.
import * as pulumi from "@pulumi/pulumi";
import { Daemon, Host, LocalDaemon, SwarmCluster } from "dockwright";
import { Guestbook, type GuestbookArgs } from "dockwright/stacks/guestbook";

interface Machine {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly role: "manager" | "worker";
  /** Its SSH host key, where it is known beforehand. */
  readonly hostKey?: string;
}

const config = new pulumi.Config();

function swarmOf(machines: readonly Machine[]): SwarmCluster {
  const privateKey = config.requireSecret("privateKey");
  const nodes = machines.map(({ name, role, ...login }, index) => {
    const host = new Host(name, { ...login, privateKey });
    const adopt = config.getBoolean("adopt") ?? false;
    // Docker has no swarm with it.
    const options = { liveRestore: false };
    const daemon = new Daemon(`${name}-docker`, { host, adopt, options });
    const labels = { entries: index === 0 ? "here" : "elsewhere" };
    return [name, { daemon, role, address: login.address, labels }] as const;
  });
  return new SwarmCluster("crew", { nodes: Object.fromEntries(nodes) });
}

/** The leader stays on the node that has its volume. */
const pinned: GuestbookArgs["leader"] = {
  placement: { require: [{ label: "entries", equals: "here" }] },
  volumes: [{ volume: { volumeName: "guestbook-entries" }, target: "/var/lib/redis" }],
};

const machines = config.getObject<Machine[]>("machines");
const where =
  machines === undefined
    ? { on: new LocalDaemon("local") }
    : { on: swarmOf(machines), leader: pinned };

const book = new Guestbook("book", {
  ...where,
  replicas: config.getNumber("replicas") ?? 2,
  title: config.get("title") ?? "Guestbook",
  // Of a swarm alone. `dockwright doctor` says whether a machine's kernel can.
  encrypted: config.getBoolean("encrypted") ?? true,
  port: config.requireNumber("port"),
});

export const urls = book.urls;
export const leader = book.leader;
export const replicas = book.replicas;
export const frontends = book.frontends;
