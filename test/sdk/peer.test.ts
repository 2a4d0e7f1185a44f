// Optional peers: what the core loads of them (nothing), and what is said where one is missing.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import { SdkError } from "../../sdk/errors.ts";
import { loadPeer } from "../../sdk/peer.ts";
import { suite } from "../support/suite.ts";

const test = suite("peers");

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

test("what a peer itself lacks is told as it is", () => {
  const broken = Object.assign(() => {
    throw Object.assign(new Error("Cannot find module 'mime'"), { code: "MODULE_NOT_FOUND" });
  }, createRequire("/"));
  assert.throws(() => loadPeer("@pulumi/aws", "ecs/index.js", "dockwright/aws", broken), /mime/);
});

test.run();
