// The policy pack under the real engine: each mandatory rule refuses a preview of resources of every
// platform, an update with a finding makes nothing, configuration changes levels, and what the
// project ships passes.
import { cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { rules } from "../../policy/index.ts";
import { packageRoot } from "../../sdk/engine/package.ts";
import { makeEcho } from "../../sdk/testing/echo.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { table } from "./table/all.ts";
import type { Case } from "./table/row.ts";

const test = suite("policy/pack", { timeoutMs: 5 * 60_000 });

const pack = path.join(packageRoot(), "dist", "policy-pack");
const withPack = { args: ["--policy-pack", pack] };
const mandatory = rules.filter(({ level }) => level === "mandatory");
const packages = ["docker", "kubernetes", "aws", "aws-native", "dockwright"];

/** A program that registers resources as they are written, of packages that take everything. */
const rawProgram = `
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
class Raw extends pulumi.CustomResource {}
class RawProvider extends pulumi.ProviderResource {}
for (const { name, type, inputs } of JSON.parse(readFileSync("resources.json", "utf8"))) {
  const provider = /^pulumi:providers:(.*)$/.exec(type)?.[1];
  if (provider === undefined) new Raw(type, name, inputs);
  else new RawProvider(provider, name, inputs);
}
`;

const sites: Site[] = [];
test.after(async () => {
  for (const site of sites) await site.close();
});

async function site(options: Parameters<typeof makeSite>[0]): Promise<Site> {
  const made = await makeSite(options);
  sites.push(made);
  return made;
}

/** A project in which every package is the provider that takes everything. */
async function rawSite(resources: readonly (Case & { readonly name: string })[]) {
  const files = { "index.ts": rawProgram, "resources.json": JSON.stringify(resources) };
  const made = await site({ topic: "policy", files });
  const echo = path.join(made.dir, "echo");
  await cp(path.join(import.meta.dirname, "echo"), echo, { recursive: true });
  await mkdir(path.join(echo, "node_modules"));
  const shared = path.join(packageRoot(), "node_modules", "@pulumi");
  await symlink(shared, path.join(echo, "node_modules", "@pulumi"));
  const plugins = packages.map((name) => `    - name: ${name}\n      path: echo\n`).join("");
  const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false\n";
  await made.write(
    "Pulumi.yaml",
    `name: ${made.name}\nmain: index.ts\n${runtime}plugins:\n  providers:\n${plugins}`,
  );
  return made;
}

test("each mandatory rule refuses a preview, on every platform, and says what, where, why and the fix", async () => {
  const cases = mandatory.flatMap(({ name }) =>
    (table[name]?.fails ?? []).map((one, at) => ({ ...one, name: `${name}-${at}` })),
  );
  assert.ok(cases.length >= mandatory.length);
  const project = await (await rawSite(cases)).stack("dev");
  const run = await project.preview(withPack);
  const text = said(run);
  assert.is(run.code, 1, text);
  const folded = text.replace(/\s+/g, " ");
  for (const rule of mandatory) {
    const [first] = cases.filter(({ name }) => name.startsWith(`${rule.name}-`));
    assert.match(text, new RegExp(`\\[mandatory\\].*${rule.name} `), rule.name);
    assert.ok(folded.includes(`${rule.id} (${rule.severity}): ${first?.at ?? ""}`), rule.id);
    assert.ok(folded.includes(rule.why), rule.why);
    assert.ok(folded.includes(`fix: ${rule.fix}`), rule.fix);
    // Each of its resources, by its own URN.
    for (const { name } of cases.filter((one) => one.name.startsWith(`${rule.name}-`))) {
      assert.ok(folded.includes(`::${name}`), `${name} is named`);
    }
  }
});

test("what keeps the mandatory rules previews, and advice does not refuse it", async () => {
  const cases = mandatory.flatMap(({ name }) =>
    (table[name]?.passes ?? [])
      .filter(({ options }) => options === undefined)
      .filter(({ type }) => packages.some((one) => type.startsWith(`${one}:`)))
      .map((one, at) => ({ ...one, name: `${name}-${at}` })),
  );
  const project = await (await rawSite(cases)).stack("dev");
  const run = await project.preview(withPack);
  assert.is(run.code, 0, said(run));
  assert.match(said(run), "[advisory]");
  assert.not.match(said(run), "[mandatory]");
});

const privileged = `
import { Container, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("local");
new Container("web", { daemon, image: { ref: "dwtest-policy-none:1" }, privileged: true });
`;

test("an update with a finding ends with exit code 1 and makes nothing; a configuration lets it pass", async () => {
  const made = await site({ topic: "policy", files: { "index.ts": privileged } });
  const project = await made.stack("dev");
  const up = await project.up(withPack);
  assert.is(up.code, 1, said(up));
  assert.match(said(up), "CIS 5.5 (critical): privileged is true.");
  assert.match(said(up), "$dockwright:index:Container::web".slice(1));
  assert.equal(await made.containers(), []);
  await made.write("policy.json", '{ "not-privileged": "advisory", "memory-limited": "disabled" }');
  const config = ["--policy-pack-config", "policy.json"];
  const preview = await project.preview({ args: [...withPack.args, ...config] });
  assert.is(preview.code, 0, said(preview));
  assert.match(said(preview), /\[advisory\].*not-privileged/);
  assert.not.match(said(preview), "memory-limited");
});

/** Their hosts are reached with a key, which a preview does not use. */
const withKey = new Set(["aws-pool", "hosts", "multi-site", "swarm-web"]);

/** The clouds of which they make something: a preview asks no more than their types. */
const cloudsOf: { readonly [example: string]: readonly string[] } = { "aws-pool": ["aws"] };

/** The others are made of the same resources as the templates of `dockwright new`, which keep the rules too. */
const everyTime = new Set(["static-site"]);

/** Where it is not the stack "dev" that stands alone. */
const stackOf = new Map([["delivery", "tools"]]);

for (const example of await readdir(path.join(packageRoot(), "examples"))) {
  if (example.includes(".")) continue;
  const declare = everyTime.has(example) ? test : test.long;
  declare(`the example ${example} keeps the mandatory rules`, async () => {
    const made = await site({ topic: "policy", example });
    const yaml = await readFile(path.join(made.dir, "Pulumi.yaml"), "utf8");
    // Node runs TypeScript by itself, in less time than tsx.
    const { pluginLines } = makeEcho(made.dir, { packages: cloudsOf[example] ?? [] });
    const lines = yaml.replace("plugins:\n  providers:\n", pluginLines);
    await made.write("Pulumi.yaml", lines.replace(/^ *nodeargs:.*\n/m, ""));
    const project = await made.stack(stackOf.get(example) ?? "dev");
    if (withKey.has(example)) {
      succeeded(await project.setConfig("privateKey", "none", { secret: true }));
    }
    const run = await project.preview(withPack);
    assert.is(run.code, 0, said(run));
    assert.match(said(run), "Policies:");
    assert.not.match(said(run), "[mandatory]");
  });
}

test.run();
