// The example with a swarm, on hosts of the lab: every edge answers, the second update is silent, another
// page comes without a lost request, and the end leaves no swarm.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, makeHosts, missingForLab } from "../lab/hosts.ts";
import { startLoad } from "../support/outcomes.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/swarm-web", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});

let lab: Lab | undefined;
let site: Site;
let project: Project;

test.before(async () => {
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const specs = ["node1", "node2"].map((name) => {
    return { name, suite: "bookworm", docker: "installed" } as const;
  });
  lab = await makeHosts(specs, { log });
  site = await makeSite({ topic: "swarm-web", example: "swarm-web" });
  project = await site.stack("dev");
  const machines = lab.hosts.map(({ name, address, user, hostKey }, index) => {
    return { name, address, user, hostKey, role: index === 0 ? "manager" : "worker" };
  });
  const privateKey = lab.hosts[0]?.privateKey ?? "";
  succeeded(await project.setConfig("machines", JSON.stringify(machines)));
  succeeded(await project.setConfig("adopt", "true"));
  succeeded(await project.setConfig("privateKey", privateKey, { secret: true }));
});
test.after(async () => {
  await lab?.close();
  await site.close();
});

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
