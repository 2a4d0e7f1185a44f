// A container's life through the real plugin, against a real daemon: made, looked at, changed,
// adopted, refused, deleted. Gates are in gate.integration.test.ts.
import * as assert from "uvu/assert";
import { urnLabel } from "../../../../sdk/provider/names.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin, type Recorded, refusal, textOf, urnOf } from "../plugin.ts";

const test = suite("provider/container");
const lab = new Fixture("provider-container");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;

test.before(async () => {
  if (reason) return;
  built = await bundle();
  await lab.makeImage();
});
test.after(async () => {
  await built?.remove();
  if (!reason) await lab.clean();
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

/** The next run of the engine. */
async function nextRun(): Promise<void> {
  await plugin.stop();
  plugin = await Plugin.start(built?.path ?? "");
}

function quick(more: Record<string, never> | object = {}) {
  return { image: lab.image, ready: { runningMs: 1 }, stopGraceMs: 0, init: true, ...more };
}

async function inspect(id: string) {
  const found = await lab.client.containers.inspect(id);
  if (!found) throw new Error(`there is no container ${id}`);
  return found;
}

/** What the next `up` with the same program would show. */
async function changesOf(urn: string, made: Recorded, declared: object) {
  const { inputs } = await plugin.check(urn, { ...declared }, made.inputs);
  return (await plugin.diff(urn, made, inputs)).changes;
}

rule("a container is made, looked at, and deleted; gone is gone", async () => {
  const urn = urnOf("Container", lab.name());
  const made = await plugin.make(urn, quick());
  const { values } = made.outputs;
  assert.is(values["running"], true);
  assert.is(values["containerId"], made.id);
  assert.is((await inspect(made.id)).Config.Labels?.[urnLabel], urn);
  const read = await plugin.read(urn, made.id, made);
  assert.equal(read?.outputs, made.outputs);
  assert.equal(await changesOf(urn, made, quick()), {});
  await nextRun();
  await plugin.delete(urn, made);
  assert.is(await lab.client.containers.inspect(made.id), undefined);
  await plugin.delete(urn, made);
  assert.is(await plugin.read(urn, made.id, made), undefined);
});

rule("an option that changes what runs replaces it under a new name", async () => {
  const urn = urnOf("Container", lab.name());
  const made = await plugin.make(urn, quick({ env: { A: "1" } }));
  const { inputs } = await plugin.check(urn, quick({ env: { A: "2" } }), made.inputs);
  const { changes, deleteBeforeReplace } = await plugin.diff(urn, made, inputs);
  assert.equal(changes, { "env.A": "update_replace" });
  assert.is(deleteBeforeReplace, false);
  const next = await plugin.make(urn, quick({ env: { A: "2" } }));
  assert.is.not(next.outputs.values["name"], made.outputs.values["name"]);
  await plugin.delete(urn, made);
  assert.is(await lab.client.containers.inspect(made.id), undefined);
  assert.ok((await inspect(next.id)).State.Running);
});

rule("an update in place keeps the name, so that what runs is not replaced", async () => {
  const urn = urnOf("Container", "web");
  const before = (await plugin.check(urn, quick())).inputs;
  const after = (await plugin.check(urn, quick({ restart: "always" }), before)).inputs;
  assert.is(after.values["name"], before.values["name"]);
});

rule("restart and ready change in place", async () => {
  const urn = urnOf("Container", lab.name());
  const made = await plugin.make(urn, quick());
  const declared = quick({ restart: "always", ready: { runningMs: 2 } });
  const { inputs } = await plugin.check(urn, declared, made.inputs);
  assert.equal((await plugin.diff(urn, made, inputs)).changes, {
    "ready.runningMs": "update",
    restart: "add",
  });
  const planned = await plugin.update(urn, made, inputs, true);
  assert.is(planned.outputs.values["restart"], "always");
  assert.is(planned.outputs.values["containerId"], made.id);
  const updated = await plugin.update(urn, made, inputs);
  assert.is(updated.outputs.values["restart"], "always");
  assert.is((await inspect(made.id)).HostConfig.RestartPolicy?.Name, "always");
  const read = await plugin.read(urn, made.id, updated);
  assert.equal(read?.inputs.values, inputs.values);
});

rule("stopped by hand: Read says so, Diff updates `running`, Update starts it", async () => {
  const urn = urnOf("Container", lab.name());
  const made = await plugin.make(urn, quick());
  await lab.client.containers.stop(made.id, { graceMs: 0 });
  const read = await plugin.read(urn, made.id, made);
  assert.ok(read);
  assert.is(read.outputs.values["running"], false);
  assert.equal(await changesOf(urn, read, quick()), { running: "update" });
  const { inputs } = await plugin.check(urn, quick(), read.inputs);
  const planned = await plugin.update(urn, read, inputs, true);
  assert.is(planned.outputs.values["running"], true);
  const updated = await plugin.update(urn, read, inputs);
  assert.is(updated.outputs.values["running"], true);
  assert.ok((await inspect(made.id)).State.Running);
});

rule("a container of somebody else is refused by name with the fix, and left alone", async () => {
  const name = lab.name();
  const id = await lab.client.containers.create(name, { Image: lab.image });
  const said = await refusal(plugin.make(urnOf("Container", "web"), quick({ name })));
  assert.match(said, `the container "${name}" exists and was not made by this resource`);
  assert.match(said, `fix: adopt it with the import option (id "${name}")`);
  assert.is((await inspect(id)).State.Status, "created");
});

rule("a name that begins another container's id is free", async () => {
  const other = await lab.client.containers.create(lab.name(), { Image: lab.image });
  const name = other.slice(0, 14);
  try {
    const made = await plugin.make(urnOf("Container", "web"), quick({ name }));
    assert.is.not(made.id, other);
    assert.is((await inspect(made.id)).Name, `/${name}`);
    await lab.client.containers.remove(made.id, { force: true });
  } finally {
    await lab.client.containers.remove(other, { force: true });
  }
});

/** What a killed plugin may have left: our container, with our name and label, so far done. */
async function leaveBehind(urn: string, started: boolean, declared: object) {
  const { inputs } = await plugin.check(urn, { ...declared });
  const id = await lab.client.containers.create(textOf(inputs.values, "name"), {
    Image: lab.image,
    Labels: { [urnLabel]: urn },
    HostConfig: { Init: true },
  });
  if (started) await lab.client.containers.start(id);
  return { id, inputs };
}

rule(
  "its own container that was created and not started is finished: files, then start",
  async () => {
    const urn = urnOf("Container", lab.name());
    const declared = quick({ files: { "/etc/motd": { content: "hello" } }, restart: "always" });
    const left = await leaveBehind(urn, false, declared);
    const made = await plugin.create(urn, left.inputs);
    assert.is(made.id, left.id);
    const found = await inspect(left.id);
    assert.ok(found.State.Running);
    assert.is(found.HostConfig.RestartPolicy?.Name, "always");
    const { stdout } = await lab.client.exec.run(left.id, {
      cmd: ["/bin/busybox", "cat", "/etc/motd"],
    });
    assert.is(stdout, "hello");
  },
);

rule("its own container that runs is taken as it is", async () => {
  const urn = urnOf("Container", lab.name());
  const left = await leaveBehind(urn, true, quick());
  const { StartedAt } = (await inspect(left.id)).State;
  const made = await plugin.create(urn, left.inputs);
  assert.is(made.id, left.id);
  assert.is((await inspect(left.id)).State.StartedAt, StartedAt);
});

rule(
  "a revert takes the old container back, and the delete of its old record is skipped",
  async () => {
    const urn = urnOf("Container", lab.name());
    const first = await plugin.make(urn, quick({ env: { A: "1" } }));
    const second = await plugin.make(urn, quick({ env: { A: "2" } }));
    await nextRun();
    await changesOf(urn, second, quick({ env: { A: "1" } }));
    const back = await plugin.make(urn, quick({ env: { A: "1" } }));
    assert.is(back.id, first.id);
    await plugin.delete(urn, first);
    await plugin.delete(urn, second);
    assert.ok((await inspect(first.id)).State.Running);
    assert.is(await lab.client.containers.inspect(second.id), undefined);
  },
);

rule("--replace makes another container although nothing changed", async () => {
  const urn = urnOf("Container", lab.name());
  const made = await plugin.make(urn, quick());
  await nextRun();
  assert.equal(await changesOf(urn, made, quick()), {});
  const next = await plugin.make(urn, quick());
  assert.is.not(next.id, made.id);
  await plugin.delete(urn, made);
  assert.is(await lab.client.containers.inspect(made.id), undefined);
});

rule("a fixed host port, or a name of one's own: the old container goes first", async () => {
  const urn = urnOf("Container", "fixed");
  const cases = [
    [{ ports: [{ containerPort: 80, hostPort: 8080 }] }, { env: { A: "1" } }, true],
    [{ name: "mine" }, { env: { A: "1" } }, true],
    [{ ports: [{ containerPort: 80 }] }, { env: { A: "1" } }, false],
    [{ ports: [{ containerPort: 80, hostPort: 8080 }] }, { ports: [] }, false],
  ] as const;
  for (const [before, change, first] of cases) {
    const olds = (await plugin.check(urn, quick(before))).inputs;
    const { inputs } = await plugin.check(urn, quick({ ...before, ...change }), olds);
    const old = {
      id: "x",
      inputs: olds,
      outputs: { values: { running: true }, secrets: new Set<string>() },
    };
    const { deleteBeforeReplace } = await plugin.diff(urn, old, inputs);
    assert.is(deleteBeforeReplace, first, JSON.stringify(before));
  }
});

const many = {
  command: ["/bin/busybox", "sleep", "601"],
  env: { A: "1", B: "two words" },
  workingDir: "/tmp",
  user: "0:0",
  hostname: "many",
  stopSignal: "SIGQUIT",
  labels: { "com.example.a": "1" },
  dns: ["192.0.2.53"],
  extraHosts: { db: "192.0.2.7" },
  healthCheck: { test: ["CMD", "/bin/busybox", "true"], intervalMs: 500, retries: 2 },
  memoryBytes: 64 * 1024 * 1024,
  cpus: 0.3,
  pidsLimit: 50,
  capDrop: ["ALL"],
  capAdd: ["NET_BIND_SERVICE", "CHOWN"],
  securityOpt: ["no-new-privileges:true"],
  readOnly: true,
  sysctls: { "net.ipv4.ip_unprivileged_port_start": "80" },
  restart: "unless-stopped",
  tmpfs: { "/run": "mode=0755" },
};

async function manyOptions() {
  const networks = [lab.name(), lab.name()].reverse();
  for (const Name of networks) await lab.client.networks.create({ Name });
  const volume = lab.name();
  await lab.client.volumes.create({ Name: volume });
  return quick({
    ...many,
    name: lab.name(),
    networks: networks.map((network, index) => ({ network, aliases: [`alias-${index}`] })),
    ports: [{ containerPort: 53, protocol: "udp", hostIp: "127.0.0.1" }, { containerPort: 80 }],
    mounts: [
      { source: volume, target: "/data", readOnly: true },
      { type: "bind", source: "/tmp", target: "/host" },
    ],
  });
}

rule("with many options: refresh, then Check and Diff find nothing", async () => {
  const urn = urnOf("Container", lab.name());
  const declared = await manyOptions();
  const made = await plugin.make(urn, declared);
  const read = await plugin.read(urn, made.id, made);
  assert.ok(read);
  assert.equal(read.inputs.values, (made.inputs as typeof read.inputs).values);
  assert.equal(await changesOf(urn, read, declared), {});
});

rule("with many options: import, then Check and Diff find nothing", async () => {
  const urn = urnOf("Container", lab.name());
  const declared = await manyOptions();
  const made = await plugin.make(urn, declared);
  const read = await plugin.read(urn, made.id);
  assert.ok(read);
  // What only the update uses stands nowhere in the real container: it is added in place.
  const { inputs } = await plugin.check(urn, { ...declared }, read.inputs);
  assert.equal((await plugin.diff(urn, read, inputs)).changes, {
    ready: "add",
  });
});

rule("options said as they are by default are no drift", async () => {
  const urn = urnOf("Container", lab.name());
  const network = lab.name();
  await lab.client.networks.create({ Name: network });
  const declared = quick({
    env: { PATH: "/bin" },
    command: ["/bin/busybox", "sleep", "600"],
    labels: {},
    networks: [{ network, aliases: [] }],
    ports: [],
    mounts: [],
    privileged: false,
    readOnly: false,
    restart: "no",
    capAdd: [],
    healthCheck: { test: ["NONE"], retries: 0, startPeriodMs: 0 },
    cpus: 1 / 3,
  });
  const made = await plugin.make(urn, declared);
  const read = await plugin.read(urn, made.id, made);
  assert.ok(read);
  assert.equal(await changesOf(urn, read, declared), {});
});

rule("a privileged container on the host's network is imported as it is declared", async () => {
  const urn = urnOf("Container", lab.name());
  const declared = { name: lab.name(), image: lab.image, privileged: true, networkMode: "host" };
  // Not started: a test may run where nothing can be given privileges.
  const id = await lab.client.containers.create(declared.name, {
    Image: lab.image,
    HostConfig: { Privileged: true, NetworkMode: "host" },
  });
  const read = await plugin.read(urn, id);
  assert.ok(read);
  assert.equal(await changesOf(urn, read, declared), { running: "update" });
});

rule("files of a read-only container arrive, with mode and owner", async () => {
  const urn = urnOf("Container", lab.name());
  const files = { "/etc/app/secret": { content: "s3cr3t-value", mode: 0o400, uid: 7, gid: 8 } };
  const made = await plugin.make(urn, quick({ readOnly: true, files }));
  const { stdout } = await lab.client.exec.run(made.id, {
    cmd: ["/bin/busybox", "stat", "-c", "%a %u %g %s", "/etc/app/secret"],
  });
  assert.is(stdout.trim(), "400 7 8 12");
  const read = await plugin.read(urn, made.id, made);
  assert.ok(read);
  assert.equal(await changesOf(urn, read, quick({ readOnly: true, files })), {});
});

test.run();
