// What goes into the plugin's bundle. Every update starts it: each heavy module counts.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { bundlePlugin } from "../../../sdk/provider/build.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("provider/build");
let folder = "";
let inputs: readonly string[] = [];

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dwtest-bundle-"));
  inputs = await bundlePlugin(folder);
});
test.after(() => rm(folder, { recursive: true, force: true }));

test("of @pulumi/pulumi, the stubs of the protocol and nothing else", () => {
  const pulumi = inputs.filter((file) => file.includes("node_modules/@pulumi/"));
  assert.ok(pulumi.length > 0);
  const further = pulumi.filter(
    (file) => !/^node_modules\/@pulumi\/pulumi\/proto\/\w+_pb\.js$/.test(file),
  );
  assert.equal(further, []);
});

for (const heavy of ["dockerode", "typescript", "@grpc/proto-loader"]) {
  test(`${heavy} is not in it`, () => {
    assert.equal(
      inputs.filter((file) => file.startsWith(`node_modules/${heavy}/`)),
      [],
    );
  });
}

test("of node-forge, what certificates take and nothing else", () => {
  const forge = inputs.filter((file) => file.startsWith("node_modules/node-forge/"));
  assert.ok(forge.includes("node_modules/node-forge/lib/x509.js"));
  const further = forge.filter((file) => /\/(index|tls|http|ssh|xhr|pkcs12|kem)\.js$/.test(file));
  assert.equal(further, []);
});

test("nothing above sdk is in it", () => {
  assert.equal(
    inputs.filter((file) => !/^(sdk|node_modules)\//.test(file)),
    [],
  );
});

test("it is one file, and a launcher that can be run as it is", async () => {
  const bundled = await readdir(folder);
  const own = bundled.filter((name) => name.startsWith("pulumi-resource-")).sort();
  assert.equal(own, ["pulumi-resource-dockwright", "pulumi-resource-dockwright.cjs"]);
  const launcher = join(folder, "pulumi-resource-dockwright");
  assert.is((await stat(launcher)).mode & 0o111, 0o111);
  assert.match(await readFile(launcher, "utf8"), /^#!\/bin\/sh\n/);
});

// The modules that ssh2 looks for when it is loaded tell of it: they are not in the bundle.
test("SSH is in it, and not loaded before a machine is reached over it", async () => {
  assert.ok(inputs.some((file) => file.startsWith("node_modules/ssh2/")));
  const hook = join(folder, "hook.cjs");
  const loaded = join(folder, "loaded");
  await writeFile(
    hook,
    `const Module = require("node:module"); const { appendFileSync } = require("node:fs");
const load = Module._load;
Module._load = (name, ...rest) => { appendFileSync(${JSON.stringify(loaded)}, name + "\\n"); return load(name, ...rest); };`,
  );
  const args = ["--require", hook, join(folder, "pulumi-resource-dockwright.cjs"), "127.0.0.1:1"];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill();
  const names = (await readFile(loaded, "utf8")).split("\n");
  assert.ok(names.includes("http2"), names.join(" "));
  assert.not(names.includes("cpu-features"));
});

test.run();
