// Tasks through the real plugin on a real daemon: what is recorded, what fails and how, and that a task
// is run once whatever became of the plugin that started it.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { urnLabel } from "../../../../sdk/provider/names.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { apiProxy, type SeenCall } from "../../../support/apiproxy.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing, socketPath } from "../../docker/fixture.ts";
import {
  bundle,
  type Given,
  Plugin,
  type Recorded,
  refusal,
  textOf,
  until,
  urnOf,
} from "../plugin.ts";

const test = suite("provider/task-runs");
const lab = new Fixture("provider-task");
const { containers } = lab.client;
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;
let folder = "";
/** A volume in which each run leaves a line, and a container that reads it. */
let volume = "";
let reader = "";

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-task-"));
  await lab.makeImage();
  volume = lab.name();
  reader = await lab.run({
    HostConfig: { Mounts: [{ Type: "volume", Source: volume, Target: "/data" }] },
  });
});
test.after(async () => {
  await built?.remove();
  if (reason) return;
  await rm(folder, { recursive: true });
  await lab.clean();
});

/** A rule, within a run of the engine of its own. */
function rule(name: string, run: () => Promise<void>): void {
  if (reason) {
    test.skip(`${name} (${reason})`);
    return;
  }
  test(name, async () => {
    plugin = await Plugin.start(built?.path ?? "");
    try {
      await run();
    } finally {
      await plugin.stop();
    }
  });
}

async function nextRun(): Promise<void> {
  await plugin.stop();
  plugin = await Plugin.start(built?.path ?? "");
}

interface Task {
  readonly urn: string;
  readonly declared: ValueMap;
  /** How often it has been run. */
  runs(): Promise<number>;
}

/** A task that leaves a line, and then does as it is told. */
function taskOf(line: string, more: ValueMap = {}): Task {
  const mark = lab.name();
  const declared = {
    image: lab.image,
    command: ["/bin/sh", "-c", `echo ${mark} >>/data/runs; ${line}`],
    mounts: [{ source: volume, target: "/data" }],
    init: true,
    stopGraceMs: 0,
    ...more,
  };
  const runs = async () => {
    const cmd = ["/bin/sh", "-c", `/bin/busybox grep -cx ${mark} /data/runs || true`];
    return Number((await lab.client.exec.run(reader, { cmd })).stdout.trim() || "0");
  };
  return { urn: urnOf("Task", mark), declared, runs };
}

async function changesOf(urn: string, made: Recorded, declared: Given) {
  const { inputs } = await plugin.check(urn, declared, made.inputs);
  return (await plugin.diff(urn, made, inputs)).changes;
}

async function nameFor({ urn, declared }: Task): Promise<string> {
  return textOf((await plugin.check(urn, declared)).inputs.values, "name");
}

async function stateOf(id: string) {
  return (await containers.inspect(id))?.State;
}

rule("a task runs to its end: its exit code, times and output are recorded", async () => {
  const { urn, declared, runs } = taskOf("echo out; echo err >&2; echo end");
  const made = await plugin.make(urn, declared);
  const { values } = made.outputs;
  assert.is(values["exitCode"], 0);
  assert.equal(textOf(values, "output").split("\n").sort(), ["", "end", "err", "out"]);
  assert.ok(Date.parse(textOf(values, "finishedAt")) >= Date.parse(textOf(values, "startedAt")));
  const kept = await containers.inspect(made.id);
  assert.is(kept?.State.Status, "exited", "its container is the record");
  assert.is(kept?.Config.Labels?.[urnLabel], urn);
  assert.is(kept?.HostConfig.RestartPolicy?.Name || "no", "no");
  assert.equal(kept?.Config.Healthcheck?.Test, ["NONE"]);
  assert.equal(await changesOf(urn, made, declared), {});
  assert.equal(await plugin.read(urn, made.id, made), {
    ...made,
    inputs: { values: made.inputs["values"], secrets: new Set() },
  });
  assert.is(await runs(), 1);
  await nextRun();
  await plugin.delete(urn, made);
  assert.is(await containers.inspect(made.id), undefined);
  await plugin.delete(urn, made);
  assert.is(await runs(), 1, "a delete runs nothing");
});

