// GitHub Actions workflows, of the examples and of this repository, as actionlint judges them: what it is
// is built once by Go, from the module at one version, and kept in the cache.
import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { cacheDirectory } from "../../../../sdk/engine/locate.mjs";
import { packageRoot } from "../../../../sdk/engine/package.ts";
import { suite } from "../../../support/suite.ts";

const version = "v1.7.12";
const run = promisify(execFile);
const folder = path.join(cacheDirectory(), "actionlint", version);
const program = path.join(folder, "actionlint");
const go = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/local/go/bin"]
  .map((at) => path.join(at, "go"))
  .find((file) => existsSync(file));
const missing =
  existsSync(program) || go !== undefined ? undefined : "needs Go, to build actionlint";

const test = suite("cli/deploy/actionlint", { timeoutMs: 240_000, long: true, missing });

test.before(async () => {
  if (existsSync(program)) return;
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, GOFLAGS: "" };
  await run(go ?? "go", ["install", `github.com/rhysd/actionlint/cmd/actionlint@${version}`], {
    env,
  });
});

/** The label of the runner that the example asks for: one with a daemon. */
const settings = "self-hosted-runner: { labels: [docker] }\n";

/** What it finds; the shell of a step is looked at by the test of the CI files. */
async function findingsIn(file: string): Promise<string> {
  const config = path.join(folder, "actionlint.yaml");
  await writeFile(config, settings);
  const args = ["-config-file", config, "-shellcheck=", "-pyflakes=", "-no-color", file];
  return await run(program, args).then(
    () => "",
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}

const workflows = globSync(
  "{.github,examples/*/.github,sdk/cli/templates/**/.github}/workflows/*.{yml,yaml}",
  {
    cwd: packageRoot(),
  },
);

test("there are workflows to judge", () => {
  assert.ok(workflows.includes("examples/delivery/.github/workflows/deploy.yml"), workflows.join());
});

for (const file of workflows) {
  test(`${file} has no fault`, async () => {
    assert.is(await findingsIn(path.join(packageRoot(), file)), "");
  });
}

const faults: readonly (readonly [string, string, string, RegExp])[] = [
  ["a key that is none", "runs-on:", "run-on:", /unexpected key "run-on"/],
  ["a context that is none", "github.", "gihub.", /undefined variable "gihub"/],
];
for (const [name, from, to, want] of faults) {
  test(`found: ${name}`, async () => {
    const [file = ""] = workflows.filter((one) => one.startsWith("examples/delivery"));
    const text = await readFile(path.join(packageRoot(), file), "utf8");
    assert.ok(text.includes(from), from);
    const home = await mkdtemp(path.join(os.tmpdir(), "dwtest-actionlint-"));
    const spoilt = path.join(home, "deploy.yml");
    await writeFile(spoilt, text.replace(from, to));
    const findings = await findingsIn(spoilt);
    await rm(home, { recursive: true });
    assert.match(findings, want);
  });
}

test.run();
