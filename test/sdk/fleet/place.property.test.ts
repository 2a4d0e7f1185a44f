// What holds of every placement, over random pools. Constraints are checked by rules written anew
// here, in the plainest way, not by the code under test.

import fc from "fast-check";
import * as assert from "uvu/assert";
import { place, placeAll } from "../../../sdk/fleet/place.ts";
import type {
  FleetHost,
  FormerPlacement,
  LabelRule,
  Occupant,
  Placement,
  PlacementRequest,
} from "../../../sdk/fleet/types.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";
import { type Pool, pool, roomyPool } from "./pools.ts";

const test = suite("placement over random pools");
const runs = cases(1000);

function former({ assignment, hosts }: Placement): FormerPlacement {
  return { places: assignment, hosts };
}

function matches(pattern: string, name: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return name === "";
  if (first === "*") {
    return Array.from({ length: name.length + 1 }, (_, at) => name.slice(at)).some((tail) =>
      matches(rest.join(""), tail),
    );
  }
  return (
    name !== "" && (first === "?" || first === name[0]) && matches(rest.join(""), name.slice(1))
  );
}

function minds(one: { conflicts?: readonly string[] }, service: string): boolean {
  return (one.conflicts ?? []).some((pattern) => matches(pattern, service));
}

function holds(host: FleetHost, { label, equals, oneOf, exists, not }: LabelRule): boolean {
  const value = label === "host" ? host.name : host.labels?.[label];
  if (equals !== undefined) return value === equals;
  if (oneOf !== undefined) return value !== undefined && oneOf.includes(value);
  if (not !== undefined) return value !== not;
  return exists === (value !== undefined);
}

/** Why `count` replicas of a request cannot be on a host; empty when they can. */
function violations(
  host: FleetHost,
  request: PlacementRequest,
  others: readonly Occupant[],
  count: number,
): readonly string[] {
  if (count === 0) return [];
  const here = others.filter(({ hosts }) => hosts.includes(host.name));
  const ports = request.hostPorts ?? [];
  const sum = (of: (one: Occupant) => number) =>
    here.reduce((all, one) => all + of(one) * one.hosts.filter((h) => h === host.name).length, 0);
  const alone = request.onePerHost === true || ports.length > 0 || minds(request, request.service);
  const tenths = (cpus: number | undefined) => Math.round((cpus ?? 0) * 10);
  const rules: readonly (readonly [string, boolean])[] = [
    ["drained", host.drain !== true],
    ["required labels", (request.require ?? []).every((rule) => holds(host, rule))],
    ["volume elsewhere", Object.values(request.volumes ?? {}).every((at) => at === host.name)],
    ["a conflict of its own", !here.some(({ service }) => minds(request, service))],
    ["a conflict of another", !here.some((other) => minds(other, request.service))],
    ["not near", (request.near ?? []).every((name) => here.some((one) => one.service === name))],
    ["port taken", !here.some((one) => one.hostPorts?.some((port) => ports.includes(port)))],
    ["two on a host", !alone || count === 1],
    [
      "cpus",
      host.cpus === undefined ||
        request.cpus === undefined ||
        sum((one) => tenths(one.cpus)) + count * tenths(request.cpus) <= tenths(host.cpus),
    ],
    [
      "memory",
      host.memoryBytes === undefined ||
        request.memoryBytes === undefined ||
        sum((one) => one.memoryBytes ?? 0) + count * request.memoryBytes <= host.memoryBytes,
    ],
  ];
  return rules.filter(([, right]) => !right).map(([name]) => name);
}

function countOn(placement: Placement, host: string): number {
  return placement.assignment.filter((one) => one.host === host).length;
}

function assertSound({ hosts, others, request }: Pool, placement: Placement): void {
  for (const host of hosts) {
    const count = countOn(placement, host.name);
    assert.equal(violations(host, request, others, count), [], `on ${host.name}`);
  }
  const { assignment, unplaced } = placement;
  const numbers = [...assignment, ...unplaced].map(({ replica }) => replica);
  assert.is(numbers.length, request.replicas);
  assert.is(new Set(numbers).size, numbers.length, "numbers are unique");
  assert.ok(numbers.every((number) => number >= 1));
  assert.ok(
    assignment.every(({ host }) => hosts.some(({ name }) => name === host)),
    "each host is one of the pool",
  );
  assert.ok(
    assignment.every(({ reason }) => reason !== "" || hosts.length === 1),
    "each place has its reason",
  );
  for (const { causes } of unplaced) {
    assert.equal(
      causes.map(({ host }) => host).sort(),
      hosts.map(({ name }) => name).sort(),
      "what fits nowhere has a cause for each host",
    );
    assert.ok(causes.every(({ cause }) => cause !== "" && cause !== "has no room"));
  }
  if (unplaced.length === 0) return;
  for (const host of hosts) {
    const one = violations(host, request, others, countOn(placement, host.name) + 1);
    assert.ok(one.length > 0, `there was room on ${host.name}`);
  }
}

