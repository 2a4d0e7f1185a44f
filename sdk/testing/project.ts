// A Pulumi project in a temporary folder, with its own Pulumi home and a backend of files: the real
// engine, and nothing of the person's own choices. `close` leaves nothing behind.

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { packageRoot } from "../engine/package.ts";
import { Project } from "../engine/project.ts";
import { type Echo, type EchoOptions, makeEcho } from "./echo.ts";

/** What the project is made of. */
export interface TemporaryProjectOptions {
  /** The text of the program, index.ts. It is an ES module; erasable TypeScript only. */
  readonly program: string;
  /** @defaultValue temporary */
  readonly name?: string;
  /** Text of further files by path. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * Providers with nothing behind them.
   * @defaultValue none
   */
  readonly echo?: EchoOptions;
  /**
   * Lines of Pulumi.yaml after its name and runtime. With `echo`, not `plugins:`.
   * @defaultValue none
   */
  readonly yaml?: string;
  /** Laid over the environment of every run; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * The folder whose packages the program imports.
   * @defaultValue node_modules of the folder that the tests run in
   */
  readonly modules?: string;
}

/** A project in a temporary folder, and the means to run it. */
export interface TemporaryProject {
  /** Its folder, absolute. */
  readonly dir: string;
  /** The echo providers; none without `echo`. */
  readonly echo: Echo | undefined;
  /** A stack of it, selected or made. */
  stack(name?: string): Promise<Project>;
  /** Writes a file of it: another program. */
  write(file: string, text: string): Promise<void>;
  /** Removes the folder. What its stacks made elsewhere stays: destroy them before. */
  close(): Promise<void>;
}

/** The environment of a run that no choice of the person's reaches. */
export function isolatedEnvironment(
  dir: string,
  more: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string | undefined>> {
  return {
    PATH: `${path.dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    PULUMI_HOME: path.join(dir, "home"),
    PULUMI_BACKEND_URL: undefined,
    PULUMI_ACCESS_TOKEN: undefined,
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    ...more,
  };
}

/** Node runs TypeScript itself from 22.18 on. */
const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false\n";

async function linkModules(dir: string, modules: string): Promise<void> {
  const folder = path.join(dir, "node_modules");
  await mkdir(folder);
  await symlink(path.join(modules, "@pulumi"), path.join(folder, "@pulumi"));
  await symlink(packageRoot(), path.join(folder, "dockwright"));
}

/** Makes a project with a program. It has no stack yet. */
export async function temporaryProject(
  options: TemporaryProjectOptions,
): Promise<TemporaryProject> {
  const { program, name = "temporary", files = {}, yaml = "" } = options;
  const dir = await mkdtemp(path.join(os.tmpdir(), `dockwright-${name}-`));
  const echo = options.echo === undefined ? undefined : makeEcho(dir, options.echo);
  const write = async (file: string, text: string): Promise<void> => {
    const place = path.join(dir, file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  };
  await linkModules(dir, path.resolve(options.modules ?? "node_modules"));
  const all = {
    "Pulumi.yaml": `name: ${name}\nmain: index.ts\n${runtime}${yaml}${echo?.pluginLines ?? ""}`,
    "package.json": `{ "name": "${name}", "type": "module" }\n`,
    "index.ts": program,
    ...files,
  };
  for (const [file, text] of Object.entries(all)) await write(file, text);
  const env = isolatedEnvironment(dir, options.env);
  return {
    dir,
    echo,
    write,
    async stack(stack = "dev") {
      const project = Project.open(dir, { stack, env });
      const { code, stderr } = await project.select();
      if (code !== 0) throw new Error(stderr);
      return project;
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