rule("its container is removed by hand: the record stays, and nothing is run again", async () => {
  const { urn, declared, runs } = taskOf("/bin/busybox seq 1 40000");
  const made = await plugin.make(urn, declared);
  assert.match(textOf(made.outputs.values, "output"), /^\d+\n[\d\n]{60000,65536}\n40000\n$/);
  await containers.remove(made.id);
  const read = await plugin.read(urn, made.id, made);
  assert.equal(read?.outputs, made.outputs);
  assert.equal(await changesOf(urn, made, declared), {});
  assert.is(await runs(), 1);
});

rule("a preview says that it will run; a change of how it is watched runs nothing", async () => {
  const { urn, declared, runs } = taskOf("true");
  const { inputs } = await plugin.check(urn, declared);
  const said = () => plugin.lines.filter((line) => line.text.startsWith("will run once"));
  await plugin.create(urn, inputs, { preview: true });
  assert.is(said().length, 1);
  assert.match(said()[0]?.text ?? "", "will run once: /bin/sh -c echo");
  assert.is(await runs(), 0);
  const made = await plugin.create(urn, inputs);
  const later = { ...declared, timeoutMs: 5000, stopGraceMs: 1000 };
  assert.equal(await changesOf(urn, made, later), { stopGraceMs: "update", timeoutMs: "add" });
  const checked = await plugin.check(urn, later, made.inputs);
  await plugin.update(urn, made, checked.inputs, true);
  const updated = await plugin.update(urn, made, checked.inputs);
  assert.is(updated.outputs.values["finishedAt"], made.outputs.values["finishedAt"]);
  assert.is(said().length, 1);
  assert.is(await runs(), 1);
});

rule("a trigger, or any other change, is another run beside the old container", async () => {
  const { urn, declared, runs } = taskOf("true");
  const made = await plugin.make(urn, declared);
  const again = { ...declared, triggers: ["2"] };
  assert.equal(await changesOf(urn, made, again), { triggers: "add_replace" });
  assert.equal(await changesOf(urn, made, { ...declared, memoryBytes: 33_554_432 }), {
    memoryBytes: "add_replace",
  });
  const { inputs } = await plugin.check(urn, again, made.inputs);
  const second = await plugin.create(urn, inputs);
  assert.is.not(second.id, made.id);
  assert.ok(await containers.inspect(made.id));
  assert.is(await runs(), 2);
});

rule("one that fails fails the update with its last lines, and is run again", async () => {
  const task = taskOf("echo line-one; echo line-two >&2; exit 3");
  const name = await nameFor(task);
  for (const times of [1, 2]) {
    const error = await refusal(plugin.make(task.urn, task.declared));
    assert.match(error, `the task "${name}" ended with exit code 3`);
    assert.match(error, "line-one");
    assert.match(error, "line-two");
    assert.match(error, "the next update runs it again");
    assert.is(await containers.inspect(name), undefined);
    assert.is(await task.runs(), times);
  }
});

rule("one that cannot be started is taken away, with the daemon's reason", async () => {
  const task = taskOf("true", { command: ["/no/such/program"], init: false });
  const error = await refusal(plugin.make(task.urn, task.declared));
  assert.match(error, /could not be started: [\s\S]*no such file/);
  assert.is(await containers.inspect(await nameFor(task)), undefined);
});

rule("one that takes too long is stopped, told, and taken away", async () => {
  const task = taskOf("echo so far; sleep 60", { timeoutMs: 1000 });
  const begun = performance.now();
  const error = await refusal(plugin.make(task.urn, task.declared));
  assert.match(error, /had not ended after 1 s, and was stopped[\s\S]*so far/);
  assert.ok(performance.now() - begun < 15_000);
  assert.is(await containers.inspect(await nameFor(task)), undefined);
});

