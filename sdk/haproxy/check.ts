// Says everything that is wrong with a route at once, each fault with its property path. What
// passes here can be written into HAProxy's files without quoting: that is what the patterns are for.
import { isIP, isIPv4 } from "node:net";
import { checkDirectives } from "./directives.ts";
import {
  answersItself,
  type CheckSpec,
  type ProxySpec,
  type RedirectSpec,
  type RouteFault,
  type RouteSpec,
  type ServerSpec,
  type SiteSpec,
} from "./types.ts";

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const labelPattern = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;
const checkPathPattern = /^\/[A-Za-z0-9._~!&()*+,;=:@%/?-]*$/;
const statusPattern = /^[1-5]\d\d(-[1-5]\d\d)?(,[1-5]\d\d(-[1-5]\d\d)?)*$/;

type Say = (property: string, reason: string) => void;

const isName = (host: string): boolean =>
  host.length <= 253 && host.split(".").every((label) => labelPattern.test(label));

/** What an integer argument must be, in words; `undefined` when it is. */
function integerFault(value: number, [least, most]: readonly [number, number]): string | undefined {
  if (Number.isInteger(value) && value >= least && value <= most) return undefined;
  return `is ${value}; write an integer from ${least} to ${most}`;
}

/** The two halves of a site as they are compared: host lower case, path with one slash at its end. */
export function siteKey(site: SiteSpec): string {
  return `${site.host.toLowerCase()}${site.path.replace(/\/+$/, "")}/`;
}

