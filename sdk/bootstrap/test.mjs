// `npm test`: sets this machine up, runs the unit tests while the engine builds, then the tests that
// need the engine and a daemon. What this machine cannot run is named, with the reason; a CI run may
// leave nothing out. The last line is `N passed, N failed`.
import * as path from "node:path";
import { root, setUpSteps, toolEnvironment } from "./environment.mjs";
import { findTroubles, readFacts, troubleWords } from "./preflight.mjs";
import { run } from "./process.mjs";
import { failureWords, runSteps } from "./steps.mjs";

/** What the tests themselves use: peers, and programs to be run as a user's would be. */
const packages = [
  "busybox-static",
  "docker-registry",
  "gnupg",
  "haproxy",
  "iproute2",
  "openssh-client",
  "openssl",
  "qemu-system-x86",
  "qemu-utils",
];
const runner = path.join(root, "test", "run.ts");

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** The counts of the last line `N passed, N failed`; a run that printed none has failed. */
export function readCounts(lines) {
  for (const line of [...lines].reverse()) {
    const match = /^(\d+) passed, (\d+) failed/.exec(line.trim());
    if (match) return { passed: Number(match[1]), failed: Number(match[2]) };
  }
  return { passed: 0, failed: 1 };
}

/** Runs one half of the tests; every line goes to `onLine`. */
async function runTests(args, { signal, onLine }) {
  const lines = [];
  const { code } = await run("node", [runner, ...args], {
    cwd: root,
    env: toolEnvironment(),
    signal,
    check: false,
    onLine: (line) => {
      lines.push(line);
      onLine(line);
    },
  });
  const counts = readCounts(lines);
  // A run that ends badly without a failed test (a crash) must not pass for a good one; one that had
  // nothing to run, because the filter named the other half's files, is neither.
  const crashed = code !== 0 && counts.failed === 0 && counts.passed > 0;
  const failed = crashed ? 1 : counts.failed;
  return { passed: counts.passed, failed, lines };
}

function unitStep(filters, totals) {
  return {
    name: "unit tests",
    needs: ["build"],
    async run({ tell, say: print, signal }) {
      const { passed, failed, lines } = await runTests(["--unit", ...filters], {
        signal,
        onLine: (line) => tell(line.slice(0, 100)),
      });
      totals.push({ passed, failed });
      const unstable = lines.some((line) => line.startsWith("UNSTABLE "));
      if (failed > 0 || unstable) print(lines.join("\n"));
      return { detail: `${passed} passed, ${failed} failed` };
    },
  };
}

function partlySteps(facts) {
  return setUpSteps(facts).filter(({ name }) =>
    ["npm packages", "examples", "build"].includes(name),
  );
}

async function main(filters) {
  const facts = await readFacts();
  const troubles = findTroubles(facts, "test");
  const totals = [];
  let complete = troubles.length === 0;
  if (!complete) {
    say(troubleWords(troubles));
    say("The tests that need the engine or a daemon are left out.");
    if (process.env.CI) totals.push({ passed: 0, failed: 1 });
  }
  const steps = complete ? setUpSteps(facts, { packages }) : partlySteps(facts);
  try {
    await runSteps([...steps, unitStep(filters, totals)]);
  } catch (error) {
    say(failureWords(error.step ?? "set-up", error));
    totals.push({ passed: 0, failed: 1 });
    complete = false;
  }
  if (complete) totals.push(await runTests(["--integration", ...filters], { onLine: say }));
  return {
    passed: totals.reduce((sum, { passed }) => sum + passed, 0),
    failed: totals.reduce((sum, { failed }) => sum + failed, 0),
  };
}

if (process.argv[1] === path.join(root, "sdk", "bootstrap", "test.mjs")) {
  const { passed, failed } = await main(process.argv.slice(2));
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  say(`${passed} passed, ${failed} failed`);
}
