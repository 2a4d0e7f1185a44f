// WordPress from the stack: installed through its own form, a post written, its container replaced,
// the stack destroyed and made again: the post is still there. Its passwords are nowhere in plain.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { frontPage, install, logIn, publish } from "../support/blog.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { secretsNowherePlain } from "../support/plain.ts";
import { freePort } from "../support/ports.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/wordpress", { timeoutMs: 600_000, missing: missingDaemon() });

const password = "correct-horse-battery";
const title = "A letter from the harbour";

let site: Site;
let project: Project;
let url: string;
/** All that the commands of this test said. */
let transcript = "";

async function up(): Promise<void> {
  const result = succeeded(await project.up());
  transcript += said(result);
}

test.before(async () => {
  site = await makeSite({ topic: "wordpress", example: "wordpress" });
  project = await site.stack("dev");
  const port = await freePort();
  succeeded(await project.setConfig("port", String(port)));
  url = `http://127.0.0.1:${port}/`;
});
test.after(() => site.close());

test("it is installed through its own form, and takes a post", async () => {
  await up();
  assert.match(await install(url, password), "Success");
  await publish(url, await logIn(url, password), title);
  assert.match(await frontPage(url), title);
});

test("the post is still there after its container was replaced", async () => {
  const before = (await project.outputs())["webContainer"];
  succeeded(await project.setConfig("theme", "dark"));
  await up();
  assert.is.not((await project.outputs())["webContainer"], before);
  assert.match(await frontPage(url), title);
});

test("no generated password is in plain in state, output or the daemon's view", async () => {
  assert.is((await secretsNowherePlain(site, project, transcript)).length, 2);
  assert.is((await site.containers()).length, 4);
});

test("a destroy keeps the volumes and says so; the next up takes them back", async () => {
  const destroyed = succeeded(await project.destroy());
  assert.match(said(destroyed), /kept the volume "[^"]*db-data/);
  const left = await site.owned();
  assert.equal({ ...left, volumes: [] }, nothing);
  assert.is(left.volumes.length, 2);
  await up();
  assert.match(await frontPage(url), title);
});

test.run();