function checkSites(sites: readonly SiteSpec[], say: Say): void {
  if (sites.length === 0) say("sites", "is empty; write at least one host and path");
  const seen = new Map<string, number>();
  for (const [index, site] of sites.entries()) {
    const at = `sites[${index}]`;
    const bracketed = /^\[(.+)\]$/.exec(site.host)?.[1];
    if (site.host !== "*" && !isName(site.host) && isIP(bracketed ?? "") !== 6) {
      say(`${at}.host`, `is "${site.host}"; write a host name such as shop.example.com, or *`);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (!/^\/[^\s?#\u0000-\u0020\u007f]*$/.test(site.path)) {
      say(`${at}.path`, `is "${site.path}"; write a path prefix that begins with /, such as /api`);
    }
    const twin = seen.get(siteKey(site));
    if (twin !== undefined) say(at, `is the same as sites[${twin}]; write it once`);
    seen.set(siteKey(site), index);
  }
}

function checkServer(server: ServerSpec, at: string, say: Say): void {
  if (!keyPattern.test(server.name)) {
    say(`${at}.name`, `is "${server.name}"; write letters, digits, ., _ and -`);
  }
  if (!isName(server.host) && !isIPv4(server.host)) {
    say(
      `${at}.host`,
      `is "${server.host}"; write a DNS name on the proxy's network, or an address`,
    );
  }
  if (!isIPv4(server.address)) {
    say(`${at}.address`, `is "${server.address}"; write its IPv4 address`);
  }
  const port = integerFault(server.port, [1, 65_535]);
  if (port) say(`${at}.port`, port);
}

function checkServers(servers: readonly ServerSpec[], say: Say): void {
  const names = new Map<string, number>();
  const places = new Map<string, number>();
  for (const [index, server] of servers.entries()) {
    checkServer(server, `servers[${index}]`, say);
    const name = names.get(server.name);
    if (name !== undefined) {
      say(`servers[${index}].name`, `is "${server.name}", as servers[${name}].name is`);
    }
    const place = `${server.host.toLowerCase()}:${server.port}`;
    const twin = places.get(place);
    if (twin !== undefined) {
      say(`servers[${index}].host`, `is ${place}, as servers[${twin}] is; write it once`);
    }
    names.set(server.name, index);
    places.set(place, index);
  }
}

function checkCheck(check: CheckSpec, say: Say): void {
  const interval = integerFault(check.intervalMs, [50, 3_600_000]);
  if (interval) say("check.intervalMs", interval);
  const fall = check.fall === undefined ? undefined : integerFault(check.fall, [1, 100]);
  if (fall) say("check.fall", fall);
  if (check.path !== undefined && !checkPathPattern.test(check.path)) {
    say("check.path", `is "${check.path}"; write a path such as /healthz, odd characters as %XX`);
  }
  if (check.method !== undefined && !/^[A-Z]{1,20}$/.test(check.method)) {
    say("check.method", `is "${check.method}"; write a method such as GET`);
  }
  if (check.expectStatus !== undefined && !statusPattern.test(check.expectStatus)) {
    say("check.expectStatus", `is "${check.expectStatus}"; write 200, or a range such as 200-399`);
  }
  if (check.host !== undefined && !/^[A-Za-z0-9._:[\]-]{1,260}$/.test(check.host)) {
    say("check.host", `is "${check.host}"; write a host name`);
  }
  for (const name of ["method", "expectStatus", "host"] as const) {
    if (check.path === undefined && check[name] !== undefined) {
      say(`check.${name}`, "needs check.path: without a path the check is a TCP connection");
    }
  }
}

/** What fits into HAProxy's buffer of 16 KiB beside the head of an answer. */
const pageBytesMax = 12_000;
const redirectCodes: readonly number[] = [301, 302, 303, 307, 308];

function checkHeaders(property: string, headers: Readonly<Record<string, string>>, say: Say): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[A-Za-z0-9!#$&'*+.^_`|~-]+$/.test(name)) {
      say(`${property}["${name}"]`, "is no name of a header; write one such as X-Frame-Options");
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (/[\u0000-\u001f\u007f]/.test(value)) {
      say(`${property}["${name}"]`, "has a line end or another control character");
    }
  }
}

function checkRedirect({ to, code }: RedirectSpec, say: Say): void {
  if (!/^(https?:\/\/[A-Za-z0-9._~:[\]-]+)?(\/[^\s"\\]*)?$/.test(to) || to === "") {
    say("redirect.to", `is "${to}"; write an address such as https://shop.example.com`);
  }
  if (code !== undefined && !redirectCodes.includes(code)) {
    say("redirect.code", `is ${code}; write ${redirectCodes.join(", ")}`);
  }
}

/** What the route answers by itself. */
function checkAnswers(spec: RouteSpec, say: Say): void {
  const { limits = {}, hstsSeconds, redirect, unavailablePage } = spec;
  const limit = (property: string, value: number | undefined, most: number) => {
    const fault = value === undefined ? undefined : integerFault(value, [1, most]);
    if (fault) say(property, fault);
  };
  limit("limits.connectionsPerServer", limits.connectionsPerServer, 1_000_000);
  limit("limits.requestsPerSecond", limits.requestsPerSecond, 1_000_000);
  if (hstsSeconds !== undefined) {
    const fault = integerFault(hstsSeconds, [0, 2_147_483_647]);
    if (fault) say("hstsSeconds", fault);
  }
  if (redirect) checkRedirect(redirect, say);
  const bytes = Buffer.byteLength(unavailablePage ?? "");
  if (bytes > pageBytesMax) {
    say("unavailablePage", `has ${bytes} bytes; write ${pageBytesMax} at most`);
  }
  checkHeaders("requestHeaders", spec.requestHeaders ?? {}, say);
  checkHeaders("responseHeaders", spec.responseHeaders ?? {}, say);
}

/** Everything that is wrong with the route, or nothing. */
export function checkRoute(spec: RouteSpec): readonly RouteFault[] {
  const faults: RouteFault[] = [];
  const say: Say = (property, reason) => faults.push({ property, reason });
  if (!keyPattern.test(spec.key)) {
    say("key", `is "${spec.key}"; write at most 100 letters, digits, ., _ and -`);
  }
  checkSites(spec.sites, say);
  if (spec.servers.length > 0 || !answersItself(spec)) checkServers(spec.servers, say);
  checkCheck(spec.check, say);
  const balances: readonly string[] = ["roundrobin", "leastconn", "random"];
  if (spec.balance !== undefined && !balances.includes(spec.balance)) {
    say("balance", `is "${spec.balance}"; write ${balances.join(", ")}`);
  }
  checkAnswers(spec, say);
  faults.push(...checkDirectives("directives", spec.directives ?? []));
  for (const name of ["serverMs", "connectMs", "tunnelMs", "queueMs"] as const) {
    const value = spec.timeouts?.[name];
    const fault = value === undefined ? undefined : integerFault(value, [1, 2_147_483_647]);
    if (fault) say(`timeouts.${name}`, fault);
  }
  return faults;
}

const timeoutNames = ["clientMs", "serverMs", "connectMs", "keepAliveMs", "tunnelMs"] as const;

/** Everything that is wrong with the proxy's own settings, or nothing. */
export function checkProxy(spec: ProxySpec): readonly RouteFault[] {
  const faults: RouteFault[] = [];
  const limit = (property: string, value: number | undefined, range: readonly [number, number]) => {
    const fault = value === undefined ? undefined : integerFault(value, range);
    if (fault) faults.push({ property, reason: fault });
  };
  limit("maxConnections", spec.maxConnections, [1, 1_000_000]);
  for (const name of timeoutNames) {
    limit(`timeouts.${name}`, spec.timeouts?.[name], [1, 2_147_483_647]);
  }
  for (const section of ["global", "defaults", "frontend"] as const) {
    const lines = spec.directives?.[section] ?? [];
    faults.push(...checkDirectives(`directives.${section}`, lines));
  }
  return faults;
}
