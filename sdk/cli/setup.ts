// `dockwright setup`: engine, language host, plugin, backend and passphrase; each with its reason.
// Run again, it changes nothing that is already right.
import { access } from "node:fs/promises";
import * as path from "node:path";
import {
  chooseBackend,
  choosePassphrase,
  type Engine,
  engineEnvironment,
  ensureEngine,
  type ProjectManifest,
  readManifest,
  runPulumi,
} from "../engine/index.ts";
import { packageRoot } from "../engine/package.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { version } from "../version.ts";
import { pluginFolder } from "./checks.ts";
import { say } from "./output.ts";

async function installPlugin(project: ProjectManifest | undefined, cwd: string): Promise<void> {
  const { folder, named } = pluginFolder(project, process.env);
  if (named) {
    say(`plugin: Pulumi.yaml names ${folder}, nothing to install`);
    return;
  }
  const source = path.join(packageRoot(), "dist", "plugin");
  await access(path.join(source, "pulumi-resource-dockwright")).catch((cause: unknown) => {
    throw new SdkError(ErrorCode.Missing, `the plugin ${source} is not there`, {
      fix: "run `npm run build:js`, or install the package again",
      cause,
    });
  });
  const args = ["plugin", "install", "resource", "dockwright", version, "--file", source];
  const result = await runPulumi([...args, "--reinstall"], { cwd });
  if (result.code !== 0) {
    throw new SdkError(ErrorCode.CommandFailed, "`pulumi plugin install` failed", {
      cause: new Error(result.stderr.trim()),
    });
  }
  say(`plugin: v${version} is in ${folder}, where every project finds it`);
}

async function describeProject(project: ProjectManifest | undefined): Promise<void> {
  if (project === undefined) {
    say("backend: no Pulumi.yaml here, so none was chosen");
    return;
  }
  const { env } = process;
  const backend = chooseBackend(project, env);
  if (backend.source !== "default") {
    say("backend: left as you have set it");
    return;
  }
  say(`backend: ${backend.url}, a folder of the project that git ignores`);
  const { source, file } = choosePassphrase(project, backend, env);
  say(source === "default" ? `passphrase: ${file ?? ""}` : "passphrase: left as you have set it");
}

async function describePlainUse(engine: Engine, project: ProjectManifest | undefined) {
  const lines = engine.source === "cache" ? [`PATH="${path.dirname(engine.cli)}:$PATH"`] : [];
  if (project !== undefined) {
    const made = await engineEnvironment({ projectDir: project.directory, engine });
    for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"]) {
      const value = made[name];
      if (process.env[name] === undefined && value !== undefined) lines.push(`${name}="${value}"`);
    }
  }
  if (lines.length === 0) return;
  say("to run plain `pulumi`, add to your shell's profile (`npx dockwright pulumi` needs none):");
  for (const line of lines) say(`  export ${line}`);
}

/** Says every line of another kind than the last, and of one kind (a count that goes on) a few. */
function sparingly(everyMs = 3_000): (line: string) => void {
  let kind = "";
  let saidAt = 0;
  return (line) => {
    const next = line.replace(/[\d.]+/g, "#");
    const now = Date.now();
    if (next === kind && now - saidAt < everyMs) return;
    kind = next;
    saidAt = now;
    say(`engine: ${line}`);
  };
}

export async function setup(): Promise<number> {
  const cwd = process.cwd();
  const project = await readManifest(cwd);
  const engine = await ensureEngine({ log: sparingly() });
  say(`engine: pulumi v${engine.version} at ${engine.cli}`);
  say(
    engine.languageHostIsOurs
      ? "language host: ours, because there is no official one"
      : `language host: the official one at ${engine.languageHost}`,
  );
  await installPlugin(project, cwd);
  await describeProject(project);
  await describePlainUse(engine, project);
  return 0;
}
