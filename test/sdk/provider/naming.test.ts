// Physical names: when one stays, when it is made anew and from what; and what a delete must skip.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { element, f } from "../../../sdk/provider/fields.ts";
import { KeptObjects } from "../../../sdk/provider/kept.ts";
import { parseUrn, readableName, specHash } from "../../../sdk/provider/names.ts";
import { nameInputs } from "../../../sdk/provider/naming.ts";
import { unknown, type Value, type ValueMap } from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";
import { turned, valueMap } from "./arbitrary.ts";

const test = suite("provider/naming");
const urn = "urn:pulumi:dev::shop::dockwright:index:Container::web";
const doc = { doc: "A field." };
const inputs = {
  name: f.string(doc),
  image: f.string(doc),
  env: f.map(f.string(element), doc),
  restart: f.string({ ...doc, onChange: "update" }),
} as const;
const none: ReadonlySet<string> = new Set();

interface Asked {
  readonly naming?: "inputs" | "urn" | undefined;
  readonly olds?: ValueMap;
  readonly kept?: KeptObjects;
  readonly secrets?: ReadonlySet<string>;
  readonly of?: string;
}

function nameOf(news: ValueMap, asked: Asked = {}): Value | undefined {
  const { olds = {}, kept = new KeptObjects(), secrets = none, of = urn } = asked;
  const naming = "naming" in asked ? asked.naming : "inputs";
  const resource = naming === undefined ? { inputs } : { inputs, naming };
  const given = { values: news, secrets };
  const old = { values: olds, secrets: none };
  return nameInputs(resource, parseUrn(of), old, given, kept).values["name"];
}

function nameText(news: ValueMap, asked: Asked = {}): string {
  const name = nameOf(news, asked);
  if (typeof name !== "string") throw new Error("it is not known yet");
  return name;
}

const first = nameText({ image: "a" });

test("a name is the resource's and 8 digits", () => {
  assert.match(first, /^web-[0-9a-f]{8}$/);
});

test("equal inputs give the same name, in whatever order", () => {
  fc.assert(
    fc.property(valueMap, (env) => {
      const a = specHash(urn, { values: { env }, secrets: none });
      return a === specHash(urn, { values: { env: turned(env) }, secrets: none });
    }),
  );
});

const others: readonly [string, Value | undefined][] = [
  ["another image", nameOf({ image: "b" })],
  ["a further input", nameOf({ image: "a", env: { A: "1" } })],
  ["another stack", nameOf({ image: "a" }, { of: urn.replace("dev", "prod") })],
  ["another project", nameOf({ image: "a" }, { of: urn.replace("shop", "blog") })],
  ["the same value, as a secret", nameOf({ image: "a" }, { secrets: new Set(["image"]) })],
];
for (const [name, other] of others) {
  test(`another name: ${name}`, () => {
    assert.is.not(other, first);
  });
}

test("a name of one's own is left as it is", () => {
  assert.is(nameOf({ image: "a", name: "mine" }), "mine");
});

test("a resource without names gets none", () => {
  assert.is(nameOf({ image: "a" }, { naming: undefined }), undefined);
});

const staying: readonly [string, ValueMap, ValueMap][] = [
  ["nothing changes", { image: "a" }, { image: "a" }],
  [
    "what changes is changed in place",
    { image: "a", restart: "no" },
    { image: "a", restart: "always" },
  ],
  ["what changes in place is not known yet", { image: "a" }, { image: "a", restart: unknown }],
  ["something is null in place of absent", { image: "a", env: null }, { image: "a" }],
];
for (const [name, olds, news] of staying) {
  test(`the name stays while ${name}`, () => {
    assert.is(nameOf(news, { olds: { ...olds, name: "web-old" } }), "web-old");
  });
}

test("with a change that replaces comes another name; not known yet where the change is not", () => {
  const olds = { image: "a", name: "web-old" };
  assert.is(nameOf({ image: "b" }, { olds }), nameOf({ image: "b" }));
  assert.is(nameOf({ image: unknown }, { olds }), unknown);
  assert.is(nameOf({ image: unknown }), unknown);
});

test("a revert finds the earlier name", () => {
  const second = nameText({ image: "b" }, { olds: { image: "a", name: first } });
  assert.is(nameOf({ image: "a" }, { olds: { image: "b", name: second } }), first);
});

