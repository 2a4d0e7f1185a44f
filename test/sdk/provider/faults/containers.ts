// The faults about containers, absent.
import * as assert from "uvu/assert";
import { refusal } from "../plugin.ts";
import type { FaultRow, FaultSite } from "./site.ts";

const test = ["CMD", "/bin/busybox", "true"];
const mib = 1024 * 1024;

/** Declared so, it is silent. */
function quiet(kind: number | undefined, rule: string, more: object): FaultRow {
  return {
    ...(kind === undefined ? {} : { kind }),
    rule: `${rule}: no change in the second preview, nor after a refresh`,
    run: async (site) => {
      await site.silent(more);
    },
  };
}

/** Refused by a check, at these places. */
function refused(kind: number | undefined, rule: string, more: object, at: string): FaultRow {
  return {
    ...(kind === undefined ? {} : { kind }),
    rule: `${rule}: refused at ${at}`,
    run: async (site) => {
      assert.equal(await site.refused(site.container(more)), [at]);
    },
  };
}

/** A change of this kind shows so. */
function shown(kind: number | undefined, before: object, after: object, places: object): FaultRow {
  return {
    ...(kind === undefined ? {} : { kind }),
    rule: `${JSON.stringify(before)} becoming ${JSON.stringify(after)} shows ${JSON.stringify(places)}`,
    run: async (site) => {
      assert.equal((await site.change(before, after)).changes, places);
    },
  };
}

const replaced = "update_replace";
const dropped = "delete_replace";

const changes: readonly FaultRow[] = [
  shown(
    1,
    { healthCheck: { test, retries: 2 } },
    { healthCheck: { test, retries: 3 } },
    { "healthCheck.retries": replaced },
  ),
  shown(1, { healthCheck: { test } }, {}, { healthCheck: dropped }),
  shown(undefined, { env: { A: "1" }, labels: { a: "1" } }, {}, { env: dropped, labels: dropped }),
  shown(
    undefined,
    { command: ["a"], entrypoint: ["b"] },
    {},
    { command: dropped, entrypoint: dropped },
  ),
  shown(undefined, { user: "1", workingDir: "/tmp" }, {}, { user: dropped, workingDir: dropped }),
  shown(
    undefined,
    { hostname: "a", stopSignal: "SIGINT", runtime: "runc" },
    {},
    { hostname: dropped, stopSignal: dropped, runtime: dropped },
  ),
  shown(
    undefined,
    { shmSizeBytes: 8 * mib, securityOpt: ["label=disable"], ipcMode: "none" },
    {},
    { shmSizeBytes: dropped, securityOpt: dropped, ipcMode: dropped },
  ),
  shown(undefined, { logging: { driver: "none" } }, {}, { logging: dropped }),
  shown(
    undefined,
    { tmpfs: { "/a": "size=1m" } },
    { tmpfs: { "/a": "size=2m" } },
    { 'tmpfs["/a"]': replaced },
  ),
  shown(
    undefined,
    { cpuPeriodUs: 1000, cpuQuotaUs: 1000 },
    { cpuPeriodUs: 2000, cpuQuotaUs: 1000 },
    { cpuPeriodUs: "update" },
  ),
  shown(
    undefined,
    { memoryBytes: 8 * mib, cpuShares: 10, cpusetCpus: "0" },
    {},
    { memoryBytes: dropped, cpuShares: dropped, cpusetCpus: dropped },
  ),
];

