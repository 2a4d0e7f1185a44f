// The example with a load balancer: from 1 container to 10 and to 2, under load. Each of the ten gets
// requests, those that go are drained, and none fails.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { startLoad } from "../support/outcomes.ts";
import { missingDaemon, nameOf, nothing } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { leftOf, makeSite, rowsOf, type Site, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/load-balanced", { timeoutMs: 300_000, missing: missingDaemon() });

let site: Site;
let project: Project;
let port: number;

test.before(async () => {
  port = await freePort();
  site = await makeSite({ topic: "balanced", example: "load-balanced" });
  project = await site.stack("dev");
  succeeded(await project.setConfig("port", String(port)));
});
test.after(() => site.close());

async function scale(replicas: number): Promise<readonly string[]> {
  succeeded(await project.setConfig("replicas", String(replicas)));
  const up = await project.up();
  return rowsOf(succeeded(up));
}

const shops = async () => (await site.containers()).filter((one) => /^shop-\d+-/.test(nameOf(one)));

/** Those that have answered a request of the load. */
async function answerers(): Promise<number> {
  const logs = await Promise.all(
    (await shops()).map(({ Id }) => site.docker.containers.logs(Id, { tail: 2000 })),
  );
  return logs.filter((log) => log.includes("GET /?load ")).length;
}

test("one container answers", async () => {
  await scale(1);
  assert.is((await shops()).length, 1);
});

test("from 1 to 10 and to 2 under load: all get requests, none fails", async () => {
  const load = await startLoad({ url: `http://127.0.0.1:${port}/?load`, rate: 60 });
  await scale(10);
  assert.is((await shops()).length, 10);
  const all = await answerers();
  await scale(2);
  assert.is((await shops()).length, 2);
  const { total, failed, failures } = await load.stop();
  process.stdout.write(`  ${total} requests\n`);
  assert.is(failed, 0, JSON.stringify(failures));
  assert.is(all, 10, "each of the ten has answered");
  assert.ok(total > 100, `${total} requests`);
});

test("destroyed, nothing is left", async () => {
  const destroy = succeeded(await project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
});

test.run();
