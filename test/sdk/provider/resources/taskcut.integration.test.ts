// Tasks whose run was cut off, or stopped on request: each is run once, whatever became of the plugin
// that started it, and nothing of it is lost to the state.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { urnLabel } from "../../../../sdk/provider/names.ts";
import { apiProxy, type SeenCall } from "../../../support/apiproxy.ts";
import { socketPath } from "../../docker/fixture.ts";
import { Plugin, PluginError, type Recorded, refusal, textOf, until } from "../plugin.ts";
import { type Task, TaskLab } from "./tasklab.ts";

const its = new TaskLab("taskcut");
const { lab } = its;
const { containers } = lab.client;

/** As an earlier run left it, cut off after the given step. */
async function left(task: Task, state: "created" | "running" | "ended" | "failed") {
  const name = await its.nameFor(task);
  const code = state === "failed" ? 5 : 0;
  const id = await containers.create(name, {
    Image: lab.image,
    Labels: { [urnLabel]: task.urn },
    Cmd: [
      ...(task.declared["command"] as string[]).slice(0, 2),
      `${(task.declared["command"] as string[])[2] ?? ""}; exit ${code}`,
    ],
    HostConfig: { Mounts: [{ Type: "volume", Source: its.volume, Target: "/data" }] },
  });
  if (state !== "created") await containers.start(id);
  if (state === "ended" || state === "failed") await containers.wait(id);
  return id;
}

for (const state of ["created", "running", "ended"] as const) {
  its.rule(`left ${state} by a cut run: it is run once, and its result taken`, async () => {
    const task = its.taskOf("sleep 1; echo whole");
    const id = await left(task, state);
    const made = await its.plugin.make(task.urn, task.declared);
    assert.is(made.id, id);
    assert.is(textOf(made.outputs.values, "output"), "whole\n");
    assert.is(await task.runs(), 1);
    assert.is((await its.plugin.make(task.urn, task.declared)).id, id, "and so it stays");
    assert.is(await task.runs(), 1);
  });
}

its.rule(
  "left failed by a cut run: that is told, and only the next update runs it again",
  async () => {
    const task = its.taskOf("echo whole");
    await left(task, "failed");
    const error = await refusal(its.plugin.make(task.urn, task.declared));
    assert.match(error, /exit code 5[\s\S]*whole/);
    assert.is(await task.runs(), 1);
    const made = await its.plugin.make(task.urn, task.declared);
    assert.is(made.outputs.values["exitCode"], 0);
    assert.is(await task.runs(), 2);
  },
);

its.rule("the time that one left running may take counts from its own start", async () => {
  const task = its.taskOf("echo so far; sleep 60", { timeoutMs: 1500 });
  const id = await left(task, "running");
  await until("it has run for longer", async () => {
    const { StartedAt = "" } = (await its.stateOf(id)) ?? {};
    return Date.now() - Date.parse(StartedAt) > 1600;
  });
  const error = await refusal(its.plugin.make(task.urn, task.declared));
  assert.match(error, /had not ended after 1.5 s, and was stopped[\s\S]*so far/);
  assert.not(its.plugin.lines.some(({ text }) => text.includes("waited for")));
  assert.is(await its.stateOf(id), undefined);
});

/** A stop on request while it runs: what the engine records of it. */
async function stopped({ urn, declared }: Task): Promise<Recorded> {
  const { inputs } = await its.plugin.check(urn, declared);
  const name = textOf(inputs.values, "name");
  const making = its.plugin.create(urn, inputs).then(
    () => undefined,
    (error: unknown) => error,
  );
  await until("it runs", async () => (await its.stateOf(name))?.Running === true);
  await its.plugin.cancel();
  const error = await making;
  if (!(error instanceof PluginError)) throw new Error("it was not stopped");
  assert.match(error.message, "it goes on, and the next update takes its result");
  assert.is((await its.stateOf(name))?.Running, true);
  const { left } = error;
  if (!left) throw new Error("nothing of it is recorded");
  assert.equal([left.outputs.values["finishedAt"], left.outputs.values["exitCode"]], ["", -1]);
  await its.nextRun();
  return { ...left, inputs };
}

