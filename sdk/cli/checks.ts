// What `dockwright doctor` looks at. A check looks and changes nothing; it answers what it saw and,
// where that will not do, the command that mends it.
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import {
  type BackendChoice,
  chooseBackend,
  choosePassphrase,
  engineVersion,
  findEngine,
  minimumEngineVersion,
  type ProjectManifest,
  readManifest,
} from "../engine/index.ts";
import { version } from "../version.ts";
import { dockerVersion } from "./docker.ts";
import { checkKernel } from "./kernel.ts";

/** `absent` is something that only some uses need; `bad` makes the command fail. */
export type CheckState = "ok" | "absent" | "bad";

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  /** What was seen. */
  readonly saw: string;
  /** The command, or the step, that mends it. */
  readonly fix?: string;
}

export interface CheckContext {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

const setupFix = "npx dockwright setup";

async function exists(file: string, mode = constants.F_OK): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

async function checkEngine({ env }: CheckContext): Promise<readonly Check[]> {
  const engine = await findEngine({ env });
  if (engine === undefined) {
    const saw = `none of version ${minimumEngineVersion} or later`;
    return [
      { name: "Pulumi CLI", state: "bad", saw, fix: `${setupFix} (gets v${engineVersion})` },
      { name: "language host", state: "bad", saw: "no CLI that would use it", fix: setupFix },
    ];
  }
  const host = engine.languageHostIsOurs ? "ours" : "official";
  const present = await exists(engine.languageHost, constants.X_OK);
  return [
    { name: "Pulumi CLI", state: "ok", saw: `v${engine.version} at ${engine.cli}` },
    present
      ? { name: "language host", state: "ok", saw: `${host}, ${engine.languageHost}` }
      : {
          name: "language host",
          state: "bad",
          saw: `${engine.languageHost} is not there`,
          fix: "npm install dockwright (or, in its repository, npm run build:js)",
        },
  ];
}

/** The plugin's folder that Pulumi.yaml names, or the one in Pulumi's own plugin folder. */
export function pluginFolder(
  project: ProjectManifest | undefined,
  env: NodeJS.ProcessEnv,
): { readonly folder: string; readonly named: boolean } {
  const named = project?.pluginPaths.dockwright;
  if (project !== undefined && named !== undefined) {
    return { folder: path.resolve(project.directory, named), named: true };
  }
  const home = env.PULUMI_HOME ?? path.join(env.HOME ?? os.homedir(), ".pulumi");
  const folder = path.join(home, "plugins", `resource-dockwright-v${version}`);
  return { folder, named: false };
}

async function checkPlugin({ directory, env }: CheckContext): Promise<Check> {
  const name = "plugin";
  const { folder, named } = pluginFolder(await readManifest(directory), env);
  if (await exists(path.join(folder, "pulumi-resource-dockwright"), constants.X_OK)) {
    return { name, state: "ok", saw: `${folder}${named ? ", named in Pulumi.yaml" : ""}` };
  }
  const fix = named ? "npm install" : setupFix;
  return { name, state: "bad", saw: `no pulumi-resource-dockwright in ${folder}`, fix };
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return {
    name: "Node",
    state: good ? "ok" : "bad",
    saw: process.version,
    ...(good ? {} : { fix: "install Node 20.19 or later, better 22" }),
  };
}

const backendWords: Readonly<Record<BackendChoice["source"], string>> = {
  environment: "set in the environment",
  project: "named in Pulumi.yaml",
  login: "of `pulumi login`",
  default: "local folder, made at first use",
};

/** A backend's address without the user and password that it may carry. */
function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

async function modeTrouble(file: string): Promise<string | undefined> {
  const { mode } = await stat(file);
  return (mode & 0o077) === 0 ? undefined : `${file} can be read by others`;
}

async function checkPassphrase(
  project: ProjectManifest,
  backend: BackendChoice,
  env: NodeJS.ProcessEnv,
): Promise<Check> {
  const name = "passphrase";
  const choice = choosePassphrase(project, backend, env);
  if (choice.source === "backend") {
    return { name, state: "ok", saw: "left to the backend's own secrets provider" };
  }
  if (choice.file === undefined) return { name, state: "ok", saw: "set in the environment" };
  if (!(await exists(choice.file, constants.R_OK))) {
    return choice.source === "default"
      ? { name, state: "ok", saw: `${choice.file}, made at first use` }
      : { name, state: "bad", saw: `${choice.file} cannot be read`, fix: "create that file" };
  }
  const trouble = await modeTrouble(choice.file);
  return trouble === undefined
    ? { name, state: "ok", saw: choice.file }
    : { name, state: "bad", saw: trouble, fix: `chmod 600 ${choice.file}` };
}

async function checkBackend({ directory, env }: CheckContext): Promise<readonly Check[]> {
  const project = await readManifest(directory);
  if (project === undefined) {
    const saw = "no Pulumi.yaml here or above";
    const fix = "run this in the folder of a project";
    return [
      { name: "backend", state: "absent", saw, fix },
      { name: "passphrase", state: "absent", saw, fix },
    ];
  }
  const backend = chooseBackend(project, env);
  const saw = `${withoutCredentials(backend.url)} (${backendWords[backend.source]})`;
  return [{ name: "backend", state: "ok", saw }, await checkPassphrase(project, backend, env)];
}

async function checkDocker({ env }: CheckContext): Promise<Check> {
  const name = "Docker";
  const answer = await dockerVersion(env);
  return answer.version === undefined
    ? {
        name,
        state: "absent",
        saw: `no answer from ${answer.endpoint}: ${answer.trouble ?? "unknown"}`,
        fix: "apt-get install docker.io, and start dockerd (remote hosts only: not needed)",
      }
    : { name, state: "ok", saw: `${answer.version} at ${answer.endpoint}` };
}

async function checkSsh({ env }: CheckContext): Promise<Check> {
  const name = "SSH";
  const socket = env.SSH_AUTH_SOCK;
  if (socket !== undefined && (await exists(socket))) {
    return { name, state: "ok", saw: `agent at ${socket}` };
  }
  const folder = path.join(env.HOME ?? os.homedir(), ".ssh");
  for (const file of ["id_ed25519", "id_ecdsa", "id_rsa"]) {
    const key = path.join(folder, file);
    const text = await readFile(key, "utf8").catch(() => "");
    if (text.includes("PRIVATE KEY")) return { name, state: "ok", saw: `key ${key}` };
  }
  const fix = "ssh-keygen -t ed25519 (needed only for hosts that are reached over SSH)";
  return { name, state: "absent", saw: "no agent and no key", fix };
}

/** All checks, side by side, in the order in which they are shown. */
export async function runChecks(context: CheckContext): Promise<readonly Check[]> {
  const groups = await Promise.all([
    checkEngine(context),
    checkPlugin(context),
    checkNode(),
    checkBackend(context),
    checkDocker(context),
    checkSsh(context),
    checkKernel("ipvs", os.release()),
    checkKernel("esp", os.release()),
  ]);
  return groups.flat();
}
