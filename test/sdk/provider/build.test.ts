// What goes into the plugin's bundle. Every update starts it: each heavy module counts.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../../sdk/engine/package.ts";
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

test("nothing of @pulumi/pulumi is in it", () => {
  const pulumi = inputs.filter((file) => file.includes("node_modules/@pulumi/"));
  assert.equal(pulumi, []);
  assert.ok(inputs.some((file) => file.startsWith("node_modules/protobufjs/")));
});

for (const heavy of ["dockerode", "typescript", "@grpc", "google-protobuf"]) {
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

test("it is a file, its parts, and a launcher that can be run as it is", async () => {
  const own = (await readdir(folder)).sort();
  const names = ["pulumi-resource-dockwright", "pulumi-resource-dockwright.cjs"];
  assert.equal(own, ["package.json", "parts", ...names]);
  const launcher = join(folder, "pulumi-resource-dockwright");
  assert.is((await stat(launcher)).mode & 0o111, 0o111);
  assert.match(await readFile(launcher, "utf8"), /^#!\/bin\/sh\n/);
});

test("a build leaves no parts of the one before it", async () => {
  const before = await readdir(join(folder, "parts"));
  await writeFile(join(folder, "parts", "old.js"), "");
  await bundlePlugin(folder);
  assert.equal((await readdir(join(folder, "parts"))).sort(), before.sort());
});

/** The files that the plugin has loaded by the time that it listens, and the modules that it asked for. */
async function loadedAtStart(): Promise<readonly string[]> {
  const own = await mkdtemp(join(tmpdir(), "dwtest-loaded-"));
  const hook = join(own, "hook.cjs");
  const loaded = join(own, "loaded");
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
  const names = (await readFile(loaded, "utf8")).trim().split("\n");
  await rm(own, { recursive: true, force: true });
  return names;
}

// What is a CommonJS module has its members under `default` alone when it is a part.
test("packages are loaded by their default export where they are loaded late", async () => {
  const own = inputs.filter((file) => file.startsWith("sdk/"));
  let late = 0;
  for (const file of own) {
    const text = await readFile(join(packageRoot(), file), "utf8");
    for (const match of text.matchAll(/^.*\bawait import\("(?!\.|node:)[^"]+"\).*$/gm)) {
      const [line] = match;
      late += 1;
      const isAlone = /^\s*await import/.test(line);
      assert.ok(isAlone || /\{ default: |\)\)\.default/.test(line), `${file}: ${line}`);
    }
  }
  assert.ok(late > 3);
});

// The modules that ssh2 looks for when it is loaded tell of it: they are not in the bundle.
test("SSH is in it, and not loaded before a machine is reached over it", async () => {
  assert.ok(inputs.some((file) => file.startsWith("node_modules/ssh2/")));
  const names = await loadedAtStart();
  assert.ok(names.includes("node:http2"), names.join(" "));
  assert.not(names.includes("cpu-features"));
});

test("what is loaded at the start is less than a fifth of it", async () => {
  const sizeOf = async (file: string) => (await stat(join(folder, file))).size;
  const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
  const parts = (await readdir(join(folder, "parts"))).map((name) => join("parts", name));
  const main = await sizeOf("pulumi-resource-dockwright.cjs");
  const all = main + sum(await Promise.all(parts.map(sizeOf)));
  const names = new Set((await loadedAtStart()).map((name) => basename(name)));
  const started = parts.filter((part) => names.has(basename(part)));
  assert.ok(started.length > 0);
  const atStart = main + sum(await Promise.all(started.map(sizeOf)));
  assert.ok(atStart < all / 5, `${atStart} of ${all}`);
});

test.run();
