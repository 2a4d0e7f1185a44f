// Tasks through the real plugin on a real daemon: what is recorded, what fails and how.
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { urnLabel } from "../../../../sdk/provider/names.ts";
import { type Given, refusal, textOf, urnOf } from "../plugin.ts";
import { TaskLab } from "./tasklab.ts";

const its = new TaskLab("task");
const { lab } = its;
const { containers } = lab.client;

its.rule("a task runs to its end: its exit code, times and output are recorded", async () => {
  const { urn, declared, runs } = its.taskOf("echo out; echo err >&2; echo end");
  const made = await its.plugin.make(urn, declared);
  const { values } = made.outputs;
  assert.is(values["exitCode"], 0);
  assert.equal(textOf(values, "output").split("\n").sort(), ["", "end", "err", "out"]);
  // Of one that ends at once, a busy daemon notes the start after the end.
  for (const name of ["startedAt", "finishedAt"]) {
    assert.ok(Date.now() - Date.parse(textOf(values, name)) < 300_000, name);
  }
  const kept = await containers.inspect(made.id);
  assert.is(kept?.State.Status, "exited", "its container is the record");
  assert.is(kept?.Config.Labels?.[urnLabel], urn);
  assert.is(kept?.HostConfig.RestartPolicy?.Name || "no", "no");
  assert.equal(kept?.Config.Healthcheck?.Test, ["NONE"]);
  assert.equal(await its.changesOf(urn, made, declared), {});
  assert.equal(await its.plugin.read(urn, made.id, made), {
    ...made,
    inputs: { values: made.inputs["values"], secrets: new Set() },
  });
  assert.is(await runs(), 1);
  await its.nextRun();
  await its.plugin.delete(urn, made);
  assert.is(await containers.inspect(made.id), undefined);
  await its.plugin.delete(urn, made);
  assert.is(await runs(), 1, "a delete runs nothing");
});

its.rule(
  "its container is removed by hand: the record stays, and nothing is run again",
  async () => {
    const { urn, declared, runs } = its.taskOf("/bin/busybox seq 1 40000");
    const made = await its.plugin.make(urn, declared);
    assert.match(textOf(made.outputs.values, "output"), /^\d+\n[\d\n]{60000,65536}\n40000\n$/);
    await containers.remove(made.id);
    const read = await its.plugin.read(urn, made.id, made);
    assert.equal(read?.outputs, made.outputs);
    assert.equal(await its.changesOf(urn, made, declared), {});
    assert.is(await runs(), 1);
  },
);

its.rule(
  "a preview says that it will run; a change of how it is watched runs nothing",
  async () => {
    const { urn, declared, runs } = its.taskOf("true");
    const { inputs } = await its.plugin.check(urn, declared);
    const said = () => its.plugin.lines.filter((line) => line.text.startsWith("will run once"));
    await its.plugin.create(urn, inputs, { preview: true });
    assert.is(said().length, 1);
    assert.match(said()[0]?.text ?? "", "will run once: /bin/sh -c echo");
    assert.is(await runs(), 0);
    const made = await its.plugin.create(urn, inputs);
    const later = { ...declared, timeoutMs: 5000, stopGraceMs: 1000 };
    assert.equal(await its.changesOf(urn, made, later), {
      stopGraceMs: "update",
      timeoutMs: "add",
    });
    const checked = await its.plugin.check(urn, later, made.inputs);
    await its.plugin.update(urn, made, checked.inputs, true);
    const updated = await its.plugin.update(urn, made, checked.inputs);
    assert.is(updated.outputs.values["finishedAt"], made.outputs.values["finishedAt"]);
    assert.is(said().length, 1);
    assert.is(await runs(), 1);
  },
);

its.rule("a trigger, or any other change, is another run beside the old container", async () => {
  const { urn, declared, runs } = its.taskOf("true");
  const made = await its.plugin.make(urn, declared);
  const again = { ...declared, triggers: ["2"] };
  assert.equal(await its.changesOf(urn, made, again), { triggers: "add_replace" });
  assert.equal(await its.changesOf(urn, made, { ...declared, memoryBytes: 33_554_432 }), {
    memoryBytes: "add_replace",
  });
  const { inputs } = await its.plugin.check(urn, again, made.inputs);
  const second = await its.plugin.create(urn, inputs);
  assert.is.not(second.id, made.id);
  assert.ok(await containers.inspect(made.id));
  assert.is(await runs(), 2);
});

