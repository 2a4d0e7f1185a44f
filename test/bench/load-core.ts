// Loading `dockwright` in a new process, against loading @pulumi/pulumi alone, which it stands on. Goal:
// no cloud's SDK on the way: the root of @pulumi/aws alone takes some seconds.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../sdk/engine/package.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { atMostTimes, type Figure, figureOf, takeTurns } from "./figure.ts";

const run = promisify(execFile);

/** Seconds that the import takes, as the process itself sees it: what Node takes to start is not in it. */
async function load(module: string): Promise<number> {
  const script = `const start = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - start);`;
  const args = ["--input-type=module", "-e", script];
  const { stdout } = await run(process.execPath, args, { cwd: packageRoot() });
  return Number(stdout) / 1000;
}

async function runBench(context: BenchContext): Promise<readonly Figure[]> {
  const core = join(packageRoot(), "dist", "components", "index.js");
  const turns = await takeTurns(
    { value: () => load(core), floor: () => load("@pulumi/pulumi") },
    context,
  );
  return [figureOf({ name: "load-core", unit: "s", goal: atMostTimes(1.5) }, turns)];
}

export const loadCore: Bench = {
  name: "load-core",
  says: "loading the core entry point, against loading @pulumi/pulumi alone",
  run: runBench,
};
