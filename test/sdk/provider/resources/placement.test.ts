// A placement through an instance, as the engine drives it: what it remembers, that a preview has what
// the update will have, what it says of each move, and what is refused before anything is done.

import * as assert from "uvu/assert";
import { unknown, type ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Declared, newInstance } from "../declared.ts";
import { urnOf } from "../plugin.ts";

const test = suite("provider/placement");

function pool(names: readonly string[], more: ValueMap = {}): ValueMap {
  return Object.fromEntries(names.map((name) => [name, (more[name] ?? {}) as ValueMap]));
}

type Places = readonly { readonly replica: number; readonly host: string }[];
const placesOf = (outputs: ValueMap): Places => outputs["assignment"] as unknown as Places;
const countOn = (outputs: ValueMap, host: string) =>
  placesOf(outputs).filter((one) => one.host === host).length;

const web = (names: readonly string[], more: ValueMap = {}, hosts: ValueMap = {}): ValueMap => ({
  service: "web",
  replicas: 6,
  hosts: pool(names, hosts),
  ...more,
});
const two = ["web1", "web2"];
const three = [...two, "web3"];

async function placed(values: ValueMap): Promise<Declared> {
  const one = new Declared("Placement", "web-placement");
  await one.up(values);
  return one;
}

/** What a preview says on the resource's line, and what it gives. */
async function previewOf(one: Declared, values: ValueMap) {
  const said: string[] = [];
  const run = newInstance();
  run.useLog({
    log: ({ text }) => void said.push(text),
    flush: () => Promise.resolve(),
    close: () => undefined,
  });
  const inputs = { values, secrets: new Set<string>() };
  const { values: outputs } = await (one.state
    ? run.previewUpdate(one.call, one.state, inputs)
    : run.previewCreate(one.call, inputs));
  return { said: said.join("\n"), outputs };
}

async function failuresOf(values: ValueMap) {
  const call = { urn: urnOf("Placement", "web"), type: "dockwright:index:Placement" };
  const given = { values, secrets: new Set<string>() };
  return (await newInstance().check(call, { values: {}, secrets: new Set() }, given)).failures;
}

test("a first preview knows every host, and the update does just that", async () => {
  const one = new Declared("Placement", "web-placement");
  const { said, outputs } = await previewOf(one, web(two));
  assert.is(said, "on web1 3, web2 3");
  await one.up(web(two));
  assert.equal(one.outputs["assignment"], outputs["assignment"]);
  assert.equal(await one.up(web(two)), [], "the second update is silent");
});

const changes: readonly [string, ValueMap, RegExp, readonly (readonly [string, number])[]][] = [
  [
    "a host joins",
    web(three),
    /^web-\d moves from web\d to web3 \(.*web-\d moves.*; 4 stay$/s,
    [
      ["web1", 2],
      ["web2", 2],
      ["web3", 2],
    ],
  ],
  [
    "a host goes",
    web(["web1"]),
    /^(web-\d moves from web2 to web1 \(web2 is not in the pool.*){3}3 stay$/s,
    [["web1", 6]],
  ],
  [
    "a host is drained",
    web(two, {}, { web2: { drain: true } }),
    /^(web-\d moves from web2 to web1 \(web2 is drained.*){3}3 stay$/s,
    [["web1", 6]],
  ],
  ["more replicas", web(two, { replicas: 7 }), /^web-7 is new on web\d \(.*\); 6 stay$/, []],
  ["fewer replicas", web(two, { replicas: 5 }), /^web-\d goes from web\d; 5 stay$/, []],
];
for (const [what, values, words, counts] of changes) {
  test(`${what}: the preview names each move and has the very assignment`, async () => {
    const one = await placed(web(two));
    const { said, outputs } = await previewOf(one, values);
    assert.match(said, words);
    await one.up(values);
    assert.equal(one.outputs["assignment"], outputs["assignment"]);
    assert.equal(one.outputs["record"], outputs["record"]);
    for (const [host, count] of counts) assert.is(countOn(one.outputs, host), count, host);
  });
}

test("a host that was drained and comes back gets its share again", async () => {
  const one = await placed(web(three));
  await one.up(web(three, {}, { web3: { drain: true } }));
  assert.is(countOn(one.outputs, "web3"), 0);
  await one.up(web(three));
  assert.is(countOn(one.outputs, "web3"), 2);
});

test("services that were placed before have what they take", async () => {
  const others = { db: { hosts: ["web1"], cpus: 3 } };
  const hosts = { web1: { cpus: 4 }, web2: { cpus: 4 } };
  const one = await placed(web(two, { cpus: 1, replicas: 5, others }, hosts));
  assert.equal([countOn(one.outputs, "web1"), countOn(one.outputs, "web2")], [1, 4]);
});

test("what is not known yet is planned later, and nothing is said of it", async () => {
  const one = await placed(web(two));
  const { said, outputs } = await previewOf(one, web(three, { others: unknown }));
  assert.is(said, "");
  assert.is(outputs["assignment"], unknown);
});

test("what fits nowhere is refused by check, with the causes by host", async () => {
  const hosts = { web1: { drain: true }, web2: { cpus: 2 } };
  const failures = await failuresOf(web(two, { cpus: 1, replicas: 3 }, hosts));
  assert.equal(failures, [
    {
      property: "replicas",
      reason:
        "is 3, and 1 of web fit on no host; add a host, make room, or ask for less:\n" +
        "  web1: is drained\n  web2: has 0 cpus left, and it needs 1 cpus",
    },
  ]);
});

const refused: readonly [string, ValueMap, readonly string[]][] = [
  ["a negative number of replicas", { replicas: -1 }, ["replicas"]],
  [
    "a rule that asks for two things",
    { require: [{ label: "zone", equals: "a", not: "b" }] },
    ["require[0]"],
  ],
  ["a rule that asks for nothing", { prefer: [{ label: "zone" }] }, ["prefer[0]"]],
  ["no value that would do", { require: [{ label: "zone", oneOf: [] }] }, ["require[0]"]],
  [
    "a weight out of range",
    { prefer: [{ label: "zone", exists: true, weight: 101 }] },
    ["prefer[0].weight"],
  ],
  ["a spread over a label that no host has", { spread: ["zone"] }, ["spread[0]"]],
  [
    "ports, processors and memory that are none",
    { hostPorts: [0], cpus: 0, memoryBytes: -1 },
    ["cpus", "memoryBytes", "hostPorts[0]"],
  ],
];
for (const [what, more, places] of refused) {
  test(`${what} is refused where it stands`, async () => {
    const failures = await failuresOf(web(two, more));
    assert.equal(
      failures.map(({ property }) => property),
      places,
    );
  });
}

test("a refresh gives what is known, and a delete has nothing to do", async () => {
  const one = await placed(web(two));
  const none = new Set<string>();
  const known = {
    inputs: { values: one.state?.inputs ?? {}, secrets: none },
    outputs: { values: one.state?.outputs ?? {}, secrets: none },
  };
  const run = newInstance();
  const seen = await run.read(one.call, one.id, known);
  assert.equal(seen?.properties.values, one.state?.outputs);
  assert.is(await run.read(one.call, one.id, undefined), undefined);
  await run.delete(one.call, one.id, { inputs: {}, outputs: {} });
});

test.run();
