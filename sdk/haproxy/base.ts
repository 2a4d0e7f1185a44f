// The settings that belong to the proxy's container: what it listens on and how it finds the route.
// A change here is another container, never a reload, because a listener that cannot be bound on
// reload refuses every new connection while it is retried. HAProxy 2.6 configuration manual.
import { mapFile, proxyPaths } from "./paths.ts";
import type { BindSpec, ProxyPaths, ProxySpec } from "./types.ts";

export { proxyCommand, proxyPaths, proxyStopSignal } from "./paths.ts";

/** Two a connection: some 24,000 connections. */
const openFilesMax = 50_000;

/** The name that routes use for the resolvers below. */
export const resolversName = "docker";

const address = (bind: BindSpec): string =>
  `${bind.address?.includes(":") ? `[${bind.address}]` : (bind.address ?? "*")}:${bind.port}`;

function renderGlobal(spec: ProxySpec, paths: ProxyPaths): readonly string[] {
  return [
    "global",
    // Without a number HAProxy goes by the limit of open files, which may be a thousand or a billion.
    spec.maxConnections === undefined
      ? `  fd-hard-limit ${openFilesMax}`
      : `  maxconn ${spec.maxConnections}`,
    `  stats socket ${paths.runtimeFolder}/worker.sock mode 600 level admin expose-fd listeners`,
    ...(spec.accessLog === true ? ["  log stdout format raw local0"] : []),
    "",
    // The names of containers, followed while it runs: a container that comes back with another
    // address is found again within about a second.
    `resolvers ${resolversName}`,
    `  nameserver dns ${spec.nameserver ?? "127.0.0.11:53"}`,
    "  accepted_payload_size 8192",
    "  timeout resolve 1s",
    "  timeout retry 500ms",
    "  hold valid 1s",
    "  hold nx 5s",
  ];
}

function renderDefaults(spec: ProxySpec): readonly string[] {
  const { timeouts = {} } = spec;
  return [
    "defaults",
    "  mode http",
    ...(spec.accessLog === true
      ? ["  log global", "  option httplog", "  option dontlognull"]
      : []),
    // Without it a reload closes idle keep-alive connections under the client's next request.
    "  option idle-close-on-response",
    "  option redispatch 1",
    "  retries 3",
    "  retry-on conn-failure empty-response",
    `  timeout connect ${timeouts.connectMs ?? 500}`,
    `  timeout client ${timeouts.clientMs ?? 60_000}`,
    `  timeout server ${timeouts.serverMs ?? 60_000}`,
    "  timeout http-request 10s",
    // Also bounds how long idle clients hold a worker from before a reload.
    `  timeout http-keep-alive ${timeouts.keepAliveMs ?? 10_000}`,
    `  timeout tunnel ${timeouts.tunnelMs ?? 3_600_000}`,
  ];
}

function renderFrontend(spec: ProxySpec, paths: ProxyPaths): readonly string[] {
  const map = mapFile(paths);
  const backend = "var(txn.backend)";
  return [
    "frontend http",
    ...spec.binds.map((bind) => `  bind ${address(bind)}`),
    // A request that may have been carried out must not be sent twice.
    "  http-request disable-l7-retry unless METH_GET or { method HEAD OPTIONS }",
    "  http-request set-header X-Forwarded-For %[src]",
    "  http-request set-header X-Forwarded-Proto http",
    "  http-request set-header X-Forwarded-Host %[req.hdr(host)]",
    // Keys of the map end in a slash and so does what is looked up: a prefix ends where a segment
    // does. Among several prefixes map_beg takes the longest.
    '  http-request set-var-fmt(txn.named) "%[req.hdr(host),host_only,lower]%[path]/"',
    '  http-request set-var-fmt(txn.any) "*%[path]/"',
    `  http-request set-var(txn.backend) var(txn.named),map_beg(${map})`,
    `  http-request set-var(txn.backend) var(txn.any),map_beg(${map}) unless { ${backend} -m found }`,
    "  http-request return status 404 content-type text/plain hdr cache-control no-store " +
      'hdr x-content-type-options nosniff lf-string "no route for %[var(txn.named)]\\n" ' +
      `unless { ${backend} -m found }`,
    `  use_backend %[${backend}]`,
  ];
}

/** The proxy's own settings file. */
export function renderBase(spec: ProxySpec): string {
  const paths = proxyPaths(spec.paths);
  const parts = [renderGlobal(spec, paths), renderDefaults(spec), renderFrontend(spec, paths)];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
