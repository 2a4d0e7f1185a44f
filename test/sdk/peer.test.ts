// Optional peers: what the core loads of them (nothing), and what is said where one is missing.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import { SdkError } from "../../sdk/errors.ts";
import { loadPeer } from "../../sdk/peer.ts";
import { suite } from "../support/suite.ts";

const test = suite("peers");
const run = promisify(execFile);

/** What a file imports for its values: types cost nothing when a program runs. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(
    /^(?:import|export)(?!\s+type\b)[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"/gm,
  );
  return [...found].map(([, from = "", bare = ""]) => from || bare);
}

/** All files and packages that an entry point reaches. */
function reached(entry: string) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file) || !existsSync(file)) return;
    files.add(file);
    for (const name of importsOf(file)) {
      if (name.startsWith(".")) visit(resolve(dirname(file), name));
      else packages.add(name);
    }
  };
  visit(join(packageRoot(), entry));
  return {
    files: [...files].map((file) => relative(packageRoot(), file)),
    packages: [...packages],
  };
}

test("the core imports no SDK of a cloud", () => {
  const { files, packages } = reached("components/index.ts");
  assert.ok(files.includes("components/service.ts") && files.length > 60, "the graph is walked");
  assert.equal(
    files.filter((file) => /components\/(aws|gcp|kubernetes)\//.test(file)),
    [],
  );
  assert.equal(
    files.filter((file) => file === "sdk/peer.ts"),
    [],
  );
  assert.equal(
    packages.filter((name) => /^@pulumi\/(?!pulumi$|pulumi\/)/.test(name)),
    [],
  );
});

test("a cloud's entry imports its SDK by the leaf, and only there", () => {
  for (const cloud of ["aws", "gcp", "kubernetes"]) {
    const { files, packages } = reached(`components/${cloud}/index.ts`);
    assert.ok(files.includes("sdk/peer.ts"), cloud);
    assert.equal(
      packages.filter((name) => /^@pulumi\/(aws|gcp|kubernetes)/.test(name)),
      [],
    );
  }
});

test("a missing peer is one sentence, with the command", () => {
  const nowhere = createRequire("/");
  let caught: unknown;
  try {
    loadPeer("@pulumi/aws", "ecs/index.js", "dockwright/aws", nowhere);
  } catch (error) {
    caught = error;
  }
  assert.instance(caught, SdkError);
  const { message, fix } = caught as SdkError;
  assert.is(message, "dockwright/aws needs @pulumi/aws, which is not installed");
  assert.is(fix, "npm install @pulumi/aws");
});

/** Runs a script in a process of its own; what it prints is JSON. */
async function ask(script: string): Promise<unknown> {
  const args = ["--input-type=module", "-e", script];
  const { stdout } = await run(process.execPath, args, { cwd: packageRoot(), timeout: 60_000 });
  return JSON.parse(stdout);
}

const entries: { readonly [entry: string]: string } = {
  aws: "@pulumi/aws",
  gcp: "@pulumi/gcp",
  kubernetes: "@pulumi/kubernetes",
};

test("an entry without its peer is one sentence, with the command", async () => {
  const withoutPeer = ([entry, peer]: readonly [string, string]) =>
    ask(`
      import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) {
        if (!name.startsWith("${peer}/")) return next(name, context);
        throw Object.assign(new Error("Cannot find module '" + name + "'"), { code: "MODULE_NOT_FOUND" });
      } });
      const caught = await import("./components/${entry}/index.ts").catch((error) => error);
      console.log(JSON.stringify([caught.message, caught.fix]));
    `);
  assert.equal(
    await Promise.all(Object.entries(entries).map(withoutPeer)),
    Object.entries(entries).map(([entry, peer]) => [
      `dockwright/${entry} needs ${peer}, which is not installed`,
      `npm install ${peer}`,
    ]),
  );
});

test("the core loads no file of a cloud's SDK, and an entry no root of one", async () => {
  const loaded = (await ask(`
    import { createRequire } from "node:module";
    const clouds = [];
    for (const file of ${JSON.stringify(["", ...Object.keys(entries)])}) {
      await import("./components/" + file + "/index.ts");
      const files = Object.keys(createRequire(import.meta.url).cache);
      clouds.push(files.filter((one) => /@pulumi[/](aws|gcp|kubernetes|docker)[/]/.test(one)));
    }
    console.log(JSON.stringify(clouds));
  `)) as readonly (readonly string[])[];
  const [core, ...after] = loaded;
  assert.equal(core, []);
  for (const [index, peer] of Object.values(entries).entries()) {
    const files = after[index]?.filter((file) => file.includes(`/${peer}/`)) ?? [];
    assert.ok(files.length > 0, `${peer}: what is loaded is seen`);
    assert.equal(
      files.filter((file) => file.endsWith(`/${peer}/index.js`)),
      [],
    );
  }
});

test("what a peer itself lacks is told as it is", () => {
  const broken = Object.assign(() => {
    throw Object.assign(new Error("Cannot find module 'mime'"), { code: "MODULE_NOT_FOUND" });
  }, createRequire("/"));
  assert.throws(() => loadPeer("@pulumi/aws", "ecs/index.js", "dockwright/aws", broken), /mime/);
});

test.run();
