// Where the proxy's files and sockets are inside its container, and how it is started there.
// Refuses nothing. The master process (-W) reloads on demand over its socket (-S); that socket is a
// unix socket of mode 600 in a folder of its own, and never a port.
import type { ProxyPaths } from "./types.ts";

/** Ends a proxy softly: it takes no new connection and leaves when the last one is done. */
export const proxyStopSignal = "SIGUSR1";

const defaultPaths: ProxyPaths = {
  baseFile: "/etc/dockwright/base.cfg",
  dataFolder: "/var/lib/dockwright",
  runtimeFolder: "/run/dw",
  program: "haproxy",
};

export function proxyPaths(paths: Partial<ProxyPaths> = {}): ProxyPaths {
  return { ...defaultPaths, ...paths };
}

/** The folder of which HAProxy reads every `*.cfg`, at start and at each reload. */
export const routesFolder = (paths: ProxyPaths): string => `${paths.dataFolder}/routes`;
export const routeFile = (paths: ProxyPaths, key: string): string =>
  `${routesFolder(paths)}/500-${key}.cfg`;
/** `host/path/` to backend, one line a site, shared by all routes. */
export const mapFile = (paths: ProxyPaths): string => `${paths.dataFolder}/sites.map`;
/** Says which structure was loaded: read back from `show info`. */
export const generationFile = (paths: ProxyPaths): string =>
  `${routesFolder(paths)}/000-generation.cfg`;
export const locksFolder = (paths: ProxyPaths): string => `${paths.dataFolder}/locks`;
export const masterSocket = (paths: ProxyPaths): string => `${paths.runtimeFolder}/master.sock`;

/** The key in a route file's name; `undefined` for other files. */
export const keyOfFile = (name: string): string | undefined => /^500-(.+)\.cfg$/.exec(name)?.[1];

/**
 * The container's command. The map must be there before HAProxy starts, or it refuses to; the
 * socket of a container that was killed must not, or it cannot be bound.
 */
export function proxyCommand(partial?: Partial<ProxyPaths>): readonly string[] {
  const paths = proxyPaths(partial);
  const script = [
    "set -e",
    'mkdir -p "$1/routes" "$2"',
    '[ -e "$1/sites.map" ] || : > "$1/sites.map"',
    // A name that nobody knows must not hold up a start or a reload for long.
    'export RES_OPTIONS="timeout:1 attempts:1"',
    'exec "$4" -W -db -S "$2/master.sock,mode,600" -f "$3" -f "$1/routes"',
  ].join("\n");
  const { dataFolder, runtimeFolder, baseFile, program } = paths;
  return ["sh", "-c", script, "proxy", dataFolder, runtimeFolder, baseFile, program];
}
