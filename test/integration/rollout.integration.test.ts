// A service behind a proxy on one daemon, changed by each strategy under load: what the preview says
// in which order, that no request is lost where none has to be, and that a release which does not
// come up changes nothing.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { startLoad } from "../support/outcomes.ts";
import { missingDaemon, nameOf } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/rollout", { timeoutMs: 300_000, missing: missingDaemon() });

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Bridge, debianImages, Image, LocalDaemon, Proxy, Service } from "dockwright";
const config = new pulumi.Config();
const on = new LocalDaemon("local");
const front = new Bridge("front", { daemon: on });
const image = new Image("web", { daemon: on, debian: debianImages.webServer });
const port = config.requireNumber("port");
const edge = new Proxy("edge", { on, networks: [front], port, hostIp: "127.0.0.1" });
const text = config.require("text");
const shop = new Service("shop", {
  on, image, networks: [front], port: 8080,
  replicas: config.requireNumber("replicas"),
  health: { http: "/", timeoutMs: 20000 },
  files: { "/srv/www/index.html": { content: text } },
  ...(text.startsWith("broken") ? { command: ["sh", "-c", "echo the release is broken; sleep 1; exit 3"] } : {}),
  routes: [{ proxy: edge, host: "shop.test" }, { proxy: edge, host: "*", path: "/shop" }],
  rollout: config.requireObject("rollout"),
});
export const containers = shop.containerNames;
`;

let site: Site;
let project: Project;
let port: number;

async function set(values: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    succeeded(await project.setConfig(key, value));
  }
}

const url = () => `http://127.0.0.1:${port}/`;
const page = () => fetchPage(url(), "shop.test");
const isShop = (name: string) => /^shop-\d+-/.test(name);
const shops = async () => (await site.named("shop-")).filter((one) => isShop(nameOf(one)));
const running = async () =>
  (await shops())
    .filter(({ State }) => State === "running")
    .map(nameOf)
    .sort();

/** An update under load: it succeeds, and not a request is lost. */
async function lossless(): Promise<string> {
  const load = await startLoad({ url: url(), host: "shop.test", rate: 50 });
  const result = await project.up();
  const { total, failed, failures } = await load.stop();
  succeeded(result);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.ok(total > 20, `${total} requests`);
  return said(result);
}

test("a service is made with its routes, and a second update is silent", async () => {
  port = await freePort();
  site = await makeSite({ topic: "rollout", files: { "index.ts": program } });
  project = await site.stack("dev");
  await set({ port: String(port), text: "one", replicas: "2", rollout: "{}" });
  succeeded(await project.up());
  assert.is(await page(), "200 one");
  assert.match(await fetchPage(`${url()}shop/`, "other.test"), /^404 [\s\S]*nginx/);
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("blue and green: all new ones beside the old, then all requests", async () => {
  const before = await running();
  await set({ text: "two" });
  const preview = said(succeeded(await project.preview()));
  assert.match(
    preview,
    /blueGreen: 1\. wait until ready: shop-1-\w+, shop-2-\w+; 2\. send requests/,
  );
  assert.match(await lossless(), /rolled out in [\d.]+ s/);
  assert.is(await page(), "200 two");
  const now = await running();
  assert.is(now.length, 2);
  assert.not.ok(now.some((name) => before.includes(name)));
});

test("a release that does not come up changes nothing, and its last words are told", async () => {
  const before = await running();
  await set({ text: "broken one" });
  const failed = await project.up();
  assert.is.not(failed.code, 0);
  assert.match(said(failed), /the release is broken/);
  assert.is(await page(), "200 two");
  assert.equal(await running(), before);
  await set({ text: "two" });
  succeeded(await project.up());
  assert.equal(await running(), before);
});

test("rolling: a batch is drained and stopped before the next begins", async () => {
  await set({ text: "three", replicas: "3", rollout: '{"strategy":"rolling"}' });
  await lossless();
  await set({ text: "four" });
  const preview = said(succeeded(await project.preview()));
  const order =
    /rolling: 1\. start shop-1-\w+; 2\. wait until ready: shop-1-\w+; 3\. send requests to shop-1-\w+, shop-2-\w+, shop-3-\w+ through edge-proxy-\w+; 4\. stop shop-1-\w+; 5\. start shop-2-/;
  assert.match(preview, order);
  await lossless();
  assert.is(await page(), "200 four");
  assert.is((await running()).length, 3);
  assert.is((await shops()).length, 3);
});

test.long("rolling: what fails is taken back to the containers that served", async () => {
  const before = await running();
  await set({ text: "broken two" });
  const load = await startLoad({ url: url(), host: "shop.test", rate: 50 });
  const failed = await project.up();
  const summary = await load.stop();
  assert.is.not(failed.code, 0);
  assert.match(
    said(failed),
    /did not get ready[\s\S]*the release is broken[\s\S]*serves on: shop-1-/,
  );
  assert.is(summary.failed, 0, JSON.stringify(summary.failures));
  assert.equal(await running(), before);
  assert.is(await page(), "200 four");
  await set({ text: "four" });
  succeeded(await project.up());
  assert.equal(await running(), before);
});

test.long("recreate says its outage, and goes back when the new one does not come up", async () => {
  const rollout = '{"strategy":"recreate"}';
  await set({ text: "five", replicas: "1", rollout });
  const preview = said(succeeded(await project.preview()));
  assert.match(preview, /nobody answers from step 1 on until the last one/);
  succeeded(await project.up());
  assert.is(await page(), "200 five");
  const before = await running();
  await set({ text: "broken three" });
  const failed = await project.up();
  assert.is.not(failed.code, 0);
  assert.is(await page(), "200 five");
  assert.equal(await running(), before);
  await set({ text: "five" });
  succeeded(await project.up());
});

test.long("what is changed behind its back is seen and put right", async () => {
  const [name = ""] = await running();
  await site.docker.containers.stop(name, { graceMs: 0 });
  const refresh = said(succeeded(await project.refresh()));
  assert.match(refresh, /Rollout/);
  const up = succeeded(await project.up());
  assert.is(await page(), "200 five");
  assert.equal(await running(), [name], said(up));
});

test("a destroy leaves nothing", async () => {
  succeeded(await project.destroy());
  assert.equal(await shops(), []);
  await site.close();
});

test.run();
