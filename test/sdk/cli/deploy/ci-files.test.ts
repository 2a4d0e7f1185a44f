// The CI files that the example ships: the workflow is YAML with what Actions needs, shell scripts parse,
// and each call of `dockwright deploy` in them has only options that the command has.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { packageRoot } from "../../../../sdk/engine/package.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("cli/deploy/ci-files", { timeoutMs: 60_000 });

const folder = path.join(packageRoot(), "examples", "delivery");
const read = (file: string) => readFile(path.join(folder, file), "utf8");
const scripts = ["ci/deliver.sh", "ci/promote.sh", "ci/post-receive", "shop/test.sh"];
const workflowFile = ".github/workflows/deploy.yml";

interface Workflow {
  readonly on: object;
  readonly jobs: {
    readonly [name: string]: {
      readonly "runs-on": unknown;
      readonly needs?: string;
      readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
    };
  };
}

const workflow = async () => parse(await read(workflowFile)) as Workflow;

test("the workflow's jobs run somewhere, each step does one thing, and what a job needs is there", async () => {
  const { on, jobs } = await workflow();
  assert.equal(Object.keys(on).sort(), ["pull_request", "push"]);
  for (const [name, job] of Object.entries(jobs)) {
    assert.ok(job["runs-on"], name);
    assert.ok(job.needs === undefined || job.needs in jobs, name);
    for (const { run, uses } of job.steps) assert.is.not(run === undefined, uses === undefined);
  }
});

test("shell parses", async () => {
  const steps = Object.values((await workflow()).jobs).flatMap(({ steps }) => steps);
  const texts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  for (const script of scripts) texts.push(await read(script));
  const jenkins = await read("Jenkinsfile");
  const quoted = [...jenkins.matchAll(/\bsh '([^']*)'/g)].map(([, text = ""]) => text);
  assert.is(quoted.length, 2);
  for (const input of [...texts, ...quoted]) execFileSync("bash", ["-n"], { input });
});

test("the braces of the Jenkinsfile are balanced, and it has the stages", async () => {
  const text = (await read("Jenkinsfile")).replace(/'[^']*'|\/\/.*$/gm, "");
  assert.is(text.split("{").length, text.split("}").length);
  for (const word of ["pipeline {", "agent {", "stages {", "steps {"])
    assert.ok(text.includes(word));
});

test("calls of deploy have only options of the command", async () => {
  const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
  const help = execFileSync(process.execPath, [main, "deploy", "--help"], { encoding: "utf8" });
  const known = new Set(help.match(/--[a-z-]+/g));
  const files = [...scripts, workflowFile, "README.md"];
  const texts = await Promise.all([
    ...files.map(read),
    readFile(path.join(packageRoot(), "docs/deploys.md"), "utf8"),
  ]);
  const calls = texts.join("\n").match(/dockwright deploy --.*/g) ?? [];
  assert.ok(calls.length >= 5, `${calls.length}`);
  for (const call of calls) {
    const [before = ""] = call.split("#");
    for (const option of before.match(/(?<= )--[a-z-]+/g) ?? []) assert.ok(known.has(option), call);
  }
});

test.run();
