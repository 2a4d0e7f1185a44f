// The plugin's process and its end: asked to stop, left by its engine, killed. No container that
// nobody knows of stays behind, and no process.
import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import { bundle, Plugin, refusal, textOf, until, urnOf } from "./plugin.ts";

const test = suite("provider/main");
const lab = new Fixture("provider-main");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;

test.before(async () => {
  if (reason) return;
  built = await bundle();
  await lab.makeImage();
});
test.after(async () => {
  await built?.remove();
  if (!reason) await lab.clean();
});

/** A rule, with a plugin that stands at the gate of a container which takes for ever to get ready. */
function rule(name: string, run: (gate: Gate) => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else
    test(name, async () => {
      const gate = await standAtGate();
      try {
        await run(gate);
      } finally {
        await gate.plugin.kill();
      }
    });
}

interface Gate {
  readonly plugin: Plugin;
  readonly urn: string;
  readonly name: string;
  /** What the engine is told in the end. */
  readonly said: Promise<string>;
}

function slow() {
  return { image: lab.image, ready: { runningMs: 300_000, timeoutMs: 300_000 } };
}

async function standAtGate(): Promise<Gate> {
  const plugin = await Plugin.start(built?.path ?? "");
  const urn = urnOf("Container", lab.name());
  const { inputs } = await plugin.check(urn, slow());
  const name = textOf(inputs.values, "name");
  const said = refusal(plugin.create(urn, inputs));
  said.catch(() => undefined);
  await until("the container runs", async () => {
    return (await lab.client.containers.inspect(name))?.State.Running === true;
  });
  return { plugin, urn, name, said };
}

/** Far longer than any of this takes, and far shorter than the gate. */
const soonMs = 30_000;

rule("Cancel at the gate: it returns soon, says so, and the container is removed", async (gate) => {
  const started = performance.now();
  await gate.plugin.cancel();
  const said = await gate.said;
  assert.ok(performance.now() - started < soonMs);
  assert.match(said, `the container "${gate.name}" was stopped on request before it was ready`);
  assert.match(said, "it was removed");
  assert.is(await lab.client.containers.inspect(gate.name), undefined);
  assert.is(gate.plugin.child.exitCode, null, "the plugin lives on until it is told to end");
});

rule("after a Cancel nothing new is begun", async (gate) => {
  await gate.plugin.cancel();
  await gate.said;
  const urn = urnOf("Container", lab.name());
  const { inputs } = await gate.plugin.check(urn, slow());
  await refusal(gate.plugin.create(urn, inputs));
  const found = await lab.client.containers.inspect(textOf(inputs.values, "name"));
  assert.is(found, undefined);
});

rule("the engine is gone (end of standard input): no container, no process", async (gate) => {
  gate.plugin.child.stdin?.end();
  assert.is(await gate.plugin.exited, 0);
  assert.is(await lab.client.containers.inspect(gate.name), undefined);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  rule(`${signal}: no container, no process`, async (gate) => {
    gate.plugin.child.kill(signal);
    assert.is(await gate.plugin.exited, 0);
    assert.is(await lab.client.containers.inspect(gate.name), undefined);
  });
}

rule("an idle plugin ends at once on SIGINT, as at the end of every run", async (gate) => {
  await gate.plugin.cancel();
  await gate.said;
  const started = performance.now();
  gate.plugin.child.kill("SIGINT");
  assert.is(await gate.plugin.exited, 0);
  // The engine waits 5 s before it kills.
  assert.ok(performance.now() - started < 5000);
});

rule("kill -9 in a create: the next run takes over what was left", async (gate) => {
  await gate.plugin.kill();
  const left = await lab.client.containers.inspect(gate.name);
  assert.ok(left?.State.Running, "the container was left behind");
  const next = await Plugin.start(built?.path ?? "");
  try {
    // Of the inputs, only what is changed in place may differ: the name is then the same.
    const made = await next.make(gate.urn, { ...slow(), ready: { runningMs: 1 } });
    assert.is(made.id, left.Id);
  } finally {
    await next.stop();
  }
});

test.run();