rule("secrets are in no output, line or inspection, and leave memory with its end", async () => {
  const file = "the-secret-of-the-file";
  const word = "the-secret-of-the-word";
  const task = taskOf("cat /run/secrets/token; echo; echo $WORD; exit $CODE");
  const values = (code: string): Given => ({
    values: { ...task.declared, secrets: { token: file }, env: { WORD: word, CODE: code } },
    secrets: new Set(["secrets.token", "env.WORD"]),
  });
  const made = await plugin.make(task.urn, values("0"));
  assert.is(textOf(made.outputs.values, "output"), "[secret]\n[secret]\n");
  assert.ok([...made.outputs.secrets].includes("env.WORD"));
  const inspected = await containers.inspect(made.id);
  assert.not.match(JSON.stringify(inspected), file);
  const source = inspected?.HostConfig.Mounts?.find(({ Target }) => Target === "/run/secrets");
  assert.ok(source?.Source);
  assert.not(existsSync(join(source.Source, "token")));
  const error = await refusal(plugin.make(task.urn, values("4")));
  assert.match(error, /exit code 4[\s\S]*\[secret\]/);
  const said = JSON.stringify([plugin.lines, plugin.stderr, error]);
  for (const secret of [file, word]) assert.not.match(said, secret);
});

rule("files and all networks are there before it starts", async () => {
  const [one, two] = [lab.name(), lab.name()];
  for (const Name of [one, two]) await lab.client.networks.create({ Name });
  const task = taskOf("cat /etc/job; /bin/busybox ls /sys/class/net", {
    files: { "/etc/job": { content: "the job\n" } },
    networks: [{ network: one }, { network: two }],
  });
  const made = await plugin.make(task.urn, task.declared);
  const output = textOf(made.outputs.values, "output");
  assert.match(output, "the job\n");
  assert.match(output, /eth0[\s\S]*eth1/);
});

rule("an import is refused, and so is a container of another stack", async () => {
  const task = taskOf("true");
  assert.match(await refusal(plugin.read(task.urn, "anything")), "a task cannot be imported");
  const name = await nameFor(task);
  await containers.create(name, { Image: lab.image, Labels: { [urnLabel]: urnOf("Task", "x") } });
  const error = await refusal(plugin.make(task.urn, task.declared));
  assert.match(error, `the container "${name}" exists and was not made by this resource`);
  assert.not.match(error, "import");
  assert.is((await stateOf(name))?.Status, "created");
});

/** As an earlier run left it, cut off after the given step. */
async function left(task: Task, state: "created" | "running" | "ended" | "failed") {
  const name = await nameFor(task);
  const code = state === "failed" ? 5 : 0;
  const id = await containers.create(name, {
    Image: lab.image,
    Labels: { [urnLabel]: task.urn },
    Cmd: [
      ...(task.declared["command"] as string[]).slice(0, 2),
      `${(task.declared["command"] as string[])[2] ?? ""}; exit ${code}`,
    ],
    HostConfig: { Mounts: [{ Type: "volume", Source: volume, Target: "/data" }] },
  });
  if (state !== "created") await containers.start(id);
  if (state === "ended" || state === "failed") await containers.wait(id);
  return id;
}

for (const state of ["created", "running", "ended"] as const) {
  rule(`left ${state} by a cut run: it is run once, and its result taken`, async () => {
    const task = taskOf("sleep 1; echo whole");
    const id = await left(task, state);
    const made = await plugin.make(task.urn, task.declared);
    assert.is(made.id, id);
    assert.is(textOf(made.outputs.values, "output"), "whole\n");
    assert.is(await task.runs(), 1);
    assert.is((await plugin.make(task.urn, task.declared)).id, id, "and so it stays");
    assert.is(await task.runs(), 1);
  });
}

rule("left failed by a cut run: that is told, and only the next update runs it again", async () => {
  const task = taskOf("echo whole");
  await left(task, "failed");
  const error = await refusal(plugin.make(task.urn, task.declared));
  assert.match(error, /exit code 5[\s\S]*whole/);
  assert.is(await task.runs(), 1);
  const made = await plugin.make(task.urn, task.declared);
  assert.is(made.outputs.values["exitCode"], 0);
  assert.is(await task.runs(), 2);
});

