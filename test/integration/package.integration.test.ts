// The package as npm would publish it, in a second repository: what is in it, that its types hold for
// each way a project resolves modules, and that plain `pulumi up` runs its program however it is written.
// Each Node installs it once; all programs then are one stack, so a second one that changes nothing shows
// that it was loaded and says the same. DOCKWRIGHT_FLAVOURS=all: every Node and way to write it.

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { nodes } from "../sdk/engine/fixture.ts";
import { containersOf, localDocker, missingDaemon, nameOf, removeOwned } from "../support/owned.ts";
import { type Consumer, makeConsumer, type Packed, packPackage } from "../support/package.ts";
import { freePort } from "../support/ports.ts";
import { suite } from "../support/suite.ts";
import {
  copyRepository,
  type Flavour,
  flavours,
  judgeTypes,
  manifest,
  programTypes,
  pulumiYaml,
  resolutions,
} from "./package.programs.ts";

const test = suite("package", { timeoutMs: 600_000 });
const docker = localDocker();
const soak = process.env["DOCKWRIGHT_FLAVOURS"] === "all";
let folder = "";
let packed: Packed = { tarball: "", size: 0, unpackedSize: 0, files: [] };

test.before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "dwtest-pack-"));
  packed = await packPackage(folder);
});
test.after(async () => {
  docker.close();
  await rm(folder, { recursive: true, force: true });
});

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
}

const tree = () => path.join(folder, "tree");
const readManifest = async () =>
  JSON.parse(await readFile(path.join(tree(), "package.json"), "utf8")) as Manifest;

/** What npm always packs, or what runs or is read without being imported. */
const notImported = [
  /^(package\.json|LICENSE|README\.md|ARCHITECTURE\.md|CHANGELOG\.md)$/,
  /^dist\/(audit|echo|engine|live|plugin)\/(package\.json|LICENSES\.txt)$/,
  /^dist\/(audit\/audit\.mjs|echo\/echo\.cjs|live\/live\.mjs)$/,
  /^dist\/policy-pack\/(index\.cjs|package\.json|PulumiPolicy\.yaml)$/,
  /^dist\/engine\/pulumi-language-nodejs$/,
  /^dist\/plugin\/pulumi-resource-dockwright(\.cjs)?$/,
  /^dist\/sdk\/engine\/gomodule\/go\.(mod|sum)$/,
  /^sdk\/cli\/templates\/\w+\//,
];

// Not the word within quotes.
const importPattern = /(?<!["'])(?:\bfrom|\bimport)\s*\(?\s*["']([@\w./:-]+)["']/g;

/** What a file imports: files of the package, and packages by name. */
async function importsOf(file: string): Promise<readonly string[]> {
  const text = await readFile(path.join(tree(), file), "utf8");
  return [...text.matchAll(importPattern)].map((match) => {
    const name = match[1] ?? "";
    return name.startsWith(".") ? path.join(path.dirname(file), name) : name;
  });
}

const typesOf = (file: string) => file.replace(/\.(m?)js$/, ".d.$1ts");

/** Every file and package that one can get at from the entries. */
async function reachable(entries: readonly string[], packedFiles: ReadonlySet<string>) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [...entries];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (!name.startsWith("dist/")) packages.add(name);
    else if (!files.has(name)) {
      files.add(name);
      assert.ok(packedFiles.has(name), `${name} is imported and packed`);
      queue.push(...(await importsOf(name)));
      if (packedFiles.has(typesOf(name))) queue.push(typesOf(name));
    }
  }
  return { files, packages };
}

