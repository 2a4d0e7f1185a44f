// Builds the released Pulumi CLI from its Go module, for machines that reach a module proxy but not
// Pulumi's downloads. Plain JavaScript without dependencies: on a fresh clone it runs side by side
// with `npm ci`. The pinned go.mod and go.sum beside this file say what is built; the result comes
// to its place by one rename, and a lock directory keeps two builders apart.
import { spawn } from "node:child_process";
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { engineDirectory, engineVersion, locateEngine, readVersion, which } from "./locate.mjs";

const target = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`;
const moduleFiles = path.join(path.dirname(fileURLToPath(import.meta.url)), "gomodule");

const stagingPrefix = ".building-";

/** Milliseconds in which a builder refreshes its lock; one that did not for long is dead. */
const lockBeatMs = 2_000;
const lockStaleMs = 20_000;
const pollMs = 500;

/** Runs a command, gives each line it prints, and rejects with its last lines when it fails. */
function lines(command, args, { cwd, env, signal, onLine }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    const tail = [];
    let rest = { out: "", err: "" };
    const feed = (stream) => (data) => {
      const parts = (rest[stream] + data).split("\n");
      rest = { ...rest, [stream]: parts.pop() };
      for (const line of parts) {
        tail.push(line);
        if (tail.length > 20) tail.shift();
        onLine?.(line, stream);
      }
    };
    child.stdout.on("data", feed("out"));
    child.stderr.on("data", feed("err"));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"go ${args[0]}" ended with exit code ${code}:\n${tail.join("\n")}`));
    });
  });
}

/** Words for a progress line: what, how far, how long. */
export function progressWords({ phase, done, total }, elapsedMs) {
  const seconds = Math.round(elapsedMs / 1000);
  if (phase === "download")
    return `downloading Go modules: ${done} of at most ${total}, ${seconds} s`;
  if (phase === "compile") return `compiling: ${done} of ${total} packages, ${seconds} s`;
  return `linking, ${seconds} s`;
}

/** Downloads what the build needs and answers how many packages it compiles. */
async function listPackages(work, env, signal, onProgress) {
  const manifest = await readFile(path.join(work, "go.mod"), "utf8");
  const total = manifest.split("\n").filter((line) => /^\t\S+ v/.test(line)).length;
  let downloaded = 0;
  let packages = 0;
  await lines("go", ["list", "-deps", target], {
    cwd: work,
    env,
    signal,
    onLine: (line, stream) => {
      if (stream === "out") packages++;
      else if (line.startsWith("go: downloading")) {
        onProgress({ phase: "download", done: ++downloaded, total });
      }
    },
  });
  return packages;
}

/** Compiles and links; packages that the build cache holds already are counted at the end only. */
async function compile(work, file, total, env, signal, onProgress) {
  let done = 0;
  const flags = ["-v", "-trimpath", "-ldflags", `-s -w ${versionFlag}`];
  onProgress({ phase: "compile", done, total });
  await lines("go", ["build", ...flags, "-o", file, target], {
    cwd: work,
    env,
    signal,
    onLine: (line) => {
      if (!/^[\w.-]+(\/\S+)*$/.test(line)) return;
      done++;
      onProgress(
        line === target ? { phase: "link", done, total } : { phase: "compile", done, total },
      );
    },
  });
}