function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  return list
    .map((item, index) => [Math.sin(seed + index * 7919), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** A pool, and the same with another number of replicas, and one host drained or taken away. */
const changed = fc.tuple(
  pool,
  fc.integer({ min: 0, max: 12 }),
  fc.nat(),
  fc.constantFrom("none", "drain", "remove", "add"),
);

function change({ hosts }: Pool, kind: string, which: number): readonly FleetHost[] {
  const at = which % hosts.length;
  if (kind === "drain") return hosts.map((host, i) => (i === at ? { ...host, drain: true } : host));
  if (kind === "remove") return hosts.filter((_, index) => index !== at);
  return kind === "add" ? [...hosts, { name: "web0", labels: { zone: "a" } }] : hosts;
}

test("all constraints hold, reasons are complete, and nothing fits that was left out", () => {
  fc.assert(
    fc.property(pool, (one) => {
      assertSound(one, place(one.hosts, { request: one.request }, one.others));
    }),
    runs,
  );
});

test("the order of hosts and of others says nothing", () => {
  fc.assert(
    fc.property(pool, fc.nat(), ({ hosts, others, request }, seed) => {
      const first = place(hosts, { request }, others);
      const again = place(shuffled(hosts, seed), { request }, shuffled(others, seed));
      assert.equal(again, first);
    }),
    runs,
  );
});

test("the same again keeps everything where it was", () => {
  fc.assert(
    fc.property(pool, ({ hosts, others, request }) => {
      const first = place(hosts, { request }, others);
      const again = place(hosts, { request, former: former(first) }, others);
      assert.equal(again.moves, []);
      assert.equal(
        again.assignment.map(({ replica, host }) => [replica, host]),
        first.assignment.map(({ replica, host }) => [replica, host]),
      );
    }),
    runs,
  );
});

test("after any change the constraints hold, and what moves is told", () => {
  fc.assert(
    fc.property(changed, ([one, replicas, which, kind]) => {
      const before = place(one.hosts, { request: one.request }, one.others);
      const now = {
        ...one,
        hosts: change(one, kind, which),
        request: { ...one.request, replicas },
      };
      const after = place(now.hosts, { request: now.request, former: former(before) }, one.others);
      assertSound(now, after);
      const was = new Map(before.assignment.map(({ replica, host }) => [replica, host]));
      const moved = after.assignment.filter(
        ({ replica, host }) => was.has(replica) && was.get(replica) !== host,
      );
      assert.equal(
        after.moves.map(({ replica, from, to }) => [replica, from, to]),
        moved.map(({ replica, host }) => [replica, was.get(replica), host]),
      );
      assert.ok(after.moves.every(({ reason }) => reason !== ""));
    }),
    runs,
  );
});

test("a host that goes or is drained moves what was on it, and nothing else", () => {
  fc.assert(
    fc.property(pool, fc.nat(), fc.boolean(), (one, which, drained) => {
      const { hosts, others, request } = one;
      const before = place(hosts, { request }, others);
      const now = change(one, drained ? "drain" : "remove", which);
      const gone = hosts[which % hosts.length]?.name;
      const after = place(now, { request, former: former(before) }, others);
      assert.ok(after.moves.every(({ from }) => from === gone));
    }),
    runs,
  );
});

test("a host that joins moves at most its share, and only to itself", () => {
  fc.assert(
    fc.property(pool, (one) => {
      const { hosts, others, request } = one;
      const before = place(hosts, { request }, others);
      const after = place(change(one, "add", 0), { request, former: former(before) }, others);
      const share = Math.ceil(request.replicas / Math.max(1, after.hosts.length));
      assert.ok(after.moves.length <= share, `${after.moves.length} moves, ${share} at most`);
      assert.ok(after.moves.every(({ to }) => to === "web0"));
    }),
    runs,
  );
});

test("a scale touches only what comes or goes", () => {
  fc.assert(
    fc.property(pool, fc.integer({ min: 0, max: 12 }), ({ hosts, others, request }, replicas) => {
      const before = place(hosts, { request }, others);
      const scaled = { ...request, replicas };
      const after = place(hosts, { request: scaled, former: former(before) }, others);
      assert.equal(after.moves, []);
      const was = new Map(before.assignment.map(({ replica, host }) => [replica, host]));
      const stay = after.assignment.filter(({ replica, host }) => was.get(replica) === host);
      assert.is(stay.length, Math.min(before.assignment.length, after.assignment.length));
    }),
    runs,
  );
});

function spreadOf(placement: Placement, hosts: readonly FleetHost[]): number {
  const counts = hosts.map(({ name }) => countOn(placement, name));
  return Math.max(...counts) - Math.min(...counts);
}

test("where all fits, counts differ by one at most: at first, and through every change", () => {
  fc.assert(
    fc.property(
      roomyPool,
      fc.array(fc.tuple(fc.constantFrom("add", "remove", "scale"), fc.nat({ max: 40 })), {
        maxLength: 8,
      }),
      ({ hosts: given, request: wanted }, changes) => {
        let hosts = given;
        let request = wanted;
        let placement = place(hosts, { request });
        assert.ok(spreadOf(placement, hosts) <= 1);
        for (const [index, [kind, number]] of changes.entries()) {
          if (kind === "add") hosts = [...hosts, { name: `new${index}` }];
          else if (kind === "scale") request = { ...request, replicas: number };
          else if (hosts.length > 1) hosts = hosts.filter((_, at) => at !== number % hosts.length);
          placement = place(hosts, { request, former: former(placement) });
          assert.ok(
            spreadOf(placement, hosts) <= 1,
            `after ${kind}: ${spreadOf(placement, hosts)}`,
          );
        }
      },
    ),
    runs,
  );
});

test("several services together stay within what each host has", () => {
  fc.assert(
    fc.property(pool, fc.array(pool, { maxLength: 3 }), (one, more) => {
      const requests = [one, ...more].map(({ request }, index) => ({
        ...request,
        service: `web-${index}`,
      }));
      const all = placeAll(
        one.hosts,
        requests.map((request) => ({ request })),
        one.others,
      );
      const occupants: Occupant[] = [...one.others];
      for (const [index, request] of requests.entries()) {
        const placement = all[index];
        if (!placement) throw new Error("each request has its placement");
        assertSound({ hosts: one.hosts, others: occupants, request }, placement);
        occupants.push({ ...request, hosts: placement.assignment.map(({ host }) => host) });
      }
    }),
    runs,
  );
});

test.run();