async function reachedFromEntries() {
  const names = new Set(packed.files.map((file) => file.path));
  const { bin, exports } = await readManifest();
  const targets = JSON.stringify(exports).match(/dist\/[^"]+/g) ?? [];
  const entries = targets.flatMap((target) => {
    const [start = "", end] = target.split("*");
    return [...names].filter((name) =>
      end === undefined ? name === start : name.startsWith(start) && name.endsWith(end),
    );
  });
  return reachable([...entries, ...Object.values(bin)], names);
}

const requirePattern = /\brequire\("(\.[\w./-]+)"\)/g;

/** The parts of the plugin that it loads, at the start or when it comes to it. */
async function partsOfPlugin(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const queue = ["dist/plugin/pulumi-resource-dockwright.cjs"];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(path.join(tree(), name), "utf8");
    const folder = path.dirname(name);
    for (const [, part = ""] of text.matchAll(requirePattern)) queue.push(path.join(folder, part));
  }
  return found;
}

test("every file in it is reached from an entry, or is one that runs", async () => {
  const reached = await reachedFromEntries();
  const parts = await partsOfPlugin();
  assert.ok(parts.size > 50, `${parts.size} parts`);
  const files = new Set([...reached.files, ...parts]);
  const extra = packed.files
    .map((file) => file.path)
    .filter((name) => !files.has(name) && !notImported.some((pattern) => pattern.test(name)));
  assert.equal(extra, []);
  const size = `${Math.round(packed.size / 1024)} kB packed, ${packed.files.length} files`;
  process.stdout.write(`${size}, ${Math.round(packed.unpackedSize / 1024)} kB unpacked\n`);
  assert.ok(packed.size < 2_000_000, size);
});

test("what it imports at run time is declared, and nothing else is", async () => {
  const { packages } = await reachedFromEntries();
  // Its own name is in comments, as the way to import it.
  const outside = [...packages].filter((name) => !/^(node:|dockwright(\/|$))/.test(name));
  const names = outside.map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
  const { dependencies, peerDependencies } = await readManifest();
  const declared = Object.keys({ ...dependencies, ...peerDependencies }).sort();
  assert.equal([...new Set(names)].sort(), declared);
});

test("what it depends on can be required: tsx does so with all of a CommonJS program", async () => {
  const { dependencies, peerDependencies } = await readManifest();
  const { resolve } = createRequire(path.join(tree(), "package.json"));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) resolve(name);
});

test("its programs may be executed", async () => {
  const { bin } = await readManifest();
  for (const file of [
    "dist/engine/pulumi-language-nodejs",
    "dist/plugin/pulumi-resource-dockwright",
  ])
    assert.ok(((await stat(path.join(tree(), file))).mode & 0o111) !== 0, file);
  for (const file of [...Object.values(bin)])
    assert.match(await readFile(path.join(tree(), file), "utf8"), /^#!\/usr\/bin\/env node\n/);
});

/** Installs the package and what the second repository takes besides; one copy of the SDK. */
async function install(user: Consumer): Promise<void> {
  copyRepository(user.dir);
  await user.output("git", ["init", "--quiet"]);
  const flags = ["--no-audit", "--no-fund", "--no-save", "--prefer-offline"];
  const more = soak ? ["ts-node@10.9.2"] : [];
  await user.output("npm", ["install", ...flags, packed.tarball, ...more]);
  const found = await user.output("find", [
    "node_modules",
    "-path",
    "*/@pulumi/pulumi/package.json",
  ]);
  assert.equal(found.trim().split("\n"), ["node_modules/@pulumi/pulumi/package.json"]);
}

/** Projects as `dockwright new` writes them; what the others import is not installed here. */
const checkedTemplates = ["site", "wordpress", "pool", "swarm"];

/** The program under each way to resolve modules, and the templates as the package has them. */
async function checkTypes(user: Consumer): Promise<void> {
  await user.write({ "types/judge.mjs": judgeTypes });
  for (const [at, { type, options }] of resolutions.entries()) {
    await user.write({
      [`types/${at}/package.json`]: JSON.stringify({ name: "types", private: true, type }),
      [`types/${at}/tsconfig.json`]: JSON.stringify({
        compilerOptions: options,
        files: ["types.ts"],
      }),
      [`types/${at}/types.ts`]: programTypes,
    });
  }
  for (const template of checkedTemplates) {
    const said = await dockwright(user, ["new", template, `types/templates/${template}`]);
    assert.is(said.code, 0, said.stderr);
  }
  const all = { extends: "./site/tsconfig.json", include: ["*/*.ts"] };
  await user.write({ "types/templates/tsconfig.json": JSON.stringify(all) });
  const folders = [...resolutions.keys(), "templates"].map((one) => `types/${one}`);
  const { code, stdout } = await user.run("node", ["types/judge.mjs", ...folders]);
  assert.is(code, 0, stdout);
  assert.is(stdout.match(/: \d{2,} files judged/g)?.length, folders.length, stdout);
}

interface Summary {
  readonly changes: Readonly<Record<string, number>>;
  readonly text: string;
}

const dockwright = (user: Consumer, args: readonly string[]) =>
  user.run("npx", ["--no-install", "dockwright", ...args]);

/** The lines that `dockwright setup` prints for a shell's profile. */
async function setUp(user: Consumer): Promise<string> {
  const { code, stdout, stderr } = await dockwright(user, ["setup"]);
  assert.is(code, 0, stderr);
  assert.match(stdout, "Pulumi.yaml names");
  return (stdout.match(/^ {2}export .*$/gm) ?? []).join("\n");
}

/** Plain `pulumi`, in a shell with those lines in its profile. */
const pulumi = (user: Consumer, profile: string, args: readonly string[]) =>
  user.run("sh", ["-c", `${profile}\nexec pulumi "$@"`, "sh", ...args, "--non-interactive"]);

async function up(user: Consumer, profile: string): Promise<Summary> {
  const flags = ["--yes", "--skip-preview", "--stack", "dev"];
  const { code, stdout, stderr } = await pulumi(user, profile, ["up", ...flags]);
  const text = stdout + stderr;
  assert.is(code, 0, text);
  const rows = [...text.matchAll(/^\s+[+~-]+ (\d+) (created|updated|replaced|deleted)/gm)];
  return { changes: Object.fromEntries(rows.map(([, n, word = ""]) => [word, Number(n)])), text };
}

async function useFlavour(user: Consumer, project: string, flavour: Flavour): Promise<void> {
  for (const file of flavours.map((each) => each.file)) {
    await rm(path.join(user.dir, file), { force: true });
  }
  await user.write({
    "package.json": manifest(flavour),
    "Pulumi.yaml": pulumiYaml(project, flavour),
    "tsconfig.json": JSON.stringify({ compilerOptions: flavour.compilerOptions ?? {} }),
    [flavour.file]: flavour.program,
  });
}

const everyTime = ["CommonJS", "TypeScript module by tsx"];

function flavoursFor(major: string): readonly Flavour[] {
  const able = flavours.filter(({ since = 0 }) => since <= Number(major.slice(1)));
  return soak ? able : able.filter(({ name }) => everyTime.includes(name));
}

async function runFlavours(user: Consumer, project: string, major: string): Promise<void> {
  const port = await freePort();
  await user.write({ "Pulumi.dev.yaml": `config:\n  ${project}:port: ${port}\n` });
  let profile: string | undefined;
  let first: string | undefined;
  for (const flavour of flavoursFor(major)) {
    await useFlavour(user, project, flavour);
    if (profile === undefined) {
      profile = await setUp(user);
      const said = await pulumi(user, profile, ["stack", "init", "dev"]);
      assert.is(said.code, 0, said.stderr);
    }
    const { changes, text } = await up(user, profile);
    const containers = await containersOf(docker, project);
    const ids = containers.map(({ Id }) => Id).join();
    if (first === undefined) {
      assert.ok((changes["created"] ?? 0) > 20, text);
      // Those of the stack, and the repository's own.
      for (const name of ["site-1", "site-2", "api-1"])
        assert.ok(
          containers.some((one) => nameOf(one).startsWith(name)),
          name,
        );
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await page.text(), "From a second repository.");
    } else assert.equal(changes, {}, `${flavour.name} changes nothing: ${text}`);
    assert.is(ids, first ?? ids);
    first = ids;
  }
  const gone = await dockwright(user, ["pulumi", "destroy", "--yes", "--skip-preview"]);
  assert.is(gone.code, 0, gone.stdout + gone.stderr);
  assert.equal(await containersOf(docker, project), []);
}