rule("the time that one left running may take counts from its own start", async () => {
  const task = taskOf("echo so far; sleep 60", { timeoutMs: 1500 });
  const id = await left(task, "running");
  await until("it has run for longer", async () => {
    const { StartedAt = "" } = (await stateOf(id)) ?? {};
    return Date.now() - Date.parse(StartedAt) > 1600;
  });
  const error = await refusal(plugin.make(task.urn, task.declared));
  assert.match(error, /had not ended after 1.5 s, and was stopped[\s\S]*so far/);
  assert.not(plugin.lines.some(({ text }) => text.includes("waited for")));
  assert.is(await stateOf(id), undefined);
});

rule("a stop on request leaves it running; the next update takes its result", async () => {
  const task = taskOf("sleep 2; echo whole");
  const name = await nameFor(task);
  const making = refusal(plugin.make(task.urn, task.declared));
  await until("it runs", async () => (await stateOf(name))?.Running === true);
  await plugin.cancel();
  const error = await making;
  assert.match(error, "it goes on, and the next update takes its result");
  assert.is((await stateOf(name))?.Running, true);
  await nextRun();
  const made = await plugin.make(task.urn, task.declared);
  assert.is(textOf(made.outputs.values, "output"), "whole\n");
  assert.is(await task.runs(), 1);
});

const calls: readonly [string, (call: SeenCall) => boolean][] = [
  ["create", ({ method, path }) => method === "POST" && path === "/containers/create"],
  ["files", ({ method, path }) => method === "PUT" && path.endsWith("/archive")],
  ["start", ({ method, path }) => method === "POST" && path.endsWith("/start")],
];

const quick = () => taskOf("echo whole", { files: { "/etc/job": { content: "x" } } });

for (const [name, isIt] of calls) {
  for (const when of ["before", "after"] as const) {
    rule(`plugin killed ${when} the call that does "${name}": it is run once`, async () => {
      const task = quick();
      let hit = (): void => undefined;
      const reached = new Promise<void>((resolve) => {
        hit = resolve;
      });
      const proxy = await apiProxy(join(folder, `${name}-${when}.sock`), socketPath);
      proxy.judge = (call) =>
        isIt(call) ? { kind: "hold", when, reached: hit } : { kind: "pass" };
      const cut = await Plugin.start(built?.path ?? "", { host: `unix://${proxy.socketPath}` });
      const making = refusal(cut.make(task.urn, task.declared));
      await reached;
      await cut.kill();
      await making;
      await proxy.close();
      const made = await plugin.make(task.urn, task.declared);
      assert.is(textOf(made.outputs.values, "output"), "whole\n");
      assert.is(await task.runs(), 1);
    });
  }
}

/** A proxy that breaks the connection of each start when what was started has long ended. */
async function losingStarts() {
  const path = join(folder, "losing.sock");
  let starts = 0;
  const server = createServer((client) => {
    const daemon = connect(socketPath);
    let isStart = false;
    client.on("data", (bytes) => {
      isStart = /^POST \S+\/start[? ]/.test(bytes.toString("latin1"));
      if (isStart) starts += 1;
      daemon.write(bytes);
    });
    daemon.on("data", (bytes) => {
      if (isStart) setTimeout(() => client.destroy(), 1000);
      else client.write(bytes);
    });
    client.on("error", () => undefined).once("close", () => daemon.destroy());
    daemon.on("error", () => undefined).once("close", () => isStart || client.destroy());
  });
  server.listen(path);
  await once(server, "listening");
  return { host: `unix://${path}`, starts: () => starts, close: () => server.close() };
}

rule("the answer to its start is lost: it is not started a second time", async () => {
  const task = quick();
  const proxy = await losingStarts();
  const cut = await Plugin.start(built?.path ?? "", { host: proxy.host });
  const made = await cut.make(task.urn, task.declared);
  assert.is(textOf(made.outputs.values, "output"), "whole\n");
  assert.equal([proxy.starts(), await task.runs()], [1, 1]);
  await cut.stop();
  proxy.close();
});

test.run();
