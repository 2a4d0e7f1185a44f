// A process that is lean does not optimize its code, and its room for what is short of life stays as it
// is; once that time is over, it does both. V8 itself says so.
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/lean", { timeoutMs: 60_000 });
const execute = promisify(execFile);
const source = path.join(packageRoot(), "sdk", "provider", "lean.ts");

/** Whether a function that is called again and again is optimized within so many milliseconds, and the largest new space. */
const program = (leanMs: number, withinMs: number): string => `
import { beLeanFor } from ${JSON.stringify(source)};
import { setTimeout as sleep } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";
beLeanFor(${leanMs});
const sum = (count) => { let all = 0; for (let at = 0; at < count; at++) all += at % 7; return all; };
// Bits 4 and 5 of GetOptimizationStatus: optimized, by which compiler.
const isOptimized = () => (%GetOptimizationStatus(sum) & ((1 << 4) | (1 << 5))) !== 0;
const newSpace = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
let held = [], largest = 0;
const until = performance.now() + ${withinMs};
const isUsual = () => isOptimized() && largest > 4e6;
while (performance.now() < until && !isUsual()) {
  for (let at = 0; at < 200; at++) sum(2000);
  // A part of it outlives a collection or two: V8 then makes more room.
  for (let at = 0; at < 40000; at++) held.push({ at });
  if (held.length > 200000) held = [];
  largest = Math.max(largest, newSpace());
  await sleep(1);
}
console.log(JSON.stringify({ optimized: isOptimized(), megabytes: largest / 1e6 }));
`;

async function observe(leanMs: number, withinMs: number) {
  const args = ["--allow-natives-syntax", "--no-warnings", "--input-type=module"];
  const text = program(leanMs, withinMs);
  const { stdout } = await execute(process.execPath, [...args, "--eval", text]);
  return JSON.parse(stdout) as { readonly optimized: boolean; readonly megabytes: number };
}

test("nothing is optimized at first, and the new space stays small", async () => {
  const { optimized, megabytes } = await observe(60_000, 1_500);
  assert.is(optimized, false);
  assert.ok(megabytes < 2.5, `${megabytes} MB`);
});

test("what goes on for longer is optimized, and gets room", async () => {
  const { optimized, megabytes } = await observe(200, 30_000);
  assert.is(optimized, true);
  assert.ok(megabytes > 4, `${megabytes} MB`);
});

test.run();
