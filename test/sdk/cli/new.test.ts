// `dockwright new`: what it writes and says, what it refuses, and that nothing is written when it does.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import {
  checkProjectName,
  projectFiles,
  requireTemplate,
  templateNames,
} from "../../../sdk/cli/templates.ts";
import { asPrinted } from "../../support/clischema.ts";
import { dockwrightIn } from "../../support/command.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/new", { timeoutMs: 60_000 });
let folder = "";
test.before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "dwtest-new-"));
});
test.after(() => rm(folder, { recursive: true, force: true }));

const dockwright = (...args: readonly string[]) => dockwrightIn(folder, "new", ...args);

interface Written {
  readonly template: string;
  readonly project: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly next: readonly string[];
}

async function filesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

test("without a template it lists them all, for people and as JSON", async () => {
  const [listed, json] = await Promise.all([dockwright(), dockwright("--json")]);
  assert.is(listed.code, 0, listed.stderr);
  const { templates } = asPrinted<{
    readonly templates: readonly { readonly name: string; readonly description: string }[];
  }>("new", JSON.parse(json.stdout));
  assert.equal(
    templates.map(({ name }) => name),
    ["site", "wordpress", "pool", "swarm", "ecs", "gke"],
  );
  for (const { name, description } of templates) {
    assert.match(listed.stdout, new RegExp(`${name} .*${description}`));
  }
});

test("it writes what it says, tells what to run next, and the name stands where it belongs", async () => {
  const { code, stdout, stderr } = await dockwright("site", "work/shop-1", "--json");
  assert.is(code, 0, stderr);
  const said = asPrinted<Written>("new", JSON.parse(stdout));
  assert.equal([said.template, said.project], ["site", "shop-1"]);
  assert.is(said.directory, path.join(folder, "work/shop-1"));
  assert.equal(said.files, await filesOf(said.directory));
  assert.ok(said.files.includes(".gitignore") && !said.files.includes("gitignore"));
  assert.equal(said.next.slice(0, 2), ["cd work/shop-1", "npm install"]);
  for (const file of said.files) {
    const text = await readFile(path.join(said.directory, file), "utf8");
    assert.not.match(text, /\$\{PROJECT\}/, file);
  }
  assert.match(await readFile(path.join(said.directory, "pages/index.html"), "utf8"), "shop-1");
});

test("a new repository counts as empty, and --name names the project", async () => {
  await mkdir(path.join(folder, "fresh", ".git"), { recursive: true });
  const { code, stdout, stderr } = await dockwright("pool", "fresh", "--name", "shop");
  assert.is(code, 0, stderr);
  const stack = await readFile(path.join(folder, "fresh", "Pulumi.dev.yaml"), "utf8");
  assert.match(stack, "  shop:hosts:");
  for (const words of ["index.ts", "cd fresh", "npx dockwright pulumi preview"]) {
    assert.match(stdout, words);
  }
});

const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["an unknown template", ["compose", "a"], /there is no template "compose"; there are site, /],
  ["a folder with something in it", ["site", "full"], /full is not empty: it has one\nfix: /],
  [
    "a file in place of a folder",
    ["site", "full/one"],
    /one cannot be a project's folder: ENOTDIR/,
  ],
  ["a name that no registry takes", ["site", "My_Shop"], /name is "My_Shop"; write 2 to 50 small/],
  ["a given name that will not do", ["site", "b", "--name", "1st"], /"1st"; .*\nfix: give another/],
];
for (const [name, args, message] of refused) {
  test(`it refuses ${name}, and writes nothing`, async () => {
    await mkdir(path.join(folder, "full"), { recursive: true });
    await writeFile(path.join(folder, "full", "one"), "");
    const before = await filesOf(folder);
    const { code, stdout, stderr } = await dockwright(...args);
    assert.equal([code, stdout], [1, ""]);
    assert.match(stderr, message);
    assert.equal(await filesOf(folder), before);
  });
}

const names: readonly (readonly [string, boolean])[] = [
  ["shop", true],
  ["shop-2", true],
  ["s", false],
  ["2shop", false],
  ["shop-", false],
  ["Shop", false],
  ["shop.example", false],
  ["a".repeat(50), true],
  ["a".repeat(51), false],
  ["", false],
];
for (const [name, good] of names) {
  test(`the name "${name}" is ${good ? "taken" : "refused"}`, () => {
    if (good) checkProjectName(name);
    else assert.throws(() => checkProjectName(name), "small letters");
  });
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Optional peers of the entries that it imports. */
const needs: { readonly [template: string]: readonly string[] } = {
  ecs: ["@pulumi/aws"],
  gke: ["@pulumi/gcp", "@pulumi/kubernetes"],
};

const outside = /from "(@[^/"]+\/[^/"]+|[a-z][^/"]*)/g;
for (const template of templateNames) {
  test(`${template}: depends on what it imports and runs, in versions that this package has`, async () => {
    const files = await projectFiles(requireTemplate(template), "shop");
    const { dependencies, devDependencies } = JSON.parse(
      files.get("package.json") ?? "",
    ) as Manifest;
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^(\^|~|>=)\d+\.\d+\.\d+( <\d+)?$/);
    }
    const imported = [...(files.get("index.ts") ?? "").matchAll(outside)].map(([, one]) => one);
    for (const name of [...imported, ...(needs[template] ?? [])]) {
      assert.ok(dependencies[name ?? ""], name);
    }
    const yaml = parse(files.get("Pulumi.yaml") ?? "") as { readonly name: string };
    assert.is(yaml.name, "shop");
  });

  test(`${template}: its README is one screen, with the commands from nothing to a preview or more`, async () => {
    const files = await projectFiles(requireTemplate(template), "shop");
    const readme = files.get("README.md") ?? "";
    assert.ok(readme.split("\n").length < 45);
    for (const words of ["# shop", "npm install", "dockwright setup", "select --create dev"]) {
      assert.match(readme, words);
    }
    assert.match(readme, /dockwright pulumi (up|preview)/);
  });
}

test.run();
