// What doctor says of a project, and when it fails.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { type Check, pluginFolder, runChecks } from "../../../sdk/cli/checks.ts";
import { doctorExitCode, renderChecks } from "../../../sdk/cli/doctor.ts";
import { checkKernel } from "../../../sdk/cli/kernel.ts";
import { parseManifest } from "../../../sdk/engine/manifest.ts";
import { version } from "../../../sdk/version.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/checks");
let base = "";

test.before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "dwtest-checks-"));
});
test.after(() => rm(base, { recursive: true, force: true }));

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const nowhere = path.join(base, "nowhere");
  return { PATH: "/nonexistent", HOME: nowhere, DOCKER_HOST: `unix://${nowhere}`, ...more };
}

async function checksOf(directory: string, more: NodeJS.ProcessEnv = {}) {
  const checks = await runChecks({ directory, env: environment(more) });
  return new Map(checks.map((check) => [check.name, check]));
}

test("a bare machine: every missing thing has its fix, and the order is fixed", async () => {
  const checks = await checksOf(base);
  assert.equal(
    [...checks.keys()],
    [
      "Pulumi CLI",
      "language host",
      "plugin",
      "Node",
      "backend",
      "passphrase",
      "Docker",
      "SSH",
      "IPVS",
      "IPsec",
    ],
  );
  for (const { state, fix, name } of checks.values()) {
    if (state !== "ok") assert.ok(fix, `${name} has no fix`);
  }
  assert.is(checks.get("Pulumi CLI")?.state, "bad");
  assert.is(checks.get("Docker")?.state, "absent");
});

test("a plugin that Pulumi.yaml names is looked for there, relative to the project", () => {
  const manifest = parseManifest("plugins: {providers: [{name: dockwright, path: ./pl}]}", "/p");
  assert.equal(pluginFolder(manifest, {}), { folder: "/p/pl", named: true });
});

test("else it is looked for in Pulumi's own folder, by version", () => {
  assert.equal(pluginFolder(undefined, { HOME: "/h" }), {
    folder: `/h/.pulumi/plugins/resource-dockwright-v${version}`,
    named: false,
  });
  assert.match(pluginFolder(undefined, { PULUMI_HOME: "/q" }).folder, /^\/q\/plugins\//);
});

const ipvs = "kernel/net/netfilter/ipvs/ip_vs.ko.xz:\n";
const esp = "kernel/net/ipv4/esp4.ko.xz:\n";
const config = (line: string) => gzipSync(`CONFIG_XFRM=y\n${line}\n`);
type Feature = Parameters<typeof checkKernel>[0];
const kernels: readonly [Feature, string, string, string | Buffer, Check["state"]][] = [
  ["ipvs", "has it loaded", "proc/net/ip_vs", "", "ok"],
  ["ipvs", "has it as a module", "lib/modules/6.1/modules.dep", ipvs, "ok"],
  ["ipvs", "has it built in", "lib/modules/6.1/modules.builtin", ipvs, "ok"],
  ["ipvs", "is another one", "lib/modules/5.10/modules.dep", ipvs, "absent"],
  ["ipvs", "is without", "lib/modules/6.1/modules.dep", esp, "absent"],
  ["esp", "has it loaded", "sys/module/esp4", "", "ok"],
  ["esp", "has it as a module", "lib/modules/6.1/modules.dep", esp, "ok"],
  ["esp", "tells that it has it", "proc/config.gz", config("CONFIG_INET_ESP=y"), "ok"],
  ["esp", "tells that not", "proc/config.gz", config("# CONFIG_INET_ESP is not set"), "absent"],
];
for (const [index, [feature, name, file, content, state]] of kernels.entries()) {
  test(`${feature}: a kernel that ${name}`, async () => {
    const root = path.join(base, `kernel${index}`);
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), content);
    const found = await checkKernel(feature, "6.1", root);
    assert.is(found.state, state);
    if (state === "absent") assert.match(found.saw, /no routing mesh|carries nothing/);
  });
}

test("a passphrase file that others can read is not right", async () => {
  const directory = path.join(base, "open");
  const file = path.join(directory, ".dockwright", "passphrase");
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(path.join(directory, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
  await writeFile(file, "x");
  await chmod(file, 0o644);
  const check = (await checksOf(directory)).get("passphrase");
  assert.is(check?.state, "bad");
  assert.is(check?.fix, `chmod 600 ${file}`);
});

test("a backend's password is not shown", async () => {
  const directory = path.join(base, "open");
  const backend = (await checksOf(directory, { PULUMI_BACKEND_URL: "s3://me:hush@host/b" })).get(
    "backend",
  );
  assert.not.match(backend?.saw ?? "", "hush");
});

const row = (state: Check["state"]): Check => ({ name: "n", state, saw: "s", fix: "f" });
const codes = [
  ["all ok", [row("ok")], 0],
  ["something that only some need is absent", [row("ok"), row("absent")], 0],
  ["something that all need is not right", [row("ok"), row("bad")], 1],
] as const;
for (const [name, checks, want] of codes) {
  test(`exit code ${want}: ${name}`, () => assert.is(doctorExitCode(checks), want));
}

test("the table has a row for each check, with its fix", () => {
  const text = renderChecks([row("bad"), { name: "m", state: "ok", saw: "t" }]);
  assert.match(text, /n .*bad .*s .*f/);
  assert.match(text, /m .*ok .*t/);
});

test.run();
