// Every file of a configuration of the daemon, as texts. Pure. A generation is a folder with all of
// them, named by a hash of its bytes: the same declaration is the same folder.
// Specification: dockerd(8), systemd.service(5), systemd.exec(5) (EnvironmentFile), runsv(8).

import { createHash } from "node:crypto";
import type { JsonMap } from "./option.ts";
import type { DaemonOptions } from "./options.ts";
import { base, current, type Init, socketPath } from "./paths.ts";
import { jsonText, optionsToJson } from "./render.ts";
import { isBefore } from "./versions.ts";

/** PEM texts of the daemon's side. `key` is secret. */
export interface DaemonTls {
  /** The authorities whose clients are let in: one certificate, or several of a rotation. */
  readonly ca: string;
  /** The server's certificate, and what leads from it to its authority. */
  readonly cert: string;
  readonly key: string;
}

/** What is wanted of a daemon. */
export interface DaemonSpec {
  readonly options: DaemonOptions;
  /** The address of the bridge that `options.bridge` names, with its prefix. */
  readonly bridgeAddress?: string | undefined;
  /** ADDRESS:PORT of each TCP listener. The unix socket is always there. */
  readonly listen?: readonly string[] | undefined;
  readonly tls?: DaemonTls | undefined;
}

/** What the files depend on of the host. */
export interface DaemonSite {
  readonly init: Init;
  /** The program, absolute. */
  readonly dockerd: string;
  readonly version: string;
  /** The socket of a containerd of the host's own, where there is a service of it. */
  readonly containerd?: string | undefined;
}

export interface DaemonFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

export interface Generation {
  readonly id: string;
  readonly json: JsonMap;
  /** Paths are relative to its folder. */
  readonly files: readonly DaemonFile[];
  /** The text of the service's file, which lies outside. */
  readonly service: string;
  /** The bridge that the host makes for it. */
  readonly bridge?: { readonly name: string; readonly address: string } | undefined;
}

export const tlsFiles = { ca: "tls/ca.pem", cert: "tls/cert.pem", key: "tls/key.pem" } as const;

const notice = "# Made by Dockwright, and made again when it differs: see daemon.json.";
/** Proxies are known to daemon.json from here on; before, they come with the environment. */
const proxiesSince = "23.0";
const proxyVariables = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
} as const;

function connectionJson(spec: DaemonSpec): JsonMap {
  const listen = (spec.listen ?? []).map((address) => `tcp://${address}`);
  const file = (name: string) => `${current}/${name}`;
  const tls: JsonMap = spec.tls
    ? {
        tls: true,
        tlsverify: true,
        tlscacert: file(tlsFiles.ca),
        tlscert: file(tlsFiles.cert),
        tlskey: file(tlsFiles.key),
      }
    : {};
  return { hosts: [`unix://${socketPath}`, ...listen], ...tls };
}

/** Options as the version takes them: what daemon.json has, and what goes by the environment. */
function splitOptions(options: DaemonOptions, version: string) {
  if (!isBefore(version, proxiesSince)) return { options, environment: {} };
  const { httpProxy, httpsProxy, noProxy, ...rest } = options;
  const given = { httpProxy, httpsProxy, noProxy };
  const environment = Object.fromEntries(
    Object.entries(proxyVariables).flatMap(([name, variable]) => {
      const value = given[name as keyof typeof given];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
  return { options: rest, environment };
}

/** Quoted as both systemd and a shell read it. */
export function environmentText(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}="${value.replace(/["\\$`]/g, "\\$&")}"\n`)
    .join("");
}

/** The proxies that such a text says, in the words of the declaration. */
export function proxiesOf(environment: string): DaemonOptions {
  const found = Object.entries(proxyVariables).flatMap(([name, variable]) => {
    const match = new RegExp(`^${variable}="(.*)"$`, "m").exec(environment);
    return match ? [[name, (match[1] ?? "").replace(/\\(["\\$`])/g, "$1")]] : [];
  });
  return Object.fromEntries(found) as DaemonOptions;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Makes the declared bridge, and takes away docker0, or a bridge that was declared before, where nothing
 * hangs on it. Runs before each start of the daemon.
 */
export function bridgeScript(bridge: string | undefined, address: string | undefined): string {
  const own = bridge !== undefined && bridge !== "none" && bridge !== "docker0";
  return `${notice}
name=${shellQuote(own ? bridge : "")}
address=${shellQuote(own ? (address ?? "") : "")}
kept=${shellQuote(bridge === "none" ? "" : own ? bridge : "docker0")}
record=${base}/bridge
PATH=/usr/sbin:/usr/bin:/sbin:/bin
for old in docker0 $(cat "$record" 2>/dev/null); do
  [ "$old" != "$kept" ] && [ -d "/sys/class/net/$old/bridge" ] || continue
  [ -z "$(ls "/sys/class/net/$old/brif")" ] && ip link delete "$old"
done
rm -f "$record"
[ -n "$name" ] || exit 0
printf '%s\\n' "$name" > "$record"
[ -d "/sys/class/net/$name/bridge" ] || ip link add name "$name" type bridge || exit 1
if [ -n "$address" ]; then
  [ "$(ip -o -4 address show dev "$name" | tr -s ' ' | cut -d' ' -f4)" = "$address" ] || {
    ip -4 address flush dev "$name"
    ip address add "$address" dev "$name" || exit 1
  }
fi
ip link set "$name" up
`;
}

export function serviceText(site: DaemonSite): string {
  if (site.init === "systemd") {
    return `${notice}
[Service]
EnvironmentFile=-${current}/environment
ExecStartPre=/bin/sh ${current}/bridge.sh
ExecStart=
ExecStart=${site.dockerd}
`;
  }
  return `#!/bin/sh
${notice}
exec 2>&1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
set -a
[ ! -f ${current}/environment ] || . ${current}/environment
set +a
[ ! -f ${current}/bridge.sh ] || sh ${current}/bridge.sh || exit 1
ulimit -n 1048576 2>/dev/null || :
exec ${site.dockerd}
`;
}

/** The files of a configuration on a host. */
export function planGeneration(spec: DaemonSpec, site: DaemonSite): Generation {
  const { options, environment } = splitOptions(spec.options, site.version);
  const own: JsonMap = site.containerd === undefined ? {} : { containerd: site.containerd };
  const json = { ...own, ...optionsToJson(options), ...connectionJson(spec) };
  const { bridge } = spec.options;
  const files: DaemonFile[] = [
    { path: "daemon.json", mode: 0o644, text: jsonText(json) },
    { path: "bridge.sh", mode: 0o644, text: bridgeScript(bridge, spec.bridgeAddress) },
  ];
  if (Object.keys(environment).length > 0) {
    files.push({ path: "environment", mode: 0o600, text: environmentText(environment) });
  }
  if (spec.tls) {
    files.push(
      { path: tlsFiles.ca, mode: 0o444, text: spec.tls.ca },
      { path: tlsFiles.cert, mode: 0o444, text: spec.tls.cert },
      { path: tlsFiles.key, mode: 0o400, text: spec.tls.key },
    );
  }
  const address = spec.bridgeAddress;
  const made =
    bridge !== undefined && address !== undefined ? { bridge: { name: bridge, address } } : {};
  return { id: hashOf(files), json, files, service: serviceText(site), ...made };
}

function hashOf(files: readonly DaemonFile[]): string {
  const hash = createHash("sha256");
  for (const { path, mode, text } of files) hash.update(`${path}\0${mode}\0${text}\0`);
  return hash.digest("hex").slice(0, 12);
}
