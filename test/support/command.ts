// The command `dockwright` on a test's project, as a person runs it, without a terminal.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import * as path from "node:path";
import { packageRoot } from "../../sdk/engine/package.ts";
import { asPrinted } from "./clischema.ts";
import type { Site } from "./site.ts";

const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
const built = path.join(packageRoot(), "dist", "sdk", "cli", "main.js");

export interface Said {
  readonly code: number | null;
  /** All that it said, and what of it went to standard output. */
  readonly text: string;
  readonly stdout: string;
}

/** A run of it that goes on. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has said so far. */
  readonly said: { stdout: string; stderr: string };
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** The command line of it on a stack: what follows two dashes stays last. */
function lineOn(stack: string, args: readonly string[]): readonly string[] {
  const dashes = args.indexOf("--");
  const [own, rest] = dashes < 0 ? [args, []] : [args.slice(0, dashes), args.slice(dashes)];
  return [process.execPath, main, ...own, "--stack", stack, ...rest];
}

/** The command line of it on the stack `dev`. */
export function commandLine(...args: readonly string[]): readonly string[] {
  return lineOn("dev", args);
}

function startLine(
  [program = "", ...rest]: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Running {
  const child = spawn(program, rest, options);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (data: string) => {
      said[stream] += data;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, said, ended };
}

function startOn(site: Site, stack: string, args: readonly string[]): Running {
  const env = { ...process.env, ...site.env };
  return startLine(lineOn(stack, args), { cwd: site.dir, env });
}

/** Runs the built command, as it is published, on the stack `dev`. */
export async function builtDockwright(
  site: Pick<Site, "dir" | "env">,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, ...site.env };
  const line = [process.execPath, built, ...args, "--stack", "dev"];
  const { child, said, ended } = startLine(line, { cwd: site.dir, env });
  child.stdin.end();
  return { code: await ended, ...said };
}

/** Runs it in a folder, of which no stack is known, with nothing to read. */
export async function dockwrightIn(
  at: string | { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { child, said, ended } = startLine(
    [process.execPath, main, ...args],
    typeof at === "string" ? { cwd: at } : at,
  );
  child.stdin.end();
  return { code: await ended, ...said };
}

/** Starts it on the stack `dev`; standard input is open. */
export function startDockwright(site: Site, ...args: readonly string[]): Running {
  return startOn(site, "dev", args);
}

/** Runs it on a stack, with nothing to read. */
export async function dockwrightOn(
  site: Site,
  stack: string,
  ...args: readonly string[]
): Promise<Said> {
  const { child, said, ended } = startOn(site, stack, args);
  child.stdin.end();
  const code = await ended;
  return { code, text: said.stdout + said.stderr, stdout: said.stdout };
}

/** Runs it on the stack `dev`, with nothing to read. */
export function dockwright(site: Site, ...args: readonly string[]): Promise<Said> {
  return dockwrightOn(site, "dev", ...args);
}

/** A release in `dockwright releases --json`, as far as tests ask. */
export interface Listed {
  readonly number: number;
  readonly current: boolean;
  readonly by: string;
  readonly rollbackOf?: number;
  readonly images: readonly { readonly imageId: string }[];
}

/** The releases that are kept, newest first. */
export async function listedReleases(site: Site): Promise<readonly Listed[]> {
  const { code, text } = await dockwright(site, "releases", "--json");
  if (code === 0) return asPrinted<readonly Listed[]>("releases", JSON.parse(text));
  throw new Error(`dockwright releases ended with ${code ?? "a signal"}: ${text}`);
}
