// What runs in a swarm, as the command tells it: a row a task with its node, the logs of all tasks through
// an update and a lost connection, a command in a task, and what is said of tasks that do not come up.
import * as assert from "uvu/assert";
import { missingForLab } from "../lab/hosts.ts";
import { asPrinted } from "../support/clischema.ts";
import { builtDockwright, dockwright, type Running, startDockwright } from "../support/command.ts";
import { listingOf } from "../support/listing.ts";
import { until } from "../support/processes.ts";
import { succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";
import { makeSwarmLab, type SwarmLab } from "./swarm/lab.ts";
import { serviceProgram } from "./swarm/service-program.ts";

const test = suite("integration/swarm-live", {
  long: true,
  timeoutMs: 300_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);
let swarm: SwarmLab;
let running: Running | undefined;

/** Each task asks where nobody answers, and prints a line for each time. */
const talking = { on: "swarm", env: { ASK: "http://127.0.0.1:1/" } };

interface Line {
  readonly host: string;
  readonly service: string;
  readonly container: string;
}

const listing = (...more: readonly string[]) => listingOf(swarm.site, ...more);

const linesOf = (text: string): readonly Line[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => asPrinted<Line>("logs", JSON.parse(line)));

test.before(async () => {
  swarm = await makeSwarmLab({ managers: ["m1"], workers: ["w1", "d1"] }, serviceProgram, log);
  await swarm.set({ more: talking });
  succeeded(await swarm.project.up());
});
test.after(async () => {
  running?.child.kill("SIGKILL");
  await swarm.close();
});

test("ps: a row a task, on its node, and nothing that differs", async () => {
  const { code, stderr, hosts, containers } = await listing("--check");
  assert.is(code, 0, stderr + JSON.stringify(containers));
  assert.equal(hosts.map(({ name }) => name).sort(), ["crew", "m1-docker", "w1-docker"]);
  assert.equal(
    containers.map(({ service, name, kind, state, drift }) => [service, name, kind, state, drift]),
    [1, 2].map(() => ["shop", "shop-swarm", "swarm-task", "running", []]),
  );
  assert.equal(containers.map(({ host }) => host).sort(), ["m1", "w1"]);
  for (const { container, task, id, image } of containers) {
    assert.match(container, /^shop-swarm[\w-]*\.[12]$/);
    assert.match(task ?? "", /^[0-9a-z]{25}$/);
    assert.match(id ?? "", /^[0-9a-f]{64}$/);
    assert.match(image ?? "", /^sha256:/);
  }
});

test("logs: of all tasks, each line with node and replica; of one alone, by its name", async () => {
  const { containers } = await listing();
  const all = await builtDockwright(swarm.site, "logs", "--json", "-n", "3", "shop");
  assert.is(all.code, 0, all.stderr);
  const lines = linesOf(all.stdout);
  assert.is(lines.length, 6);
  assert.equal(
    [...new Set(lines.map(({ host, container }) => `${host}/${container}`))].sort(),
    containers.map(({ host, container }) => `${host}/${container}`).sort(),
  );
  const [one] = containers;
  const { text } = await dockwright(swarm.site, "logs", "-n", "1", one?.container ?? "");
  assert.match(text, new RegExp(`^${one?.host}/${one?.container} \\| .*\\n$`));
});

test("exec: in a task, on whatever node it is", async () => {
  const { containers } = await listing();
  for (const { container, host } of containers) {
    // The image has nothing but the program itself.
    const { code, text } = await dockwright(swarm.site, "exec", container, "--", "/nothing");
    assert.ok(code === 126 || code === 127, `${host}: ${code}: ${text}`);
    assert.match(text, /no such file/);
  }
  const run = await dockwright(swarm.site, "run", "shop", "--", "true");
  assert.is(run.code, 1);
  assert.match(run.text, "shop runs in the swarm crew");
});

test("logs -f: new tasks of an update join in; a lost connection is told and made again", async () => {
  const before = new Set((await listing()).containers.map(({ task }) => task));
  running = startDockwright(swarm.site, "logs", "-f", "--json", "-n", "0", "shop");
  const { said, child, ended } = running;
  const heard = () => linesOf(said.stdout.slice(0, said.stdout.lastIndexOf("\n") + 1));
  const nodes = () => new Set(heard().map(({ host }) => host)).size;
  await until("lines of both come", () => nodes() === 2);
  await swarm.set({ version: "v2" });
  succeeded(await swarm.project.up());
  const now = (await listing()).containers;
  assert.is(
    now.some(({ task }) => before.has(task)),
    false,
  );
  const first = heard().length;
  await until("lines go on", () => heard().length > first + 50);
  // The manager's daemon goes away, and comes back.
  await swarm.sure("m1", "pkill -x dockerd");
  await until("the loss is told", () => said.stderr.includes("tried again until it answers"));
  const lost = heard().length;
  await until("it is back", () => said.stderr.includes("crew: it answers again"), 60_000);
  await until("lines come again", () => heard().length > lost + 50, 60_000);
  child.kill("SIGINT");
  assert.is(await ended, 130);
});

test("ps: what does not come up is told with its error, and --check says so", async () => {
  const line = "docker service update --detach --constraint-add node.labels.none==1";
  await swarm.sure("m1", `${line} $(docker service ls -q)`);
  let seen: Awaited<ReturnType<typeof listing>> | undefined;
  const says = () => seen?.containers.flatMap(({ drift }) => drift.map((one) => one.says)) ?? [];
  await until(
    "it is said",
    async () => {
      seen = await listing("--check");
      return says().some((words) => /^it was to run, and is pending: no suitable node/.test(words));
    },
    60_000,
  );
  assert.is(seen?.code, 2);
});

test("ps: a service that is gone", async () => {
  await swarm.sure("m1", "docker service rm $(docker service ls -q)");
  const { code, containers } = await listing("--check");
  assert.is(code, 2);
  assert.equal(
    containers.map(({ state, host, drift }) => [state, host, drift.map(({ kind }) => kind)]),
    [["gone", "crew", ["gone"]]],
  );
});

test.run();