const forms: readonly FaultRow[] = [
  quiet(2, "ports in any order, some left to the daemon", {
    ports: [
      { containerPort: 82 },
      { containerPort: 80, hostIp: "127.0.0.1" },
      { containerPort: 81 },
    ],
  }),
  quiet(2, "one port of the container at several of the host", {
    publish: ["127.0.0.1::80", "127.0.0.2::80", "80"],
  }),
  refused(
    2,
    'a protocol in capitals, which would read back as "tcp"',
    { ports: [{ containerPort: 80, protocol: "TCP" }] },
    "ports[0].protocol",
  ),
  refused(
    2,
    "an empty address, which would read back as two",
    { ports: [{ containerPort: 80, hostIp: "" }] },
    "ports[0].hostIp",
  ),
  refused(
    2,
    "ports on the host's network",
    { networkMode: "host", ports: [{ containerPort: 80 }] },
    "ports",
  ),
  quiet(3, "what the image gives, declared as well", {
    env: { PATH: "/bin" },
    command: ["/bin/busybox", "sleep", "600"],
    workingDir: "",
    user: "",
  }),
  quiet(undefined, "whole processors", { cpus: 1 }),
  quiet(undefined, "a small part of a processor", { cpus: 0.05 }),
  quiet(undefined, "memory, and nothing said of swap", { memoryBytes: 64 * mib }),
  refused(
    undefined,
    "a /dev/shm of 0, which would read back as 64 MiB",
    { shmSizeBytes: 0 },
    "shmSizeBytes",
  ),
  refused(
    undefined,
    "a capability that would read back in another form",
    { capAdd: ["CAP_NET_ADMIN"] },
    "capAdd",
  ),
  quiet(undefined, "a capability", { capAdd: ["NET_ADMIN"] }),
  quiet(undefined, "an IPv6 address by name", { extraHosts: { six: "fd00::1:2" } }),
  quiet(undefined, "systempaths=unconfined", { securityOpt: ["systempaths=unconfined"] }),
  quiet(25, "a range of ports", { publish: ["127.0.0.1:32301-32330:90", "9000-9003"] }),
  quiet(25, "files with owner and mode, empty ones too, in a read-only root", {
    readOnly: true,
    files: { "/etc/a/b": { content: "", mode: 0o640, uid: 7, gid: 8 } },
  }),
];

/** Whether an old container and its successor can be there together. */
function order(rule: string, more: object, oldFirst: boolean): FaultRow {
  return {
    kind: 7,
    rule: `${rule}: the old one goes ${oldFirst ? "first" : "last"}`,
    run: async (site) => {
      const diff = await site.change({ ...more, env: { A: "1" } }, { ...more, env: { A: "2" } });
      assert.is(diff.deleteBeforeReplace, oldFirst);
    },
  };
}

async function stoppedWithPorts(site: FaultSite): Promise<void> {
  const urn = site.urn();
  const program = site.container({ ports: [{ containerPort: 80 }] });
  const made = await site.plugin.make(urn, program);
  await site.lab.client.containers.stop(made.id, { graceMs: 0 });
  const seen = await site.reread(urn, made);
  assert.equal(await site.places(urn, seen, program), { running: "update" });
}

async function failedSuccessor(site: FaultSite): Promise<void> {
  const urn = site.urn();
  const old = await site.plugin.make(urn, site.container());
  // It is refused as soon as it has ended, and has all this time to end.
  const ready = { runningMs: 20_000 };
  const bad = site.container({ command: ["/bin/busybox", "false"], ready });
  assert.match(await refusal(site.plugin.make(urn, bad)), "exited with code 1");
  const found = await site.lab.client.containers.inspect(old.id);
  assert.ok(found?.State.Running, "the old one serves on");
}

async function withoutDaemon(site: FaultSite): Promise<void> {
  const away = await site.start({ host: "unix:///nonexistent/docker.sock" });
  try {
    const urn = site.urn();
    const { inputs, failures } = await away.check(urn, site.container({ annotations: { a: "1" } }));
    assert.equal(failures, []);
    const planned = await away.create(urn, inputs, { preview: true });
    assert.is(planned.outputs.values["running"], true);
    assert.match(await refusal(away.create(urn, inputs)), "/nonexistent/docker.sock");
  } finally {
    await away.stop();
  }
}

/** A process that ends on SIGTERM, and writes that down where it is seen afterwards. */
async function endsWithGrace(site: FaultSite): Promise<void> {
  const volume = site.lab.name();
  await site.lab.client.volumes.create({ Name: volume });
  const line = "trap 'sleep 1; echo ended > /data/end; exit 0' TERM; while :; do sleep 0.1; done";
  const urn = site.urn();
  const { stopGraceMs: _, ...rest } = site.container({
    command: ["/bin/busybox", "sh", "-c", line],
    mounts: [{ source: volume, target: "/data" }],
    ready: { runningMs: 500 },
    init: false,
  }) as { readonly [name: string]: never };
  const made = await site.plugin.make(urn, rest);
  const later = await site.start();
  await later.delete(urn, made);
  await later.stop();
  const check = ["/bin/busybox", "sh", "-c", "cat /data/end; sleep 60"];
  const reader = await site.lab.run({ Cmd: check, HostConfig: { Binds: [`${volume}:/data`] } });
  const seen = await site.lab.client.exec.run(reader, {
    cmd: ["/bin/busybox", "cat", "/data/end"],
  });
  assert.is(seen.stdout.trim(), "ended");
}

