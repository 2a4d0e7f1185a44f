// The same guestbook on a swarm of lab hosts, as its example runs it there: signed through a proxy, its
// page exchanged under load, destroyed.

import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, makeHosts, missingForLab } from "../lab/hosts.ts";
import { entriesAt, sign } from "../support/guestbook.ts";
import { startLoad } from "../support/outcomes.ts";
import { until } from "../support/processes.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { canEncrypt } from "./swarm/lab.ts";

const test = suite("integration/guestbook-swarm", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});

let lab: Lab | undefined;
let site: Site;
let project: Project;
let url = "";

test.before(async () => {
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const specs = ["node1", "node2"].map((name) => {
    return { name, suite: "bookworm", docker: "installed" } as const;
  });
  lab = await makeHosts(specs, { log });
  site = await makeSite({ topic: "guestbook-swarm", example: "guestbook" });
  project = await site.stack("dev");
  const machines = lab.hosts.map(({ name, address, user, hostKey }, index) => {
    return { name, address, user, hostKey, role: index === 0 ? "manager" : "worker" };
  });
  const [first] = lab.hosts;
  succeeded(await project.setConfig("machines", JSON.stringify(machines)));
  succeeded(await project.setConfig("adopt", "true"));
  succeeded(await project.setConfig("port", "80"));
  succeeded(await project.setConfig("encrypted", String(await canEncrypt())));
  succeeded(await project.setConfig("privateKey", first?.privateKey ?? "", { secret: true }));
  url = `http://${first?.address ?? ""}:80/`;
});
test.after(async () => {
  await lab?.close();
  await site.close();
});

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
  assert.equal(await entriesAt(url), ["Still here", "The ferry leaves at seven"]);
});

test("destroyed, no host is in a swarm, and nothing runs", async () => {
  succeeded(await project.destroy());
  for (const host of lab?.hosts ?? []) {
    const { stdout } = await host.run("docker info 2>/dev/null | grep Swarm; docker ps -aq");
    assert.match(stdout, /^ ?Swarm: inactive\n$/);
  }
});

test.run();
