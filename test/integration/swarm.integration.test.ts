// A swarm of several hosts, from bare daemons to nothing again: made, silent, changed under load behind
// a proxy, refused when Swarm takes a release back, its secret rotated, a manager lost and replaced.
// DOCKWRIGHT_SWARM_NODES: `3+2` is three managers and two workers.

import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { type Load, startLoad } from "../support/outcomes.ts";
import { fetchPage, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makeSwarmLab, type SwarmLab } from "./swarm/lab.ts";
import { program } from "./swarm/program.ts";

/** Some minutes for two nodes; `swarm-web` shows a swarm in each run. */
const tooLong =
  process.env["DOCKWRIGHT_SWARM_NODES"] === undefined
    ? "it takes some minutes: `npm run soak` runs it, or DOCKWRIGHT_SWARM_NODES=1+1"
    : undefined;
const [managerCount = 1, workerCount = 1] = (process.env["DOCKWRIGHT_SWARM_NODES"] ?? "1+1")
  .split("+")
  .map(Number);
const test = suite("integration/swarm", {
  timeoutMs: 600_000,
  missing: missingForLab() ?? tooLong,
});
const log = (line: string) => process.stdout.write(`${line}\n`);
const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

const managers = numbered("m", managerCount);
const workers = numbered("w", workerCount);
const everybody = [...managers, ...workers];
/** A further host, for the manager that takes the place of a lost one. */
const spare = managerCount >= 3 ? ["s1"] : [];
let swarm: SwarmLab;

test.before(async () => {
  swarm = await makeSwarmLab({ managers, workers: [...workers, ...spare] }, program, log);
  await swarm.set({ workers });
});
test.after(async () => {
  await swarm.close();
});

const url = () => `http://${swarm.host("m1").address}/`;
const node = (name: string) => `http://${swarm.host(name).address}:8081/`;
const docker = (line: string) => swarm.sure("m1", `docker ${line}`);
const lines = (text: string) => (text === "" ? [] : text.split("\n").sort());

async function lossless(load: Load): Promise<void> {
  const { total, failed, failures, firstFailures } = await load.stop();
  log(`${total} requests, ${failed} failed`);
  assert.is(failed, 0, JSON.stringify({ failures, firstFailures }));
  assert.ok(total > 100, `${total} requests`);
}

test("a preview tells the steps, and warns of the number of managers", async () => {
  await swarm.set({ liveRestore: true });
  const refused = await swarm.project.preview();
  assert.match(said(refused), /has liveRestore on, and Docker has no swarm with it/);
  await swarm.set({ liveRestore: false, labels: { w1: { disk: "ssd" } } });
  const preview = said(succeeded(await swarm.project.preview()));
  assert.match(preview, /1\. make the swarm on m1; 2\. /);
  assert.match(preview, /w1 joins as worker/);
  if (managerCount === 1) assert.match(preview, /one manager: when it is lost/);
});

