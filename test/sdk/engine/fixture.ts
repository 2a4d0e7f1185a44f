// A Pulumi project in a temporary folder, with its own Pulumi home, for tests that run the real
// engine. The program is TypeScript, loaded by tsx, and finds the repository's packages.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { Project } from "../../../sdk/engine/project.ts";
import { isolatedEnvironment } from "../../../sdk/testing/project.ts";

export interface Fixture {
  readonly directory: string;
  readonly project: Project;
  remove(): Promise<void>;
}

export interface FixtureOptions {
  /** Text of the program, index.ts. */
  readonly program: string;
  /** Lines after `name` and `runtime` in Pulumi.yaml. */
  readonly yaml?: string;
  /** Folder of the `node` that runs the language host and the program. */
  readonly nodeDirectory?: string;
  /** Further files by name. */
  readonly files?: Readonly<Record<string, string>>;
}

const runtime =
  "runtime:\n  name: nodejs\n  options: {typescript: false, nodeargs: --import tsx}\n";

export async function makeFixture(options: FixtureOptions): Promise<Fixture> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "dwtest-engine-"));
  const files = {
    "Pulumi.yaml": `name: fixture\nmain: index.ts\n${runtime}${options.yaml ?? ""}`,
    "package.json": '{"name":"fixture","type":"module"}',
    "index.ts": options.program,
    ...options.files,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await symlink(path.join(packageRoot(), "node_modules"), path.join(directory, "node_modules"));
  const first = options.nodeDirectory ?? path.dirname(process.execPath);
  const env = isolatedEnvironment(directory, { PATH: `${first}:${process.env.PATH ?? ""}` });
  const project = Project.open(directory, { stack: "test", env });
  const selected = await project.select();
  if (selected.code !== 0) throw new Error(selected.stderr);
  return { directory, project, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** The Nodes to test with: the repository's own, and the machine's where that is another. */
export async function nodes(): Promise<readonly { readonly name: string; directory: string }[]> {
  const own = path.join(packageRoot(), "node_modules", ".bin");
  const places = (process.env.PATH ?? "").split(path.delimiter);
  const found: { readonly name: string; readonly directory: string }[] = [];
  for (const directory of new Set([path.dirname(process.execPath), ...places])) {
    if (directory === own || directory === "") continue;
    const version = await promisify(execFile)(path.join(directory, "node"), ["--version"]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version !== undefined) found.push({ name: `Node ${version}`, directory });
  }
  return found.filter(({ name }, at) => found.findIndex((each) => each.name === name) === at);
}

async function parents(): Promise<ReadonlyMap<number, number>> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const pairs = await Promise.all(
    ids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      return [pid, Number(fields[1])] as const;
    }),
  );
  return new Map(pairs);
}

/** All processes below one, however deep. */
export async function descendants(pid: number): Promise<readonly number[]> {
  const parentOf = await parents();
  const below = (id: number): readonly number[] =>
    [...parentOf].filter(([, parent]) => parent === id).flatMap(([each]) => [each, ...below(each)]);
  return below(pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until something holds, and fails saying what did not. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(50);
  }
}