async function onItsNetworksOnly(site: FaultSite): Promise<void> {
  const network = site.lab.name();
  await site.lab.client.networks.create({ Name: network });
  const made = await site.silent({ networks: [{ network }] });
  const found = await site.lab.client.containers.inspect(made.id);
  assert.equal(Object.keys(found?.NetworkSettings.Networks ?? {}), [network]);
}

async function aMissingNetwork(site: FaultSite): Promise<void> {
  const urn = site.urn();
  const program = site.container({ networks: [{ network: `${site.lab.prefix}-none` }] });
  assert.match(await refusal(site.plugin.make(urn, program)), /-none.* not found/);
  const name = urn.split("::").at(-1) ?? "";
  const left = await site.lab.client.containers.list({ all: true, filters: { name: [name] } });
  assert.equal(left, [], "nothing is left of it");
}

async function raisedMemory(site: FaultSite): Promise<void> {
  const urn = site.urn();
  const made = await site.plugin.make(urn, site.container({ memoryBytes: 32 * mib }));
  const more = site.container({ memoryBytes: 64 * mib });
  const { inputs } = await site.plugin.check(urn, more, made.inputs);
  const updated = await site.plugin.update(urn, made, inputs);
  const found = await site.lab.client.containers.inspect(made.id);
  assert.is(found?.HostConfig.Memory, 64 * mib);
  assert.is(updated.outputs.values["memoryBytes"], 64 * mib);
}

async function keptVolumes(site: FaultSite): Promise<void> {
  const urn = site.urn();
  const program = site.container({ anonymousVolumes: ["/data"], removeVolumes: false });
  const made = await site.plugin.make(urn, program);
  const found = await site.lab.client.containers.inspect(made.id);
  const volume = found?.Mounts[0]?.Name ?? "";
  const later = await site.start();
  await later.delete(urn, made);
  await later.stop();
  assert.ok(await site.lab.client.volumes.inspect(volume));
  await site.lab.client.volumes.remove(volume);
}

async function importByName(site: FaultSite): Promise<void> {
  const name = site.lab.name();
  const urn = site.urn();
  const program = site.container({ name, env: { A: "1" }, labels: { a: "1" }, publish: ["80"] });
  await site.plugin.make(urn, program);
  const seen = await site.plugin.read(urn, name);
  assert.ok(seen);
  assert.equal(await site.places(urn, seen, program), { ready: "add" });
}

const lives: readonly FaultRow[] = [
  order("a fixed port of the host", { publish: ["32399:80"] }, true),
  order("a name of one's own", { name: "mine" }, true),
  order("a fixed address", { networks: [{ network: "a", ipv4Address: "10.9.9.9" }] }, true),
  order("ports that the daemon chooses", { publish: ["80", "32400-32410:81"] }, false),
  {
    kind: 2,
    rule: "a stopped container with ports is started, not replaced",
    run: stoppedWithPorts,
  },
  {
    kind: 8,
    rule: "a successor that does not get ready leaves the old one running",
    run: failedSuccessor,
  },
  {
    kind: 12,
    rule: "check, diff and preview need no daemon; an update names it",
    run: withoutDaemon,
  },
  { kind: 22, rule: "without a word about it, the process has its grace", run: endsWithGrace },
  { kind: 23, rule: "anonymous volumes stay where it is asked for", run: keptVolumes },
  {
    kind: 25,
    rule: "an import by name, and then the program: nothing to replace",
    run: importByName,
  },
  { rule: "on networks of one's own it is on no other", run: onItsNetworksOnly },
  { rule: "a network that is not there fails, and leaves no container", run: aMissingNetwork },
  { rule: "more memory, and nothing said of swap, is taken in place", run: raisedMemory },
];

export const containerRows: readonly FaultRow[] = [...changes, ...forms, ...lives];
