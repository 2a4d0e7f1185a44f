// `dockwright env HOST`: what the docker CLI needs to reach a daemon of the stack, as lines for a
// shell and the files they name. The key goes into a file of its owner's (0600) and nowhere else.
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { Project, projectStateDirectory, readManifest } from "../engine/index.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { chooseDaemon, type DaemonAccess, daemonsOf } from "./env-daemons.ts";
import { renderShell, type Shell, shellOf } from "./env-shell.ts";
import { say } from "./output.ts";
import { selectedStack } from "./recover.ts";

export interface EnvOptions {
  readonly stack?: string;
  readonly shell?: string;
  readonly dir?: string;
  readonly unset?: boolean;
}

const none = {
  DOCKER_TLS_VERIFY: undefined,
  DOCKER_HOST: undefined,
  DOCKER_CERT_PATH: undefined,
} as const;

/** Where the files of a daemon go unless the person says where. */
async function defaultFolder(projectDir: string, stack: string, name: string): Promise<string> {
  const kept = projectStateDirectory(projectDir);
  await mkdir(kept, { recursive: true });
  const ignore = path.join(kept, ".gitignore");
  // It may have been made by the default backend, or be this command's alone.
  await writeFile(ignore, "*\n", { flag: "wx" }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
  return path.join(kept, "env", encodeURIComponent(stack), encodeURIComponent(name));
}

/** Replaces a file at once, readable by its owner only from its first byte on. */
async function writePrivate(folder: string, name: string, text: string): Promise<void> {
  const aside = path.join(folder, `.${name}.${process.pid}`);
  await rm(aside, { force: true });
  await writeFile(aside, text, { mode: 0o600, flag: "wx" });
  await rename(aside, path.join(folder, name));
}

async function writeMaterials(folder: string, daemon: DaemonAccess): Promise<void> {
  const { tls } = daemon;
  if (!tls) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of ["ca", "cert", "key"] as const) {
    await writePrivate(folder, `${name}.pem`, tls[name]);
  }
}

function usage(name: string, shell: Shell, options: EnvOptions): string {
  const stack = options.stack === undefined ? "" : ` --stack ${options.stack}`;
  const command = `npx dockwright env ${name}${stack}`;
  return shell === "fish" ? `${command} | source` : `eval "$(${command})"`;
}

async function projectFolder(): Promise<string> {
  const project = await readManifest(process.cwd());
  if (project) return project.directory;
  throw new SdkError(ErrorCode.BadInput, "there is no Pulumi.yaml here", {
    fix: "run this in the folder of a Pulumi project",
  });
}

export async function env(host: string | undefined, options: EnvOptions): Promise<number> {
  const shell = shellOf(options.shell, process.env);
  if (options.unset) {
    say(renderShell(none, shell));
    return 0;
  }
  const projectDir = await projectFolder();
  const stack = options.stack ?? (await selectedStack(projectDir));
  const state = await Project.open(projectDir, { stack }).export({ showSecrets: true });
  const daemon = chooseDaemon(daemonsOf(state), host, stack);
  const folder = path.resolve(options.dir ?? (await defaultFolder(projectDir, stack, daemon.name)));
  await writeMaterials(folder, daemon);
  const settings = {
    DOCKER_TLS_VERIFY: daemon.tls ? "1" : undefined,
    DOCKER_HOST: daemon.dockerHost,
    DOCKER_CERT_PATH: daemon.tls ? folder : undefined,
  };
  say(renderShell(settings, shell));
  say(`# Run this command to configure your shell:\n# ${usage(daemon.name, shell, options)}`);
  return 0;
}