async function acquire(lock, signal, onWait) {
  for (;;) {
    try {
      await mkdir(lock);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const beat = await stat(path.join(lock, "beat")).catch(() => stat(lock).catch(() => undefined));
    if (beat && Date.now() - beat.mtimeMs > lockStaleMs) {
      // One rename decides which of several waiters may clear it away.
      const stale = `${lock}.stale.${process.pid}`;
      await rename(lock, stale).catch(() => undefined);
      await rm(stale, { recursive: true, force: true });
      continue;
    }
    onWait();
    await sleep(pollMs, undefined, { signal });
  }
}

/** Runs `work` while no other process does that holds the same lock directory. */
export async function withLock(lock, { signal, onWait }, work) {
  await mkdir(path.dirname(lock), { recursive: true });
  await acquire(lock, signal, onWait);
  const beat = () => writeFile(path.join(lock, "beat"), `${process.pid}\n`).catch(() => undefined);
  await beat();
  const timer = setInterval(beat, lockBeatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await rm(lock, { recursive: true, force: true });
  }
}

async function buildInto(place, env, signal, onProgress) {
  const parent = path.dirname(place);
  // The lock is ours, so what others began was left by a builder that was killed.
  for (const name of await readdir(parent)) {
    if (name.startsWith(stagingPrefix)) await rm(path.join(parent, name), { recursive: true });
  }
  const staging = await mkdtemp(path.join(parent, stagingPrefix));
  const work = path.join(staging, "module");
  try {
    await cp(moduleFiles, work, { recursive: true });
    const goEnv = { ...env, GOFLAGS: "-mod=readonly", GOWORK: "off", CGO_ENABLED: "0" };
    const total = await listPackages(work, goEnv, signal, onProgress);
    const file = path.join(staging, "bin", "pulumi");
    await compile(work, file, total, goEnv, signal, onProgress);
    const version = await readVersion(file, env);
    if (version !== engineVersion) {
      throw new Error(`the CLI that was built says it is "${version}", not ${engineVersion}`);
    }
    await mkdir(path.join(place, "bin"), { recursive: true });
    await rename(file, path.join(place, "bin", "pulumi"));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The first Go that gets the newer one that a module asks for, unless it is set not to. */
const switchingGo = [1, 21, 0];

function isAtLeast(version, wanted) {
  const at = wanted.findIndex((number, index) => (version[index] ?? 0) !== number);
  return at === -1 || (version[at] ?? 0) > wanted[at];
}

/** Whether a Go that says this of itself (`go env -json`) can build what asks for `wanted`. */
export function isUsableGo({ GOVERSION = "", GOTOOLCHAIN = "" }, wanted) {
  const numbers = (text) => text.split(".").map(Number);
  const [, version] = /^go(\d+(?:\.\d+)*)/.exec(GOVERSION) ?? [];
  if (version === undefined) return false;
  if (isAtLeast(numbers(version), numbers(wanted))) return true;
  return isAtLeast(numbers(version), switchingGo) && GOTOOLCHAIN !== "local";
}

/** Whether this machine can build the CLI. */
export async function canBuildEngine(env = process.env) {
  if ((await which("go", env)) === undefined) return false;
  const manifest = await readFile(path.join(moduleFiles, "go.mod"), "utf8");
  const [, wanted = ""] = /^go (\S+)$/m.exec(manifest) ?? [];
  let text = "";
  const onLine = (line, stream) => {
    if (stream === "out") text += line;
  };
  // Outside of any module: one that asks for another Go must not have it fetched here.
  const options = { cwd: os.tmpdir(), env, onLine };
  return lines("go", ["env", "-json", "GOVERSION", "GOTOOLCHAIN"], options).then(
    () => isUsableGo(JSON.parse(text), wanted),
    () => false,
  );
}

/**
 * Builds the CLI into the cache, unless one is there by the time the lock is ours. `onProgress` gets
 * words that say what is done, how far and how long. Returns the path of the CLI.
 */
export async function buildEngine({ env = process.env, signal, onProgress = () => {} } = {}) {
  const place = engineDirectory(env);
  const started = Date.now();
  const tell = (progress) => onProgress(progressWords(progress, Date.now() - started));
  const onWait = () =>
    onProgress(
      `another process builds the engine, waiting, ${Math.round((Date.now() - started) / 1000)} s`,
    );
  await withLock(`${place}.lock`, { signal, onWait }, async () => {
    const found = await locateEngine({ ...env, PATH: "" });
    if (found === undefined) await buildInto(place, env, signal, tell);
  });
  return path.join(place, "bin", "pulumi");
}

/** Why the build is done, in words for a person. */
export const buildReason =
  `building the released Pulumi CLI v${engineVersion} from its Go module, some minutes once: ` +
  "there is no pulumi on PATH and its downloads do not answer";
