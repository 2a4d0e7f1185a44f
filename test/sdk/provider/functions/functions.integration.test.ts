// Every function of the plugin, called over its own protocol, on a real daemon.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as assert from "uvu/assert";
import type { ContainerStats } from "../../../../sdk/docker/readouts.ts";
import { functions } from "../../../../sdk/provider/functions/all.ts";
import { cpuPercent, memoryUsed } from "../../../../sdk/provider/functions/container.ts";
import { unknown, type ValueMap } from "../../../../sdk/provider/values.ts";
import { noProperties } from "../../../../sdk/provider/wire.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin, refusal, textOf, until, urnOf } from "../plugin.ts";
import { fromStruct, toStruct } from "../structs.ts";

const test = suite("provider/functions");
const lab = new Fixture("provider-functions");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;
let folder = "";
let container = "";
let network = "";
let volume = "";
const called = new Set<string>();

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-functions-"));
  plugin = await Plugin.start(built.path);
  await lab.makeImage();
  network = lab.name();
  await lab.client.networks.create({ Name: network, Labels: { l: "v" } });
  volume = (await lab.client.volumes.create({ Name: lab.name() })).Name;
  container = await lab.run({
    Cmd: ["/bin/busybox", "sh", "-c", "echo out; echo err >&2; exec sleep 600"],
    Env: ["TOKEN=very-secret"],
    ExposedPorts: { "80/tcp": {} },
    HostConfig: {
      NetworkMode: network,
      PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
      Mounts: [{ Type: "volume", Source: volume, Target: "/data" }],
    },
  });
});
test.after(async () => {
  if (reason) return;
  await plugin.stop();
  await built?.remove();
  await rm(folder, { recursive: true });
  await lab.clean();
});

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

async function invoke(name: string, args: ValueMap, preview = false) {
  called.add(name);
  const request = new messages.InvokeRequest();
  request.setTok(`dockwright:index:${name}`);
  request.setArgs(toStruct({ values: args, secrets: new Set() }));
  request.setPreview(preview);
  const answer = await plugin.call<messages.InvokeResponse>("invoke", request);
  const failures = answer.getFailuresList().map((failure) => failure.getProperty());
  const { values, secrets } = fromStruct(answer.getReturn()) ?? noProperties;
  return { values, secrets, failures };
}

rule("getContainer: state, networks, ports; the environment is secret", async () => {
  const { values, secrets } = await invoke("getContainer", { container });
  assert.is(values["exists"], true);
  assert.is(values["containerId"], container);
  assert.equal([values["status"], values["running"], values["health"]], ["running", true, "none"]);
  const [attached] = values["networks"] as readonly ValueMap[];
  assert.is(attached?.["network"], network);
  const [port] = values["ports"] as readonly ValueMap[];
  assert.equal([port?.["containerPort"], port?.["hostIp"]], ["80/tcp", "127.0.0.1"]);
  assert.equal([...secrets], []);
  assert.not.match(JSON.stringify(values), /very-secret/);
  const whole = await invoke("inspectContainer", { container });
  assert.equal([...whole.secrets], ["inspection"]);
  assert.match(textOf(whole.values, "inspection"), /very-secret/);
});

rule("what is not there is a value, and no error", async () => {
  const args = { container: "dwtest-none", image: "dwtest/none:1", network: "dwtest-none" };
  for (const [name, input] of [
    ["getContainer", { container: args.container }],
    ["inspectContainer", { container: args.container }],
    ["getImage", { image: args.image }],
    ["getNetwork", { network: args.network }],
    ["getVolume", { volume: "dwtest-none" }],
  ] as const) {
    assert.equal((await invoke(name, input)).values, { exists: false }, name);
  }
  assert.match(await refusal(invoke("getLogs", { container: "dwtest-none" })), /dwtest-none/);
});

rule("getImage: the same id by tag, by id and by its beginning", async () => {
  const byTag = (await invoke("getImage", { image: lab.image })).values;
  const id = textOf(byTag, "imageId");
  assert.match(id, /^sha256:[0-9a-f]{64}$/);
  assert.equal((await invoke("getImage", { image: id })).values, byTag);
  assert.equal((await invoke("getImage", { image: id.slice(7, 19) })).values, byTag);
  assert.equal(byTag["command"], ["/bin/busybox", "sleep", "600"]);
  assert.ok((byTag["tags"] as readonly string[]).includes(lab.image));
});

rule("getImageHistory, getNetwork and getVolume", async () => {
  const { steps } = (await invoke("getImageHistory", { image: lab.image })).values;
  assert.ok(Number((steps as readonly ValueMap[])[0]?.["sizeBytes"]) > 0);
  const net = (await invoke("getNetwork", { network })).values;
  assert.equal([net["name"], net["driver"], net["internal"]], [network, "bridge", false]);
  assert.equal(net["labels"], { l: "v" });
  assert.is(Object.keys(net["containers"] as object).length, 1);
  const data = (await invoke("getVolume", { volume })).values;
  assert.is(data["driver"], "local");
  assert.is((data["containers"] as readonly string[]).length, 1);
});

