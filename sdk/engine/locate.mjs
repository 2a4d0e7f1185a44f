// Where the engine is: on PATH, or in the cache that all projects of this user share. Plain
// JavaScript without dependencies, because the first command on a fresh clone needs the answer
// before `npm ci` has run. Looks only; nothing is changed here.
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, open, realpath, stat } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";

/** The release that is installed or built where there is none. */
export const engineVersion = "3.256.0";
/** The oldest release that a program of today's SDK runs under. */
export const minimumEngineVersion = "3.238.0";
/** The second line of our language host, which tells it from the official one. */
export const hostMark = "// dockwright language host";

const versionTimeoutMs = 20_000;

/** Folder of all that Dockwright keeps for this user. */
export function cacheDirectory(env = process.env) {
  const own = env.DOCKWRIGHT_CACHE;
  if (own && !path.isAbsolute(own))
    throw new Error(`DOCKWRIGHT_CACHE is "${own}", a relative path`);
  if (own) return own;
  const xdg = env.XDG_CACHE_HOME;
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, "dockwright");
  return path.join(env.HOME || os.homedir(), ".cache", "dockwright");
}

/** Folder of the cached engine: `bin/pulumi` lies in it. */
export function engineDirectory(env = process.env) {
  return path.join(cacheDirectory(env), "engine", `v${engineVersion}`);
}

/** The numbers of the first version in a text (`v3.256.0\n`, `3.238.0-dev.1`), if there is one. */
export function parseVersion(text) {
  const match = /(?:^|\s)v?(\d+)\.(\d+)\.(\d+)(?:[-+][\w.+-]*)?(?:\s|$)/.exec(text);
  return match ? match.slice(1, 4).map(Number) : undefined;
}

/** Whether a version text names the minimum or a later release of the same major version. */
export function isNewEnough(text, minimum = minimumEngineVersion) {
  const found = parseVersion(text);
  const wanted = parseVersion(minimum);
  if (!found || !wanted || found[0] !== wanted[0]) return false;
  return found[1] === wanted[1] ? found[2] >= wanted[2] : found[1] > wanted[1];
}

/** The first executable of that name on PATH. */
export async function which(name, env = process.env) {
  for (const directory of (env.PATH || "").split(path.delimiter)) {
    if (directory === "") continue;
    const file = path.join(directory, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}

async function isExecutable(file) {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** What `pulumi version` prints, or undefined when it does not run. */
export function readVersion(cli, env = process.env) {
  return new Promise((resolve) => {
    const options = {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: versionTimeoutMs,
    };
    execFile(cli, ["version"], options, (error, stdout) => {
      const words = stdout.trim();
      resolve(error || words === "" ? undefined : words.replace(/^v/, ""));
    });
  });
}

/** Whether a language host file is ours. The official one is a Go binary. */
export async function isOurHost(file) {
  const handle = await open(file).catch(() => undefined);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0);
    return buffer.subarray(0, bytesRead).includes(hostMark);
  } finally {
    await handle.close();
  }
}

/**
 * The language hosts that the CLI would find: first on PATH, then beside itself (its real path).
 * An official one is preferred in the answer, whatever the order, so that ours never shadows it.
 */
async function findLanguageHost(cli, env) {
  const name = "pulumi-language-nodejs";
  const beside = path.join(path.dirname(await realpath(cli)), name);
  const candidates = [await which(name, env), (await isExecutable(beside)) ? beside : undefined];
  const present = candidates.filter((file) => file !== undefined);
  for (const file of present) if (!(await isOurHost(file))) return { file, ours: false };
  return present[0] ? { file: present[0], ours: true } : undefined;
}

/** A CLI in the cache has said its version before it came there: it need not be run to know it. */
async function describe(cli, source, env) {
  const version = source === "cache" ? engineVersion : await readVersion(cli, env);
  const host = version === undefined ? undefined : await findLanguageHost(cli, env);
  return { cli, source, version, host };
}

/** Every CLI that is there, in the order of preference, also those that will not do. */
export async function listEngines(env = process.env) {
  const cached = path.join(engineDirectory(env), "bin", "pulumi");
  const onPath = await which("pulumi", env);
  const files = [
    ...(onPath && onPath !== cached ? [[onPath, "path"]] : []),
    ...((await isExecutable(cached)) ? [[cached, "cache"]] : []),
  ];
  return Promise.all(files.map(([file, source]) => describe(file, source, env)));
}

/** The CLI that will be used, or undefined when none is new enough. */
export async function locateEngine(env = process.env) {
  const engines = await listEngines(env);
  return engines.find(({ version }) => version !== undefined && isNewEnough(version));
}

/** Whether Pulumi's own downloads answer, within `timeoutMs`: a blocked network must not hang us. */
export async function downloadsReachable(timeoutMs = 5_000) {
  try {
    const answer = await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      redirect: "follow",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
