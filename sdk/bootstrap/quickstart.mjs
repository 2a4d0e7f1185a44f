// `npm run quickstart`: from a fresh clone to a site that answers, made by `pulumi up`; run again, it
// shows what changed and changes only that. `-- --destroy` takes away the site and what the set-up
// added to the machine; `-- --destroy --all` the caches, packages and build as well.
import { access, rm } from "node:fs/promises";
import * as path from "node:path";
import { forgetSalts } from "../engine/salt.mjs";
import { dismantle, removeCaches } from "./dismantle.mjs";
import { builtEngine, root, setUpSteps, toolEnvironment } from "./environment.mjs";
import { findTroubles, readFacts, troubleWords } from "./preflight.mjs";
import { failureWords, runSteps, StepError } from "./steps.mjs";

const example = path.join(root, "examples", "static-site");
const stack = "dev";
const built = path.join(root, "dist", "sdk", "engine", "index.js");
/** The base images of the example. */
const images = ["webServer", "haproxy"];
const fetchTimeoutMs = 10_000;
/** Exit code of `pulumi preview --expect-no-changes` when there are changes. */
const exitWithChanges = 7;

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Runs `pulumi` in the example, in the environment that `npx dockwright pulumi` gives it. */
async function pulumi(args, { check = true, ...options } = {}) {
  const { runPulumi } = await builtEngine();
  const result = await runPulumi(args, { cwd: example, env: toolEnvironment(), ...options });
  if (!check || result.code === 0) return result;
  throw failed(args[0], result);
}

function failed(verb, { code, stderr }) {
  const tail = stderr.split("\n").filter((line) => line !== "");
  return new StepError(`"pulumi ${verb}" ended with exit code ${code}`, {
    fix: "read what it says above, mend it, and run this again: it goes on where it stopped",
    tail: tail.slice(-20),
  });
}

async function address() {
  const { stdout } = await pulumi(["stack", "output", "--json", "--stack", stack]);
  const values = Object.values(JSON.parse(stdout));
  const found = values.find((value) => typeof value === "string" && /^https?:\/\//.test(value));
  if (found === undefined) throw new StepError(`${example} has no output that is an address`);
  return found;
}

async function fetchOnce(url) {
  const started = performance.now();
  const answer = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) });
  const body = await answer.text();
  if (answer.status !== 200) throw new StepError(`${url} answers HTTP ${answer.status}`);
  const ms = Math.round(performance.now() - started);
  say(`\n${url} answers: HTTP 200, ${body.length} bytes in ${ms} ms`);
}

/** Shows the preview, and answers whether it holds changes. */
async function preview() {
  say("\n$ pulumi preview   (in examples/static-site)");
  const color = ["--color", process.stdout.isTTY ? "always" : "never"];
  const args = ["preview", "--expect-no-changes", "--non-interactive", "--stack", stack, ...color];
  const result = await pulumi(args, {
    check: false,
    onOutput: (text, stream) => stream === "stdout" && process.stdout.write(text),
  });
  if (result.code === 0) return false;
  if (result.code === exitWithChanges) return true;
  throw failed("preview", result);
}

async function deploy() {
  await pulumi(["stack", "select", "--create", stack]);
  if (await preview()) {
    say("\n$ pulumi up   (in examples/static-site)");
    await pulumi(["up", "--yes", "--skip-preview", "--stack", stack], { tty: true });
  } else {
    say("Nothing to change.");
  }
  const url = await address();
  await fetchOnce(url);
  say("Change examples/static-site/site/index.html and run `npm run quickstart` again.");
}

async function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function destroySite() {
  const state = path.join(example, ".dockwright");
  const { code } = await pulumi(["stack", "select", stack], { check: false });
  if (code === 0) {
    say("\n$ pulumi destroy   (in examples/static-site)");
    await pulumi(["destroy", "--yes", "--stack", stack], { tty: true });
    await pulumi(["stack", "rm", stack, "--yes", "--preserve-config"]);
  }
  if (await exists(state)) {
    await rm(state, { recursive: true });
    await forgetSalts(example);
  }
}

/** Stops with all that is missing, before anything is touched. */
async function factsOrExit() {
  const facts = await readFacts();
  const troubles = findTroubles(facts, "run quickstart");
  if (troubles.length > 0) throw new StepError(troubleWords(troubles));
  return facts;
}

async function destroy({ all }, signal) {
  // Without the engine and the build nothing can have been deployed, so nothing is set up for it.
  if ((await exists(built)) && (await exists(path.join(example, ".dockwright"))))
    await destroySite();
  await runSteps(dismantle({ all }), { signal });
  if (all) await removeCaches(say);
  else say("Kept: node_modules, dist and the cache. `-- --destroy --all` removes them too.");
}

async function main(args) {
  const unknown = args.find((arg) => !["--destroy", "--all"].includes(arg));
  if (unknown) throw new StepError(`"${unknown}" is no option; there are --destroy and --all`);
  const stop = new AbortController();
  // Ctrl-C reaches what runs as well: the set-up is stopped here, and pulumi stops itself in order.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop.abort());
  if (args.includes("--destroy")) {
    await destroy({ all: args.includes("--all") }, stop.signal);
    return;
  }
  await runSteps(setUpSteps(await factsOrExit(), { images }), { signal: stop.signal });
  await deploy();
}

main(process.argv.slice(2)).catch((error) => {
  const words = error.step ? failureWords(error.step, error) : failureWords("quickstart", error);
  process.stderr.write(`\n${words}\n`);
  process.exitCode = 1;
});