test("the swarm is made of bare daemons, with a service on every node", async () => {
  await swarm.set({ service: true });
  succeeded(await swarm.project.up());
  const listed = lines(
    await docker("node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
  );
  assert.is(listed.length, everybody.length, listed.join());
  assert.is(listed.filter((line) => /Leader|Reachable/.test(line)).length, managerCount);
  assert.is(await docker("node inspect w1 --format '{{index .Spec.Labels \"disk\"}}'"), "ssd");
  for (const name of everybody) assert.match(await fetchPage(node(name)), /^200 v1 /);
  assert.match(await fetchPage(url()), /^200 v1 /);
});

test("tokens and secrets are in no plain text of the state", async () => {
  const token = await docker("swarm join-token -q manager");
  const { stdout } = await swarm.project.run(["stack", "export"]);
  assert.match(stdout, /dockwright:index:Swarm/);
  assert.not.match(stdout, new RegExp(token));
  assert.not.match(stdout, /first-password/);
});

test("a second update is silent", async () => {
  const again = succeeded(await swarm.project.up());
  assert.equal(rowsOf(again), [], said(again));
});

test("its tasks are found from inside by name, all of them in turn", async () => {
  const network = (await docker("network ls --filter driver=overlay --format '{{.Name}}'"))
    .split("\n")
    .find((name) => name.startsWith("inside-"));
  const image = await docker("image ls --format '{{.Repository}}:{{.Tag}}' | grep edge-image");
  const ask =
    "print join(q( ), sort map { join(q(.), unpack(q(C4), $_)) } (gethostbyname(q(shop)))[4..20]), qq(\\n)";
  const found = await docker(
    `run --rm --network ${network ?? ""} --entrypoint perl ${image} -e '${ask}'`,
  );
  const addresses = found.trim().split(" ");
  assert.is(addresses.length, everybody.length, found);
  for (const address of addresses) assert.match(address, /^10\.77\./);
});

test("a rolling update under load, with another secret: none is lost, the former secret goes", async () => {
  const before = lines(await docker("secret ls -q"));
  const load = await startLoad({ url: url(), rate: 30 });
  await swarm.set({ version: "v2", password: "second-password" });
  succeeded(await swarm.project.up());
  await lossless(load);
  for (const name of everybody) assert.match(await fetchPage(node(name)), /^200 v2 /);
  const after = lines(await docker("secret ls -q"));
  assert.is(after.length, 1);
  assert.not.equal(after, before);
});

test("a release that Swarm takes back is a failed update, with the reason, and nothing is lost", async () => {
  const load = await startLoad({ url: url(), rate: 30 });
  await swarm.set({ version: "v3", more: { env: { VERSION: "v3", BROKEN: "1" } } });
  const up = await swarm.project.up();
  assert.is.not(up.code, 0);
  await lossless(load);
  assert.match(said(up), /did not come up: Swarm went back to the former release/);
  assert.match(said(up), /exit code 3/);
  assert.match(said(up), /this release is broken: v3/);
  for (const name of everybody) assert.match(await fetchPage(node(name)), /^200 v2 /);
  await swarm.set({ version: "v2", more: {} });
  const again = succeeded(await swarm.project.preview());
  assert.equal(
    rowsOf(again).filter((row) => row.includes("SwarmService")),
    [],
    said(again),
  );
});

test("a node that was drained by hand: refresh says so, and the next update puts it back", async () => {
  await docker("node update --availability drain w1");
  assert.match(
    said(succeeded(await swarm.project.refresh())),
    /w1 has the availability drain, not active/,
  );
  succeeded(await swarm.project.up());
  assert.is(await docker("node inspect w1 --format '{{.Spec.Availability}}'"), "active");
  const again = succeeded(await swarm.project.refresh());
  assert.not.match(said(again), /availability drain/);
});

if (spare.length > 0) {
  const gone = managers.at(-1) ?? "";

  test("a manager is lost: refresh of what runs in the swarm says so", async () => {
    await swarm.host(gone).close();
    const down = `docker node ls --format '{{.Hostname}} {{.Status}}' | grep '${gone} Down'`;
    await swarm.sure("m1", `for i in $(seq 60); do ${down} && exit; sleep 1; done; exit 1`);
    const args = ["refresh", "--yes", "--skip-preview", "--stack", "dev"];
    const refresh = await swarm.project.run([...args, "--target", "**SwarmService**"]);
    assert.match(
      said(succeeded(refresh)),
      new RegExp(`the task on ${gone} \\(down\\) runs no more`),
    );
  });

  test("another takes the place of the lost one, and the service is on it", async () => {
    await swarm.set({ managers: [...managers, ...spare], lost: [gone] });
    succeeded(await swarm.project.up());
    const listed = lines(
      await docker("node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
    );
    assert.is(listed.length, everybody.length, listed.join());
    assert.not.ok(listed.some((line) => line.startsWith(gone)));
    assert.is(listed.filter((line) => /Leader|Reachable/.test(line)).length, managerCount);
    assert.match(await fetchPage(node("s1")), /^200 v2 /);
  });
}

test("destroyed, no node is in a swarm and nothing runs", async () => {
  succeeded(await swarm.project.destroy());
  const lost = spare.length > 0 ? managers.at(-1) : undefined;
  for (const name of [...everybody, ...spare].filter((one) => one !== lost)) {
    assert.match(await swarm.sure(name, "docker info 2>/dev/null | grep Swarm"), /inactive/);
    assert.is(await swarm.sure(name, "docker ps -aq"), "", name);
  }
});

test.run();
