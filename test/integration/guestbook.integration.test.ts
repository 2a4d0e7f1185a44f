// The guestbook as its users run it on this machine's Docker: signed through its form, its page exchanged
// under load, its replicas more and fewer, its leader replaced, destroyed and made again: the entries stay.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { exampleOnPort } from "../support/exampleonport.ts";
import { entriesAt, sign } from "../support/guestbook.ts";
import { startLoad } from "../support/outcomes.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { secretsNowherePlain } from "../support/plain.ts";
import { fetchPage, leftOf, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/guestbook", {
  long: true,
  timeoutMs: 600_000,
  missing: missingDaemon(),
});

let site: Site;
let project: Project;
let url: string;
/** All that the commands of this test said. */
let transcript = "";

test.before(async () => {
  ({ site, project, url } = await exampleOnPort("guestbook", "guestbook"));
});
test.after(() => site.close());

async function up(settings: Record<string, string> = {}) {
  for (const [key, value] of Object.entries(settings)) {
    succeeded(await project.setConfig(key, value));
  }
  const result = succeeded(await project.up());
  transcript += said(result);
  return result;
}

/** What each replica says of its link to the leader. */
async function links(): Promise<readonly string[]> {
  const { replicas } = await project.outputs();
  const ask = "export REDISCLI_AUTH=$(</run/secrets/redis-password); redis-cli info replication";
  const words = (replicas as readonly string[]).map(async (name) => {
    const { stdout } = await site.docker.exec.run(name, { cmd: ["bash", "-c", ask] });
    return /master_link_status:(\w+)/.exec(stdout.toString())?.[1] ?? stdout.toString();
  });
  return await Promise.all(words);
}

test("made from nothing it is signed, and shows it from its replicas; the next update is silent", async () => {
  await up();
  assert.is(await sign(url, "The ferry leaves at <seven>"), 303);
  assert.equal(await entriesAt(url), ["The ferry leaves at &lt;seven&gt;"]);
  assert.equal(await links(), ["up", "up"]);
  const again = await up();
  assert.equal(rowsOf(again), [], said(again));
});

test("what is no entry, or no page, is refused", async () => {
  assert.is(await sign(url, "  "), 400);
  assert.match(await fetchPage(`${url}nothing`), /^404 /);
});

test("another heading under load: no request fails, and Redis is not touched", async () => {
  const before = await project.outputs();
  const load = await startLoad({ url, rate: 30 });
  await up({ title: "Letters of the harbour" });
  const { total, failed, failures } = await load.stop();
  process.stdout.write(`${total} requests, ${failed} failed\n`);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.match(await fetchPage(url), /<h1>Letters of the harbour<\/h1>/);
  const after = await project.outputs();
  assert.equal([after["leader"], after["replicas"]], [before["leader"], before["replicas"]]);
  assert.not.equal(after["frontends"], before["frontends"]);
});

test("one replica more: it has what the leader has", async () => {
  await up({ replicas: "3" });
  assert.equal(await links(), ["up", "up", "up"]);
  assert.is((await entriesAt(url)).length, 1);
});

test("its password is in plain nowhere", async () => {
  assert.is((await secretsNowherePlain(site, project, transcript)).length, 1);
});

test("a destroy keeps the leader's volume and says so; the next up takes the entries back", async () => {
  const destroyed = succeeded(await project.destroy());
  assert.match(said(destroyed), /kept the volume "[^"]*book-data/);
  await up();
  assert.equal(await entriesAt(url), ["The ferry leaves at &lt;seven&gt;"]);
  const again = succeeded(await project.destroy());
  const { volumes: _, ...left } = { ...(await leftOf(site, again)) };
  const { volumes: _none, ...none } = { ...nothing };
  assert.equal(left, none);
});

test.run();
