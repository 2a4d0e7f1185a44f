// `dockwright deploy` with the real engine: each way it can end has its exit code, its report, and the
// configuration that it leaves. The program takes from the reference what kind of image it is, so no
// registry is needed: the delivery example's test has one.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { DeployReport } from "../../../../sdk/cli/deploy/report.ts";
import type { Project } from "../../../../sdk/engine/project.ts";
import { asPrinted } from "../../../support/clischema.ts";
import { dockwright } from "../../../support/command.ts";
import { missingDaemon } from "../../../support/owned.ts";
import { makeSite, type Site, succeeded } from "../../../support/site.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("cli/deploy", { timeoutMs: 300_000, missing: missingDaemon() });

const program = `
import { debianImages, deployedImage, Image, LocalDaemon, Service } from "dockwright";
const on = new LocalDaemon("local");
const image = new Image("base", { daemon: on, debian: debianImages.webServer });
const ref = deployedImage("shop");
new Service("shop", {
  on, image, port: ref.includes("broken") ? 9999 : 8080, health: { http: "/", timeoutMs: 1500 }, stopGraceMs: 0,
  privileged: ref.includes("mighty"),
  ...(ref.includes("forgotten") ? {} : { labels: { deployed: ref } }),
});
`;

const refOf = (name: string): string =>
  `registry.test/${name}@sha256:${Buffer.from(name).toString("hex").padEnd(64, "0")}`;

let site: Site;
let project: Project;

test.before(async () => {
  site = await makeSite({ topic: "deploy", files: { "index.ts": program } });
  project = await site.stack("dev");
});
test.after(() => site.close());

const configured = () => readFile(path.join(site.dir, "Pulumi.dev.yaml"), "utf8");

async function deploy(name: string, ...more: readonly string[]) {
  const image = `shop=${refOf(name)}`;
  const said = await dockwright(site, "deploy", "--image", image, "--json", ...more);
  if (said.stdout === "") return { ...said, report: undefined };
  return { ...said, report: asPrinted<DeployReport>("deploy", JSON.parse(said.stdout)) };
}

async function containerIds(): Promise<readonly string[]> {
  return (await site.named("shop-1-")).map(({ Id }) => Id);
}

test("a first deploy makes the service, and its image stays in the configuration", async () => {
  const { code, report, text } = await deploy("one", "--yes");
  assert.is(code, 0, text);
  assert.is(report?.outcome, "changed");
  assert.equal(report?.changes.services[0]?.containers, {
    create: 1,
    update: 0,
    replace: 0,
    delete: 0,
  });
  assert.equal(report?.changes.services[0]?.hosts, ["local"]);
  assert.equal(
    report?.serving.map(({ service, release }) => [service, release]),
    [["shop", 1]],
  );
  assert.match(await configured(), `shop: ${refOf("one")}`);
});

test("the same again changes nothing", async () => {
  const { code, report } = await deploy("one", "--yes", "--detailed-exitcode");
  assert.equal([code, report?.outcome, report?.applied], [0, "unchanged", false]);
});

test("a preview reports, and changes neither what runs nor the configuration", async () => {
  const [ids, config] = [await containerIds(), await configured()];
  const markdown = path.join(site.dir, "report.md");
  const { code, report } = await deploy(
    "two",
    ...["--preview", "--yes", "--detailed-exitcode", "--markdown", markdown],
  );
  assert.equal([code, report?.outcome, report?.applied], [10, "previewed", false]);
  assert.is(report?.changes.services[0]?.containers.replace, 1);
  assert.match(await readFile(markdown, "utf8"), "**shop**: 1 container replaced on local");
  assert.equal([await containerIds(), await configured()], [ids, config]);
});

/** What is refused, or fails: arguments, exit code, outcome, words. */
const refusals: readonly [string, readonly string[], number, string, RegExp][] = [
  ["broken", ["--yes"], 3, "gate-failed", /did not get ready[\s\S]*9999/],
  ["mighty", ["--yes", "--policy-pack"], 4, "policy-refused", /./],
  [
    "forgotten",
    ["--yes", "--image", `blog=${refOf("two")}`],
    2,
    "bad-input",
    /does not use the image[\s\S]*no service "blog"; there are shop/,
  ],
];
for (const [name, args, exit, outcome, words] of refusals) {
  test(`${outcome} is exit code ${exit}; what served serves, and the configuration is as it was: ${words.source}`, async () => {
    const [ids, config] = [await containerIds(), await configured()];
    const { code, report, text } = await deploy(name, ...args);
    assert.is(code, exit, text);
    assert.equal([report?.outcome, report?.exitCode], [outcome, exit]);
    assert.match(report?.errors.map(({ message }) => message).join("\n") ?? "none", words);
    const level = report?.policies.find(({ policy }) => policy === "not-privileged")?.level;
    assert.is(level, name === "mighty" ? "mandatory" : undefined);
    assert.equal([await containerIds(), await configured()], [ids, config]);
    assert.equal(
      report?.serving.map(({ release }) => release),
      [1],
    );
  });
}

test("a stack that another holds is left alone", async () => {
  const folder = path.join(site.dir, ".dockwright/state/.pulumi/locks/organization");
  const locks = path.join(folder, site.name, "dev");
  await mkdir(locks, { recursive: true });
  await writeFile(path.join(locks, "1.json"), `{ "pid": 1, "hostname": "another.test" }`);
  const config = await configured();
  const { code, report } = await deploy("two", "--yes");
  await rm(locks, { recursive: true });
  assert.equal([code, report?.outcome, await configured()], [5, "locked", config]);
  assert.match(report?.errors[0]?.message ?? "", /another\.test/);
});

test("an image without a digest, and one that is none, are refused together", async () => {
  const images = ["shop=registry.test/shop:1", "blog=UP", "x"];
  const { code, text } = await dockwright(site, "deploy", "--image", ...images, "--yes");
  assert.is(code, 2, text);
  assert.match(text, /--image shop=registry\.test\/shop:1 has no digest/);
  assert.match(text, /--image blog=UP is no reference/);
  assert.match(text, /--image x names no service/);
  assert.is((await dockwright(site, "deploy")).code, 2);
});

test("a deploy ends the rollback of its service", async () => {
  assert.is((await deploy("two", "--yes")).code, 0);
  const back = await dockwright(site, "rollback", "--yes");
  assert.is(back.code, 0, back.text);
  assert.match(await configured(), "dockwright:rollback");
  const { code, report, text } = await deploy("two", "--yes", "--detailed-exitcode");
  assert.is(code, 10, text);
  assert.equal(report?.endedRollbacks, ["shop"]);
  assert.not.match(await configured(), "dockwright:rollback");
  const [current] = await site.named("shop-1-");
  assert.is(current?.Labels["deployed"], refOf("two"));
  assert.is(await project.configValue("dockwright:rollback"), undefined);
});

test.long(
  "a checkout without the file keeps what the last update had for other services",
  async () => {
    const cart = refOf("cart");
    succeeded(await project.setConfig('dockwright:images["cart"]', cart, { path: true }));
    assert.is((await deploy("one", "--yes")).code, 0);
    await rm(path.join(site.dir, "Pulumi.dev.yaml"));
    const { code, report, text } = await deploy("one", "--yes");
    assert.equal([code, report?.outcome], [0, "unchanged"], text);
    assert.equal(report?.imagesBefore, { shop: refOf("one") });
    assert.match(text, `cart keeps ${cart}, as the last update had it`);
    assert.match(await configured(), `cart: ${cart}`);
    assert.match(await configured(), `shop: ${refOf("one")}`);
  },
);

test.run();
