// The same guestbook on a swarm of lab hosts, as its example runs it there: signed through a proxy, its
// page exchanged under load, destroyed.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, missingForLab } from "../lab/hosts.ts";
import { entriesAt, sign } from "../support/guestbook.ts";
import { startLoad } from "../support/outcomes.ts";
import { until } from "../support/processes.ts";
import { fetchPage, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { type SwarmExample, swarmExample } from "../support/swarmexample.ts";
import { canEncrypt } from "./swarm/lab.ts";

const test = suite("integration/guestbook-swarm", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});

let hosts: SwarmExample | undefined;
let lab: Lab | undefined;
let project: Project;
let url = "";

test.before(async () => {
  hosts = await swarmExample("guestbook-swarm", "guestbook");
  ({ lab, project } = hosts);
  succeeded(await project.setConfig("port", "80"));
  succeeded(await project.setConfig("encrypted", String(await canEncrypt())));
  url = `http://${hosts.address}:80/`;
});
test.after(() => hosts?.close());

test("made of bare machines it is signed, and shows it from its replicas; the next update is silent", async () => {
  succeeded(await project.up());
  assert.equal((await project.outputs())["urls"], [url]);
  assert.is(await sign(url, "The ferry leaves at seven"), 303);
  // Each answer comes from a web server and a replica of any node.
  const asked = await Promise.all(Array.from({ length: 10 }, () => entriesAt(url)));
  for (const entries of asked) assert.equal(entries, ["The ferry leaves at seven"]);
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("another heading under load: no request fails", async () => {
  const load = await startLoad({ url, rate: 20 });
  succeeded(await project.setConfig("title", "Letters of the harbour"));
  const up = await project.up();
  const { total, failed, failures } = await load.stop();
  process.stdout.write(`${total} requests, ${failed} failed\n`);
  succeeded(up);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.match(await fetchPage(url), /<h1>Letters of the harbour<\/h1>/);
});

test("its leader killed: another takes its volume, and the entries are there", async () => {
  const kill = "docker ps -q --filter name=leader | xargs docker kill";
  const killed = await lab?.hosts[0]?.run(kill);
  assert.is(killed?.code, 0, killed?.stderr);
  await until(
    "it can be signed again",
    async () => (await sign(url, "Still here")) === 303,
    60_000,
  );
  // A replica that has just met its new leader is a moment behind.
  const both = JSON.stringify(["Still here", "The ferry leaves at seven"]);
  await until("every replica shows both entries", async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => entriesAt(url)));
    return asked.every((entries) => JSON.stringify(entries) === both);
  });
});

test("destroyed, no host is in a swarm, and nothing runs", async () => {
  succeeded(await project.destroy());
  for (const host of lab?.hosts ?? []) {
    const { stdout } = await host.run("docker info 2>/dev/null | grep Swarm; docker ps -aq");
    assert.match(stdout, /^ ?Swarm: inactive\n$/);
  }
});

test.run();
