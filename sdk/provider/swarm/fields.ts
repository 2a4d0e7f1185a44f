// A swarm as fields: its nodes by name, and how their daemons are reached.

import { connectionFields } from "../config.ts";
import { element, f, type Plain } from "../fields.ts";

const checkPrefixed = (pools: readonly string[]) =>
  pools.every((pool) => /^[0-9a-f.:]+\/\d{1,3}$/i.test(pool))
    ? undefined
    : 'write networks as CIDR, such as "10.20.0.0/16"';

const checkLabels = (labels: { readonly [name: string]: string }) =>
  Object.keys(labels).some((name) => name.startsWith("dockwright."))
    ? 'has a name that begins with "dockwright."; such are this provider\'s own'
    : undefined;

const fixed = "It is fixed when the swarm is made: a change is refused.";

export const swarmInputs = {
  nodes: f.map(
    f.object(
      "SwarmNode",
      {
        role: f.choice(["manager", "worker"], {
          doc: "What it is: managers keep the state and decide, and run tasks too.",
          default: "worker",
        }),
        address: f.string({
          doc: "The address at which the other nodes reach it. A node keeps the one that it joined with.",
          required: true,
        }),
        dataPathAddress: f.string({
          doc: "The address for the traffic of overlay networks. A node keeps the one that it joined with.",
          default: "address",
        }),
        listenAddress: f.string({
          doc: "The address, and the port after a colon, on which it listens for the other nodes.",
          default: "0.0.0.0:2377",
        }),
        availability: f.choice(["active", "pause", "drain"], {
          doc: "Whether it takes tasks: `pause` gives it no new tasks, `drain` also moves off what it has.",
          default: "active",
        }),
        labels: f.map(f.string(element), {
          doc: "Labels by name: constraints of services call them `node.labels.NAME`.",
          default: "none",
          check: checkLabels,
        }),
      },
      element,
    ),
    { doc: "The nodes by name.", required: true, onChange: "update" },
  ),
  addressPools: f.list(f.string(element), {
    doc: `The networks, as CIDR, from which overlay networks get their subnets. ${fixed}`,
    default: "10.0.0.0/8",
    onChange: "update",
    check: checkPrefixed,
  }),
  subnetPrefix: f.integer({
    doc: `The length of the prefix of a subnet out of addressPools. ${fixed}`,
    default: "24",
    onChange: "update",
    check: (value) => (value >= 8 && value <= 29 ? undefined : "write 8 to 29"),
  }),
  dataPathPort: f.integer({
    doc: `The UDP port for the traffic of overlay networks, 1024 to 49151. ${fixed}`,
    default: "4789",
    onChange: "update",
    check: (value) => (value >= 1024 && value <= 49_151 ? undefined : "write 1024 to 49151"),
  }),
  drainTimeoutMs: f.integer({
    doc: "How long tasks may take to move off a node that leaves, in milliseconds. Then it leaves anyway, with a warning.",
    default: "60000",
    onChange: "ignore",
    check: (value) => (value > 0 ? undefined : "write more than 0 milliseconds"),
  }),
  connections: f.map(f.object("DaemonConnection", connectionFields, element), {
    doc: "How the nodes' daemons are reached, by node: as a provider's configuration.",
    required: true,
    onChange: "ignore",
  }),
} as const;
export type SwarmInputs = Plain<typeof swarmInputs>;

export const swarmOutputs = {
  swarmId: f.string({ doc: "The swarm's id.", required: true }),
  nodeIds: f.map(f.string(element), { doc: "The nodes' ids, by name.", required: true }),
  drift: f.list(f.string(element), {
    doc: "How nodes differed when they were last looked at.",
    required: true,
  }),
} as const;
export type SwarmOutputs = Plain<typeof swarmOutputs>;

/** What is fixed when the swarm is made. */
export const fixedFields = ["addressPools", "subnetPrefix", "dataPathPort"] as const;