its.rule("one that fails fails the update with its last lines, and is run again", async () => {
  const task = its.taskOf("echo line-one; echo line-two >&2; exit 3");
  const name = await its.nameFor(task);
  for (const times of [1, 2]) {
    const error = await refusal(its.plugin.make(task.urn, task.declared));
    assert.match(error, `the task "${name}" ended with exit code 3`);
    assert.match(error, "line-one");
    assert.match(error, "line-two");
    assert.match(error, "the next update runs it again");
    assert.is(await containers.inspect(name), undefined);
    assert.is(await task.runs(), times);
  }
});

its.rule("one that cannot be started is taken away, with the daemon's reason", async () => {
  const task = its.taskOf("true", { command: ["/no/such/program"], init: false });
  const error = await refusal(its.plugin.make(task.urn, task.declared));
  assert.match(error, /could not be started: [\s\S]*no such file/);
  assert.is(await containers.inspect(await its.nameFor(task)), undefined);
});

its.rule("one that takes too long is stopped, told, and taken away", async () => {
  const task = its.taskOf("echo so far; sleep 60", { timeoutMs: 1000 });
  const begun = performance.now();
  const error = await refusal(its.plugin.make(task.urn, task.declared));
  assert.match(error, /had not ended after 1 s, and was stopped[\s\S]*so far/);
  assert.ok(performance.now() - begun < 15_000);
  assert.is(await containers.inspect(await its.nameFor(task)), undefined);
});

its.rule(
  "secrets are in no output, line or inspection, and leave memory with its end",
  async () => {
    const file = "the-secret-of-the-file";
    const word = "the-secret-of-the-word";
    const task = its.taskOf("cat /run/secrets/token; echo; echo $WORD; exit $CODE");
    const values = (code: string): Given => ({
      values: { ...task.declared, secrets: { token: file }, env: { WORD: word, CODE: code } },
      secrets: new Set(["secrets.token", "env.WORD"]),
    });
    const made = await its.plugin.make(task.urn, values("0"));
    assert.is(textOf(made.outputs.values, "output"), "[secret]\n[secret]\n");
    assert.ok([...made.outputs.secrets].includes("env.WORD"));
    const inspected = await containers.inspect(made.id);
    assert.not.match(JSON.stringify(inspected), file);
    const source = inspected?.HostConfig.Mounts?.find(({ Target }) => Target === "/run/secrets");
    assert.ok(source?.Source);
    assert.not(existsSync(join(source.Source, "token")));
    const error = await refusal(its.plugin.make(task.urn, values("4")));
    assert.match(error, /exit code 4[\s\S]*\[secret\]/);
    const said = JSON.stringify([its.plugin.lines, its.plugin.stderr, error]);
    for (const secret of [file, word]) assert.not.match(said, secret);
  },
);

its.rule("files and all networks are there before it starts", async () => {
  const [one, two] = [lab.name(), lab.name()];
  for (const Name of [one, two]) await lab.client.networks.create({ Name });
  const task = its.taskOf("cat /etc/job; /bin/busybox ls /sys/class/net", {
    files: { "/etc/job": { content: "the job\n" } },
    networks: [{ network: one }, { network: two }],
  });
  const made = await its.plugin.make(task.urn, task.declared);
  const output = textOf(made.outputs.values, "output");
  assert.match(output, "the job\n");
  assert.match(output, /eth0[\s\S]*eth1/);
});

its.rule("an import is refused, and so is a container of another stack", async () => {
  const task = its.taskOf("true");
  assert.match(await refusal(its.plugin.read(task.urn, "anything")), "a task cannot be imported");
  const name = await its.nameFor(task);
  await containers.create(name, { Image: lab.image, Labels: { [urnLabel]: urnOf("Task", "x") } });
  const error = await refusal(its.plugin.make(task.urn, task.declared));
  assert.match(error, `the container "${name}" exists and was not made by this resource`);
  assert.not.match(error, "import");
  assert.is((await its.stateOf(name))?.Status, "created");
});

its.test.run();
