// A Pulumi project in a folder of its own, whose program is plain JavaScript and imports the built
// package by its name, as a user's does: what is measured is what is published.
import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { packageRoot } from "../../sdk/engine/package.ts";
import { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { BenchContext } from "./bench.ts";

const manifest = (name: string, plugin: string): string => `name: ${name}
runtime: { name: nodejs, options: { typescript: false } }
plugins:
  providers:
    - name: dockwright
      path: ${plugin}
`;

/** The floor of every bench that runs the engine. */
export const emptyProgram = 'import "@pulumi/pulumi";\n';

export interface ProgramSpec {
  readonly name: string;
  /** The text of index.js, an ES module. */
  readonly program: string;
  /** The folder of the plugin. @defaultValue the package's own */
  readonly plugin?: string;
}

/** Makes a plugin that does nothing; gives its folder. */
export async function makeIdlePlugin(context: BenchContext): Promise<string> {
  const folder = path.join(context.directory, "idle-plugin");
  const bundle = path.join(folder, "plugin.cjs");
  await build({
    entryPoints: [path.join(import.meta.dirname, "idle-plugin.ts")],
    outfile: bundle,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    external: ["@grpc/proto-loader"],
  });
  const launcher = path.join(folder, "pulumi-resource-dockwright");
  await writeFile(launcher, `#!/bin/sh\nexec node "${bundle}" "$@"\n`, { mode: 0o755 });
  return folder;
}

type Env = Readonly<Record<string, string>>;

const execute = promisify(execFile);

/** The caller's own choices would be measured instead of ours. */
const notTheCallers = [
  "PULUMI_BACKEND_URL",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
];

/** A stack that is put up again and again. */
export class BenchStack {
  private readonly project: Project;
  private readonly context: BenchContext;

  private readonly env: NodeJS.ProcessEnv;

  private constructor(project: Project, context: BenchContext, env: NodeJS.ProcessEnv) {
    this.project = project;
    this.context = context;
    this.env = env;
  }

  static async make(context: BenchContext, spec: ProgramSpec): Promise<BenchStack> {
    const { name, program, plugin = "node_modules/dockwright/dist/plugin" } = spec;
    const directory = path.join(context.directory, name);
    const modules = path.join(directory, "node_modules");
    await mkdir(modules, { recursive: true });
    const root = packageRoot();
    await symlink(root, path.join(modules, "dockwright"));
    await symlink(path.join(root, "node_modules/@pulumi"), path.join(modules, "@pulumi"));
    await writeFile(
      path.join(directory, "Pulumi.yaml"),
      manifest(`${context.prefix}-${name}`, plugin),
    );
    await writeFile(
      path.join(directory, "package.json"),
      '{ "type": "module", "main": "index.js" }',
    );
    await writeFile(path.join(directory, "index.js"), program);
    const env = {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ""}`,
      PULUMI_HOME: path.join(context.directory, "home"),
      ...Object.fromEntries(notTheCallers.map((key) => [key, undefined])),
    };
    const project = Project.open(directory, { stack: "bench", env });
    const stack = new BenchStack(project, context, env);
    await stack.sure("select", stack.project.select({ signal: context.signal }));
    return stack;
  }

  /** Puts the stack up, checks that it did what was meant, and gives the seconds it took. */
  up(expected: RegExp, env: Env = {}, args: readonly string[] = []): Promise<number> {
    return this.timed("up", (signal) => this.project.up({ env, signal, args }), expected);
  }

  /** The same of a refresh, in which no program runs. */
  refresh(expected: RegExp, args: readonly string[] = []): Promise<number> {
    return this.timed("refresh", (signal) => this.project.refresh({ signal, args }), expected);
  }

  private async timed(
    what: string,
    run: (signal: AbortSignal) => Promise<PulumiResult>,
    expected: RegExp,
  ): Promise<number> {
    const { signal } = this.context;
    signal.throwIfAborted();
    const done = await this.sure(what, run(signal));
    if (expected.test(done.stdout)) return done.durationMs / 1000;
    throw new SdkError(ErrorCode.CommandFailed, `pulumi ${what} did not do ${expected.source}`, {
      cause: new Error(done.stdout),
    });
  }

  outputs(): Promise<Record<string, unknown>> {
    return this.project.outputs();
  }

  /** Runs the command `dockwright` of the built package in the project; fails where it does. */
  async command(
    ...args: readonly string[]
  ): Promise<{ readonly stdout: string; readonly seconds: number }> {
    const main = path.join(packageRoot(), "dist", "sdk", "cli", "main.js");
    const started = performance.now();
    const { stdout } = await execute(process.execPath, [main, ...args], {
      cwd: this.project.dir,
      env: { ...process.env, ...this.env },
      signal: this.context.signal,
    });
    return { stdout, seconds: (performance.now() - started) / 1000 };
  }

  /** Seconds that Pulumi's CLI takes to tell the state with its secrets. */
  async readState(): Promise<number> {
    const { signal } = this.context;
    const args = ["stack", "export", "--show-secrets", "--stack", this.project.stack];
    return (await this.sure("stack export", this.project.run(args, { signal }))).durationMs / 1000;
  }

  /** Takes everything down. Not with the signal: this is what must happen after Ctrl-C. */
  async remove(): Promise<void> {
    await this.project.recover();
    await this.sure("destroy", this.project.destroy());
  }

  private async sure(what: string, run: Promise<PulumiResult>): Promise<PulumiResult> {
    const done = await run;
    if (done.code === 0) return done;
    const text = `${done.stdout}\n${done.stderr}`.trim();
    throw new SdkError(ErrorCode.CommandFailed, `pulumi ${what} ended with ${done.code}: ${text}`);
  }
}
