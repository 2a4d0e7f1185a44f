// Where the proxy's files and sockets are inside its container, and how it is started there.
// Refuses nothing. The master process (-W) reloads on demand over its socket (-S); that socket is a
// unix socket of mode 600 in a folder of its own, and never a port.
import { launcherProgram } from "./launcher-program.ts";
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
/** The certificates that the proxy answers with, one line a certificate, shared by all stacks. */
export const certificateList = (paths: ProxyPaths): string =>
  `${paths.dataFolder}/certificates.list`;
/** Certificates with their keys; mode 0700, the files in it 0600. */
export const certificatesFolder = (paths: ProxyPaths): string => `${paths.dataFolder}/certificates`;
/** A folder for each process that runs or waits, mode 0700; `active` links to the one that answers. */
export const socketsFolder = (paths: ProxyPaths): string => `${paths.dataFolder}/sockets`;
/** Links to this container's folder in {@link socketsFolder}: a name that stays the same. */
export const ownFolder = (paths: ProxyPaths): string => `${paths.runtimeFolder}/own`;
export const masterSocket = (paths: ProxyPaths): string => `${ownFolder(paths)}/master.sock`;
export const workerSocket = (paths: ProxyPaths): string => `${ownFolder(paths)}/worker.sock`;

/** The key in a route file's name; `undefined` for other files. */
export const keyOfFile = (name: string): string | undefined => /^500-(.+)\.cfg$/.exec(name)?.[1];

/** The container's command: it waits for its turn, and becomes HAProxy. */
export function proxyCommand(partial?: Partial<ProxyPaths>): readonly string[] {
  const { dataFolder, runtimeFolder, baseFile, program } = proxyPaths(partial);
  return ["perl", "-e", launcherProgram, dataFolder, runtimeFolder, baseFile, program];
}
