// Two projects behind the proxy of a third: each owns its own routes, and none can take another's.
// Besides: what the CLI shows of the schema, and a container that is asked for anew.

import * as assert from "uvu/assert";
import { packageRoot } from "../../sdk/engine/package.ts";
import type { Project } from "../../sdk/engine/project.ts";
import { runPulumi } from "../../sdk/engine/run.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/shared-proxy", {
  long: true,
  timeoutMs: 300_000,
  missing: missingDaemon(),
});

const edgeProgram = `
import * as pulumi from "@pulumi/pulumi";
import { Bridge, LocalDaemon, Proxy } from "dockwright";
const on = new LocalDaemon("local");
const front = new Bridge("front", { daemon: on });
const port = new pulumi.Config().requireNumber("port");
const edge = new Proxy("edge", { on, networks: [front], port, hostIp: "127.0.0.1" });
export const { containerName, dataVolume, network } = edge;
`;

const siteProgram = `
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, LocalDaemon, Route, Service } from "dockwright";
const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const network = config.require("network");
const image = new Image("web", { daemon, debian: debianImages.webServer });
const service = new Service("web", {
  on: daemon, image, port: 8080, networks: [{ networkName: network }], health: { http: "/" },
  files: { "/srv/www/index.html": { content: config.require("text") } },
});
new Route("web", {
  daemon, service, host: config.require("host"),
  proxy: { containerName: config.require("containerName"), dataVolume: config.require("dataVolume"), network },
});
`;

let edge: Site;
let shop: Site;
let blog: Site;
let port: number;
const projects = new Map<Site, Project>();

async function get(host: string): Promise<string> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, headers: { host }, agent: false }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on("end", () => {
        resolve(`${answer.statusCode ?? 0} ${body.trim()}`);
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function open(site: Site, config: Record<string, string>): Promise<Project> {
  const project = await site.stack("dev");
  projects.set(site, project);
  for (const [key, value] of Object.entries(config)) {
    succeeded(await project.setConfig(key, value));
  }
  return project;
}

function projectOf(site: Site): Project {
  const project = projects.get(site);
  if (!project) throw new Error("not open");
  return project;
}

test.before(async () => {
  port = await freePort();
  edge = await makeSite({ topic: "edge", files: { "index.ts": edgeProgram } });
  shop = await makeSite({ topic: "shop", files: { "index.ts": siteProgram } });
  blog = await makeSite({ topic: "blog", files: { "index.ts": siteProgram } });
});
test.after(async () => {
  for (const site of [shop, blog, edge]) await site.close();
});

test("stacks of two projects put their routes into one proxy, at the same time", async () => {
  succeeded(await (await open(edge, { port: String(port) })).up());
  const shared = (await projectOf(edge).outputs()) as Record<string, string>;
  await open(shop, { ...shared, host: "shop.test", text: "the shop" });
  await open(blog, { ...shared, host: "blog.test", text: "the blog" });
  const both = await Promise.all([projectOf(shop).up(), projectOf(blog).up()]);
  for (const result of both) succeeded(result);
  assert.is(await get("shop.test"), "200 the shop");
  assert.is(await get("blog.test:8080"), "200 the blog");
  assert.match(await get("other.test"), /^404/);
});

test("a host that another project has is refused, and nothing changes", async () => {
  const project = projectOf(blog);
  succeeded(await project.setConfig("host", "shop.test"));
  const refused = await project.up();
  assert.is(refused.code, 1);
  assert.match(said(refused), /shop\.test/);
  assert.is(await get("shop.test"), "200 the shop");
  assert.is(await get("blog.test"), "200 the blog");
  succeeded(await project.setConfig("host", "blog.test"));
  succeeded(await project.up());
});

test("a container that runs with the declared inputs is kept by --replace, which says so", async () => {
  const before = (await shop.named("web-1")).map((one) => one.Id);
  const { deployment } = await projectOf(shop).export();
  const urn = (deployment.resources ?? []).find((one) => one.urn.endsWith("::web-1"))?.urn ?? "";
  const replaced = succeeded(await projectOf(shop).up({ args: ["--replace", urn] }));
  assert.match(said(replaced), /took over the container "web-1-/);
  assert.equal(
    (await shop.named("web-1")).map((one) => one.Id),
    before,
  );
  assert.is(await get("shop.test"), "200 the shop");
  const again = succeeded(await projectOf(shop).up());
  assert.equal(rowsOf(again), []);
});

test("one project's destroy leaves the other's route", async () => {
  succeeded(await projectOf(shop).destroy());
  assert.match(await get("shop.test"), /^404/);
  assert.is(await get("blog.test"), "200 the blog");
});

test("the CLI shows the schema of the plugin", async () => {
  const plugin = `${packageRoot()}/dist/plugin/pulumi-resource-dockwright`;
  const shown = succeeded(await runPulumi(["package", "get-schema", plugin], { cwd: edge.dir }));
  const schema = JSON.parse(shown.stdout) as { resources: Record<string, unknown> };
  const names = Object.keys(schema.resources).map((token) => token.split(":")[2]);
  for (const name of ["Container", "Image", "Network", "RandomSecret", "Route", "Volume"]) {
    assert.ok(names.includes(name), name);
  }
});

test.run();
