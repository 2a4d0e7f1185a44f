// A host that is lost, under the real engine: two daemons, of which one is reached through a gateway
// that can be cut and counts who comes. Nothing contacts the lost one, what was on it is forgotten or
// stays recorded, services move off it in one previewed update, and it comes back.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Gateway, openGateway } from "../support/gateway.ts";
import { missingDaemon } from "../support/owned.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/lost", {
  long: true,
  timeoutMs: 180_000,
  missing: missingDaemon(),
});

const program = `
import { Bridge, HostPool, LocalDaemon, Volume, VolumeBackup } from "dockwright";
const { DWTEST_GATEWAY: socketPath, DWTEST_LOST, DWTEST_MORE, DWTEST_DRAIN } = process.env;
const web1 = new LocalDaemon("web1");
const web2 = new LocalDaemon("web2", { socketPath, lost: DWTEST_LOST === "1" });
const pool = new HostPool("web", {
  hosts: { web1: { daemon: web1 }, web2: { daemon: web2, drain: DWTEST_DRAIN === "1" } },
});
pool.each((daemon, { name }) => new Bridge("front-" + name, { daemon }));
const data = new Volume("data", { daemon: web2, delete: true });
new VolumeBackup("backup", { daemon: web2, volume: data, path: "data.tar" });
if (DWTEST_MORE) new Volume("more", { daemon: web2 });
export const shop = pool.place({ service: "shop", replicas: 4, parent: pool });
`;

let site: Site;
let project: Project;
let gateway: Gateway;

test.before(async () => {
  gateway = await openGateway();
  const env = { DWTEST_GATEWAY: gateway.path };
  site = await makeSite({ topic: "lost", files: { "index.ts": program }, env });
  project = await site.stack("dev");
});
test.after(async () => {
  gateway.mend();
  await site.close();
  await gateway.close();
});

const lost = { env: { DWTEST_LOST: "1" } };

async function countOn(host: string): Promise<number> {
  const { shop } = await project.outputs();
  return (shop as readonly { readonly host: string }[]).filter((one) => one.host === host).length;
}

async function networks(): Promise<readonly string[]> {
  const { networks: names } = await site.owned();
  return names.map((name) => name.replace(/.*(web\d).*/, "$1")).sort();
}

test("both are there: services are spread over them, and the second update is silent", async () => {
  const first = succeeded(await project.preview());
  assert.match(said(first), "on web1 2, web2 2", "a first preview knows every host");
  succeeded(await project.up());
  assert.ok(gateway.counted() > 0);
  assert.equal([await countOn("web1"), await countOn("web2")], [2, 2]);
  assert.equal(rowsOf(succeeded(await project.up())), []);
});

test("a preview of its loss contacts nothing, and names moves, volume and backup", async () => {
  gateway.cut();
  gateway.counted();
  const text = said(succeeded(await project.preview(lost)));
  assert.is(gateway.counted(), 0, "connections to the lost host");
  assert.match(text, /shop-\d moves from web2 to web1 \(web2 is not in the pool any more/);
  assert.match(text, /host\s*: "web2" => "web1"/, "the preview knows the hosts");
  assert.match(text, /the volume "\S*data\S*" and its data are on a host that is lost/);
  assert.match(
    text,
    /the last backup of the volume "\S*data\S*", whose host is lost, is data\.tar, taken at \d{4}-/,
  );
});

test("the update contacts nothing, moves what was there, and forgets what leaves", async () => {
  const text = said(succeeded(await project.up(lost)));
  assert.is(gateway.counted(), 0);
  assert.match(text, /forgot \S*front-web2\S*: its host is lost/);
  assert.equal([await countOn("web1"), await countOn("web2")], [4, 0]);
  assert.equal(await networks(), ["web1", "web2"], "what is forgotten is still there");
});

test("the next update is silent, and a refresh contacts nothing and finds no drift", async () => {
  assert.equal(rowsOf(succeeded(await project.up(lost))), []);
  succeeded(await project.refresh(lost));
  assert.equal(rowsOf(succeeded(await project.up(lost))), []);
  assert.is(gateway.counted(), 0);
});

test("nothing new is made there: a preview says so", async () => {
  const preview = await project.preview({ env: { ...lost.env, DWTEST_MORE: "1" } });
  assert.is.not(preview.code, 0);
  assert.match(said(preview), "more cannot be made or changed: its host is marked as lost");
  assert.match(said(preview), "fix: take it out of the program, or drop `lost`");
  assert.is(gateway.counted(), 0);
});

test("drain and lost together are refused", async () => {
  const preview = await project.preview({ env: { ...lost.env, DWTEST_DRAIN: "1" } });
  assert.is.not(preview.code, 0);
  assert.match(said(preview), "its daemon is lost: nothing can be moved off it");
});

test("it comes back: what is there is taken back, and services get their share", async () => {
  gateway.mend();
  const text = said(succeeded(await project.preview()));
  assert.match(text, /shop-\d moves from web1 to web2 \(web2 joined with 0 of it/);
  const up = succeeded(await project.up());
  assert.not.match(said(up), /a host that is lost/);
  assert.equal([await countOn("web1"), await countOn("web2")], [2, 2]);
  assert.equal(await networks(), ["web1", "web2"]);
  assert.equal(rowsOf(succeeded(await project.up())), []);
});

test("a host that is drained gives away all, and a lost one lets its stack be destroyed", async () => {
  const drain = said(succeeded(await project.preview({ env: { DWTEST_DRAIN: "1" } })));
  assert.is(drain.match(/shop-\d moves from web2 to web1 \(web2 is drained/g)?.length, 2);
  succeeded(await project.up(lost));
  gateway.cut();
  gateway.counted();
  const destroy = said(succeeded(await project.destroy(lost)));
  assert.is(gateway.counted(), 0);
  assert.match(destroy, /it is forgotten here, and the data stays there/);
  assert.match(destroy, /data\.tar, taken at .*: the file is kept/);
  assert.ok(existsSync(join(site.dir, "data.tar")));
});

test.run();
