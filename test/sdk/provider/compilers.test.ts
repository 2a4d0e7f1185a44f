// A process that is started as launcher.sh starts the plugin interprets its code, and compiles it once
// it has its compilers back. V8 itself says so.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/compilers");
const execute = promisify(execFile);
const source = path.join(packageRoot(), "sdk", "provider");

/** Whether a function that is called again and again is compiled within so many milliseconds. */
const program = (module: string, afterMs: number, withinMs: number): string => `
import { giveCompilersAfter } from ${JSON.stringify(module)};
import { setTimeout as sleep } from "node:timers/promises";
giveCompilersAfter(${afterMs});
const sum = (count) => { let all = 0; for (let at = 0; at < count; at++) all += at % 7; return all; };
// Bits 4, 5 and 15 of GetOptimizationStatus: optimized, by which compiler, or by the baseline one.
const isCompiled = () => (%GetOptimizationStatus(sum) & ((1 << 4) | (1 << 5) | (1 << 15))) !== 0;
const until = performance.now() + ${withinMs};
while (performance.now() < until && !isCompiled()) { for (let at = 0; at < 200; at++) sum(2000); await sleep(1); }
console.log(isCompiled());
`;

async function compiles(afterMs: number, withinMs: number): Promise<string> {
  const launcher = await readFile(path.join(source, "launcher.sh"), "utf8");
  const flags = /^lean="(.*)"$/m.exec(launcher)?.[1]?.split(" ") ?? [];
  assert.ok(flags.length > 0);
  const text = program(path.join(source, "compilers.ts"), afterMs, withinMs);
  const args = [...flags, "--allow-natives-syntax", "--no-warnings", "--input-type=module"];
  const { stdout } = await execute(process.execPath, [...args, "--eval", text]);
  return stdout.trim();
}

test("code is interpreted at first", async () => {
  assert.is(await compiles(60_000, 1_500), "false");
});

test("code is compiled once the process has gone on for a while", async () => {
  assert.is(await compiles(200, 30_000), "true");
});

test.run();
