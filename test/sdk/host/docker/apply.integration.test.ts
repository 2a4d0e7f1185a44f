// A daemon from bare to running, changed by reload and by restart, on a host of the lab.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { observeDaemon } from "../../../../sdk/host/docker/observe.ts";
import type { DaemonOptions } from "../../../../sdk/host/docker/options.ts";
import type { Machine } from "../../../../sdk/host/machine.ts";
import { type Lab, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import { suite } from "../../../support/suite.ts";
import { apply, clientOf, loadImage, machineOf, startContainer } from "./host.ts";

const test = suite("host: changes of the Docker daemon", { long: true, timeoutMs: 900_000 });
const missing = missingForLab();
let lab: Lab | undefined;
let machine: Machine;

const startedAt = async (name: string) => {
  const client = clientOf(machine);
  try {
    const { State } = (await client.containers.inspect(name)) ?? {};
    assert.ok(State?.Running, `${name} runs`);
    return State.StartedAt;
  } finally {
    client.close();
  }
};
const pid = async () => (await observeDaemon(machine)).pid;
const base: DaemonOptions = { debug: true, labels: { tier: "web" } };

if (missing !== undefined) test.skip(missing);
else {
  test.before(async () => {
    lab = await makeHosts([{ name: "dwd12", suite: "bookworm", docker: "installed" }], {
      log: (line) => process.stdout.write(`${line}\n`),
    });
    const [host] = lab.hosts;
    assert.ok(host);
    machine = machineOf(host);
  });
  test.after(async () => {
    await lab?.close();
  });

  test("a bare host gets a running daemon", async () => {
    const done = await apply(machine, { options: base });
    assert.is(done.action, "start");
    const seen = await observeDaemon(machine);
    assert.is(seen.owner, "urn:test");
    assert.ok(seen.linked && seen.pid !== undefined);
    assert.equal(JSON.parse(seen.json ?? ""), {
      debug: true,
      hosts: ["unix:///var/run/docker.sock"],
      labels: ["tier=web"],
    });
  });

  test("the same again touches nothing", async () => {
    const before = await pid();
    assert.is((await apply(machine, { options: base })).action, "none");
    assert.is(await pid(), before);
  });

  test("what can be reloaded is: process and containers stay", async () => {
    await loadImage(machine);
    await startContainer(clientOf(machine), "stays");
    const [process, started] = [await pid(), await startedAt("stays")];
    const done = await apply(machine, { options: { ...base, debug: false, labels: {} } });
    assert.is(done.action, "reload");
    assert.equal(done.reasons, ["debug", "labels"]);
    assert.is(await pid(), process);
    assert.is(await startedAt("stays"), started);
    const info = await clientOf(machine).system.info();
    assert.is(info["Debug"], false);
  });

  test("a restart that switches live-restore on already keeps the containers", async () => {
    const [process, started] = [await pid(), await startedAt("stays")];
    const options: DaemonOptions = { ...base, liveRestore: true, icc: false, logLevel: "warn" };
    const done = await apply(machine, { options });
    assert.is(done.action, "restart");
    assert.is.not(await pid(), process);
    assert.is(await startedAt("stays"), started);
  });

  test("a file that was changed behind our back is put right, and nothing else", async () => {
    const script = `sed -i 's/"warn"/"error"/' /etc/docker/daemon.json`;
    await machine.run(script, { timeoutMs: 10_000 });
    const options: DaemonOptions = { ...base, liveRestore: true, icc: false, logLevel: "warn" };
    const started = await startedAt("stays");
    const done = await apply(machine, { options });
    assert.equal(done.reasons, ["log-level"]);
    assert.ok((await observeDaemon(machine)).linked);
    assert.is(await startedAt("stays"), started);
    assert.is((await apply(machine, { options })).action, "none");
  });

  test("a daemon that was stopped is started", async () => {
    await machine.run("sv -w 20 force-stop docker", { timeoutMs: 40_000 });
    await sleep(500);
    assert.is(await pid(), undefined);
    const options: DaemonOptions = { ...base, liveRestore: true, icc: false, logLevel: "warn" };
    assert.is((await apply(machine, { options })).action, "start");
    assert.ok((await pid()) !== undefined);
  });

  test("only the generation in use is kept, and its key nowhere else", async () => {
    const { stdout } = await machine.run("ls /etc/docker/dockwright", { timeoutMs: 10_000 });
    const generations = stdout.split("\n").filter((name) => /^[0-9a-f]{12}$/.test(name));
    assert.is(generations.length, 1, stdout);
    assert.not.match(stdout, /txn|new/);
  });

  test("options that put data out of sight need a word more", async () => {
    const options: DaemonOptions = { ...base, liveRestore: true, dataRoot: "/var/lib/other" };
    try {
      await apply(machine, { options });
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), /data-root puts all images, containers and volumes/);
    }
  });
}

test.run();
