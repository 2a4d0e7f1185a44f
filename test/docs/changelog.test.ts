// The changelog in the form of Keep a Changelog 1.1.0, and of one mind with package.json: what is to be
// published next is its newest version.
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import { version } from "../../sdk/version.ts";
import { suite } from "../support/suite.ts";

const test = suite("docs/changelog");
const read = (file: string) => readFile(path.join(packageRoot(), file), "utf8");

const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
const headingPattern = /^\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2}|unreleased)$/;

async function headings(level: "##" | "###"): Promise<readonly string[]> {
  const lines = (await read("CHANGELOG.md")).split("\n");
  return lines
    .filter((line) => line.startsWith(`${level} `))
    .map((line) => line.slice(level.length + 1));
}

test("what is not released yet comes first, then versions with their dates, the newest first", async () => {
  const [first, ...versions] = await headings("##");
  assert.is(first, "[Unreleased]");
  const numbers = versions.map((heading) => headingPattern.exec(heading)?.[1]);
  assert.ok(numbers.length > 0 && !numbers.includes(undefined), versions.join(", "));
  const order = [...numbers].sort((a = "", b = "") => b.localeCompare(a, "en", { numeric: true }));
  assert.equal(numbers, order);
  assert.is(new Set(numbers).size, numbers.length);
});

test("only the newest version may have no date", async () => {
  const [, , ...older] = await headings("##");
  for (const heading of older) assert.match(heading, /\d{4}-\d{2}-\d{2}$/);
});

test("package.json, what runs and the changelog have the same version", async () => {
  const manifest = JSON.parse(await read("package.json")) as { readonly version: string };
  const [, newest = ""] = await headings("##");
  assert.is(headingPattern.exec(newest)?.[1], manifest.version);
  assert.is(version, manifest.version);
});

test("changes stand under the six kinds", async () => {
  for (const kind of await headings("###")) assert.ok(kinds.includes(kind), kind);
});

test.run();
