// What a rollout is, as fields: the containers that serve, the proxies that send requests to them, and
// how the hosts of both are reached. All of it is known in a preview, since names are: so a preview can
// tell what will happen in which order.

import { type Member, type RolloutRequest, Strategy } from "../../fleet/rollout.ts";
import { connectionFields } from "../config.ts";
import { readyField } from "../container/health.ts";
import { element, f, type Plain } from "../fields.ts";
import { requestCounts } from "../proxyfields.ts";
import { routeInputs } from "../resources/route.ts";

const { proxy: _proxy, dataVolume: _dataVolume, servers: _servers, sites, ...shape } = routeInputs;

const hostField = f.string({
  doc: "The host that it is on, as in connections.",
  default: "the daemon of the provider",
});

export const rolloutInputs = {
  service: f.string({
    doc: "The service's name, for messages.",
    required: true,
    onChange: "update",
  }),
  strategy: f.choice(Object.values(Strategy), {
    doc: "The order of things. `blueGreen`: all new containers beside the old ones, then all requests at once. `rolling`: batch by batch, each one's old containers drained and stopped before the next. `recreate`: the old ones first, with nobody to answer meanwhile.",
    default: "blueGreen",
    onChange: "update",
  }),
  batch: f.integer({
    doc: "With `rolling`: how many containers at once.",
    default: "1",
    onChange: "update",
    check: (value) => (value >= 1 ? undefined : "write 1 or more"),
  }),
  containers: f.list(
    f.object(
      "RolloutContainer",
      {
        name: f.string({ doc: "The container's name.", required: true }),
        replica: f.string({ doc: "Which of the replicas it is.", required: true }),
        host: hostField,
      },
      element,
    ),
    { doc: "The containers that shall serve.", required: true, onChange: "update" },
  ),
  port: f.integer({ doc: "The port in the containers.", required: true, onChange: "update" }),
  ready: readyField,
  proxies: f.list(
    f.object(
      "RolloutProxy",
      {
        container: f.string({ doc: "The name of its container.", required: true }),
        dataVolume: f.string({
          doc: "The volume on which it keeps its routes: its lasting identity.",
          required: true,
        }),
        network: f.string({
          doc: "The network on which it reaches containers of its own host.",
          required: true,
        }),
        host: hostField,
        sites,
        port: f.integer({
          doc: "The port in its container on which it answers HTTP, for the check after the move.",
          default: "8080",
        }),
      },
      element,
    ),
    {
      doc: "The proxies that send requests to the containers.",
      default: "none",
      onChange: "update",
    },
  ),
  addresses: f.map(f.string(element), {
    doc: "The address at which other hosts reach the published port of a host's containers, by host.",
    default: "none: a proxy sends requests to containers of its own host only",
    onChange: "update",
  }),
  ...shape,
  stopGraceMs: f.integer({
    doc: "How long a container may take to end when it is stopped, in milliseconds.",
    default: "10000",
    onChange: "update",
  }),
  connections: f.map(f.object("DaemonConnection", connectionFields, element), {
    doc: "How the hosts are reached, by host: as a provider's configuration.",
    default: "none: all is on the daemon of the provider",
    onChange: "ignore",
  }),
} as const;

export type RolloutInputs = Plain<typeof rolloutInputs>;

export const rolloutOutputs = {
  key: f.string({ doc: "The entry's name in the proxies.", required: true }),
  ...requestCounts,
  moved: f.integer({
    doc: "Upgraded connections (WebSocket) and event streams that were closed at the deadline of the last change, so that their clients connect to the new containers.",
    required: true,
  }),
  durationMs: f.integer({ doc: "How long the last change took, in milliseconds.", required: true }),
  steps: f.list(f.string(element), { doc: "What the last change did, in order.", required: true }),
  drift: f.list(f.string(element), {
    doc: "How containers and proxies differed when they were last looked at.",
    required: true,
  }),
} as const;

export type RolloutOutputs = Plain<typeof rolloutOutputs>;
export type RolloutProxy = NonNullable<RolloutInputs["proxies"]>[number];

export const membersOf = (inputs: Pick<RolloutInputs, "containers">): readonly Member[] =>
  inputs.containers.map(({ name, replica, host = "" }) => ({ name, replica, host }));

export function requestOf(inputs: RolloutInputs): RolloutRequest {
  const { strategy = Strategy.BlueGreen, batch = 1 } = inputs;
  return { strategy, batch, wanted: membersOf(inputs) };
}
