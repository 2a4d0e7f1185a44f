// A swarm of several hosts, from bare daemons to nothing again: made, silent, changed under load behind
// a proxy, refused when Swarm takes a release back, its secret rotated, its leader lost and replaced.
// DOCKWRIGHT_SWARM_NODES: `3+2`, unless told otherwise, is three managers and two workers.

import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { checkKernel } from "../../sdk/cli/kernel.ts";
import { missingForLab } from "../lab/hosts.ts";
import { ArgumentLists, filesIn } from "../support/leaks.ts";
import { type Load, startLoad } from "../support/outcomes.ts";
import { fetchPage, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makeSwarmLab, type SwarmLab } from "./swarm/lab.ts";
import { program } from "./swarm/program.ts";

const [managerCount = 3, workerCount = 2] = (process.env["DOCKWRIGHT_SWARM_NODES"] ?? "3+2")
  .split("+")
  .map(Number);
const test = suite("integration/swarm", {
  long: true,
  timeoutMs: 600_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);
const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

const managers = numbered("m", managerCount);
const workers = numbered("w", workerCount);
const everybody = [...managers, ...workers];
/** A further host, for the manager that takes the place of a lost one. */
const spare = managerCount === 3 ? ["s1"] : [];
/** The node with the proxy. It is not lost: what answers outside would be lost with it. */
const seat = workers[0] ?? "m1";
/** The manager that is asked: another one, once it is lost. */
let asked = "m1";
/** The manager that was lost, the leader at that time. */
let gone = "";
let swarm: SwarmLab;
const argumentLists = new ArgumentLists();
/** What the engine said while nodes joined. */
let spoken = "";

test.before(async () => {
  swarm = await makeSwarmLab({ managers, workers: [...workers, ...spare] }, program, log);
  await swarm.set({ workers, seat });
});
test.after(async () => {
  await swarm.close();
});

const url = () => `http://${swarm.host(seat).address}/`;
const node = (name: string) => `http://${swarm.host(name).address}:8081/`;
const docker = (line: string) => swarm.sure(asked, `docker ${line}`);
const atSeat = (line: string) => swarm.sure(seat, `docker ${line}`);
const lines = (text: string) => (text === "" ? [] : text.split("\n").sort());

/** What a node answers by itself, once a task that was exchanged a moment ago listens. */
async function answerOf(name: string): Promise<string> {
  for (let tries = 20; tries > 0; tries -= 1) {
    const page = await fetchPage(node(name)).catch(String);
    if (page.startsWith("200 ")) return page;
    await sleep(500);
  }
  return await fetchPage(node(name));
}

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
  spoken = said(succeeded(await argumentLists.during(swarm.project.up())));
  const listed = lines(
    await docker("node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
  );
  assert.is(listed.length, everybody.length, listed.join());
  assert.is(listed.filter((line) => /Leader|Reachable/.test(line)).length, managerCount);
  assert.is(await docker("node inspect w1 --format '{{index .Spec.Labels \"disk\"}}'"), "ssd");
  for (const name of everybody) assert.match(await answerOf(name), /^200 v1 /);
  assert.match(await fetchPage(url()), /^200 v1 /);
});

test("join tokens are in no arguments, log or file, and the secret is in no plain text of the state", async () => {
  const { stdout: state } = await swarm.project.run(["stack", "export"]);
  assert.match(state, /dockwright:index:Swarm/);
  assert.not.match(state, /first-password/);
  const argv = argumentLists.text();
  assert.match(argv, /pulumi up/);
  assert.not.match(argv, /first-password/);
  const places: [string, string][] = [
    ["the state", state],
    ["arguments", argv],
    ["what the engine said", spoken],
  ];
  for (const file of await filesIn(swarm.site.dir)) {
    places.push([file, await readFile(file, "latin1")]);
  }
  for (const name of everybody) places.push([name, await swarm.sure(name, "cat /var/log/*.log")]);
  // All tokens of a swarm begin with the digest of its authority.
  const tokens = lines(
    await docker("swarm join-token -q manager && docker swarm join-token -q worker"),
  );
  assert.is(tokens.length, 2);
  const words = ["SWMTKN", ...tokens.map((token) => token.split("-").at(-1) ?? token)];
  for (const [place, text] of places) {
    for (const word of words) assert.not.ok(text.includes(word), `a token is in ${place}`);
  }
});

