// The environment that `pulumi` runs with. What the user has set is never overridden: a backend, a
// login, a passphrase. Only where nothing is set, state goes to a folder of the project, encrypted
// with a passphrase that is made once and kept in a file, both out of git and out of others' reach.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { ErrorCode, SdkError } from "../errors.ts";
import { currentLogin } from "../login.ts";
import { type Engine, findEngine, placeLanguageHost } from "./find.ts";
import { cacheDirectory } from "./locate.mjs";
import { type ProjectManifest, readManifest } from "./manifest.ts";
import { forgetSalts } from "./salt.mjs";

/** Where state goes, and who said so. */
export interface BackendChoice {
  readonly source: "environment" | "project" | "login" | "default";
  readonly url: string;
}

/** What decrypts secrets, and who said so. */
export interface PassphraseChoice {
  readonly source: "environment" | "backend" | "default";
  /** The file, where it is one. */
  readonly file: string | undefined;
}

export interface EnvironmentOptions {
  /** The project's folder, or one below it. */
  readonly projectDir: string;
  /** @defaultValue the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @defaultValue the one that is found */
  readonly engine?: Engine;
}

/** The folder of a project that holds what Dockwright keeps for it. */
export function projectStateDirectory(projectDir: string): string {
  return path.join(projectDir, ".dockwright");
}

/** Which backend holds for a project. */
export function chooseBackend(project: ProjectManifest, env: NodeJS.ProcessEnv): BackendChoice {
  const set = env.PULUMI_BACKEND_URL;
  if (set) return { source: "environment", url: set };
  if (project.backendUrl !== undefined) return { source: "project", url: project.backendUrl };
  if (env.PULUMI_ACCESS_TOKEN) return { source: "environment", url: "https://api.pulumi.com" };
  const login = currentLogin(env);
  if (login !== undefined) return { source: "login", url: login };
  const directory = path.join(projectStateDirectory(project.directory), "state");
  return { source: "default", url: pathToFileURL(directory).href };
}

/**
 * Which passphrase holds. Ours is made only for the backend that is ours: with a shared backend each
 * clone would make another one, and nobody could read the others' secrets.
 */
export function choosePassphrase(
  project: ProjectManifest,
  backend: BackendChoice,
  env: NodeJS.ProcessEnv,
): PassphraseChoice {
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined || file) {
    return { source: "environment", file: file === "" ? undefined : file };
  }
  if (backend.source !== "default") return { source: "backend", file: undefined };
  return {
    source: "default",
    file: path.join(projectStateDirectory(project.directory), "passphrase"),
  };
}

/** Makes the passphrase file unless it is there; the first of several writers wins. */
async function makePassphrase(file: string, projectDirectory: string): Promise<void> {
  if (existsSync(file)) return;
  const staging = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(staging, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(staging, file);
    await forgetSalts(projectDirectory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(staging, { force: true });
  }
}

async function makeProjectState(project: ProjectManifest): Promise<void> {
  const directory = projectStateDirectory(project.directory);
  await mkdir(path.join(directory, "state"), { recursive: true, mode: 0o700 });
  await writeFile(path.join(directory, ".gitignore"), "*\n");
}

/** The variables of a project that the user has not set himself. */
async function projectVariables(
  project: ProjectManifest,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const backend = chooseBackend(project, env);
  const passphrase = choosePassphrase(project, backend, env);
  if (backend.source !== "default") return {};
  await makeProjectState(project);
  if (passphrase.source !== "default" || passphrase.file === undefined) {
    return { PULUMI_BACKEND_URL: backend.url };
  }
  await makePassphrase(passphrase.file, project.directory);
  return { PULUMI_BACKEND_URL: backend.url, PULUMI_CONFIG_PASSPHRASE_FILE: passphrase.file };
}

/**
 * The whole environment to run `pulumi` with in a project. Makes the project's state folder and
 * passphrase where the user named no other. Outside of any project only PATH and switches are set.
 */
export async function engineEnvironment(options: EnvironmentOptions): Promise<NodeJS.ProcessEnv> {
  const env = options.env ?? process.env;
  const engine = options.engine ?? (await findEngine({ env }));
  if (engine === undefined) {
    throw new SdkError(ErrorCode.Missing, "no pulumi that will do was found", {
      fix: "run `npx dockwright setup`",
    });
  }
  const first = await placeLanguageHost(engine);
  const rest = (env.PATH ?? "").split(path.delimiter).filter((each) => !first.includes(each));
  const project = await readManifest(options.projectDir);
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Node 22 and later keep compiled code there: a program starts half a second sooner.
    NODE_COMPILE_CACHE: path.join(cacheDirectory(env), "compiled"),
    ...env,
    ...(project === undefined ? {} : await projectVariables(project, env)),
    PATH: [...first, ...rest].join(path.delimiter),
  };
}
