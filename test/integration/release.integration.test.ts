// Three releases of a service and the way back, with the real engine and the command itself: what is
// recorded, what a preview says and does not do, that what comes back is what ran, and that no secret
// stands anywhere in plain.

import { readFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { ContainerInspect } from "../../sdk/docker/types.ts";
import type { Project } from "../../sdk/engine/project.ts";
import { dockwright as command, listedReleases, type Said } from "../support/command.ts";
import { essence } from "../support/essence.ts";
import { ArgumentLists } from "../support/leaks.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { leftOf, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/release", { timeoutMs: 300_000, missing: missingDaemon() });

const secretOf = (release: string): string => `dwtest-hush-${release}-hush`;

// Each run of a task leaves a line in a volume that the service has as well.
const program = `
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, LocalDaemon, Service, Volume } from "dockwright";
const config = new pulumi.Config();
const release = config.require("release");
const on = new LocalDaemon("local");
const base = new Image("base", { daemon: on, debian: debianImages.webServer });
const image = new Image("web", { daemon: on, build: { context: "./web", args: { BASE: base.ref, RELEASE: release } } });
const data = new Volume("data", { daemon: on, delete: true });
const run = (name) => [{ name, user: "0:0", command: ["sh", "-c", \`echo \${name} of $RELEASE to $DOCKWRIGHT_ROLLBACK_TO >>/data/runs\`] }];
const shop = new Service("shop", {
  on, image, port: 8080, health: { http: "/" }, stopGraceMs: 0,
  env: { RELEASE: release },
  labels: { release },
  memoryBytes: (64 + Number(release)) * 1024 * 1024,
  volumes: [{ volume: data, target: "/data" }],
  secrets: { token: config.requireSecret("token") },
  tasks: { before: run("before"), after: run("after"), rollback: run("rollback") },
});
export const containers = shop.containerNames;
`;

let site: Site;
let project: Project;
/** The first release's container, and its image. */
let first: ContainerInspect;
const spoken: string[] = [];
const argumentLists = new ArgumentLists();

async function release(number: string): Promise<string> {
  succeeded(await project.setConfig("release", number));
  succeeded(await project.setConfig("token", secretOf(number), { secret: true }));
  const up = said(succeeded(await project.up()));
  spoken.push(up);
  return up;
}

async function dockwright(...args: readonly string[]): Promise<Said> {
  const watching = setInterval(() => void argumentLists.look(), 200);
  const outcome = await command(site, ...args).finally(() => clearInterval(watching));
  spoken.push(outcome.text);
  return outcome;
}

const isShop = (name: string) => /^shop-1-/.test(name);

async function container(): Promise<ContainerInspect> {
  const all = (await site.named("shop-1-")).filter(({ Names }) =>
    Names.some((name) => isShop(name.slice(1))),
  );
  assert.is(all.length, 1);
  const found = await site.docker.containers.inspect(all[0]?.Id ?? "");
  if (found === undefined) throw new Error("the container is gone");
  return found;
}

async function within(command: string): Promise<string> {
  const { Id } = await container();
  const { stdout } = await site.docker.exec.run(Id, { cmd: ["sh", "-c", command] });
  return stdout.toString().trim();
}

test.before(async () => {
  const files = {
    "index.ts": program,
    "web/Dockerfile": "ARG BASE\nFROM $BASE\nARG RELEASE\nLABEL shop.release=$RELEASE\n",
  };
  site = await makeSite({ topic: "release", files });
  project = await site.stack("dev");
});
test.after(() => site.close());

test("three updates are three releases; one that changes nothing is none", async () => {
  await release("1");
  first = await container();
  await release("2");
  await release("3");
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
  const releases = await listedReleases(site);
  assert.equal(
    releases.map(({ number, current }) => [number, current]),
    [
      [3, true],
      [2, false],
      [1, false],
    ],
  );
  assert.is(new Set(releases.map(({ images }) => images[0]?.imageId)).size, 3);
  assert.is(releases[2]?.images[0]?.imageId, first.Image);
  const runs = ["before", "after"].flatMap((name) => [1, 2, 3].map((n) => `${name} of ${n} to`));
  assert.equal(
    (await within("cat /data/runs"))
      .split("\n")
      .map((l) => l.trim())
      .sort(),
    runs.sort(),
  );
});

test("the image of a kept release outlives its resource, and a prune", async () => {
  const image = await site.docker.images.inspect(first.Image);
  assert.equal(image?.RepoTags, [`dockwright-release/${site.name}/dev/shop:1`]);
});

test("a release that is not kept is refused with those that are", async () => {
  const { code, text } = await dockwright("rollback", "9");
  assert.is(code, 1);
  assert.match(text, /release 9 of shop is not kept; kept are 2, 1/);
});

test("without a terminal and --yes, a rollback is previewed and changes nothing", async () => {
  const before = await container();
  const configured = await project.configValue("dockwright:rollback");
  const { code, text } = await dockwright("rollback", "1");
  assert.is(code, 0, text);
  assert.match(text, /shop runs release 1 by a rollback/);
  assert.match(text, /release 4 of shop, which brings release 1 back/);
  assert.match(text, /nothing was changed; --yes applies it/);
  assert.is(await project.configValue("dockwright:rollback"), configured);
  assert.is((await container()).Id, before.Id);
});

test("applied, what runs is what ran, and it stays so", async () => {
  const { code, text } = await dockwright("rollback", "1", "--yes");
  assert.is(code, 0, text);
  assert.equal(essence(await container()), essence(first));
  assert.is(await within("cat /run/secrets/token"), secretOf("1"));
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
  assert.match(said(again), /shop runs release 1 by a rollback/);
  const [current] = await listedReleases(site);
  assert.equal([current?.number, current?.rollbackOf], [4, 1]);
  const runs = (await within("cat /data/runs")).split("\n").filter((l) => l.startsWith("rollback"));
  assert.equal(runs, ["rollback of 3 to 1"]);
});

test("cleared, it is again what the program says", async () => {
  const { code, text } = await dockwright("rollback", "--clear", "--yes");
  assert.is(code, 0, text);
  const now = await container();
  assert.is(now.Config.Labels?.["release"], "3");
  assert.is(await within("cat /run/secrets/token"), secretOf("3"));
  assert.is(await project.configValue("dockwright:rollback"), undefined);
  assert.match((await dockwright("releases")).text, /shop +│ 5 \*/);
});

test("no secret stands in the state, the configuration, the output or a process's arguments", async () => {
  const state = JSON.stringify(await project.export());
  const files = await Promise.all(
    ["Pulumi.dev.yaml", "Pulumi.yaml"].map((file) => readFile(path.join(site.dir, file), "utf8")),
  );
  assert.match(argumentLists.text(), /dockwright/);
  const all = [state, ...files, ...spoken, argumentLists.text()].join("\n");
  for (const number of ["1", "2", "3"]) assert.not.ok(all.includes(secretOf(number)), number);
});

test("a destroy takes the images of all releases with it", async () => {
  const destroy = succeeded(await project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
});

test.run();
