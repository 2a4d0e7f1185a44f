// The rules of placement, one by one: what keeps a service off a host, in which words, and what is best.

import * as assert from "uvu/assert";
import { place, placeAll } from "../../../sdk/fleet/place.ts";
import type { FleetHost, Occupant, Placement, PlacementRequest } from "../../../sdk/fleet/types.ts";
import { describeCauses, describePlacement } from "../../../sdk/fleet/words.ts";
import { suite } from "../../support/suite.ts";

const test = suite("fleet/place");
const gib = 1024 ** 3;
const plain = ["web1", "web2", "web3"].map((name) => ({ name }));

function request(more: Partial<PlacementRequest> = {}): PlacementRequest {
  return { service: "shop", replicas: 3, ...more };
}

function hostsOf({ assignment }: Placement): readonly string[] {
  return assignment.map(({ host }) => host).sort();
}

const other = (more: Partial<Occupant> = {}): Occupant => ({
  service: "db",
  hosts: ["web1"],
  ...more,
});

/** What keeps a single replica off web1, when it is the only host. */
const causes: readonly [
  rule: string,
  host: Partial<FleetHost>,
  request: Partial<PlacementRequest>,
  others: readonly Occupant[],
  cause: string,
][] = [
  ["a drained host takes nothing", { drain: true }, {}, [], "is drained"],
  [
    "a required value",
    { labels: { zone: "a" } },
    { require: [{ label: "zone", equals: "b" }] },
    [],
    "has zone=a, and it needs zone=b",
  ],
  [
    "one of several values",
    {},
    { require: [{ label: "zone", oneOf: ["b", "c"] }] },
    [],
    "has no label zone, and it needs zone=b|c",
  ],
  [
    "a label that has to be there",
    {},
    { require: [{ label: "gpu", exists: true }] },
    [],
    "has no label gpu, and it needs a label gpu",
  ],
  [
    "a label that must not be there",
    { labels: { gpu: "1" } },
    { require: [{ label: "gpu", exists: false }] },
    [],
    "has gpu=1, and it needs no label gpu",
  ],
  [
    "a value that it must not have",
    { labels: { zone: "a" } },
    { require: [{ label: "zone", not: "a" }] },
    [],
    "has zone=a, and it needs another zone than a",
  ],
  [
    "the host's own name is a label",
    {},
    { require: [{ label: "host", equals: "web2" }] },
    [],
    "has host=web1, and it needs host=web2",
  ],
  [
    "a conflict of its own",
    {},
    { conflicts: ["d?"] },
    [other()],
    "has db, which conflicts with it",
  ],
  [
    "a conflict of the other",
    {},
    {},
    [other({ conflicts: ["sh*"] })],
    "has db, which conflicts with it",
  ],
  [
    "a neighbour that is not there",
    {},
    { near: ["db"] },
    [],
    "has no container of db, which it has to be near",
  ],
  [
    "a port of the host",
    {},
    { hostPorts: [80] },
    [other({ service: "edge", hostPorts: [80] })],
    "has its port 80 taken by edge",
  ],
  [
    "a volume elsewhere",
    {},
    { volumes: { data: "web2" } },
    [],
    "does not have the volume data, which is on web2",
  ],
  [
    "processors",
    { cpus: 1 },
    { cpus: 0.4 },
    [other({ cpus: 0.7 })],
    "has 0.3 cpus left, and it needs 0.4 cpus",
  ],
  [
    "memory",
    { memoryBytes: 2 * gib },
    { memoryBytes: gib },
    [other({ memoryBytes: 1.5 * gib })],
    "has 512 MiB of memory left, and it needs 1 GiB of memory",
  ],
  [
    "several causes are all told",
    { drain: true, cpus: 1 },
    { cpus: 2 },
    [],
    "is drained; has 1 cpus left, and it needs 2 cpus",
  ],
];
for (const [rule, host, wanted, others, cause] of causes) {
  test(rule, () => {
    const only = { name: "web1", ...host };
    const placed = place([only], { request: request({ replicas: 1, ...wanted }) }, others);
    assert.equal(placed.assignment, []);
    assert.equal(placed.unplaced, [{ replica: 1, causes: [{ host: "web1", cause }] }]);
  });
}

const alone: readonly [string, Partial<PlacementRequest>, string][] = [
  ["one per host", { onePerHost: true }, "one per host"],
  [
    "a port of the host is taken once",
    { hostPorts: [443] },
    "the port 443 of the host is taken once",
  ],
  [
    "who conflicts with its own kind is alone",
    { conflicts: ["sh*"] },
    "it conflicts with its own kind",
  ],
];
for (const [rule, wanted, why] of alone) {
  test(rule, () => {
    const placed = place(plain, { request: request({ replicas: 4, ...wanted }) });
    assert.equal(hostsOf(placed), ["web1", "web2", "web3"]);
    assert.is(placed.unplaced.length, 1);
    const shown = describeCauses(placed.unplaced[0]?.causes ?? []);
    assert.is(shown, `  web1, web2, web3: has one of it (${why})`);
  });
}

