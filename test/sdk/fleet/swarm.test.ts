// The order in which a swarm's nodes change: by example, and for random swarms by what has to hold
// after each step. A model carries the steps out.

import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  describeSwarmStep,
  type ListedNode,
  type LocalSight,
  planSwarm,
  quorumWarnings,
  type SwarmRole,
  type SwarmSight,
  type SwarmStep,
  type WantedNode,
} from "../../../sdk/fleet/swarm.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";

const test = suite("fleet/swarm");

const node = (name: string, role: SwarmRole = "worker", more: Partial<WantedNode> = {}) => ({
  name,
  role,
  availability: "active" as const,
  labels: {},
  ...more,
});
const managers = (...names: string[]) => names.map((name) => node(name, "manager"));
const workers = (...names: string[]) => names.map((name) => node(name));

/** Machines that are in the swarm as these say; others are in none. */
function sight(inside: readonly WantedNode[], outside: readonly string[] = []): SwarmSight {
  const machines: [string, LocalSight][] = [
    ...inside.map(({ name }): [string, LocalSight] => [name, { kind: "in", id: `id-${name}` }]),
    ...outside.map((name): [string, LocalSight] => [name, { kind: "out" }]),
  ];
  const listed = inside.map((one): ListedNode => ({ ...one, id: `id-${one.name}`, up: true }));
  return { machines: Object.fromEntries(machines), listed };
}

function unreached({ machines, listed }: SwarmSight, ...names: string[]): SwarmSight {
  const gone = names.map((name): [string, LocalSight] => [name, { kind: "unreached" }]);
  return {
    machines: { ...machines, ...Object.fromEntries(gone) },
    listed: listed.map((one) => (names.includes(one.name ?? "") ? { ...one, up: false } : one)),
  };
}

const words = (wanted: readonly WantedNode[], seen: SwarmSight) =>
  planSwarm(wanted, seen).map(describeSwarmStep);

const three = [...managers("m1", "m2", "m3"), ...workers("w1", "w2")];

const table: readonly [string, readonly WantedNode[], SwarmSight, readonly string[]][] = [
  [
    "a new swarm: the first manager makes it, managers join before workers",
    [...workers("a1"), ...managers("m2", "m1")],
    sight([], ["a1", "m1", "m2"]),
    ["make the swarm on m1", "m2 joins as manager", "a1 joins as worker"],
  ],
  ["nothing to do", three, sight(three), []],
  [
    "a manager that is lost goes before its successor joins",
    [...managers("m1", "m2", "m4"), ...workers("w1", "w2")],
    unreached(sight(three, ["m4"]), "m3"),
    ["m3, which is not reached, is taken off the list", "m4 joins as manager"],
  ],
  [
    "a manager that leaves: its successor is in, tasks are off, then it is demoted, then it leaves",
    [...managers("m1", "m2", "m4"), ...workers("w1", "w2")],
    sight(three, ["m4"]),
    ["m4 joins as manager", "tasks move off m3", "m3 becomes a worker", "m3 leaves"],
  ],
  [
    "promotions come before demotions",
    [...managers("m1", "m2", "w1"), ...workers("m3", "w2")],
    sight(three),
    ["w1 becomes a manager", "m3 becomes a worker"],
  ],
  [
    "labels and availability are set in place",
    [
      ...managers("m1", "m2", "m3"),
      node("w1", "worker", { labels: { disk: "ssd" } }),
      ...workers("w2"),
    ],
    sight(three),
    ["availability and labels of w1"],
  ],
  ["one that is not reached and stays is left alone", three, unreached(sight(three), "w1"), []],
  [
    "one that left by hand: its old entry goes, and it joins again",
    three,
    { ...sight(three), machines: { ...sight(three).machines, w1: { kind: "out" } } },
    ["w1, which is not reached, is taken off the list", "w1 joins as worker"],
  ],
  [
    "nodes that are not of the declaration are left alone",
    three,
    {
      ...sight(three),
      listed: [...sight(three).listed, { ...node("x"), name: undefined, id: "x", up: true }],
    },
    [],
  ],
];
for (const [name, wanted, seen, want] of table) {
  test(name, () => assert.equal(words(wanted, seen), want));
}

/** What a step does to the nodes that are in. */
function act(inside: Map<string, SwarmRole>, step: SwarmStep): void {
  if (step.kind === "init") inside.set(step.name, "manager");
  if (step.kind === "join") inside.set(step.name, step.role);
  if (step.kind === "promote") inside.set(step.name, "manager");
  if (step.kind === "demote") inside.set(step.name, "worker");
  if (step.kind === "leave" || step.kind === "forget") inside.delete(step.name);
}

const names = ["a", "b", "c", "d", "e", "f", "g"];
const anyNodes = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      role: fc.constantFrom<SwarmRole>("manager", "worker"),
    }),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((list) => [...new Map(list.map(({ name, role }) => [name, node(name, role)])).values()])
  .filter((list) => list.some(({ role }) => role === "manager"));

test("whatever changes: there is a manager throughout, none leaves as one, and all is as wanted", () => {
  const property = fc.property(anyNodes, fc.option(anyNodes), (wanted, before) => {
    const former = before ?? [];
    const inside = new Map(former.map(({ name, role }) => [name, role]));
    for (const step of planSwarm(
      wanted,
      sight(
        former,
        names.filter((name) => !inside.has(name)),
      ),
    )) {
      if (step.kind === "leave") assert.is(inside.get(step.name), "worker", step.name);
      act(inside, step);
      assert.ok([...inside.values()].includes("manager"), describeSwarmStep(step));
    }
    const now = [...inside].sort();
    assert.equal(now, wanted.map(({ name, role }) => [name, role] as [string, SwarmRole]).sort());
  });
  fc.assert(property, cases(300));
});

const warnings: readonly [string, string[], string[], RegExp | undefined][] = [
  ["three managers", ["a", "b", "c"], ["a", "b", "c"], undefined],
  ["one of one", ["a"], [], undefined],
  [
    "two bear no loss",
    ["a", "b"],
    [],
    /^2 managers bear the loss of 0, no more than 1 do; take 3$/,
  ],
  ["four bear one", ["a", "b", "c", "d"], [], /^4 managers bear the loss of 1, no more than 3 do/],
  [
    "a majority goes at once",
    ["c", "d", "e"],
    ["a", "b", "c"],
    /^2 of 3 managers go at once \(a, b\)/,
  ],
  ["a minority goes", ["b", "c", "d"], ["a", "b", "c"], undefined],
];
for (const [name, now, before, want] of warnings) {
  test(`quorum: ${name}`, () => {
    const said = quorumWarnings(managers(...now), managers(...before));
    if (want === undefined) assert.equal(said, []);
    else assert.match(said.join("\n"), want);
  });
}

test("quorum: one manager of several nodes", () => {
  assert.match(quorumWarnings([...managers("a"), ...workers("b")]).join(), /^one manager/);
});

test.run();
