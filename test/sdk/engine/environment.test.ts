// What the user set is never overridden; where nothing is set, state and passphrase are made once,
// for nobody else to read. A CLI is not needed: the engine is handed in.
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { engineEnvironment } from "../../../sdk/engine/environment.ts";
import type { Engine } from "../../../sdk/engine/find.ts";
import { suite } from "../../support/suite.ts";

const test = suite("engine/environment");
let base = "";
let count = 0;

const engine: Engine = {
  cli: "/opt/pulumi/bin/pulumi",
  version: "3.256.0",
  source: "path",
  languageHost: "/opt/pulumi/bin/pulumi-language-nodejs",
  languageHostIsOurs: false,
};

test.before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "dwtest-environment-"));
});
test.after(() => rm(base, { recursive: true, force: true }));

async function project(yaml = "name: p\nruntime: nodejs\n"): Promise<string> {
  count += 1;
  const directory = path.join(base, `p${count}`);
  await mkdir(path.join(directory, "sub"), { recursive: true });
  await writeFile(path.join(directory, "Pulumi.yaml"), yaml);
  return directory;
}

/** An environment without a login, laid under what a case sets. */
function bare(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: "/usr/bin:/bin", HOME: path.join(base, "home"), ...more };
}

async function missing(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    () => true,
  );
}

test("nothing set: state in the project, a passphrase file, both for the owner only", async () => {
  const projectDir = await project();
  const env = await engineEnvironment({ projectDir, env: bare(), engine });
  const own = path.join(projectDir, ".dockwright");
  assert.is(env.PULUMI_BACKEND_URL, `file://${own}/state`);
  assert.is(env.PULUMI_CONFIG_PASSPHRASE_FILE, path.join(own, "passphrase"));
  assert.is((await stat(own)).mode & 0o777, 0o700);
  assert.is((await stat(path.join(own, "state"))).mode & 0o777, 0o700);
  assert.is((await stat(path.join(own, "passphrase"))).mode & 0o777, 0o600);
  assert.is(await readFile(path.join(own, ".gitignore"), "utf8"), "*\n");
});

test("the passphrase is made once, also by several at the same time", async () => {
  const projectDir = await project();
  const runs = [1, 2, 3, 4].map(() => engineEnvironment({ projectDir, env: bare(), engine }));
  const [first] = await Promise.all(runs);
  const file = first?.PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
  const text = await readFile(file, "utf8");
  await engineEnvironment({ projectDir: path.join(projectDir, "sub"), env: bare(), engine });
  assert.is(await readFile(file, "utf8"), text);
  assert.ok(text.trim().length >= 40);
});

test("a salt of another clone's passphrase goes, unless secrets need it", async () => {
  const projectDir = await project();
  const write = (name: string, text: string) => writeFile(path.join(projectDir, name), text);
  const read = (name: string) => readFile(path.join(projectDir, name), "utf8");
  const secret = "encryptionsalt: v1:x\nconfig:\n  p:a:\n    secure: v1:y\n";
  await write("Pulumi.dev.yaml", "config:\n  p:a: b\nencryptionsalt: v1:x\n");
  await write("Pulumi.prod.yaml", secret);
  await engineEnvironment({ projectDir, env: bare(), engine });
  assert.is(await read("Pulumi.dev.yaml"), "config:\n  p:a: b\n");
  assert.is(await read("Pulumi.prod.yaml"), secret);
  await write("Pulumi.dev.yaml", "encryptionsalt: v1:ours\n");
  await engineEnvironment({ projectDir, env: bare(), engine });
  assert.is(await read("Pulumi.dev.yaml"), "encryptionsalt: v1:ours\n", "the passphrase is known");
});

const kept = [
  ["PULUMI_BACKEND_URL", { PULUMI_BACKEND_URL: "s3://bucket" }],
  ["PULUMI_ACCESS_TOKEN", { PULUMI_ACCESS_TOKEN: "t" }],
] as const;
for (const [name, more] of kept) {
  test(`${name} of the user's: no backend, no passphrase and no folder of ours`, async () => {
    const projectDir = await project();
    const env = await engineEnvironment({ projectDir, env: bare(more), engine });
    assert.is(env.PULUMI_BACKEND_URL, (more as NodeJS.ProcessEnv).PULUMI_BACKEND_URL);
    assert.is(env.PULUMI_CONFIG_PASSPHRASE_FILE, undefined);
    assert.ok(await missing(path.join(projectDir, ".dockwright")));
  });
}

test("a backend in Pulumi.yaml is left to Pulumi", async () => {
  const projectDir = await project("name: p\nruntime: nodejs\nbackend:\n  url: gs://b\n");
  const env = await engineEnvironment({ projectDir, env: bare(), engine });
  assert.is(env.PULUMI_BACKEND_URL, undefined);
  assert.ok(await missing(path.join(projectDir, ".dockwright")));
});

test("a login is left to Pulumi; an empty one is none", async () => {
  const home = path.join(base, "logged-in");
  await mkdir(home, { recursive: true });
  const login = (current: string) =>
    writeFile(path.join(home, "credentials.json"), JSON.stringify({ current }));
  const env = bare({ PULUMI_HOME: home });
  await login("https://api.example.com");
  const with1 = await engineEnvironment({ projectDir: await project(), env, engine });
  assert.is(with1.PULUMI_BACKEND_URL, undefined);
  await login("");
  const without = await engineEnvironment({ projectDir: await project(), env, engine });
  assert.match(without.PULUMI_BACKEND_URL ?? "", /^file:/);
});

const passphrases = [
  ["PULUMI_CONFIG_PASSPHRASE", "secret"],
  ["PULUMI_CONFIG_PASSPHRASE", ""],
  ["PULUMI_CONFIG_PASSPHRASE_FILE", "/etc/mine"],
] as const;
for (const [name, value] of passphrases) {
  test(`${name}="${value}" of the user's is left as it is`, async () => {
    const projectDir = await project();
    const env = await engineEnvironment({ projectDir, env: bare({ [name]: value }), engine });
    assert.is(env[name], value);
    const set = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].filter(
      (each) => env[each] !== undefined,
    );
    assert.equal(set, [name]);
    assert.ok(await missing(path.join(projectDir, ".dockwright", "passphrase")));
  });
}

test("switches are set, unless the user set them", async () => {
  const projectDir = await project();
  const env = await engineEnvironment({
    projectDir,
    env: bare({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false" }),
    engine,
  });
  assert.is(env.PULUMI_SKIP_UPDATE_CHECK, "true");
  assert.is(env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, "false");
});

test("outside of any project nothing is made", async () => {
  const projectDir = path.join(base, "none");
  await mkdir(projectDir, { recursive: true });
  const env = await engineEnvironment({ projectDir, env: bare(), engine });
  assert.is(env.PULUMI_BACKEND_URL, undefined);
  assert.ok(await missing(path.join(projectDir, ".dockwright")));
});

test.run();
