// One site's entry in a proxy's container. Stacks of several repositories may share one proxy: each
// owns its own entries, and writers take turns. What is done, and in which order, is sdk/haproxy's.

import { checkRoute } from "../../haproxy/check.ts";
import { routeDrift } from "../../haproxy/observe.ts";
import { ensureRoute, readRoute, removeRoute } from "../../haproxy/route.ts";
import type { ApplyOptions, RouteResult, RouteSpec } from "../../haproxy/types.ts";
import { leftAt } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import { proxyEntryOf, requireProxy, withProxy } from "../proxy.ts";
import { proxyDrift, proxyPlace, requestCounts } from "../proxyfields.ts";
import { type Context, defineResource } from "../resource.ts";

const defaultCheckIntervalMs = 1000;

function positive(value: number): string | undefined {
  return value > 0 ? undefined : "write more than 0 milliseconds";
}

export const routeInputs = {
  ...proxyPlace,
  sites: f.list(
    f.object(
      "Site",
      {
        host: f.string({
          doc: "The host name, without a port; `*` for every host that no other route names.",
          required: true,
        }),
        path: f.string({ doc: "The path prefix, matched on whole segments.", default: "/" }),
      },
      element,
    ),
    { doc: "The addresses that the route answers on.", required: true, onChange: "update" },
  ),
  servers: f.list(
    f.object(
      "Server",
      {
        name: f.string({ doc: "The container's name.", required: true }),
        address: f.string({
          doc: "The container's address on the proxy's network.",
          required: true,
        }),
        port: f.integer({ doc: "The port in the container.", required: true }),
      },
      element,
    ),
    { doc: "The containers that answer.", required: true, onChange: "update" },
  ),
  check: f.object(
    "RouteCheck",
    {
      path: f.string({
        doc: "The path to ask for.",
        default: "none: a TCP connection is the check",
      }),
      method: f.string({ doc: "The HTTP method.", default: "GET" }),
      expectStatus: f.string({
        doc: "The statuses that are well: `200`, `200-399`.",
        default: "200-399",
      }),
      host: f.string({ doc: "The Host header.", default: "the host of the first site" }),
      intervalMs: f.integer({
        doc: "Time between checks, in milliseconds.",
        default: String(defaultCheckIntervalMs),
        check: positive,
      }),
    },
    {
      doc: "How the proxy asks a server whether it is well.",
      default: "a TCP connection",
      onChange: "update",
    },
  ),
  balance: f.choice(["roundrobin", "leastconn", "random"], {
    doc: "How requests are spread.",
    default: "roundrobin",
    onChange: "update",
  }),
  timeouts: f.object(
    "RouteTimeouts",
    {
      serverMs: f.integer({
        doc: "The longest silence of a server within a request, in milliseconds.",
        default: "the proxy's",
        check: positive,
      }),
      connectMs: f.integer({
        doc: "The longest wait for a connection to a server, in milliseconds.",
        default: "the proxy's",
        check: positive,
      }),
      queueMs: f.integer({
        doc: "The longest wait for a server that has room, in milliseconds; then the answer is 503.",
        default: "as connectMs",
        check: positive,
      }),
      tunnelMs: f.integer({
        doc: "The longest silence of an upgraded connection, in milliseconds.",
        default: "the proxy's",
        check: positive,
      }),
    },
    { doc: "Time limits of this route.", default: "the proxy's", onChange: "update" },
  ),
  limits: f.object(
    "RouteLimits",
    {
      connectionsPerServer: f.integer({
        doc: "Requests at once to each server; further ones wait in the proxy.",
        default: "no limit",
      }),
      requestsPerSecond: f.integer({
        doc: "Requests of one client address in a second, on average over ten; further ones are answered with 429.",
        default: "no limit",
      }),
    },
    { doc: "How much the route lets through.", default: "everything", onChange: "update" },
  ),
  redirectToHttps: f.boolean({
    doc: "Whether who comes by HTTP is sent to HTTPS, with 308.",
    default: "false",
    onChange: "update",
  }),
  hstsSeconds: f.integer({
    doc: "For how many seconds browsers that came by HTTPS are told to come by it alone (RFC 6797).",
    default: "they are not told",
    onChange: "update",
  }),
  redirect: f.object(
    "RouteRedirect",
    {
      to: f.string({
        doc: "The address to go to, such as `https://shop.example.com`; the request's own path follows it.",
        required: true,
      }),
      code: f.integer({ doc: "The status: 301, 302, 303, 307 or 308.", default: "308" }),
      exact: f.boolean({
        doc: "Whether `to` is the whole address, so that no path follows.",
        default: "false",
      }),
    },
    {
      doc: "Sends clients elsewhere in place of an answer; the route then needs no servers.",
      default: "none",
      onChange: "update",
    },
  ),
  maintenance: f.boolean({
    doc: "Whether every request is answered with 503 and `unavailablePage`; the route then needs no servers.",
    default: "false",
    onChange: "update",
  }),
  unavailablePage: f.string({
    doc: "The HTML, 12,000 bytes at most, with which maintenance is answered, and requests while no server is well.",
    default: "a line of text",
    onChange: "update",
  }),
  requestHeaders: f.map(f.string(element), {
    doc: "Headers to set on the way to the servers.",
    default: "none but X-Forwarded-For, -Proto and -Host",
    onChange: "update",
  }),
  responseHeaders: f.map(f.string(element), {
    doc: "Headers to set on the way to the clients.",
    default: "none",
    onChange: "update",
  }),
  directives: f.list(f.string(element), {
    doc: "Further lines in HAProxy's own language for this route's `backend` section. HAProxy checks them before they are live; what it refuses changes nothing.",
    default: "none",
    onChange: "update",
  }),
  drainTimeoutMs: f.integer({
    doc: "How long requests on servers that leave may take to end before they are cut, in milliseconds.",
    default: "30000",
    onChange: "update",
    check: positive,
  }),
  gateTimeoutMs: f.integer({
    doc: "How long new servers may take to pass the proxy's own check, in milliseconds.",
    default: "15000",
    onChange: "update",
    check: positive,
  }),
} as const;
type RouteInputs = Plain<typeof routeInputs>;

