// Volumes through the real plugin on a real daemon: kept, taken back, driven out of their declaration;
// and a database that is destroyed and restored from its backup.
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { catalog } from "../../../../sdk/debian/catalog.ts";
import { backupVolume, restoreContainerName } from "../../../../sdk/docker/volume-backup.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { apiProxy } from "../../../support/apiproxy.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing, socketPath } from "../../docker/fixture.ts";
import { bundle, Plugin, type Recorded, refusal, textOf, until, urnOf } from "../plugin.ts";

const test = suite("provider/volume", { timeoutMs: 400_000 });
const lab = new Fixture("provider-volume");
const { volumes, containers } = lab.client;
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;
let folder = "";

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-volume-"));
  await lab.makeImage();
});
test.after(async () => {
  if (reason) return;
  const { images } = lab.client;
  for (const { RepoTags } of await images.list({ reference: [`dwtest/dev/${lab.prefix}*`] })) {
    for (const tag of RepoTags ?? []) await images.remove(tag, { force: true });
  }
  await built?.remove();
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

async function changesOf(urn: string, made: Recorded, declared: ValueMap) {
  const { inputs } = await plugin.check(urn, declared, made.inputs);
  return (await plugin.diff(urn, made, inputs)).changes;
}

const sh = (id: string, line: string) =>
  lab.client.exec.run(id, { cmd: ["/bin/busybox", "sh", "-c", line] });

/** A running container that has the volume at /data. */
const holder = (volume: string) =>
  lab.run({ HostConfig: { Mounts: [{ Type: "volume", Source: volume, Target: "/data" }] } });

async function makeVolume(more: ValueMap = {}): Promise<readonly [string, Recorded]> {
  const urn = urnOf("Volume", lab.name());
  return [urn, await plugin.make(urn, { name: lab.name(), ...more })];
}

const options: readonly [string, ValueMap, ValueMap, string][] = [
  ["labels", { labels: { "a.b": "1" } }, { labels: { "a.b": "2" } }, 'labels["a.b"]'],
  [
    "driverOptions",
    { driverOptions: { type: "tmpfs", device: "tmpfs", o: "size=1m" } },
    { driverOptions: { type: "tmpfs", device: "tmpfs", o: "size=2m" } },
    "driverOptions.o",
  ],
];
for (const [option, value, other, place] of options) {
  rule(`${option}: made, silent, changed, removed, imported`, async () => {
    const name = lab.name();
    const urn = urnOf("Volume", lab.name());
    const declared = { name, delete: true, ...value };
    const made = await plugin.make(urn, declared);
    assert.equal(await changesOf(urn, made, declared), {});
    const read = await plugin.read(urn, made.id, made);
    if (!read) throw new Error("gone");
    assert.equal(await changesOf(urn, read, declared), {});
    assert.equal(await changesOf(urn, read, { ...declared, ...other }), {
      [place]: "update_replace",
    });
    const removed = await changesOf(urn, read, { name, delete: true });
    assert.equal(removed, { [option]: "delete_replace" });
    const imported = await plugin.read(urn, made.id);
    assert.equal(imported?.inputs.values[option], value[option]);
    await nextRun();
    await plugin.delete(urn, made);
    assert.is(await volumes.inspect(name), undefined);
  });
}

rule("kept when the resource goes, and taken back with its data; gone is gone", async () => {
  const [urn, made] = await makeVolume();
  await nextRun();
  await plugin.delete(urn, made);
  await until("it is told", () =>
    plugin.lines.some(({ text }) => text.includes("kept the volume")),
  );
  assert.ok(await volumes.inspect(made.id));
  const again = await plugin.make(urn, { name: made.id });
  assert.is(again.id, made.id);
  await volumes.remove(made.id);
  assert.is(await plugin.read(urn, made.id, made), undefined);
});

rule(
  "one of the same name that is another's is refused, with the import that adopts it",
  async () => {
    const name = lab.name();
    await volumes.create({ Name: name });
    const error = await refusal(plugin.make(urnOf("Volume", "foreign"), { name }));
    assert.match(error, new RegExp(`volume "${name}" exists and was not made by this resource`));
    assert.match(error, new RegExp(`import option \\(id "${name}"\\)`));
  },
);

rule("a create whose answer has no labels, as after a restart of the daemon, is ours", async () => {
  const name = lab.name();
  const socket = join(folder, "labels.sock");
  const proxy = await apiProxy(socket, socketPath);
  const bare = { Name: name, Driver: "local", Mountpoint: "/none", Labels: null };
  proxy.judge = ({ method, path }) =>
    method === "POST" && path === "/volumes/create"
      ? { kind: "body", body: JSON.stringify(bare) }
      : { kind: "pass" };
  const run = await Plugin.start(built?.path ?? "", { host: `unix://${socket}` });
  try {
    const made = await run.make(urnOf("Volume", name), { name });
    assert.is(made.id, name);
  } finally {
    await run.stop();
    await proxy.close();
  }
});

for (const consistency of ["pause", "stop", "none"] as const) {
  rule(
    `backup by ${consistency}: all content with modes and owners, and the writer goes on`,
    async () => {
      const [, volume] = await makeVolume();
      const id = await holder(volume.id);
      await sh(
        id,
        "cd /data; /bin/busybox mkdir -p a/b; echo one >a/b/f; /bin/busybox ln -s f a/b/l",
      );
      await sh(id, "cd /data; /bin/busybox chown 33:44 a/b/f; /bin/busybox chmod 640 a/b/f");
      await sh(id, "/bin/busybox chown 70:71 /data; /bin/busybox chmod 2750 /data");
      const path = join(folder, `${consistency}.tar${consistency === "stop" ? ".gz" : ""}`);
      const states: string[] = [];
      const backup = await backupVolume(lab.client, volume.id, path, {
        consistency,
        onProgress: (text) => states.push(text),
      });
      assert.is((await stat(path)).mode & 0o777, 0o600);
      assert.is((await stat(path)).size, backup.sizeBytes);
      assert.is(
        states.some((text) => /^(paus|stopp)ing/.test(text)),
        consistency !== "none",
      );
      const state = (await containers.inspect(id))?.State;
      assert.equal([state?.Running, state?.Paused], [true, false]);
      const [, restored] = await makeVolume({ restoreFrom: path });
      const other = await holder(restored.id);
      const { stdout } = await sh(
        other,
        "cd /data; /bin/busybox stat -c '%n %a %u %g %N' . a/b/f a/b/l",
      );
      assert.match(stdout, /^\. 2750 70 71 /);
      assert.match(stdout, /a\/b\/f 640 33 44/);
      assert.match(stdout, /l' -> 'f'/);
      assert.is((await sh(other, "cat /data/a/b/f")).stdout, "one\n");
    },
  );
}

rule("VolumeBackup: taken once; again by a trigger or when the file is gone; kept", async () => {
  const [, volume] = await makeVolume();
  const id = await holder(volume.id);
  await sh(id, "echo 1 >/data/f");
  const urn = urnOf("VolumeBackup", lab.name());
  const path = join(folder, "declared.tar");
  const declared = { volume: volume.id, path };
  const made = await plugin.make(urn, declared);
  assert.equal(await changesOf(urn, made, declared), {});
  assert.ok(await plugin.read(urn, made.id, made));
  assert.equal(await changesOf(urn, made, { ...declared, triggers: { day: "2" } }), {
    triggers: "add_replace",
  });
  await rm(path);
  assert.is(await plugin.read(urn, made.id, made), undefined);
  const again = await plugin.make(urn, declared);
  await nextRun();
  await plugin.delete(urn, again);
  assert.ok(await stat(path));
  await plugin.delete(urn, { ...again, inputs: { ...declared, delete: true } });
  assert.not((await readdir(folder)).some((name) => name.startsWith("declared")));
});

rule(
  "a restore that was cut is done anew; what is no backup, or in the way, is refused",
  async () => {
    const [, volume] = await makeVolume();
    const id = await holder(volume.id);
    await sh(id, "echo whole >/data/f");
    const path = join(folder, "cut.tar");
    await backupVolume(lab.client, volume.id, path);
    const [urn, cut] = await makeVolume();
    const name = restoreContainerName(cut.id);
    await containers.create(name, {
      Image: lab.image,
      Labels: { "dockwright.restore": cut.id },
      HostConfig: { Mounts: [{ Type: "volume", Source: cut.id, Target: "/volume" }] },
    });
    const restored = await plugin.make(urn, { name: cut.id, restoreFrom: path });
    assert.is(await containers.inspect(name), undefined);
    assert.is((await sh(await holder(restored.id), "cat /data/f")).stdout, "whole\n");
    await writeFile(join(folder, "none.tar"), "no tar at all");
    const none = await refusal(makeVolume({ restoreFrom: join(folder, "none.tar") }));
    assert.match(none, /is no backup of a volume/);
    const bad = join(folder, "bad.tar.gz");
    await writeFile(bad, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    const badName = lab.name();
    await refusal(plugin.make(urnOf("Volume", lab.name()), { name: badName, restoreFrom: bad }));
    assert.is(await volumes.inspect(badName), undefined, "a failure leaves nothing");
  },
);

rule("a MariaDB is destroyed and restored from a backup that was taken while it ran", async () => {
  const imageUrn = urnOf("Image", lab.name());
  const image = await plugin.make(imageUrn, { debian: catalog.mariadb as unknown as ValueMap });
  const [, volume] = await makeVolume();
  const start = async (name: string) => {
    const id = await containers.create(lab.name(), {
      Image: textOf(image.outputs.values, "ref"),
      Env: ["MARIADB_DATABASE=shop"],
      HostConfig: { Mounts: [{ Type: "volume", Source: name, Target: "/var/lib/mysql" }] },
    });
    await containers.start(id);
    await until("the database answers", async () => (await sql(id, "SELECT 1")) === "1\n");
    return id;
  };
  const sql = async (id: string, statement: string) =>
    (await lab.client.exec.run(id, { cmd: ["mariadb", "-umysql", "-BN", "-e", statement] })).stdout;
  const first = await start(volume.id);
  await sql(first, "CREATE TABLE shop.t (n INT); INSERT INTO shop.t VALUES (1), (41)");
  const path = join(folder, "mariadb.tar.gz");
  const begun = performance.now();
  const { sizeBytes } = await backupVolume(lab.client, volume.id, path);
  const ms = Math.round(performance.now() - begun);
  process.stdout.write(`  MariaDB: ${sizeBytes} bytes of backup in ${ms} ms\n`);
  await containers.remove(first, { force: true });
  await volumes.remove(volume.id);
  const [, restored] = await makeVolume({ restoreFrom: path });
  const second = await start(restored.id);
  assert.is(await sql(second, "SELECT SUM(n) FROM shop.t"), "42\n");
});

test.run();