test("data keeps its name for ever, whatever changes", () => {
  const name = nameOf({ image: "a" }, { naming: "urn" });
  assert.is(nameOf({ image: "b" }, { naming: "urn" }), name);
  assert.is(nameOf({ image: unknown }, { naming: "urn" }), name);
  assert.is(nameOf({ image: "b" }, { naming: "urn", olds: { image: "a", name: "old" } }), "old");
});

test("the object that is to be replaced is not found by its own name: another one is made", () => {
  // As the engine asks: with what the state has, then for the replacement with nothing.
  const kept = new KeptObjects();
  const drifted = { image: "changed by hand", name: first };
  const told = nameOf({ image: "a" }, { kept, olds: drifted });
  const anew = nameText({ image: "a" }, { kept });
  assert.match(anew, /^web-[0-9a-f]{8}$/);
  assert.is.not(anew, first);
  assert.is(anew, told, "what is previewed is what is made");
  assert.is(anew, nameOf({ image: "a" }, { olds: drifted }), "a run that is tried again finds it");
});

test("a first create, and the replacement of another, have the name that follows from the inputs", () => {
  const kept = new KeptObjects();
  assert.is(nameOf({ image: "a" }, { kept }), first);
  nameOf({ image: "a" }, { kept, olds: { image: "b", name: "web-another" } });
  assert.is(nameOf({ image: "a" }, { kept }), first);
});

test("what a run keeps: created or found unchanged, until it is released or made anew", () => {
  const kept = new KeptObjects();
  const other = urn.replace(/[^:]*$/, "other");
  assert.not(kept.has(urn, "id-1"));
  kept.keep(urn, "id-1");
  kept.keep(other, "id-2");
  assert.ok(kept.has(urn, "id-1") && kept.has(urn, "id-2"));
  kept.keep(urn, "id-3");
  assert.not(kept.has(urn, "id-1"), "the old one of the same resource may go");
  kept.release(urn);
  assert.not(kept.has(urn, "id-3"));
  assert.ok(kept.has(urn, "id-2"));
});

test("a name is kept for its type alone, wherever in the tree the resource is", () => {
  const kept = new KeptObjects();
  const of = (type: string) => `urn:pulumi:dev::shop::${type}::docker`;
  kept.keep(of("dockwright:index:Host$dockwright:index:Group"), "docker");
  assert.ok(kept.has(of("dockwright:index:Group"), "docker"));
  assert.not(kept.has(of("dockwright:index:Package"), "docker"));
});

test("a secret enters a name through scrypt, salted by its owner", () => {
  const secrets = new Set(["env.TOKEN"]);
  const hash = (token: string, of = urn) =>
    specHash(of, { values: { env: { TOKEN: token } }, secrets });
  assert.is(hash("one"), hash("one"));
  assert.is.not(hash("one"), hash("two"));
  assert.is.not(hash("one"), hash("one", `${urn}2`));
  assert.is.not(hash("one"), specHash(urn, { values: { env: { TOKEN: "one" } }, secrets: none }));
});

test("the readable part is what Docker allows in every place that it is used in", () => {
  // distribution/reference: a path component; and a container's name, begun with it.
  const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
  const letters = fc.constantFrom(..."aZ9-_./: äß");
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: letters, maxLength: 80 })), (name) => {
      const readable = readableName(name);
      assert.match(readable, component);
      assert.ok(readable.length <= 48);
      assert.is(readableName(readable), readable);
    }),
  );
});

const readable: readonly [string, string][] = [
  ["web", "web"],
  ["Shop Front", "shop-front"],
  ["a::b", "a-b"],
  ["-x-", "x"],
  ["v1.2_3", "v1.2_3"],
  ["äöü", "x"],
];
for (const [name, want] of readable) {
  test(`"${name}" is read as ${want}`, () => {
    assert.is(readableName(name), want);
  });
}

test("a URN is taken apart; a name may hold `::`", () => {
  const parsed = parseUrn("urn:pulumi:dev::shop::my:C$dockwright:index:Container::a::b");
  assert.is(parsed.stack, "dev");
  assert.is(parsed.project, "shop");
  assert.is(parsed.logicalName, "a::b");
});

test.run();