async function checkDoctor(user: Consumer): Promise<void> {
  const { code, stdout } = await dockwright(user, ["doctor", "--json"]);
  assert.is(code, 0, stdout);
  const checks = JSON.parse(stdout) as readonly { readonly name: string; readonly state: string }[];
  const state = Object.fromEntries(checks.map((check) => [check.name, check.state]));
  for (const name of ["Pulumi CLI", "language host", "plugin", "Node", "backend", "passphrase"])
    assert.is(state[name], "ok", stdout);
}

const lacking = missingDaemon() ?? (existsSync("/usr/bin/git") ? undefined : "there is no git");
const found = await nodes();
for (const major of ["v20", "v22"]) {
  const node = found.find(({ name }) => name.startsWith(`Node ${major}.`));
  const title = `a second repository installs it, takes a stack and adds a service, under Node ${major.slice(1)}`;
  const late = soak || major === "v20" ? undefined : "`npm run soak` runs it";
  const none = node === undefined ? "there is no such Node on PATH" : undefined;
  const reason = lacking ?? none ?? late;
  if (node === undefined || reason !== undefined) {
    test.skip(`${title}: ${reason ?? ""}`);
    continue;
  }
  test(`${title} (${node.name})`, async () => {
    const user = await makeConsumer(node.directory);
    const project = `dwtest-package-${major}-${process.pid}`;
    try {
      assert.match(await user.output("node", ["--version"]), `${major}.`);
      await install(user);
      // Node 20 gets an older SDK than the one that our sources are checked against.
      if (major === "v20") await checkTypes(user);
      await runFlavours(user, project, major);
      await checkDoctor(user);
    } finally {
      await removeOwned(docker, project);
      await user.remove();
    }
  });
}

test.run();
