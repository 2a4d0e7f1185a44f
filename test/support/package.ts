// The package as npm would publish it, made from a copy of the working tree, so that neither the
// shared dist/ nor what lies about in it can reach it; and an empty project that installs it.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { packageRoot } from "../../sdk/engine/package.ts";
import { killAll } from "./processes.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs a command, and answers how it ended, whatever its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Environment },
): Promise<Ended> {
  const env = { ...process.env, ...options.env };
  const child = spawn(command, args, {
    cwd: options.cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (data: string) => {
      text[stream] += data;
    });
  }
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, ...text }));
  });
}

/** Its standard output; throws with all that it said when it failed. */
export async function outputOf(...call: Parameters<typeof runCommand>): Promise<string> {
  const { code, stdout, stderr } = await runCommand(...call);
  if (code === 0) return stdout;
  const [command, args] = call;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}

/** The files that git has or would take, whether committed or not. */
export async function treeFiles(): Promise<readonly string[]> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const files = (await outputOf("git", list, { cwd: packageRoot() })).split("\0");
  const deleted = await outputOf("git", ["ls-files", "-z", "--deleted"], { cwd: packageRoot() });
  const gone = new Set(deleted.split("\0"));
  return files.filter((file) => file !== "" && !gone.has(file));
}

/** Copies the working tree, without what git ignores. */
export async function copyTree(directory: string): Promise<void> {
  const root = packageRoot();
  const folders = new Set((await treeFiles()).map((file) => path.dirname(file)));
  for (const folder of folders) await mkdir(path.join(directory, folder), { recursive: true });
  for (const file of await treeFiles()) {
    await cp(path.join(root, file), path.join(directory, file), { verbatimSymlinks: true });
  }
}

export interface PackedFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
}

export interface Packed {
  /** Path of the .tgz. */
  readonly tarball: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly PackedFile[];
}

/** Builds and packs the package below a folder. */
export async function packPackage(directory: string): Promise<Packed> {
  const copy = path.join(directory, "tree");
  await copyTree(copy);
  await symlink(path.join(packageRoot(), "node_modules"), path.join(copy, "node_modules"));
  // As an older build would have left it: what is packed is made anew.
  await mkdir(path.join(copy, "dist", "components"), { recursive: true });
  await writeFile(path.join(copy, "dist", "components", "stale.js"), "");
  const PATH = `${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`;
  const pack = ["pack", "--json", "--pack-destination", directory];
  const said = await outputOf("npm", pack, { cwd: copy, env: { PATH } });
  // After what the build said.
  const answer: unknown = JSON.parse(said.slice(said.search(/^[[{]$/m)));
  const [info] = Object.values(answer as Record<string, Packed & { readonly filename: string }>);
  if (info === undefined) throw new Error("npm pack listed nothing");
  const { filename, size, unpackedSize, files } = info;
  return { tarball: path.join(directory, filename), size, unpackedSize, files };
}

/** A user's project in a folder of its own, with a Node of its own. */
export class Consumer {
  readonly dir: string;
  readonly env: Environment;

  constructor(dir: string, nodeDirectory: string) {
    this.dir = dir;
    this.env = {
      PATH: `${nodeDirectory}:${process.env.PATH ?? ""}`,
      PULUMI_HOME: path.join(dir, "home"),
      NODE_OPTIONS: undefined,
      // A developer's own choices would take the place of what is tested.
      PULUMI_BACKEND_URL: undefined,
      PULUMI_ACCESS_TOKEN: undefined,
      PULUMI_CONFIG_PASSPHRASE: undefined,
      PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    };
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.dir, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  async read(file: string): Promise<string> {
    return await readFile(path.join(this.dir, file), "utf8");
  }

  run(command: string, args: readonly string[]): Promise<Ended> {
    return runCommand(command, args, { cwd: this.dir, env: this.env });
  }

  output(command: string, args: readonly string[]): Promise<string> {
    return outputOf(command, args, { cwd: this.dir, env: this.env });
  }

  async remove(): Promise<void> {
    await killAll(this.dir);
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function makeConsumer(nodeDirectory: string): Promise<Consumer> {
  return new Consumer(await mkdtemp(path.join(os.tmpdir(), "dwtest-package-")), nodeDirectory);
}
