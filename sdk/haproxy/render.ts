// The files of a route, from its values; and back, as far as a change needs it. The text of a file
// minus its `server` lines is its structure: what only a reload can change. Servers are on slots,
// of which some are spare, so that a container can be replaced without a reload.
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { resolversName } from "./base.ts";
import { siteKey } from "./check.ts";
import { lastingNice } from "./cli.ts";
import { renderDirectives } from "./directives.ts";
import type { Layout, Placed, RouteSpec, RouteTimeouts, ServerSpec } from "./types.ts";

export const backendOf = (key: string): string => `route_${key}`;
export const keyOfBackend = (backend: string): string => backend.replace(/^route_/, "");

/** The address and port of a slot that holds no server. */
export const spareAddress = "127.0.0.1";
export const sparePort = 1;

/** Slots for `count` servers: all of them can be replaced at once, and some be draining still. */
export const slotsFor = (count: number): number => 2 * count + 2;

/** A fresh layout, for a reload: servers on the first slots in their order. */
export function freshLayout(spec: RouteSpec): Layout {
  const placed = spec.servers.map((server, index) => ({ slot: `s${index + 1}`, server }));
  return { spec, placed, slotCount: slotsFor(spec.servers.length) };
}

export const checkHost = (spec: RouteSpec): string => {
  const first = spec.sites[0]?.host ?? "*";
  return spec.check.host ?? (first === "*" ? "localhost" : first.toLowerCase());
};

function renderCheck(spec: RouteSpec): readonly string[] {
  const { path, method = "GET", expectStatus = "200-399" } = spec.check;
  if (path === undefined) return [];
  return [
    "  option httpchk",
    `  http-check send meth ${method} uri ${path} ver HTTP/1.1 hdr Host ${checkHost(spec)}`,
    `  http-check expect status ${expectStatus}`,
  ];
}

function renderTimeouts(timeouts: RouteTimeouts = {}): readonly string[] {
  const { connectMs, serverMs, tunnelMs, queueMs } = timeouts;
  const line = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`  timeout ${name} ${value}`];
  return [
    ...line("connect", connectMs),
    ...line("server", serverMs),
    ...line("tunnel", tunnelMs),
    ...line("queue", queueMs),
  ];
}

/**
 * What all slots have in common. A server that has just got a slot is "down" to the balancer, so
 * `downinter` decides how soon its first check comes. Names are resolved at start, when the answer
 * is certain to be right; one that is not known yet costs nothing and is found when it is.
 */
function renderSlotDefaults({ check, limits }: RouteSpec): string {
  const fastMs = Math.min(200, check.intervalMs);
  const downMs = Math.min(100, check.intervalMs);
  return [
    `  default-server check inter ${check.intervalMs} fastinter ${fastMs} downinter ${downMs}`,
    ...(limits?.connectionsPerServer === undefined
      ? []
      : [`maxconn ${limits.connectionsPerServer}`]),
    `fall ${check.fall ?? 2} rise 1 observe layer4 error-limit 2 on-error mark-down`,
    `resolvers ${resolversName} resolve-prefer ipv4 resolve-opts allow-dup-ip init-addr libc,none`,
  ].join(" ");
}

function renderSlot(slot: string, server: ServerSpec | undefined): string {
  if (server === undefined) return `  server ${slot} ${spareAddress}:${sparePort} disabled`;
  return `  server ${slot} ${server.host}:${server.port} # ${server.name}`;
}

