// `npm run bench -- [--turns N] [--no-build] [NAME...]`: runs the named benches, all of them without
// a name, one after the other. Standard output is one JSON line a figure; progress goes to standard
// error. Ends with 1 when a bench failed to run; a goal that does not hold is a figure, not a failure.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { ensureEngine } from "../../sdk/engine/ensure.ts";
import { packageRoot } from "../../sdk/engine/package.ts";
import { describeError, ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { Bench } from "./bench.ts";
import { containers100 } from "./containers-100.ts";
import { loadCore } from "./load-core.ts";
import { noop20 } from "./noop-20.ts";
import { place1000 } from "./place-1000.ts";
import { plugins20 } from "./plugins-20.ts";
import { provision10 } from "./provision-10.ts";
import { psHosts } from "./ps-hosts.ts";
import { releaseHosts } from "./release-hosts.ts";
import { replace1 } from "./replace-1.ts";
import { replace1Routed } from "./replace-1-routed.ts";

const benches: readonly Bench[] = [
  noop20,
  replace1,
  replace1Routed,
  place1000,
  loadCore,
  plugins20,
  containers100,
  provision10,
  releaseHosts,
  psHosts,
];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function choose(names: readonly string[]): readonly Bench[] {
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length === 0)
    return benches.filter(({ name }) => names.length === 0 || names.includes(name));
  const known = benches.map(({ name, says }) => `  ${name}: ${says}`).join("\n");
  throw new SdkError(
    ErrorCode.BadInput,
    `no bench is called ${unknown.join(", ")}; there are:\n${known}`,
  );
}

function turnsOf(text: string): number {
  const turns = Number(text);
  if (Number.isInteger(turns) && turns > 0) return turns;
  throw new SdkError(ErrorCode.BadInput, `--turns is "${text}"; write 1 or more`);
}

/** What is measured is the built package, so a build comes first: an old one would be measured. */
async function build(): Promise<void> {
  say("builds the package");
  const child = spawn("npm", ["run", "--silent", "build:js"], {
    cwd: packageRoot(),
    stdio: ["ignore", 2, 2],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) throw new SdkError(ErrorCode.CommandFailed, "`npm run build:js` failed");
}

async function runBench(bench: Bench, turns: number, signal: AbortSignal): Promise<boolean> {
  const directory = await mkdtemp(path.join(tmpdir(), "dwbench-"));
  const log = (line: string) => say(`${bench.name}: ${line}`);
  log(`${bench.says} (load ${(loadavg()[0] ?? 0).toFixed(1)})`);
  try {
    const prefix = `dwbench-${process.pid}`;
    const figures = await bench.run({ directory, prefix, turns, log, signal });
    for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    return true;
  } catch (error) {
    log(`failed: ${describeError(error)}`);
    if (error instanceof Error && error.cause instanceof Error) log(error.cause.message);
    return false;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      turns: { type: "string", default: "7" },
      "no-build": { type: "boolean", default: false },
    },
  });
  const chosen = choose(positionals);
  const turns = turnsOf(values.turns);
  const controller = new AbortController();
  process.on("SIGINT", () => {
    say("stops, and cleans up");
    controller.abort(new SdkError(ErrorCode.Cancelled, "stopped on request"));
  });
  await ensureEngine({ log: say, signal: controller.signal });
  if (!values["no-build"]) await build();
  let failed = 0;
  for (const bench of chosen) {
    if (controller.signal.aborted || !(await runBench(bench, turns, controller.signal)))
      failed += 1;
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

await main().catch((error: unknown) => {
  say(describeError(error));
  process.exitCode = 1;
});