rule("getLogs: both streams, the last lines, since a time", async () => {
  const { values } = await invoke("getLogs", { container });
  assert.equal(textOf(values, "text").trim().split("\n").sort(), ["err", "out"]);
  const last = await invoke("getLogs", { container, tail: 1, timestamps: true });
  assert.match(textOf(last.values, "text"), /^\d{4}-\d\d-\d\dT\S+ (err|out)\n$/);
  const since = new Date(Date.now() + 60_000).toISOString();
  assert.is((await invoke("getLogs", { container, since })).values["text"], "");
  assert.equal((await invoke("getLogs", { container, since: "10m" })).failures, ["since"]);
});

rule("getTop and getStats: what runs, and what it uses", async () => {
  const top = (await invoke("getTop", { container })).values;
  assert.ok((top["titles"] as readonly string[]).includes("PID"));
  assert.match(JSON.stringify(top["processes"]), /sleep/);
  const { values } = await invoke("getStats", { container });
  assert.ok(Number(values["memoryBytes"]) > 0, JSON.stringify(values));
  assert.ok(Number(values["memoryLimitBytes"]) > Number(values["memoryBytes"]));
});

rule("getEvents: of one object, between two moments, and it ends", async () => {
  const filters = { container: [container] };
  await until("the start is told", async () => {
    const { events } = (await invoke("getEvents", { filters })).values;
    return (events as readonly ValueMap[]).some(({ action }) => action === "start");
  });
  const until1970 = { since: "1970-01-01T00:00:00Z", until: "1970-01-02T00:00:00Z", filters };
  assert.equal((await invoke("getEvents", until1970)).values, { events: [] });
});

rule("exportContainer: a file in an update, nothing in a preview", async () => {
  const path = join(folder, "root.tar");
  const previewed = await invoke("exportContainer", { container, path }, true);
  assert.is(previewed.values["sha256"], unknown);
  assert.not(await stat(path).catch(() => undefined));
  const { values } = await invoke("exportContainer", { container, path });
  const file = await stat(path);
  assert.equal([file.size, file.mode & 0o777], [values["sizeBytes"], 0o600]);
});

rule("saveImage: a file in an update, which an Image loads; nothing in a preview", async () => {
  const path = join(folder, "image.tar.gz");
  const given = { image: lab.image, path };
  assert.is((await invoke("saveImage", given, true)).values["sha256"], unknown);
  assert.not(await stat(path).catch(() => undefined));
  const { values } = await invoke("saveImage", given);
  const file = await stat(path);
  assert.equal([file.size, file.mode & 0o777], [values["sizeBytes"], 0o600]);
  const { Id } = (await lab.client.images.inspect(lab.image)) ?? {};
  const urn = urnOf("Image", lab.name());
  const loaded = await plugin.make(urn, { load: { path, ref: lab.image } });
  assert.is(loaded.outputs.values["imageId"], Id);
  await lab.client.images.remove(loaded.id);
  const none = invoke("saveImage", { image: "dwtest-there-is-none:1", path: `${path}.none` });
  assert.match(await refusal(none), /cannot save the images dwtest-there-is-none:1/);
  assert.not(await stat(`${path}.none`).catch(() => undefined));
});

rule("a wrong argument is told at its place; a token that is none is refused", async () => {
  assert.equal((await invoke("getLogs", { container: 5, colour: "red" })).failures, [
    "container",
    "colour",
  ]);
  assert.match(await refusal(invoke("getNothing", {})), /is not a function of dockwright/);
  called.delete("getNothing");
});

rule("every function was called here", () => {
  assert.equal([...called].sort(), functions.map(({ name }) => name).sort());
  return Promise.resolve();
});

const stats = (more: object = {}) =>
  ({
    cpu_stats: { cpu_usage: { total_usage: 300 }, system_cpu_usage: 2000, online_cpus: 2 },
    precpu_stats: { cpu_usage: { total_usage: 100 }, system_cpu_usage: 1000 },
    memory_stats: { usage: 100, stats: { inactive_file: 30 } },
    ...more,
  }) as ContainerStats;

test("figures are those of docker stats", () => {
  assert.is(cpuPercent(stats()), 40);
  assert.is(cpuPercent(stats({ precpu_stats: { cpu_usage: { total_usage: 0 } } })), 30);
  assert.is(cpuPercent(stats({ cpu_stats: { cpu_usage: { total_usage: 0 } } })), 0);
  assert.is(memoryUsed(stats()), 70);
  assert.is(
    memoryUsed(stats({ memory_stats: { usage: 9, stats: { total_inactive_file: 10 } } })),
    9,
  );
  assert.is(memoryUsed(stats({ memory_stats: {} })), 0);
});

test.run();