/** A text as one word of HAProxy's language. In a log format, `%` begins a value of the request. */
function quoted(text: string, isFormat = false): string {
  const plain = text
    .replace(/[\\"$]/g, "\\$&")
    .replaceAll("\r", "")
    .replaceAll("\n", "\\n");
  return `"${isFormat ? plain.replaceAll("%", "%%") : plain}"`;
}

const defaultPage = "<!doctype html><title>503</title><h1>Not available at the moment</h1>\n";

function renderPage({ maintenance, unavailablePage }: RouteSpec): readonly string[] {
  const body = `status 503 content-type text/html string ${quoted(unavailablePage ?? defaultPage)}`;
  const headers = "hdr cache-control no-store hdr retry-after 30";
  return [
    ...(unavailablePage === undefined ? [] : [`  http-error ${body} ${headers}`]),
    ...(maintenance === true ? [`  http-request return ${body} ${headers}`] : []),
  ];
}

function renderRedirects(spec: RouteSpec): readonly string[] {
  const { redirect, redirectToHttps, hstsSeconds } = spec;
  const code = redirect?.code ?? 308;
  const how = redirect?.exact === true ? "location" : "prefix";
  const hsts = `Strict-Transport-Security max-age=${hstsSeconds ?? 0}`;
  return [
    ...(redirectToHttps === true
      ? ["  http-request redirect scheme https code 308 unless { ssl_fc }"]
      : []),
    ...(redirect
      ? [`  http-request redirect ${how} ${quoted(redirect.to, true)} code ${code}`]
      : []),
    ...(hstsSeconds === undefined
      ? []
      : [`  http-after-response set-header ${hsts} if { ssl_fc }`]),
  ];
}

function renderLimit({ limits = {} }: RouteSpec): readonly string[] {
  const { requestsPerSecond } = limits;
  if (requestsPerSecond === undefined) return [];
  return [
    "  stick-table type ipv6 size 100k expire 20s store http_req_rate(10s)",
    "  http-request track-sc0 src",
    `  http-request deny deny_status 429 if { sc_http_req_rate(0) gt ${requestsPerSecond * 10} }`,
  ];
}

function renderHeaders(spec: RouteSpec): readonly string[] {
  const lines = (rule: string, headers: Readonly<Record<string, string>> = {}) =>
    Object.entries(headers)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `  ${rule} set-header ${name} ${quoted(value, true)}`);
  return [
    ...lines("http-request", spec.requestHeaders),
    ...lines("http-after-response", spec.responseHeaders),
  ];
}

/** What the route does by itself, in the order in which it is to happen. */
const renderAnswers = (spec: RouteSpec): readonly string[] => [
  ...renderLimit(spec),
  ...renderRedirects(spec),
  ...renderPage(spec),
  ...renderHeaders(spec),
  ...renderDirectives("directives", spec.directives),
];

const eventStream = "res.hdr(content-type) -i -m beg text/event-stream";

/** The route's file. */
export function renderRoute(layout: Layout): string {
  const { spec, placed, slotCount } = layout;
  const bySlot = new Map(placed.map((one) => [one.slot, one.server]));
  const slots = Array.from({ length: slotCount }, (_, index) => `s${index + 1}`);
  return [
    `# Route "${spec.key}" of Dockwright, which writes this file: edits are lost.`,
    ...mapLines(spec).map((line) => `# site ${line.split(" ")[0] ?? ""}`),
    `backend ${backendOf(spec.key)}`,
    `  balance ${spec.balance ?? "roundrobin"}`,
    ...renderTimeouts(spec.timeouts),
    ...renderCheck(spec),
    ...renderAnswers(spec),
    // Told apart in a drain by what `show sess all` says of them.
    `  http-response set-nice ${lastingNice} if { status 101 } or { ${eventStream} }`,
    renderSlotDefaults(spec),
    ...slots.map((slot) => renderSlot(slot, bySlot.get(slot))),
    "",
  ].join("\n");
}

/** The route's lines of the shared map, sorted. */
export function mapLines(spec: RouteSpec): readonly string[] {
  return spec.sites.map((site) => `${siteKey(site)} ${backendOf(spec.key)}`).sort();
}

/** A file's text without its servers. */
export function structureOf(file: string): string {
  return file
    .split("\n")
    .filter((line) => !line.startsWith("  server "))
    .join("\n");
}

/** The servers that a route's file names; the address is known only when it stands there. */
export function placedIn(file: string): readonly Placed[] {
  const pattern = /^ {2}server (\S+) (\S+):(\d+) # (\S+)$/gm;
  return [...file.matchAll(pattern)].map(([, slot = "", host = "", port = "", name = ""]) => ({
    slot,
    server: { name, host, address: isIP(host) ? host : "", port: Number(port) },
  }));
}

/** All files of the shared folder, and the lists beside it: what the stacks' routes came to. */
export interface ProxyFiles {
  readonly routes: ReadonlyMap<string, string>;
  readonly map: string;
  /** The list of certificates. */
  readonly certificates: string;
}

/** One word for the structure of all routes: what a worker has loaded, or would load. */
export function generationOf({ routes, map, certificates }: ProxyFiles): string {
  const hash = createHash("sha256");
  const named = [...routes].filter(([name]) => !name.startsWith("000-")).sort();
  for (const [name, text] of named) hash.update(`${name}\n${structureOf(text)}\n\0`);
  hash.update(map.split("\n").filter(Boolean).sort().join("\n"));
  const lines = certificates.split("\n").filter(Boolean).sort();
  if (lines.length > 0) hash.update(`\0${lines.join("\n")}`);
  return `dockwright-${hash.digest("hex").slice(0, 24)}`;
}

/** The file that makes a worker tell what it has loaded. */
export const renderGeneration = (generation: string): string =>
  `# What was loaded: a word for the structure of all routes.\nglobal\n  description ${generation}\n`;
