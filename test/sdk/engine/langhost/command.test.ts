// The command line and environment of a program, as the run script of the SDK reads them.
import * as assert from "uvu/assert";
import {
  type ProgramRun,
  programArguments,
  programEnvironment,
  runtimeOptions,
} from "../../../../sdk/engine/langhost/command.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("engine/langhost/command");

const run: ProgramRun = {
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  organization: "organization",
  project: "p",
  stack: "dev",
  rootDirectory: "/p",
  programDirectory: "/p/app",
  entryPoint: "index.ts",
  args: ["--mine"],
  dryRun: false,
  parallel: 8,
  config: { "p:a": "1" },
  secretKeys: ["p:a"],
};
const files = { runScript: "/sdk/run", preload: "/host" };
const defaults = runtimeOptions({});

const options = [
  ["nothing is typescript without arguments", {}, [true, [], undefined]],
  ["typescript: false", { typescript: false }, [false, [], undefined]],
  [
    "quoted nodeargs",
    { nodeargs: "--import tsx -r 'a b'" },
    [true, ["--import", "tsx", "-r", "a b"], undefined],
  ],
  ["tsconfig", { tsconfig: "t.json" }, [true, [], "t.json"]],
  ["other types are left out", { nodeargs: 3, tsconfig: "" }, [true, [], undefined]],
] as const;
for (const [name, given, [typescript, nodeargs, tsconfig]] of options) {
  test(`runtime options: ${name}`, () =>
    assert.equal(runtimeOptions(given), { typescript, nodeargs, tsconfig }));
}

test("flags come before the entry, the program's own arguments after it", () => {
  const args = programArguments(run, defaults, files);
  const script = args.indexOf("/sdk/run");
  assert.ok(args.indexOf("--monitor") > script);
  assert.equal(args.slice(-2), ["index.ts", "--mine"]);
  assert.is(args[args.indexOf("--parallel") + 1], "8");
});

test("no word is --require alone, or the SDK takes it for a loader of the user's", () => {
  const args = programArguments(run, defaults, files);
  assert.is(args[0], "--require=/host");
  assert.not(args.includes("--require"));
});

test("the user's node arguments come before the script", () => {
  const args = programArguments(run, runtimeOptions({ nodeargs: "--import tsx" }), files);
  assert.equal(args.slice(2, 5), ["--import", "tsx", "/sdk/run"]);
  assert.match(args.slice(0, 2).join(" "), /^--require=\/host --max-semi-space-size=2$/);
});

test("a preview says so, and empty flags are left out", () => {
  const args = programArguments(
    { ...run, dryRun: true, organization: "", parallel: 0, entryPoint: "" },
    defaults,
    files,
  );
  assert.ok(args.includes("--dry-run"));
  assert.not(args.includes("--organization"));
  assert.not(args.includes("--parallel"));
  assert.is(args.at(-2), ".");
});

test("configuration and loader switches stand in the environment", () => {
  const env = programEnvironment(run, runtimeOptions({ tsconfig: "t.json" }), { HOME: "/h" });
  assert.equal(env, {
    HOME: "/h",
    PULUMI_CONFIG: '{"p:a":"1"}',
    PULUMI_CONFIG_SECRET_KEYS: '["p:a"]',
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_NODEJS_TSCONFIG_PATH: "t.json",
  });
  const plain = programEnvironment(run, runtimeOptions({ typescript: false }), {});
  assert.is(plain.PULUMI_NODEJS_TYPESCRIPT, undefined);
});

test.run();
