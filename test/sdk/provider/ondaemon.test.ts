// What is declared on another daemon than it is on, by the daemons' own ids: a server answers in place
// of each. One daemon may be reached in several ways, and a way may come to lead to another one.
import * as assert from "uvu/assert";
import { daemonKey, wayOf } from "../../../sdk/provider/ondaemon.ts";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { unknown } from "../../../sdk/provider/values.ts";
import type { Properties } from "../../../sdk/provider/wire.ts";
import { suite } from "../../support/suite.ts";
import { removeFakes, withFake } from "../docker/fakedaemon.ts";
import { newInstance } from "./declared.ts";
import { urnOf } from "./plugin.ts";

const test = suite("provider/ondaemon", { timeoutMs: 15_000 });
test.after(removeFakes);

const given = (values: ValueMap): Properties => ({ values, secrets: new Set() });
const inputs = { name: "data-1" };
const volume = { name: "data-1", volumeName: "data-1", mountpoint: "/v/data-1" };
const answers = (id: string) => (path: string) =>
  path.endsWith("/info") ? { ID: id } : { Name: "data-1", Mountpoint: "/v/data-1", Labels: {} };

/** Diffs the volume, recorded as `before` says, by an instance of that configuration. */
async function diffOn(config: ValueMap, before: ValueMap, kind = "Volume") {
  const said: string[] = [];
  const instance = newInstance();
  instance.useLog({
    log: ({ text }) => void said.push(text),
    flush: () => Promise.resolve(),
    close: () => undefined,
  });
  instance.configure(given(config));
  const call = { urn: urnOf(kind, "data"), type: `dockwright:index:${kind}` };
  const recorded = { inputs, outputs: { ...volume, ...before } };
  try {
    const { changes, deleteBeforeReplace } = await instance.diff(
      call,
      "data-1",
      recorded,
      given(inputs),
    );
    assert.is(deleteBeforeReplace, false);
    return { changes: changes.map(({ property, replace }) => [property, replace]), said };
  } finally {
    instance.close();
  }
}

/** The same against a daemon of that id. */
async function diffWith(id: string, before: ValueMap) {
  let asked: readonly string[] = [];
  let seen: Awaited<ReturnType<typeof diffOn>> | undefined;
  await withFake(
    (request, response) => {
      response.end(JSON.stringify(answers(id)(request.url ?? "")));
    },
    async (_, fake) => {
      seen = await diffOn({ host: `unix://${fake.socketPath}` }, before);
      asked = fake.seen;
    },
  );
  return { ...seen, asked };
}

const mark = (id: string, way = "another way"): ValueMap => ({ [daemonKey]: { id, way } });

test("another daemon: replaced, and said; it is asked once", async () => {
  const { changes, said, asked } = await diffWith("B", mark("A"));
  assert.equal(changes, [["daemon", true]]);
  assert.match(said?.join("\n") ?? "", "its daemon is another one now");
  assert.is(asked.length, 1);
});

test("the same daemon by another way: unchanged", async () => {
  const { changes, said } = await diffWith("A", mark("A"));
  assert.equal([changes, said], [[], []]);
});

test("the same way: nothing is asked", async () => {
  const config = { host: "tcp://192.0.2.1:2376" };
  const { changes } = await diffOn(config, mark("A", wayOf(config)));
  assert.equal(changes, []);
});

test("a daemon that does not answer, one not known yet, a state without a record: unchanged", async () => {
  const away = { host: "unix:///nowhere/at.all" };
  assert.equal((await diffOn(away, mark("A"))).changes, []);
  assert.equal((await diffOn({ host: unknown }, mark("A"))).changes, []);
  assert.equal((await diffOn(away, {})).changes, []);
});

test("what is made says which daemon it is on, and the way to it", async () => {
  await withFake(
    (request, response) => {
      response.end(JSON.stringify(answers("A")(request.url ?? "")));
    },
    async (_, fake) => {
      const config = { host: `unix://${fake.socketPath}` };
      const instance = newInstance();
      instance.configure(given(config));
      const call = { urn: urnOf("Volume", "data"), type: "dockwright:index:Volume" };
      const read = await instance.read(call, "data-1", undefined);
      assert.equal(read?.properties.values[daemonKey], { id: "A", way: wayOf(config) });
      instance.close();
    },
  );
});

const networkId = "e".repeat(64);
/** As far as a network is looked at. */
const network = {
  Name: "net-1",
  Id: networkId,
  Driver: "bridge",
  IPAM: {},
  Options: {},
  Labels: {},
};

/** Reads an object, recorded as `before` says, from the daemon A; gives what is recorded then. */
async function readFrom(kind: string, id: string, before: (way: string) => ValueMap) {
  let asked: readonly string[] = [];
  let recorded: unknown;
  await withFake(
    (request, response) => {
      const path = request.url ?? "";
      const answer = path.includes("/networks/") ? network : answers("A")(path);
      response.end(JSON.stringify(answer));
    },
    async (_, fake) => {
      const config = { host: `unix://${fake.socketPath}` };
      const instance = newInstance();
      instance.configure(given(config));
      const call = { urn: urnOf(kind, "it"), type: `dockwright:index:${kind}` };
      const outputs = given(before(wayOf(config) ?? ""));
      const known = { inputs: given({ name: "it-1" }), outputs };
      recorded = (await instance.read(call, id, known))?.properties.values[daemonKey];
      instance.close();
      asked = fake.seen;
    },
  );
  return { recorded, askedWhich: asked.filter((path) => path.includes("/info")).length };
}

test("refreshed by an id that no other daemon has: on the daemon that it was on, which is not asked", async () => {
  const { recorded, askedWhich } = await readFrom("Network", networkId, (way) => mark("A", way));
  assert.is((recorded as { id: string }).id, "A");
  assert.is(askedWhich, 0);
});

test("the same by another way: the daemon is asked", async () => {
  const { recorded, askedWhich } = await readFrom("Network", networkId, () => mark("B"));
  assert.is((recorded as { id: string }).id, "A");
  assert.is(askedWhich, 1);
});

test("refreshed by a name: another machine may have come to the address, so the daemon is asked", async () => {
  const { recorded, askedWhich } = await readFrom("Volume", "data-1", (way) => mark("B", way));
  assert.is((recorded as { id: string }).id, "A");
  assert.is(askedWhich, 1);
});

const ssh = { host: "192.0.2.1", user: "root", hostKey: "ssh-ed25519 AAAA" };
const ways: readonly [string, ValueMap, ValueMap, boolean][] = [
  ["the port that is there anyway", { ssh }, { ssh: { ...ssh, port: 22 } }, true],
  ["another user", { ssh }, { ssh: { ...ssh, user: "deploy", privateKey: "k" } }, true],
  [
    "another certificate",
    { host: "tcp://a:2376", ca: "1" },
    { host: "tcp://a:2376", ca: "2" },
    true,
  ],
  ["another address", { ssh }, { ssh: { ...ssh, host: "192.0.2.2" } }, false],
  ["a machine of another key", { ssh }, { ssh: { ...ssh, hostKey: "ssh-ed25519 BBBB" } }, false],
  ["another socket", { ssh }, { ssh, host: "unix:///run/other.sock" }, false],
  ["the same swarm by other managers", { swarmId: "s", managers: {} }, { swarmId: "s" }, true],
];
for (const [name, one, other, same] of ways) {
  test(`${name} is ${same ? "the same way" : "another way"}`, () => {
    assert.is(wayOf(one) === wayOf(other), same);
    assert.not.match(wayOf(other) ?? "", "192.0.2");
  });
}

test.run();
