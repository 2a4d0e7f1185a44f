// Between property values and the Struct of Pulumi's protocol. The signatures are those of
// pulumi/pulumi sdk/go/common/resource/properties.go and sdk/go/common/resource/plugin/rpc.go.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import * as assert from "uvu/assert";
import { message } from "../../../sdk/protobuf.ts";
import { checkFields } from "../../../sdk/provider/check.ts";
import { type JsonMap, struct } from "../../../sdk/provider/protocol/struct.ts";
import { allResources } from "../../../sdk/provider/registry.ts";
import { unknown, type Value, type ValueMap } from "../../../sdk/provider/values.ts";
import { decode, encode, secretTexts } from "../../../sdk/provider/wire.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";
import { properties } from "./arbitrary.ts";

const registry = await allResources();
const test = suite("provider/wire");

/** A message that has a Struct. */
const carrier = message({ wire: [1, struct] });

const tag = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;

/** Over the wire: as bytes, as gRPC sends it. */
function received(wire: JsonMap): JsonMap | undefined {
  return carrier.decode(carrier.encode({ wire })).wire;
}

function decoded(wire: JsonMap) {
  const found = decode(received(wire));
  if (!found) throw new Error("nothing was decoded");
  return found;
}

test("values with unknowns and secrets come back as they were sent", () => {
  fc.assert(
    fc.property(properties, (given) => {
      const back = decode(received(encode(given)));
      // Not assert.equal: it takes a key named `constructor` for the class.
      assert.ok(isDeepStrictEqual(back, given));
    }),
    cases(),
  );
});

test("a member called __proto__ comes back as a member", () => {
  const values = JSON.parse('{"__proto__": {"a": "x"}, "b": {"__proto__": "y"}}') as ValueMap;
  const back = decode(received(encode({ values, secrets: new Set() })))?.values;
  assert.is(JSON.stringify(back), JSON.stringify(values));
});

test("no Struct is not an empty one", () => {
  assert.is(decode(undefined), undefined);
  assert.equal(decode(received({}))?.values, {});
  assert.is(carrier.decode(carrier.encode({})).wire, undefined);
});

const unknowns = {
  bool: "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  number: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  string: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  array: "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  asset: "030794c1-ac77-496b-92df-f27374a8bd58",
  archive: "e48ece36-62e2-4504-bad9-02848725956a",
  object: "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
} as const;
for (const [kind, sentinel] of Object.entries(unknowns)) {
  test(`an unknown ${kind} is unknown, at any depth`, () => {
    const { values } = decoded({ a: sentinel, b: [{ c: sentinel }] });
    assert.is(values["a"], unknown);
    assert.equal(values["b"], [{ c: unknown }]);
  });
}

const tagged: readonly [string, JsonMap, Value, boolean][] = [
  [
    "a secret is its value, and its place is secret",
    { [tag]: signatures.secret, value: "x" },
    "x",
    true,
  ],
  ["an output is its value", { [tag]: signatures.output, value: "x" }, "x", false],
  ["an output without a value is unknown", { [tag]: signatures.output }, unknown, false],
  ["a secret output is secret", { [tag]: signatures.output, value: "x", secret: true }, "x", true],
  [
    "a secret output without a value is unknown, and secret",
    { [tag]: signatures.output, secret: true },
    unknown,
    true,
  ],
  [
    "an output that holds a secret",
    { [tag]: signatures.output, value: { [tag]: signatures.secret, value: "x" } },
    "x",
    true,
  ],
  [
    "a resource reference is the resource's id",
    { [tag]: signatures.resource, urn: "urn:x", id: "i-1" },
    "i-1",
    false,
  ],
  [
    "a reference to what is not made yet is unknown",
    { [tag]: signatures.resource, urn: "urn:x" },
    unknown,
    false,
  ],
];
for (const [name, wire, want, secret] of tagged) {
  test(name, () => {
    const { values, secrets } = decoded({ a: { b: wire } });
    assert.equal(values["a"], { b: want });
    assert.equal([...secrets], secret ? ["a.b"] : []);
  });
}

for (const kind of ["asset", "archive"] as const) {
  test(`an ${kind} is refused by the check of every field, by its place`, () => {
    for (const resource of registry) {
      for (const name of Object.keys(resource.inputs)) {
        const { values } = decoded({ [name]: { [tag]: signatures[kind], text: "x" } });
        const places = checkFields(resource.inputs, values).map(({ property }) => property);
        const named = places.some((place) => place === name || place.startsWith(`${name}[`));
        assert.ok(
          named || places.some((place) => place.startsWith(`${name}.`)),
          `${resource.name}.${name}`,
        );
      }
    }
  });
}

test("the texts of secrets: whatever stands at or below a secret place, and nothing else", () => {
  const values: ValueMap = { env: { A: "open", B: "hidden" }, list: ["in", 5, [true]], n: "out" };
  const texts = secretTexts({ values, secrets: new Set(["env.B", "list"]) });
  assert.equal(texts, ["hidden", "in", "5"]);
});

test.run();