test("tenths of processors add up", () => {
  const placed = place([{ name: "web1", cpus: 0.3 }], { request: request({ cpus: 0.1 }) });
  assert.is(placed.assignment.length, 3);
});

const zoned: readonly FleetHost[] = [
  { name: "a1", labels: { zone: "a" } },
  { name: "a2", labels: { zone: "a" } },
  { name: "a3", labels: { zone: "a" } },
  { name: "b1", labels: { zone: "b", disk: "ssd" } },
];

test("replicas are spread evenly over hosts, and over the values of a label before that", () => {
  assert.equal(hostsOf(place(zoned, { request: request({ replicas: 4 }) })), [
    "a1",
    "a2",
    "a3",
    "b1",
  ]);
  const byZone = place(zoned, { request: request({ replicas: 4, spread: ["zone"] }) });
  assert.is(hostsOf(byZone).filter((host) => host === "b1").length, 2);
  assert.match(byZone.assignment[1]?.reason ?? "", /zone=\w has fewest of it \(0\)/);
});

test("the most preferred comes first, and what is to be avoided last", () => {
  const ssd = { label: "disk", equals: "ssd" };
  const on = (weight: number, replicas = 2) =>
    hostsOf(place(zoned, { request: request({ replicas, prefer: [{ ...ssd, weight }] }) }));
  assert.equal(on(10), ["b1", "b1"]);
  assert.not.ok(on(-10, 6).includes("b1"));
});

test("a service near another is where that is", () => {
  const both = placeAll(plain, [
    { request: request({ service: "db", replicas: 1 }) },
    { request: request({ near: ["db"] }) },
  ]);
  const [db, shop] = both.map(hostsOf);
  assert.equal(new Set(shop), new Set(db));
});

test("services with one replica do not crowd a host", () => {
  const tasks = ["a", "b", "c", "d", "e", "f"].map((service) => ({
    request: request({ service, replicas: 1 }),
  }));
  const all = placeAll(plain, tasks).flatMap(hostsOf);
  assert.equal(all.sort(), ["web1", "web1", "web2", "web2", "web3", "web3"]);
});

/** A service with three replicas on each of two hosts. */
const six = {
  places: [1, 2, 3, 4, 5, 6].map((replica) => ({ replica, host: replica < 4 ? "web1" : "web2" })),
  hosts: ["web1", "web2"],
};

test("each move has its words, and what stays is counted", () => {
  const wanted = request({ replicas: 6 });
  const joined = place(plain, { request: wanted, former: six });
  assert.is(joined.moves.length, 2);
  const words = describePlacement("shop", joined, six) ?? "";
  assert.match(words, /shop-\d moves from web\d to web3 \(web3 joined with 0 of it, web\d had 3\)/);
  assert.match(words, /; 4 stay$/);
  const drained = place([{ name: "web1" }, { name: "web2", drain: true }], {
    request: wanted,
    former: six,
  });
  assert.match(
    describePlacement("shop", drained, six) ?? "",
    "shop-4 moves from web2 to web1 (web2 is drained;",
  );
  const gone = place([{ name: "web1" }], { request: wanted, former: six });
  assert.match(describePlacement("shop", gone, six) ?? "", "(web2 is not in the pool any more;");
  assert.is(
    describePlacement("shop", place(plain.slice(0, 2), { request: wanted, former: six }), six),
    undefined,
  );
});

test("fewer: the fullest host gives first, and numbers stay with their containers", () => {
  const former = { ...six, places: six.places.slice(0, 5) };
  const placed = place(plain.slice(0, 2), { request: request({ replicas: 4 }), former });
  assert.equal(
    placed.assignment.map(({ replica, host }) => [replica, host]),
    [
      [1, "web1"],
      [2, "web1"],
      [4, "web2"],
      [5, "web2"],
    ],
  );
  assert.is(describePlacement("shop", placed, former), "shop-3 goes from web1; 4 stay");
});

test("more: the lowest free numbers are taken", () => {
  const former = { hosts: ["web1", "web2"], places: [{ replica: 2, host: "web1" }] };
  const placed = place(plain.slice(0, 2), { request: request({ replicas: 3 }), former });
  assert.equal(
    placed.assignment.map(({ replica }) => replica),
    [1, 2, 3],
  );
});

test("of many hosts with one cause, some are named and the rest counted", () => {
  const many = Array.from({ length: 15 }, (_, index) => ({
    host: `w${index}`,
    cause: "is drained",
  }));
  assert.match(describeCauses(many), /w11 and 3 more: is drained/);
  assert.is(describeCauses([]), "  the pool has no host");
});

test.run();