test("a second update is silent", async () => {
  const again = succeeded(await swarm.project.up());
  assert.equal(rowsOf(again), [], said(again));
});

/** Runs programs of the proxy's image as clients in the services' network. */
async function insideOf() {
  const networks = lines(await atSeat("network ls --filter driver=overlay --format '{{.Name}}'"));
  const network = networks.find((name) => name.startsWith("inside-")) ?? "";
  const image = await atSeat("image ls --format '{{.Repository}}:{{.Tag}}' | grep edge-image");
  return (program: string, words: string) =>
    atSeat(`run --rm --network ${network} --entrypoint ${program} ${image} ${words}`);
}

test("its tasks are found from inside by name, all of them in turn", async () => {
  const run = await insideOf();
  const ask =
    "print join(q( ), sort map { join(q(.), unpack(q(C4), $_)) } (gethostbyname(q(shop)))[4..20]), qq(\\n)";
  const found = await run("perl", `-e '${ask}'`);
  const addresses = found.trim().split(" ");
  assert.is(addresses.length, everybody.length, found);
  for (const address of addresses) assert.match(address, /^10\.77\./);
  const get = 'exec 3<>/dev/tcp/$1/8080; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3';
  const answers = await run(
    "timeout",
    `60 bash -c 'for one in "$@"; do set -- "$one"; ${get}; done' - ${addresses.join(" ")}`,
  );
  // Each says its release and the name of its container.
  assert.is(new Set(lines(answers)).size, everybody.length, answers);
  for (const answer of lines(answers)) assert.match(answer, /^v1 /);
});

test("a virtual address and the routing mesh answer where doctor says that the kernel has IPVS", async () => {
  const { state } = await checkKernel("ipvs", release());
  const run = await insideOf();
  const addresses = (name: string) =>
    run("getent", `ahostsv4 ${name} | awk '{ print $1 }' | sort -u`);
  const [virtual, task] = [await addresses("mesh"), await addresses("tasks.mesh")];
  assert.match(virtual, /^10\.77\.\d+\.\d+$/);
  assert.match(task, /^10\.77\.\d+\.\d+$/);
  assert.is.not(virtual, task, "the name leads to an address that is no task's");
  const ask = (to: string) =>
    run("timeout", `5 bash -c 'exec 3<>/dev/tcp/${to}/8080' && echo yes || echo no`);
  assert.is(await ask(task), "yes");
  assert.is(await ask(virtual), state === "ok" ? "yes" : "no", state);
  const meshed = await fetchPage(`http://${swarm.host("m1").address}:8082/`).catch(String);
  if (state === "ok") assert.match(meshed, /^200 mesh /);
  else assert.not.match(meshed, /^200 /);
});