const outputs = {
  key: f.string({ doc: "The entry's name in the proxy.", required: true }),
  ...requestCounts,
  moved: f.integer({
    doc: "Upgraded connections (WebSocket) and event streams that were closed at the deadline of the last change, so that their clients connect to the new servers.",
    required: true,
  }),
  reloaded: f.boolean({ doc: "Whether the last change started a new worker.", required: true }),
  drift: proxyDrift,
} as const;
type RouteOutputs = Plain<typeof outputs>;

/** What a route is, wherever its proxy is. */
export type RouteShape = Omit<RouteInputs, "proxy" | "dataVolume">;

/** The entry's name: the same for as long as the resource lives. */
export const keyOf = proxyEntryOf;

export function specOf(key: string, values: RouteShape): RouteSpec {
  return {
    key,
    sites: values.sites.map((site) => ({ host: site.host.toLowerCase(), path: site.path ?? "/" })),
    servers: values.servers.map((server) => ({ ...server, host: server.name })),
    check: { ...values.check, intervalMs: values.check?.intervalMs ?? defaultCheckIntervalMs },
    ...(values.balance ? { balance: values.balance } : {}),
    ...(values.timeouts ? { timeouts: values.timeouts } : {}),
    ...answersOf(values),
  };
}

/** What the route does by itself, as declared. */
function answersOf(values: RouteShape): Partial<RouteSpec> {
  const { limits, redirect, maintenance, directives } = values;
  const { redirectToHttps, hstsSeconds, unavailablePage } = values;
  const { requestHeaders, responseHeaders } = values;
  return {
    ...{ limits, redirect, maintenance, directives },
    ...{ redirectToHttps, hstsSeconds, unavailablePage, requestHeaders, responseHeaders },
  };
}

function outputsOf(key: string, result: RouteResult): RouteOutputs {
  const { drained, cut, moved, reloaded } = result;
  return { key, drained, cut, moved, reloaded, drift: [] };
}

async function ensure(context: Context, values: RouteInputs): Promise<RouteOutputs> {
  const key = keyOf(context);
  const result = await requireProxy(context, values, (agent) =>
    ensureRoute(agent, specOf(key, values), applyOptions(context, values)),
  );
  context.log.done(`${context.logicalName}: ${summary(result)}`);
  if (result.cut > 0) {
    context.log.warn(`${result.cut} requests did not end within the drain's time and were cut`);
  }
  return outputsOf(key, result);
}

function summary(result: RouteResult): string {
  const { added, removed, drained, moved, reloaded, durationMs } = result;
  const lasting = moved > 0 ? `, ${moved} long connections moved` : "";
  const change =
    added.length + removed.length === 0
      ? "as declared"
      : `${added.length} servers in, ${removed.length} out, ${drained} requests drained${lasting}`;
  return `${change}${reloaded ? ", new worker" : ""}, after ${(durationMs / 1000).toFixed(1)} s`;
}

function applyOptions(context: Context, values: RouteInputs): ApplyOptions {
  return {
    signal: context.signal,
    log: (line) => {
      context.log.progress(`${context.logicalName}: ${line}`);
    },
    ...(values.drainTimeoutMs === undefined ? {} : { drainTimeoutMs: values.drainTimeoutMs }),
    ...(values.gateTimeoutMs === undefined ? {} : { gateTimeoutMs: values.gateTimeoutMs }),
  };
}

export const route = defineResource({
  name: "Route",
  doc: "One site's entry in a proxy. A change adds the new servers, waits until the proxy finds them well, points the route at them in one step, waits until the requests on the old ones have ended, and only then returns. When a step fails, the former state is back.",
  inputs: routeInputs,
  outputs,
  check: (values) => checkRoute(specOf("route", values)),
  drift: ({ drift }) => (drift.length > 0 ? leftAt("drift") : []),
  preview: (_values, old) => (old ? { key: old.outputs.key, drift: [] } : {}),

  async create(context, values) {
    const made = await ensure(context, values);
    return { id: made.key, outputs: made };
  },

  async read(context, id, known) {
    if (!known) return undefined;
    const spec = specOf(id, known.inputs);
    const drift = await withProxy(context, known.inputs, async (agent) => {
      const observed = await readRoute(agent, id);
      return observed.file === undefined ? undefined : routeDrift(observed, spec);
    });
    if (drift) return { id, inputs: known.inputs, outputs: { ...known.outputs, drift } };
    const proxy = await context.docker.containers.inspect(known.inputs.proxy);
    if (proxy?.State.Running !== false) return undefined;
    const stopped = [`the proxy's container "${known.inputs.proxy}" does not run`];
    return { id, inputs: known.inputs, outputs: { ...known.outputs, drift: stopped } };
  },

  update: (context, _id, _old, values) => ensure(context, values),

  async delete(context, id, old) {
    await withProxy(context, old.inputs, (agent) =>
      removeRoute(agent, id, applyOptions(context, old.inputs)),
    );
  },
});