async function updated(task: Task, old: Recorded): Promise<Recorded> {
  assert.equal(await its.changesOf(task.urn, old, task.declared), { finishedAt: "update" });
  const { inputs } = await its.plugin.check(task.urn, task.declared, old.inputs);
  const now = await its.plugin.update(task.urn, old, inputs);
  assert.equal(await its.changesOf(task.urn, now, task.declared), {});
  return now;
}

its.rule("a stop on request leaves it running; the next update takes its result", async () => {
  const task = its.taskOf("sleep 2; echo whole");
  const old = await stopped(task);
  const seen = await its.plugin.read(task.urn, old.id, old);
  assert.equal(seen?.outputs.values, old.outputs.values, "a refresh changes nothing of it");
  const made = await updated(task, old);
  assert.is(made.outputs.values["exitCode"], 0);
  assert.is(textOf(made.outputs.values, "output"), "whole\n");
  assert.is(await task.runs(), 1);
});

its.rule("a stop on request, then a delete: its container goes", async () => {
  const task = its.taskOf("sleep 60");
  const old = await stopped(task);
  await its.plugin.delete(task.urn, old);
  assert.is(await its.stateOf(old.id), undefined);
});

its.rule("a stop on request, then removed by hand: the next update runs it anew", async () => {
  const task = its.taskOf("sleep 2; echo whole");
  const old = await stopped(task);
  await containers.remove(old.id, { force: true });
  assert.is(
    await its.plugin.read(task.urn, old.id, old),
    undefined,
    "a refresh says that it is gone",
  );
  const made = await updated(task, old);
  assert.is(textOf(made.outputs.values, "output"), "whole\n");
  await its.nextRun();
  await its.plugin.delete(task.urn, made);
  assert.is(await its.stateOf(textOf(made.outputs.values, "containerId")), undefined);
});

const calls: readonly [string, (call: SeenCall) => boolean][] = [
  ["create", ({ method, path }) => method === "POST" && path === "/containers/create"],
  ["files", ({ method, path }) => method === "PUT" && path.endsWith("/archive")],
  ["start", ({ method, path }) => method === "POST" && path.endsWith("/start")],
];

const quick = () => its.taskOf("echo whole", { files: { "/etc/job": { content: "x" } } });

for (const [name, isIt] of calls) {
  for (const when of ["before", "after"] as const) {
    its.rule(`plugin killed ${when} the call that does "${name}": it is run once`, async () => {
      const task = quick();
      let hit = (): void => undefined;
      const reached = new Promise<void>((resolve) => {
        hit = resolve;
      });
      const proxy = await apiProxy(join(its.folder, `${name}-${when}.sock`), socketPath);
      proxy.judge = (call) =>
        isIt(call) ? { kind: "hold", when, reached: hit } : { kind: "pass" };
      const cut = await Plugin.start(its.bundle, { host: `unix://${proxy.socketPath}` });
      const making = refusal(cut.make(task.urn, task.declared));
      await reached;
      await cut.kill();
      await making;
      await proxy.close();
      const made = await its.plugin.make(task.urn, task.declared);
      assert.is(textOf(made.outputs.values, "output"), "whole\n");
      assert.is(await task.runs(), 1);
    });
  }
}

/** A proxy that breaks the connection of each start when what was started has long ended. */
async function losingStarts() {
  const path = join(its.folder, "losing.sock");
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

its.rule("the answer to its start is lost: it is not started a second time", async () => {
  const task = quick();
  const proxy = await losingStarts();
  const cut = await Plugin.start(its.bundle, { host: proxy.host });
  const made = await cut.make(task.urn, task.declared);
  assert.is(textOf(made.outputs.values, "output"), "whole\n");
  assert.equal([proxy.starts(), await task.runs()], [1, 1]);
  await cut.stop();
  proxy.close();
});

its.test.run();
