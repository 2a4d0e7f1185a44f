// Where a run keeps its state: as the CLI decides it, and told apart from every other place.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { backendOf } from "../../../sdk/provider/backend.ts";
import { keptOwner, ownerKey } from "../../../sdk/provider/owner.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/backend");
let folder = "";
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dwtest-backend-"));
  await mkdir(join(folder, "program"));
  const current = JSON.stringify({ current: "s3://login/" });
  await writeFile(join(folder, "credentials.json"), current);
});
test.after(() => rm(folder, { recursive: true, force: true }));

const none = () => ({ PULUMI_HOME: join(folder, "nowhere") });
const local = (path: string) => `file://${hostname()}${path}`;

const urls: readonly [string, string, () => string][] = [
  ["a folder", "file:///srv/state", () => local("/srv/state")],
  ["a folder of the project", "file://./state", () => local(join(folder, "state"))],
  ["the user's own folder", "file://~", () => local(homedir())],
  ["a bucket, without its options", "s3://shop/state?region=x", () => "s3://shop/state"],
  ["a service", "https://api.pulumi.com/", () => "https://api.pulumi.com"],
];
for (const [name, url, wanted] of urls) {
  test(`from the environment: ${name}`, () => {
    assert.is(backendOf({ PULUMI_BACKEND_URL: url }, folder), wanted());
  });
}

const files: readonly [string, string][] = [
  ["block", "name: shop\nbackend:\n  url: s3://shop\nruntime: nodejs\n"],
  ["flow", "name: shop\nbackend: { url: 's3://shop' }\n"],
  ["none", "name: shop\nruntime:\n  url: s3://other\n"],
];
for (const [form, text] of files) {
  test(`from the project's file, above the program's folder: ${form}`, async () => {
    await writeFile(join(folder, "Pulumi.yaml"), text);
    const found = backendOf(none(), join(folder, "program"));
    assert.is(found, form === "none" ? undefined : "s3://shop");
    await rm(join(folder, "Pulumi.yaml"));
  });
}

test("from the login, where nothing else is said; unknown without one", () => {
  assert.is(backendOf({ PULUMI_HOME: folder }, folder), "s3://login");
  assert.is(backendOf({ PULUMI_HOME: folder, PULUMI_BACKEND_URL: "s3://set" }, folder), "s3://set");
  assert.is(backendOf(none(), folder), undefined);
});

test("the word: the state's, else the same for the same backend, else drawn", () => {
  const word = keptOwner({}, "s3://shop");
  assert.match(word, /^[0-9a-f]{16}$/);
  assert.is(keptOwner({}, "s3://shop"), word);
  assert.is.not(keptOwner({}, "s3://other"), word);
  assert.is(keptOwner({ [ownerKey]: "kept" }, "s3://shop"), "kept");
  assert.is.not(keptOwner({}, undefined), keptOwner({}, undefined));
});

test.run();