test("a rolling update under load, with another secret: none is lost, the former secret goes", async () => {
  const before = lines(await docker("secret ls -q"));
  const load = await startLoad({ url: url(), rate: 30 });
  await swarm.set({ version: "v2", password: "second-password" });
  succeeded(await swarm.project.up());
  await lossless(load);
  for (const name of everybody) assert.match(await answerOf(name), /^200 v2 /);
  const after = lines(await docker("secret ls -q"));
  assert.is(after.length, 1);
  assert.not.equal(after, before);
  for (const name of everybody) {
    const pid = `$(docker inspect --format '{{.State.Pid}}' $(docker ps -q --filter name=shop))`;
    const seen = await swarm.sure(name, `cat /proc/${pid}/root/run/secrets/password`);
    assert.is(seen, "second-password", name);
  }
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
  for (const name of everybody) assert.match(await answerOf(name), /^200 v2 /);
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

if (managerCount === 3) {
  /** The leader, as a node sees it. */
  const leader = async () =>
    lines(await docker("node ls --format '{{.Hostname}} {{.ManagerStatus}}'"))
      .find((line) => line.endsWith(" Leader"))
      ?.split(" ")[0] ?? "";

  test("the leader is lost: no request is, refresh says so, and where its tasks went", async () => {
    gone = await leader();
    asked = managers.find((name) => name !== gone) ?? "";
    log(`${gone} leads`);
    assert.ok(managers.includes(gone) && asked !== "", gone);
    const crowd = await docker("service ls -q --filter name=crowd");
    assert.match(await docker(`service ps ${crowd} --format '{{.Node}}'`), gone);
    const load = await startLoad({ url: url(), rate: 30 });
    await swarm.host(gone).run("pkill -9 dockerd");
    await swarm.host(gone).close();
    const down = `docker node ls --format '{{.Hostname}} {{.Status}}' | grep '${gone} Down'`;
    const moved = `[ "$(docker service ps ${crowd} --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' | grep -v ^${gone} | grep -c Running)" = 5 ]`;
    for (const seen of [down, moved]) {
      await swarm.sure(asked, `for i in $(seq 90); do ${seen} && exit; sleep 1; done; exit 1`);
    }
    await lossless(load);
    const next = await leader();
    assert.ok(managers.includes(next) && next !== gone, `${next} leads`);
    const targets = ["**SwarmService**", "**::crew-swarm"].flatMap((one) => ["--target", one]);
    const args = ["refresh", "--yes", "--skip-preview", "--stack", "dev", ...targets];
    const refresh = said(succeeded(await swarm.project.run(args)));
    assert.match(refresh, new RegExp(`${gone} is down`));
    assert.match(refresh, new RegExp(`the task on ${gone} \\(down\\) runs no more`));
    assert.match(refresh, new RegExp(`the task \\d moved from ${gone} \\(down\\) to `));
  });

  test("without another in its place, a preview warns of the majority", async () => {
    await swarm.set({ lost: [gone] });
    const preview = said(succeeded(await swarm.project.preview()));
    assert.match(preview, new RegExp(`${gone} leaves`));
    assert.match(preview, /2 managers bear the loss of 0, no more than 1 do; take 3/);
  });

  test("another takes the place of the lost one, and the service is on it", async () => {
    await swarm.set({ managers: [...managers, ...spare], lost: [gone] });
    const load = await startLoad({ url: url(), rate: 30 });
    succeeded(await swarm.project.up());
    await lossless(load);
    const listed = lines(
      await docker("node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'"),
    );
    assert.is(listed.length, everybody.length, listed.join());
    assert.not.ok(listed.some((line) => line.startsWith(gone)));
    assert.is(listed.filter((line) => line.endsWith(" Leader")).length, 1);
    assert.is(listed.filter((line) => /Leader|Reachable/.test(line)).length, managerCount);
    assert.match(await answerOf("s1"), /^200 v2 /);
    const again = succeeded(await swarm.project.up());
    assert.equal(rowsOf(again), [], said(again));
  });
}

test("destroyed, no node is in a swarm, and nothing of it is left", async () => {
  succeeded(await swarm.project.destroy());
  for (const name of [...everybody, ...spare].filter((one) => one !== gone)) {
    assert.match(await swarm.sure(name, "docker info 2>/dev/null | grep Swarm"), /inactive/);
    assert.is(await swarm.sure(name, "docker ps -aq"), "", name);
    // The gateway is Docker's own, and stays until its daemon restarts.
    const networks = lines(await swarm.sure(name, "docker network ls --format '{{.Name}}'"));
    const own = ["bridge", "docker_gwbridge", "host", "none"];
    assert.equal(
      networks.filter((one) => !own.includes(one)),
      [],
      name,
    );
    assert.is(await swarm.sure(name, "docker volume ls -q"), "", name);
    assert.is(await swarm.sure(name, "docker image ls -q"), "", name);
  }
});

test.run();
