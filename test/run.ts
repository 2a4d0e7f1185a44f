// Runs the test files, each as a process of its own: mocks and module state of one cannot reach
// another, a crash is the failure of one file, and two cores work. `node test/run.ts [--unit]
// [--integration] [WORD...]` runs the files whose paths hold a word. The last line is
// `N passed, N failed`. What is asked for by a word runs whole, its long tests too.

import { type ChildProcess, spawn } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
/** A file that hangs is ended after this; the soak gives its long ones more. */
const fileTimeoutMs = Number(process.env["DOCKWRIGHT_FILE_TIMEOUT_MS"] ?? 25 * 60_000);
/** The one that takes longest begins first, so that nothing waits for it alone at the end. */
const longest = "test/integration/pool.integration.test.ts";
/** One more than there are cores, since a file waits for daemons half of its time; CI has time. */
const atOnce = Math.max(2, availableParallelism() + (process.env["CI"] ? 0 : 1));
const heartbeatMs = 15_000;
/**
 * With DOCKWRIGHT_AGAIN, as CI has it: so many failed files may run once more, alone, and are told
 * as unstable whatever comes of it. More than that is no accident.
 */
const mostAgain = Number(process.env["DOCKWRIGHT_AGAIN"] ?? 0);
/** How long a file may take to leave once it has said how its tests went. */
const leaveTimeoutMs = 15_000;

interface FileResult {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
  readonly durationMs: number;
}

function isIntegration(file: string): boolean {
  return file.endsWith(".integration.test.ts");
}

function chooseFiles(args: readonly string[]): readonly string[] {
  const words = args.filter((arg) => !arg.startsWith("--"));
  const unit = args.includes("--unit");
  const integration = args.includes("--integration");
  return globSync("test/**/*.test.ts", { cwd: root })
    .filter((file) => !file.includes("node_modules"))
    .filter((file) => (unit === integration ? true : isIntegration(file) === integration))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort((a, b) => Number(b === longest) - Number(a === longest) || a.localeCompare(b));
}

function countOf(output: string, word: string): number | undefined {
  const match = new RegExp(`^\\s*${word}:\\s+(\\d+)\\s*$`, "m").exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Whether the summary is there to its last line. */
function isOver(output: string): boolean {
  return /^\s*Duration:\s+[\d.]+m?s/m.test(output.slice(-300));
}

/** uvu's own summary; a file that ended before it got there has failed, whatever its exit code. */
function countTests(output: string, code: number | null): { passed: number; failed: number } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: takes colours out
  const plain = output.replace(/\u001b\[[0-9;]*m/g, "");
  const total = countOf(plain, "Total");
  const passed = countOf(plain, "Passed") ?? 0;
  if (total === undefined) return { passed: 0, failed: 1 };
  const failed = total - passed;
  // Also one that did not leave by itself: it left something running.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed };
}

const running = new Map<string, { readonly child: ChildProcess; readonly started: number }>();

async function runFile(file: string): Promise<FileResult> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, file)], {
    cwd: root,
    // A group of its own, so that what a failed test leaves running can be ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  });
  running.set(file, { child, started });
  let output = "";
  let ending: NodeJS.Timeout | undefined;
  const endGroup = () => {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    if (ending === undefined && isOver(output)) ending = setTimeout(endGroup, leaveTimeoutMs);
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const timer = setTimeout(() => {
    output += `\nended: it did not finish within ${fileTimeoutMs / 1000} s\n`;
    endGroup();
  }, fileTimeoutMs);
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", (exit) => {
      resolve(exit);
    });
  });
  clearTimeout(timer);
  clearTimeout(ending);
  running.delete(file);
  const durationMs = performance.now() - started;
  return { file, output, durationMs, ...countTests(output, code) };
}

/** What the tests of a file have measured: lines of their own, two blanks in. */
function figuresOf(output: string): readonly string[] {
  const lines = output.split("\n").map((line) => /^(?:• )* {2}(\S.*)$/.exec(line)?.[1] ?? "");
  return lines.filter((line) => !/^$|^\(\d+ \/ \d+\)|^(Total|Passed|Skipped|Duration):/.test(line));
}

function report(result: FileResult, done: number, total: number): void {
  const seconds = (result.durationMs / 1000).toFixed(1);
  const verdict = result.failed === 0 ? "ok  " : "FAIL";
  process.stdout.write(
    `${verdict} [${done}/${total}] ${result.file}: ${result.passed} passed, ${result.failed} failed (${seconds} s)\n`,
  );
  const left = result.output.split("\n").filter((line) => /^\s*SKIP /.test(line));
  for (const line of left) process.stdout.write(`     ${line.trim()}\n`);
  if (result.failed > 0) process.stdout.write(`${result.output.trimEnd()}\n`);
  else if (process.env["DOCKWRIGHT_FIGURES"] !== undefined) {
    for (const line of figuresOf(result.output)) process.stdout.write(`     ${line}\n`);
  }
}

async function runAll(files: readonly string[]): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  const queue = [...files];
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const result = await runFile(file);
      results.push(result);
      report(result, results.length, files.length);
    }
  };
  const heartbeat = setInterval(() => {
    const names = [...running].map(
      ([file, { started }]) =>
        `${relative("test", file)} ${Math.round((performance.now() - started) / 1000)} s`,
    );
    process.stdout.write(`     running: ${names.join(", ")}; ${queue.length} files to go\n`);
  }, heartbeatMs);
  await Promise.all(Array.from({ length: atOnce }, worker));
  clearInterval(heartbeat);
  return results;
}

/** The results with those of files that failed beside others and passed alone in their place. */
async function runAgain(results: readonly FileResult[]): Promise<readonly FileResult[]> {
  const failed = results.filter((result) => result.failed > 0);
  if (failed.length > mostAgain) return results;
  const again = new Map<string, FileResult>();
  for (const { file } of failed) {
    process.stdout.write(`${file} failed beside other files; it runs once more, alone\n`);
    const result = await runFile(file);
    report(result, again.size + 1, failed.length);
    again.set(file, result);
  }
  const stable = results.map((result) => again.get(result.file) ?? result);
  for (const { file, failed } of again.values()) {
    const end = failed === 0 ? "passed" : "failed";
    process.stdout.write(`UNSTABLE ${file}: failed beside other files, then ${end} alone\n`);
  }
  return stable;
}

/** A terminal's Ctrl-C reaches this process alone: the files have groups of their own. */
function endAllOn(signal: "SIGINT" | "SIGTERM"): void {
  process.once(signal, () => {
    for (const { child } of running.values()) if (child.pid) process.kill(-child.pid, signal);
    process.exitCode = 1;
  });
}

async function main(): Promise<void> {
  endAllOn("SIGINT");
  endAllOn("SIGTERM");
  const args = process.argv.slice(2);
  if (args.some((arg) => !arg.startsWith("--"))) process.env["DOCKWRIGHT_WHOLE"] ??= "1";
  const files = chooseFiles(args);
  const results = await runAgain(await runAll(files));
  const sum = (key: "passed" | "failed") =>
    results.reduce((total, result) => total + result[key], 0);
  const failed = sum("failed");
  process.stdout.write(`${sum("passed")} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 || sum("passed") === 0 ? 1 : 0;
}

await main();
