// A provider plugin that the language host runs (PulumiPlugin.yaml, `runtime: nodejs`), and an
// operation that a killed engine left unfinished.
import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { descendants, type Fixture, isAlive, makeFixture, until } from "./fixture.ts";

const test = suite("engine/plugin", { timeoutMs: 120_000 });

const plugin = `
const provider = require("@pulumi/pulumi/provider");
provider.main({
  version: "0.0.1",
  async create(urn, inputs) {
    if (inputs.hang) {
      await provider; console.log("creating");
      await new Promise((resolve) => setTimeout(resolve, 1e9));
    }
    return { id: "made", outs: inputs };
  },
}, process.argv.slice(2));
`;

const program = `
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  constructor(name: string, args: object) { super("echo:index:Thing", name, args); }
}
if (process.env["KIND"] !== "none") new Thing("thing", { hang: process.env["KIND"] === "hangs" });
`;

let fixture: Fixture | undefined;

test.before(async () => {
  fixture = await makeFixture({
    program,
    yaml: "plugins:\n  providers:\n    - {name: echo, path: ./echo}\n",
    files: {
      "echo/PulumiPlugin.yaml": "runtime: nodejs\nversion: 0.0.1\n",
      "echo/package.json": '{"name":"echo","version":"0.0.1","main":"index.js"}',
      "echo/index.js": plugin,
    },
  });
});
test.after(() => fixture?.remove());

function project() {
  if (fixture === undefined) throw new Error("the fixture was not made");
  return fixture.project;
}

test("the plugin is run, and makes its resource", async () => {
  const up = await project().up();
  assert.is(up.code, 0, up.stdout + up.stderr);
  const { resources = [] } = (await project().export()).deployment;
  assert.ok(resources.some(({ id, type }) => id === "made" && type === "echo:index:Thing"));
});

test("recover clears the unfinished operation of a killed engine, and says so", async () => {
  const stack = project();
  assert.is((await stack.up({ env: { KIND: "none" } })).code, 0);
  let pid = 0;
  let text = "";
  const run = stack.up({
    env: { KIND: "hangs" },
    onStart: (started) => {
      pid = started;
    },
    onOutput: (more) => {
      text += more;
    },
  });
  await until("the engine creates", () => /Thing thing creating/.test(text));
  const below = await descendants(pid);
  process.kill(pid, "SIGKILL");
  await run;
  await until("all have ended", () => below.every((each) => !isAlive(each)));
  const report = await stack.recover();
  assert.equal(report.found, ["stale-lock", "pending"]);
  assert.match(report.says, "1 unfinished operation");
  const { pending_operations: pending = [] } = (await stack.export()).deployment;
  assert.equal(pending, []);
  assert.equal((await stack.recover()).found, []);
  const up = await stack.up();
  assert.is(up.code, 0, up.stdout + up.stderr);
  assert.not.match(up.stdout + up.stderr, "pending operations");
});

test.run();
