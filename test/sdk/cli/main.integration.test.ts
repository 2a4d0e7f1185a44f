// The command itself, as a process: exit codes and signals are those of pulumi, and setup says what
// it left alone.
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { asPrinted } from "../../support/clischema.ts";
import { suite } from "../../support/suite.ts";
import { descendants, type Fixture, isAlive, makeFixture, until } from "../engine/fixture.ts";

const test = suite("cli/main", { timeoutMs: 120_000 });
const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
let fixture: Fixture | undefined;

const program = `
if (process.env["KIND"] === "hangs") {
  console.log("hanging");
  await new Promise((resolve) => setTimeout(resolve, 1e9));
}
`;

test.before(async () => {
  fixture = await makeFixture({
    program,
    yaml: "plugins:\n  providers:\n    - {name: dockwright, path: ./plugin}\n",
    files: { "plugin/pulumi-resource-dockwright": "#!/bin/sh\n" },
  });
  const plugin = path.join(fixture.directory, "plugin", "pulumi-resource-dockwright");
  await chmod(plugin, 0o755);
});
/** What a test that failed half-way left running. */
const children = new Set<ChildProcess>();
test.after(async () => {
  for (const child of children) child.kill("SIGTERM");
  await fixture?.remove();
});

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}, cwd = fixture?.directory) {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PULUMI_HOME: path.join(fixture?.directory ?? "", "home"),
    ...more,
  };
  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"]) delete env[name];
  const child = spawn(process.execPath, [main, ...args], { cwd, env });
  children.add(child);
  child.once("close", () => children.delete(child));
  const seen = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (data: string) => {
      seen.text += data;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, seen, ended };
}

async function run(args: readonly string[], cwd?: string) {
  const { seen, ended } = start(args, {}, cwd);
  return { code: await ended, text: seen.text };
}

test("pulumi: arguments, output and exit code pass through", async () => {
  const good = await run(["pulumi", "stack", "ls", "--json"]);
  assert.is(good.code, 0, good.text);
  assert.match(good.text, '"name": "test"');
  assert.is.not((await run(["pulumi", "stack", "select", "nosuch"])).code, 0);
  assert.match((await run(["pulumi", "up", "--help"])).text, "--skip-preview");
});

test("pulumi: a SIGTERM is passed on, and nothing stays behind", async () => {
  const { child, seen, ended } = start(
    ["pulumi", "up", "--yes", "--skip-preview", "--stack", "test"],
    { KIND: "hangs" },
  );
  await until("the program hangs", () => seen.text.includes("hanging"));
  const below = await descendants(child.pid ?? 0);
  child.kill("SIGTERM");
  assert.is.not(await ended, 0);
  await until("all have ended", () => below.every((pid) => !isAlive(pid)));
});

test("setup: says what is there, and leaves the plugin to Pulumi.yaml", async () => {
  const { code, text } = await run(["setup"]);
  assert.is(code, 0, text);
  assert.match(text, /engine: pulumi v3\./);
  assert.match(text, "plugin: Pulumi.yaml names");
});

test("doctor: JSON for programs, exit code 0 when all that is needed is there", async () => {
  const { code, text } = await run(["doctor", "--json"]);
  const checks = asPrinted<readonly { readonly state: string }[]>("doctor", JSON.parse(text));
  assert.is(code, 0, text);
  assert.is(checks.length, 10);
});

test("recover: says that there is nothing to do; outside of a project, what to do", async () => {
  const good = await run(["recover", "--stack", "test"]);
  assert.is(good.code, 0, good.text);
  assert.match(good.text, "no lock and no unfinished operation");
  const empty = await mkdtemp(path.join(os.tmpdir(), "dwtest-empty-"));
  const bad = await run(["recover", "--stack", "test"], empty);
  await rm(empty, { recursive: true });
  assert.is(bad.code, 1);
  assert.match(bad.text, "fix: run this in the folder of a Pulumi project");
});

test.run();
