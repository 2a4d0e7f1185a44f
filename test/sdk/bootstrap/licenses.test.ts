import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { packageFolders, writeLicenses } from "../../../sdk/bootstrap/licenses.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("bootstrap/licenses");
let root = "";

test.before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "dwtest-licenses-"));
});
test.after(() => rm(root, { recursive: true, force: true }));

async function addPackage(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const place = path.join(root, "node_modules", name);
  await mkdir(place, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(place, file), text);
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ["a file of ours is in no package", "sdk/errors.ts", []],
  ["a package", "node_modules/long/umd/index.js", ["node_modules/long"]],
  ["a package with a scope", "node_modules/@grpc/grpc-js/a.js", ["node_modules/@grpc/grpc-js"]],
  ["a package within one", "node_modules/a/node_modules/b/b.js", ["node_modules/a/node_modules/b"]],
];
for (const [name, file, want] of cases)
  test(name, () => assert.equal(packageFolders([file]), want));

test("every package is named once, with its licence's text", async () => {
  await addPackage("a", {
    "package.json": '{"name":"a","version":"1.0.0","license":"MIT"}',
    LICENSE: "the text of a\n",
  });
  await writeLicenses(root, root, ["node_modules/a/x.js", "node_modules/a/y.js", "sdk/z.ts"]);
  const text = await readFile(path.join(root, "LICENSES.txt"), "utf8");
  assert.is(text, "a 1.0.0 (MIT)\n\nthe text of a\n");
});

test("the older form, a list, is read too", async () => {
  const list = '{"name":"c","version":"3.0.0","licenses":[{"type":"MIT"},{"type":"ISC"}]}';
  await addPackage("c", { "package.json": list });
  await writeLicenses(root, root, ["node_modules/c/x.js"]);
  assert.is(await readFile(path.join(root, "LICENSES.txt"), "utf8"), "c 3.0.0 (MIT or ISC)\n");
});

test("a package that says no licence is refused", async () => {
  await addPackage("b", { "package.json": '{"name":"b","version":"2.0.0"}' });
  const words = await writeLicenses(root, root, ["node_modules/b/x.js"]).catch(String);
  assert.match(words ?? "", "b 2.0.0, which is bundled, says no licence");
});

test.run();
