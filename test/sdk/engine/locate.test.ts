// Rules of finding a CLI, with small scripts that answer `version` in place of real ones.
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { findEngine, placeLanguageHost } from "../../../sdk/engine/find.ts";
import {
  cacheDirectory,
  hostMark,
  isNewEnough,
  listEngines,
  parseVersion,
} from "../../../sdk/engine/locate.mjs";
import { suite } from "../../support/suite.ts";

const test = suite("engine/locate");
let base = "";

test.before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "dwtest-locate-"));
});
test.after(() => rm(base, { recursive: true, force: true }));

async function executable(file: string, text: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

/** A folder with a `pulumi` that says this version, and a language host when one is given. */
async function folder(name: string, version: string, host?: string): Promise<string> {
  const bin = path.join(base, name);
  await executable(path.join(bin, "pulumi"), `#!/bin/sh\necho ${version}\n`);
  if (host !== undefined) await executable(path.join(bin, "pulumi-language-nodejs"), host);
  return bin;
}

function environment(pathEntry: string, cache: string): NodeJS.ProcessEnv {
  return { PATH: `${pathEntry}:/usr/bin:/bin`, DOCKWRIGHT_CACHE: path.join(base, cache) };
}

async function cachedEngine(cache: string): Promise<string> {
  return folder(`${cache}/engine/v3.256.0/bin`, "v3.256.0");
}

const official = "#!/bin/sh\nexit 0\n";
const ours = `#!/usr/bin/env node\n${hostMark}\n`;

const versions = [
  ["a released version", "v3.256.0\n", [3, 256, 0]],
  ["no leading v", "3.238.0", [3, 238, 0]],
  ["a development build", "v3.300.1-dev.123+abc", [3, 300, 1]],
  ["a warning before it", "warning: new version\nv3.240.2\n", [3, 240, 2]],
  ["nothing", "", undefined],
  ["no version", "pulumi", undefined],
] as const;
for (const [name, text, want] of versions) {
  test(`parses ${name}`, () => assert.equal(parseVersion(text), want));
}

const minimums = [
  ["3.238.0", true],
  ["3.237.9", false],
  ["3.1000.0", true],
  ["4.0.0", false],
  ["2.999.0", false],
  ["", false],
] as const;
for (const [version, want] of minimums) {
  test(`"${version}" is ${want ? "" : "not "}new enough`, () =>
    assert.is(isNewEnough(version), want));
}

const caches = [
  ["DOCKWRIGHT_CACHE first", { DOCKWRIGHT_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" }, "/a"],
  ["then XDG_CACHE_HOME", { XDG_CACHE_HOME: "/b", HOME: "/c" }, "/b/dockwright"],
  [
    "a relative XDG_CACHE_HOME is none",
    { XDG_CACHE_HOME: "b", HOME: "/c" },
    "/c/.cache/dockwright",
  ],
] as const;
for (const [name, env, want] of caches) {
  test(`the cache is found: ${name}`, () => assert.is(cacheDirectory(env), want));
}

test("a CLI on PATH is preferred to the cached one", async () => {
  const bin = await folder("preferred", "v3.260.0", official);
  await cachedEngine("cache-a");
  const engine = await findEngine({ env: environment(bin, "cache-a") });
  assert.is(engine?.cli, path.join(bin, "pulumi"));
  assert.is(engine?.source, "path");
  assert.is(engine?.languageHostIsOurs, false);
});

test("a CLI on PATH that is too old gives way to the cached one", async () => {
  const bin = await folder("old", "v3.100.0");
  const cached = await cachedEngine("cache-b");
  const engine = await findEngine({ env: environment(bin, "cache-b") });
  assert.is(engine?.cli, path.join(cached, "pulumi"));
});

test("with none that will do, the old one is listed and none is found", async () => {
  const bin = await folder("only-old", "v3.100.0");
  const env = environment(bin, "cache-none");
  assert.is(await findEngine({ env }), undefined);
  assert.equal(
    (await listEngines(env)).map(({ version }) => version),
    ["3.100.0"],
  );
});

test("an official language host on PATH is never shadowed, and ours is taken away", async () => {
  const bin = path.dirname(
    await executable(path.join(base, "hosts", "pulumi-language-nodejs"), official),
  );
  const cached = await cachedEngine("cache-c");
  const beside = await executable(path.join(cached, "pulumi-language-nodejs"), ours);
  const engine = await findEngine({ env: environment(bin, "cache-c") });
  assert.is(engine?.languageHostIsOurs, false);
  assert.is(engine?.languageHost, path.join(bin, "pulumi-language-nodejs"));
  if (engine === undefined) throw new Error("no engine");
  await placeLanguageHost(engine);
  const again = await listEngines({ ...environment(bin, "cache-c"), PATH: "/usr/bin:/bin" });
  assert.is(again.find(({ source }) => source === "cache")?.host, undefined, `${beside} is gone`);
});

test("ours stands in where there is none", async () => {
  await cachedEngine("cache-d");
  const engine = await findEngine({ env: environment("/nonexistent", "cache-d") });
  assert.is(engine?.languageHostIsOurs, true);
});

test("a CLI of the user's keeps its place on PATH", async () => {
  const bin = await folder("in-place", "v3.260.0", official);
  const engine = await findEngine({ env: environment(bin, "cache-e") });
  if (engine === undefined) throw new Error("no engine");
  assert.equal(await placeLanguageHost(engine), []);
});

test.run();
