// The settings that belong to the proxy's container: what it listens on and how it finds the route.
// A change here is another container, never a reload, because a listener that cannot be bound on
// reload refuses every new connection while it is retried. HAProxy 2.6 configuration manual.
import { renderDirectives } from "./directives.ts";
import { certificateList, mapFile, proxyPaths, workerSocket } from "./paths.ts";
import {
  type BindSpec,
  type ProxyDirectives,
  type ProxyPaths,
  type ProxySpec,
  TlsVersion,
} from "./types.ts";

export { proxyCommand, proxyPaths, proxyStopSignal } from "./paths.ts";

/** Two a connection: some 24,000 connections. */
const openFilesMax = 50_000;

/** The name that routes use for the resolvers below. */
export const resolversName = "docker";

const address = (bind: BindSpec): string =>
  `${bind.address?.includes(":") ? `[${bind.address}]` : (bind.address ?? "*")}:${bind.port}`;

/** Mozilla's "intermediate" of server side TLS, 5.7. */
const ciphers = [
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ...["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
];

const renderTls = (minVersion: TlsVersion): readonly string[] => [
  `  ssl-default-bind-ciphers ${ciphers.join(":")}`,
  `  ssl-default-bind-options prefer-client-ciphers ssl-min-ver ${minVersion} no-tls-tickets`,
];

const extra = (section: keyof ProxyDirectives, spec: ProxySpec): readonly string[] =>
  renderDirectives(`directives.${section}`, spec.directives?.[section]);

function renderGlobal(spec: ProxySpec, paths: ProxyPaths): readonly string[] {
  return [
    "global",
    // Without a number HAProxy goes by the limit of open files, which may be a thousand or a billion.
    spec.maxConnections === undefined
      ? `  fd-hard-limit ${openFilesMax}`
      : `  maxconn ${spec.maxConnections}`,
    `  stats socket ${workerSocket(paths)} mode 600 level admin expose-fd listeners`,
    ...(spec.accessLog === true ? ["  log stdout format raw local0"] : []),
    ...(spec.tls ? renderTls(spec.tls.minVersion ?? TlsVersion.Tls12) : []),
    ...extra("global", spec),
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
    // A server that is slow to answer its check is busy. To take it out would leave its load to the
    // others, or nobody: without this it has the time between two checks, which is 200 ms after a slip.
    "  timeout check 5s",
    "  timeout http-request 10s",
    // Also bounds how long idle clients hold a worker from before a reload.
    `  timeout http-keep-alive ${timeouts.keepAliveMs ?? 10_000}`,
    `  timeout tunnel ${timeouts.tunnelMs ?? 3_600_000}`,
    ...extra("defaults", spec),
  ];
}

function renderFrontend(spec: ProxySpec, paths: ProxyPaths): readonly string[] {
  const map = mapFile(paths);
  const backend = "var(txn.backend)";
  const proxied = spec.acceptProxy === true ? " accept-proxy" : "";
  // Strict: no certificate of one site is shown to who asks for another, and none is needed to start.
  const secured = `ssl crt-list ${certificateList(paths)} strict-sni alpn h2,http/1.1`;
  return [
    "frontend http",
    ...spec.binds.map((bind) => `  bind ${address(bind)}${proxied}`),
    ...(spec.tls?.binds ?? []).map((bind) => `  bind ${address(bind)}${proxied} ${secured}`),
    // A request that may have been carried out must not be sent twice.
    "  http-request disable-l7-retry unless METH_GET or { method HEAD OPTIONS }",
    "  http-request set-header X-Forwarded-For %[src]",
    "  http-request set-header X-Forwarded-Proto http unless { ssl_fc }",
    "  http-request set-header X-Forwarded-Proto https if { ssl_fc }",
    "  http-request set-header X-Forwarded-Host %[req.hdr(host)]",
    ...extra("frontend", spec),
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
