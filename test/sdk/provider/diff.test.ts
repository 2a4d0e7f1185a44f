// What a change of declared values means: which places, of which kind, replaced or not.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { diffFields } from "../../../sdk/provider/diff.ts";
import { element, f } from "../../../sdk/provider/fields.ts";
import { withoutName } from "../../../sdk/provider/naming.ts";
import { hasUnknown, unknown, type ValueMap } from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";
import { turned, value } from "./arbitrary.ts";

const test = suite("provider/diff");
const doc = { doc: "A field." };

const fields = {
  name: f.string(doc),
  image: f.string(doc),
  env: f.map(f.string(element), doc),
  hosts: f.map(f.object("Host", { drain: f.boolean(doc) }, element), doc),
  ports: f.list(f.object("Port", { port: f.integer(doc), protocol: f.string(doc) }, element), doc),
  restart: f.string({ ...doc, onChange: "update" }),
  ready: f.object(
    "Ready",
    { timeoutMs: f.integer(doc), path: f.string({ ...doc, onChange: "replace" }) },
    { ...doc, onChange: "update" },
  ),
  quiet: f.boolean({ ...doc, default: "false" }),
  note: f.string({ ...doc, onChange: "ignore" }),
  hash: f.string({ ...doc, computed: true }),
} as const;

/** The changes as `place: kind`, a replacement with a `!`. */
function changes(olds: ValueMap, news: ValueMap): readonly string[] {
  return diffFields(fields, olds, news).map(
    ({ property, kind, replace }) => `${property}: ${kind}${replace ? "!" : ""}`,
  );
}

const cases: readonly [string, ValueMap, ValueMap, readonly string[]][] = [
  ["nothing", { image: "a", env: { A: "1" } }, { image: "a", env: { A: "1" } }, []],
  ["the order of keys is no change", { env: { A: "1", B: "2" } }, { env: { B: "2", A: "1" } }, []],
  ["null and absent are the same", { image: null }, {}, []],
  [
    "null and absent are the same inside",
    { ports: [{ port: 1, protocol: null }] },
    { ports: [{ port: 1 }] },
    [],
  ],
  ["an empty list or map and absent are the same", { env: {}, ports: [] }, {}, []],
  ["a default that is spelt out and absent are the same", { quiet: false }, {}, []],
  ["what is no default is a change", { quiet: true }, {}, ["quiet: delete!"]],
  ["added", {}, { image: "a" }, ["image: add!"]],
  ["removed", { image: "a" }, {}, ["image: delete!"]],
  ["changed", { image: "a" }, { image: "b" }, ["image: update!"]],
  ["unknown counts as changed", { image: "a" }, { image: unknown }, ["image: update!"]],
  [
    "in a map, the key",
    { env: { A: "1", B: "2" } },
    { env: { A: "2", C: "3" } },
    ["env.A: update!", "env.B: delete!", "env.C: add!"],
  ],
  [
    "a named object that says nothing is there all the same",
    { hosts: { web1: {}, web2: {} } },
    { hosts: { web2: {}, web3: {} } },
    ["hosts.web1: delete!", "hosts.web3: add!"],
  ],
  [
    "a key that needs quotes",
    { env: { "a.b": "1" } },
    { env: { "a.b": "2" } },
    ['env["a.b"]: update!'],
  ],
  [
    "a key that every object has",
    { env: { A: "1" } },
    { env: { A: "1", constructor: "x" } },
    ["env.constructor: add!"],
  ],
  [
    "in a list, the member's own place",
    { ports: [{ port: 1 }, { port: 2 }] },
    { ports: [{ port: 1 }, { port: 3 }] },
    ["ports[1].port: update!"],
  ],
  [
    "a longer list",
    { ports: [{ port: 1 }] },
    { ports: [{ port: 1 }, { port: 2 }] },
    ["ports[1]: add!"],
  ],
  [
    "a shorter list",
    { ports: [{ port: 1 }, { port: 2 }] },
    { ports: [{ port: 1 }] },
    ["ports[1]: delete!"],
  ],
  [
    "the whole of a list where its kind changed",
    { ports: "none" },
    { ports: [{ port: 1 }] },
    ["ports: update!"],
  ],
  ["in place", { restart: "no" }, { restart: "always" }, ["restart: update"]],
  [
    "a member as the field around it says",
    { ready: { timeoutMs: 1 } },
    { ready: { timeoutMs: 2 } },
    ["ready.timeoutMs: update"],
  ],
  [
    "unless it says so itself",
    { ready: { path: "/a" } },
    { ready: { path: "/b" } },
    ["ready.path: update!"],
  ],
  ["ignored", { note: "a" }, { note: "b" }, []],
  ["computed, and not told this time", { hash: "a" }, {}, []],
  ["computed, and different", { hash: "a" }, { hash: "b" }, ["hash: update!"]],
];
for (const [name, olds, news, want] of cases) {
  test(name, () => {
    assert.equal(changes(olds, news), want);
  });
}

test("a value of any kind is no change of itself, and no judgement throws", () => {
  const any = fc
    .record(Object.fromEntries(Object.keys(fields).map((name) => [name, value])), {
      requiredKeys: [],
    })
    .map((made) => made as ValueMap);
  fc.assert(
    fc.property(any, any, (olds, news) => {
      diffFields(fields, olds, news);
      const same = diffFields(fields, olds, turned(olds) as ValueMap);
      assert.ok(same.length === 0 || hasUnknown(olds));
    }),
  );
});

const names: readonly [string, ValueMap, ValueMap, readonly string[]][] = [
  [
    "a name follows from the rest: not told beside another reason",
    { name: "a-1", image: "a" },
    { name: "a-2", image: "b" },
    ["image"],
  ],
  ["alone, it is the reason", { name: "a-1" }, { name: "mine" }, ["name"]],
  [
    "beside what is changed in place, it is the reason",
    { name: "a", restart: "no" },
    { name: "b", restart: "always" },
    ["name", "restart"],
  ],
];
for (const [name, olds, news, want] of names) {
  test(name, () => {
    const told = withoutName(diffFields(fields, olds, news));
    assert.equal(
      told.map(({ property }) => property),
      want,
    );
  });
}

test.run();
