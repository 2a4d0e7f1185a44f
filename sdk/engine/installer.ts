// Gets the CLI the official way: the Automation API's own installer, in a process of its own so that
// it can be ended. It goes into a staging folder first, and comes to its place by a rename.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import * as path from "node:path";
import { engineDirectory, engineVersion, readVersion } from "./locate.mjs";

/** Milliseconds the whole download and unpacking may take. */
const installTimeoutMs = 300_000;

const script = `
const [automation, root, version] = process.argv.slice(1);
const { PulumiCommand } = require(automation);
const semver = require("node:module").createRequire(automation)("semver");
PulumiCommand.install({ root, version: semver.parse(version) }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});`;

function runInstaller(root: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const automation = createRequire(import.meta.url).resolve("@pulumi/pulumi/automation");
  const limit = AbortSignal.timeout(installTimeoutMs);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["-e", script, automation, root, engineVersion], {
      env,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (data: Buffer) => {
      words = (words + data.toString()).slice(-2_000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the installer ended with exit code ${code ?? "none"}: ${words}`));
    });
  });
}

/** Installs the pinned release, with its language hosts, into the cache. */
export async function installEngine(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<void> {
  const place = engineDirectory(env);
  await mkdir(place, { recursive: true });
  const staging = await mkdtemp(path.join(path.dirname(place), ".installing-"));
  try {
    await runInstaller(staging, env, signal);
    const version = await readVersion(path.join(staging, "bin", "pulumi"), env);
    if (version !== engineVersion) {
      throw new Error(`the installed CLI says "${version ?? "nothing"}", not ${engineVersion}`);
    }
    await rm(path.join(place, "bin"), { recursive: true, force: true });
    await rename(path.join(staging, "bin"), path.join(place, "bin"));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
