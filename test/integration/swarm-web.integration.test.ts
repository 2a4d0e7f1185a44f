// The example with a swarm, on hosts of the lab: every edge answers, the second update is silent, another
// page comes without a lost request, and the end leaves no swarm.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, missingForLab } from "../lab/hosts.ts";
import { startLoad } from "../support/outcomes.ts";
import { fetchPage, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { type SwarmExample, swarmExample } from "../support/swarmexample.ts";

const test = suite("integration/swarm-web", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});

let hosts: SwarmExample | undefined;
let lab: Lab | undefined;
let site: Site;
let project: Project;

test.before(async () => {
  hosts = await swarmExample("swarm-web", "swarm-web");
  ({ lab, site, project } = hosts);
});
test.after(() => hosts?.close());

async function urls(): Promise<readonly string[]> {
  const { urls: all } = await project.outputs();
  return all as readonly string[];
}

test("an update makes the swarm and serves the page; the next one is silent", async () => {
  succeeded(await project.up());
  const [url = "", ...others] = await urls();
  assert.is(url, `http://${lab?.hosts[0]?.address ?? ""}:80/`);
  assert.equal(others, []);
  assert.match(await fetchPage(url), /^200 [\s\S]*One of several nodes/);
  const again = succeeded(await project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("another page comes node after node, and no request is lost", async () => {
  const [url = ""] = await urls();
  const load = await startLoad({ url, rate: 30 });
  await site.write("site/index.html", "<p>Two.</p>\n");
  const up = await project.up();
  const { total, failed, failures } = await load.stop();
  succeeded(up);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.ok(total > 100, `${total} requests`);
  assert.is(await fetchPage(url), "200 <p>Two.</p>\n");
});

test("destroyed, no host is in a swarm", async () => {
  succeeded(await project.destroy());
  for (const host of lab?.hosts ?? []) {
    const { stdout } = await host.run("docker info 2>/dev/null | grep Swarm; docker ps -aq");
    assert.match(stdout, /^ ?Swarm: inactive\n$/);
  }
});

test.run();
