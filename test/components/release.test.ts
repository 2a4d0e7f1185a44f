// What a service records of a release, what it runs by a rollback, and its tasks: what is registered.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { HostPool, LocalDaemon, Service, type ServiceArgs } from "../../components/index.ts";
import {
  encodeRollbacks,
  type ReleaseSpec,
  type RollbackRecord,
  rollbackKey,
} from "../../sdk/rollback.ts";
import { named, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("release");
const ids = { Container: { imageId: "sha256:aa" }, Rollout: { durationMs: 1, drained: 0 } };
const image = { ref: "shop:1" };

type Given = Omit<ServiceArgs, "on">;
type Inputs = Registered["inputs"];

const edge = { containerName: "edge-1", dataVolume: "edge-data", network: "front" };
const shop = (): Given => ({
  image,
  port: 8080,
  replicas: 2,
  networks: [{ networkName: "front", aliases: ["shop"] }],
  env: { COLOUR: "red", TOKEN: pulumi.secret("hush") },
  secrets: pulumi.secret({ password: "hush-hush" }),
  volumes: [{ volume: { volumeName: "data" }, target: "/data" }],
  routes: [{ proxy: edge, host: "shop.test" }],
});

const onLocal = (args: Given) => () =>
  void new Service("shop", { on: new LocalDaemon("local"), ...args });

const onPool =
  (args: Given, names = ["web1", "web2", "web3"]) =>
  () => {
    const hosts = Object.fromEntries(
      names.map((name) => [name, { daemon: new LocalDaemon(name) }]),
    );
    void new Service("shop", { on: new HostPool("web", { hosts }), ...args });
  };

/** A secret as the engine is given it: what is in it; undefined for what is none. */
function secretIn(value: unknown): unknown {
  const marked = typeof value === "object" && value !== null && "value" in value;
  return marked ? value.value : undefined;
}

function specIn(all: readonly Registered[]): ReleaseSpec {
  return JSON.parse(String(secretIn(named(all, "shop-release").inputs["spec"]))) as ReleaseSpec;
}

const specOf = async (program: () => void) => specIn(await register(program, ids));

/** What a program registers while the configuration asks for that release. */
async function during(
  record: Partial<RollbackRecord> & Pick<RollbackRecord, "spec">,
  program: () => unknown,
): Promise<readonly Registered[]> {
  const askedAt = "2026-01-02T03:04:05Z";
  const whole = { release: 1, askedAt, images: [{ imageId: "sha256:old" }], ...record };
  pulumi.runtime.setAllConfig({ [rollbackKey]: encodeRollbacks({ shop: whole }) }, [rollbackKey]);
  try {
    return await register(program, ids);
  } finally {
    pulumi.runtime.setAllConfig({});
  }
}

const inputsOf = (all: readonly Registered[], name: string): Inputs => named(all, name).inputs;
const namesOf = (all: readonly Registered[], kind: string) =>
  all.filter(({ type }) => type === `dockwright:index:${kind}`).map(({ name }) => name);

test("a release is the arguments as values, with the places of secrets", async () => {
  const all = await register(onLocal(shop()), ids);
  const spec = specIn(all);
  assert.equal(spec.secrets, [["env", "TOKEN"], ["secrets"]]);
  assert.equal(spec.args["env"], { COLOUR: "red", TOKEN: "hush" });
  assert.equal(spec.args["image"], image);
  assert.equal(spec.args["volumes"], [{ target: "/data", volume: { volumeName: "data" } }]);
  assert.equal(spec.args["routes"], [{ host: "shop.test", proxy: edge }]);
  assert.is(spec.pool, false);
  const { containers, images, service } = inputsOf(all, "shop-release");
  assert.is(service, "shop");
  assert.equal(images, [image]);
  assert.equal((containers as readonly Inputs[])[0], {
    name: "shop-1-0a1b2c3d",
    imageId: "sha256:aa",
  });
  assert.not.ok(JSON.stringify(inputsOf(all, "shop-1")).includes("lost"));
});

test("the same program is the same release, whatever the order of its members", async () => {
  const { image: given, ...rest } = shop();
  const text = (spec: ReleaseSpec) => JSON.stringify(spec);
  assert.is(
    text(await specOf(onLocal({ ...rest, image: given }))),
    text(await specOf(onLocal(shop()))),
  );
});

test("a rollback runs the record in place of the arguments, its secrets secret", async () => {
  const spec = await specOf(onLocal(shop()));
  const now: Given = { ...shop(), image: { ref: "shop:2" }, replicas: 1, env: { NEW: "1" } };
  const all = await during({ spec }, onLocal(now));
  assert.equal(namesOf(all, "Container"), ["shop-1", "shop-2"]);
  const then = inputsOf(await register(onLocal(shop()), ids), "shop-1");
  const back = inputsOf(all, "shop-1");
  assert.is(back["image"], "sha256:old", "by its id: a tag may be another image's by now");
  assert.equal({ ...back, image: "" }, { ...then, image: "" });
  assert.equal(secretIn(back["secrets"]), { password: "hush-hush" });
  assert.is(inputsOf(all, "shop-release")["rollbackOf"], 1);
});

test("daemon, networks, proxies and tasks stay the program's", async () => {
  const spec = await specOf(onLocal(shop()));
  const front = [{ networkName: "front-2" }];
  const moved = { ...edge, containerName: "edge-2", network: "front-2" };
  const routes = [{ proxy: moved, host: "other.test" }];
  const all = await during({ spec }, onLocal({ ...shop(), networks: front, routes }));
  assert.equal(inputsOf(all, "shop-1")["networks"], [{ network: "front-2" }]);
  const [proxy] = inputsOf(all, "shop-rollout")["proxies"] as readonly Inputs[];
  assert.equal(proxy, {
    container: "edge-2",
    dataVolume: "edge-data",
    network: "front-2",
    sites: [{ host: "shop.test" }],
  });
});

test("what a rollback brought back is a release that can be brought back", async () => {
  const spec = await specOf(onLocal(shop()));
  const again = specIn(await during({ spec }, onLocal({ ...shop(), env: {} })));
  assert.equal(again.secrets, spec.secrets);
  assert.equal(again.args, { ...spec.args, image: { ref: "sha256:old" } });
});

test("on a pool: the image of each host, and only hosts that hold it", async () => {
  const spec = await specOf(onPool(shop()));
  const images = [
    { host: "web1", imageId: "sha256:1" },
    { host: "web2", imageId: "sha256:2" },
    { host: "gone", imageId: "sha256:3" },
  ];
  const all = await during({ spec, images }, onPool({ ...shop(), image: { ref: "shop:2" } }));
  assert.equal(inputsOf(all, "shop-placement")["require"], [
    { label: "host", oneOf: ["web1", "web2"] },
  ]);
  const { images: pinned, containers, connections } = inputsOf(all, "shop-release");
  assert.equal(pinned, [
    { host: "web1", ref: "sha256:1" },
    { host: "web2", ref: "sha256:2" },
  ]);
  assert.equal(Object.keys(connections as Inputs), ["web1", "web2", "web3"]);
  const hosts = (containers as readonly Inputs[]).map(({ host }) => host);
  assert.equal([...hosts].sort(), ["web1", "web2"]);
});

let thrown: unknown;
/** Runs a program that has to throw: the mock engine ends the process for what a program throws. */
function caught(program: () => void): void {
  thrown = undefined;
  try {
    program();
  } catch (error) {
    thrown = error;
  }
}

const refused: readonly [string, readonly { host?: string; imageId: string }[], () => void][] = [
  ["a record of one daemon for a pool", [{ imageId: "sha256:1" }], onPool(shop())],
  ["a daemon without the image", [], onLocal(shop())],
];
for (const [name, images, program] of refused) {
  test(`refused: ${name}`, async () => {
    const spec = await specOf(onLocal(shop()));
    const seen = await during({ spec, images }, () => caught(program));
    assert.equal(namesOf(seen, "Container"), []);
    assert.is((thrown as { propertyPath?: string }).propertyPath, "on");
  });
}

test("a configuration value that is no record is refused with the way out", async () => {
  pulumi.runtime.setAllConfig({ [rollbackKey]: "rubbish" });
  try {
    await register(() => caught(onLocal(shop())), ids);
    assert.match(String((thrown as { fix?: string }).fix), "rollback --clear");
  } finally {
    pulumi.runtime.setAllConfig({});
  }
});

const tasks = {
  before: [{ name: "migrate", command: ["migrate"], env: { STEP: "1" } }],
  after: [{ name: "warm", command: ["warm"] }],
  rollback: [{ name: "undo", command: ["undo"] }],
};

test("tasks are those of a release, with what the service has", async () => {
  const all = await register(onLocal({ ...shop(), tasks }), ids);
  assert.equal(namesOf(all, "Task"), ["shop-before-migrate", "shop-after-warm"]);
  const { env, image: ran, networks, mounts, command } = inputsOf(all, "shop-before-migrate");
  assert.equal([ran, command], ["shop:1", ["migrate"]]);
  assert.equal(networks, [{ network: "front" }], "under none of the service's names");
  assert.equal(mounts, [{ source: "data", target: "/data" }]);
  assert.equal(secretIn(env), { COLOUR: "red", TOKEN: "hush", STEP: "1" });
});

const keyOf = async (args: Given) => {
  const all = await register(onLocal({ ...args, tasks }), ids);
  return JSON.stringify(inputsOf(all, "shop-before-migrate")["triggers"]);
};

test("another image runs them again; more replicas or another route do not", async () => {
  const key = await keyOf(shop());
  assert.is(await keyOf({ ...shop(), replicas: 5, routes: [], health: { http: "/" } }), key);
  assert.is.not(await keyOf({ ...shop(), image: { ref: "shop:2" } }), key);
  assert.is.not(await keyOf({ ...shop(), secrets: { password: "other" } }), key);
});

test("a rollback has tasks of its own, which run with what the program says", async () => {
  const spec = await specOf(onLocal(shop()));
  const now: Given = { ...shop(), image: { ref: "shop:2" }, env: { NEW: "1" }, tasks };
  const all = await during({ spec }, onLocal(now));
  assert.equal(namesOf(all, "Task"), ["shop-rollback-undo"]);
  const { image: ran, env, triggers } = inputsOf(all, "shop-rollback-undo");
  assert.is(ran, "shop:2");
  assert.equal(env, { NEW: "1", DOCKWRIGHT_ROLLBACK_TO: "1" });
  assert.equal(triggers, ["1 2026-01-02T03:04:05Z"]);
});

test("on a pool, tasks run on the host of the first replica", async () => {
  const all = await register(onPool({ ...shop(), tasks }), ids);
  assert.equal(namesOf(all, "Task").sort(), ["shop-after-warm", "shop-before-migrate"]);
  const none = await register(onPool({ ...shop(), replicas: 0, tasks }), ids);
  assert.equal(namesOf(none, "Task"), []);
});

test.run();
