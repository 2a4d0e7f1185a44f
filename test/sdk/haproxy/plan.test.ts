import fc from "fast-check";
import * as assert from "uvu/assert";
import { describeStep } from "../../../sdk/haproxy/describe.ts";
import { holds, routeDifferences, routeDrift } from "../../../sdk/haproxy/observe.ts";
import { planRemoval, planRoute } from "../../../sdk/haproxy/plan.ts";
import { freshLayout, mapLines, renderRoute } from "../../../sdk/haproxy/render.ts";
import type {
  Endpoint,
  ObservedRoute,
  ObservedSlot,
  RouteSpec,
  ServerSpec,
  Step,
} from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("planRoute");

const server = (id: number): ServerSpec => ({
  name: `web-${id}`,
  host: `web-${id}`,
  address: `172.30.0.${id}`,
  port: 8080,
});
const route = (ids: readonly number[], path = "/healthz"): RouteSpec => ({
  key: "shop",
  sites: [{ host: "shop.test", path: "/" }],
  servers: ids.map(server),
  check: { path, intervalMs: 1000 },
});
const spare = (index: number): ObservedSlot => ({
  slot: `s${index + 1}`,
  host: undefined,
  address: "127.0.0.1",
  port: 1,
  state: "maint",
  passed: false,
  unresolved: false,
  up: false,
  check: "",
  streams: 0,
});
const filled = (index: number, id: number, more: Partial<ObservedSlot> = {}): ObservedSlot => ({
  ...spare(index),
  host: `web-${id}`,
  address: `172.30.0.${id}`,
  port: 8080,
  state: "ready",
  passed: true,
  up: true,
  check: "L7OK",
  ...more,
});

/** As a first update leaves it. */
function settled(spec: RouteSpec): ObservedRoute {
  const layout = freshLayout(spec);
  const slots = Array.from({ length: layout.slotCount }, (_, index) => {
    const id = Number(spec.servers[index]?.name.slice(4));
    return Number.isNaN(id) ? spare(index) : filled(index, id);
  });
  return {
    key: spec.key,
    file: renderRoute(layout),
    mapLines: mapLines(spec),
    others: {},
    slots,
    loaded: true,
    oldWorkers: [],
    oldServers: [],
  };
}

const nothing: ObservedRoute = {
  key: "shop",
  file: undefined,
  mapLines: [],
  others: {},
  slots: undefined,
  loaded: true,
  oldWorkers: [],
  oldServers: [],
};

const withSlots = (observed: ObservedRoute, slots: readonly ObservedSlot[]): ObservedRoute => ({
  ...observed,
  slots: [
    ...slots,
    ...Array.from({ length: 4 - slots.length }, (_, index) => spare(slots.length + index)),
  ],
});

const one = settled(route([1]));
const cases: readonly [string, ObservedRoute, RouteSpec, readonly string[]][] = [
  ["nothing there: probe, then a reload", nothing, route([1]), ["probe", "reload"]],
  ["nothing to do: no step", one, route([1]), []],
  ["one for another: no reload", one, route([2]), ["gate", "switch", "write", "drain", "free"]],
  ["one more: nothing drains", one, route([1, 2]), ["gate", "switch", "write"]],
  ["one less: no gate", settled(route([1, 2])), route([1]), ["switch", "write", "drain", "free"]],
  ["another check: a reload, nothing drains", one, route([1], "/ok"), ["probe", "reload"]],
  [
    "another check and server: old ones drain",
    one,
    route([2], "/ok"),
    ["probe", "reload", "drain"],
  ],
  ["more servers than slots: a reload", one, route([1, 2, 3, 4, 5]), ["probe", "reload"]],
  [
    "files that were not loaded: a reload",
    { ...one, loaded: false },
    route([1]),
    ["probe", "reload"],
  ],
  [
    "killed before the switch: as if nothing had been",
    withSlots(one, [filled(0, 1), spare(1)]),
    route([2]),
    ["gate", "switch", "write", "drain", "free"],
  ],
  [
    "killed after the switch: the file, and the drain",
    withSlots(one, [filled(0, 1, { state: "drain" }), filled(1, 2)]),
    route([2]),
    ["write", "drain", "free"],
  ],
  [
    "killed after the switch, and the former is wanted again",
    withSlots(one, [filled(0, 1, { state: "drain" }), filled(1, 2)]),
    route([1]),
    ["gate", "switch", "drain", "free"],
  ],
  [
    "a server put into maintenance by hand",
    withSlots(one, [filled(0, 1, { state: "maint", up: false })]),
    route([1]),
    ["gate", "switch"],
  ],
  [
    "a server that is down must become well",
    withSlots(one, [filled(0, 1, { up: false })]),
    route([1]),
    ["gate", "switch"],
  ],
  [
    "an old worker with other servers is waited for",
    { ...one, oldServers: [{ host: "web-9", address: "172.30.0.9", port: 8080 }] },
    route([1]),
    ["drain"],
  ],
  [
    "an old worker with the same servers is not",
    { ...one, oldServers: [{ host: "web-1", address: "172.30.0.1", port: 8080 }] },
    route([1]),
    [],
  ],
  [
    "an edited file is written again",
    { ...one, file: `${one.file ?? ""}  server x 1.2.3.4:5\n` },
    route([1]),
    ["write"],
  ],
];
for (const [name, observed, wanted, want] of cases) {
  test(name, () => {
    const plan = planRoute(observed, wanted);
    assert.equal(
      plan.map((step) => step.kind),
      want,
    );
    for (const step of plan) assert.ok(describeStep(step).length > 5);
  });
}

test("a route that is gone needs no step to be taken away", () => {
  assert.equal(planRemoval(nothing), []);
  assert.equal(
    planRemoval(one).map((step) => step.kind),
    ["reload", "drain"],
  );
});

test("drift has words", () => {
  assert.equal(routeDrift(one, route([1])), []);
  assert.equal(routeDrift(nothing, route([1])), ["the route is gone"]);
  const drained = withSlots(one, [filled(0, 1, { state: "drain" }), filled(1, 7)]);
  assert.equal(routeDrift(drained, route([1])), [
    "server web-1 is taken out of traffic",
    "server web-7:8080 is not of the route",
  ]);
});

test("a server that is down by its check may be up by the next one, and nothing else may", () => {
  const down = { up: false, check: "L4CON" };
  const sick = withSlots(one, [filled(0, 1, down), filled(1, 2, { state: "drain", ...down })]);
  assert.equal(routeDifferences(sick, route([1, 2])), [
    { words: "server web-1 is down: L4CON", isCheck: true },
    { words: "server web-2 is taken out of traffic", isCheck: false },
    { words: "its file names other servers", isCheck: false },
  ]);
});

/** What HAProxy would make of a step, without time: checks pass, streams end when waited for. */
class Model {
  state: ObservedRoute;
  readonly gated = new Set<string>();
  readonly readyCounts: number[] = [];

  constructor(state: ObservedRoute) {
    this.state = state;
  }

  private patch(change: (slot: ObservedSlot) => ObservedSlot): void {
    this.state = { ...this.state, slots: this.state.slots?.map(change) };
  }

  apply(step: Step): void {
    switch (step.kind) {
      case "gate":
        for (const one of step.servers) this.gated.add(one.name);
        break;
      case "probe":
        for (const one of step.spec.servers) this.gated.add(one.name);
        break;
      case "switch":
        for (const { slot, server: one } of step.enable) {
          assert.ok(this.gated.has(one.name), "takes traffic only after the gate");
          this.patch((now) =>
            now.slot === slot ? { ...filled(0, Number(one.name.slice(4))), slot } : now,
          );
          this.count();
        }
        for (const slot of step.retire) {
          this.patch((now) => (now.slot === slot ? { ...now, state: "drain", streams: 2 } : now));
          this.count();
        }
        break;
      case "write":
        this.state = { ...this.state, file: renderRoute(step.layout) };
        break;
      case "reload": {
        if (step.layout === undefined) throw new Error("not planned here");
        const old: Endpoint[] = (this.state.slots ?? []).filter((slot) => slot.state === "ready");
        const next = settled(step.layout.spec);
        this.state = { ...next, oldServers: [...this.state.oldServers, ...old] };
        break;
      }
      case "drain":
        this.patch((now) =>
          step.keep.some((one) => holds(now, one)) ? now : { ...now, streams: 0 },
        );
        this.state = { ...this.state, oldServers: [] };
        break;
      case "free":
        for (const slot of step.slots) {
          const now = this.state.slots?.find((one) => one.slot === slot);
          assert.is(now?.streams, 0, "a slot is freed only when it is drained");
          assert.ok(now?.state !== "ready", "a slot that takes traffic is not freed");
        }
        this.patch((now) =>
          step.slots.includes(now.slot)
            ? { ...now, state: "maint", port: 1, up: false, passed: false, host: step.kept?.host }
            : now,
        );
        break;
    }
    this.count();
  }

  private count(): void {
    const ready = (this.state.slots ?? []).filter((slot) => slot.state === "ready" && slot.up);
    this.readyCounts.push(ready.length);
  }
}

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
const mixture = fc
  .record({
    formerly: ids,
    path: fc.constantFrom("/healthz", "/ok"),
    loaded: fc.boolean(),
    written: fc.boolean(),
    known: fc.boolean(),
    slots: fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 6 }),
        state: fc.constantFrom("ready", "drain", "maint"),
        up: fc.boolean(),
        streams: fc.nat({ max: 2 }),
        kind: fc.constantFrom("spare", "filled", "moved", "unresolved"),
      }),
      { minLength: 1, maxLength: 6, selector: (slot) => slot.id },
    ),
    spares: fc.nat({ max: 4 }),
    old: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
  })
  .map((made): ObservedRoute => {
    const base = settled(route(made.formerly, made.path));
    const slots = made.slots.map((slot, index): ObservedSlot => {
      if (slot.kind === "spare") return spare(index);
      const { state, streams } = slot;
      const now = filled(index, slot.id, { state, streams, up: slot.up && state !== "maint" });
      if (slot.kind === "moved") return { ...now, address: "172.30.0.99" };
      return slot.kind === "unresolved"
        ? { ...now, address: undefined, unresolved: true, up: false }
        : now;
    });
    for (let index = 0; index < made.spares; index += 1) slots.push(spare(slots.length));
    return {
      ...base,
      loaded: made.loaded,
      file: made.written ? base.file : undefined,
      slots: made.known ? slots : undefined,
      oldServers: made.old.map((id) => ({ host: `web-${id}`, address: undefined, port: 8080 })),
    };
  });

test("from any mixture, the plan ends at what is wanted, and a second one is empty", () => {
  fc.assert(
    fc.property(mixture, ids, (observed, wanted) => {
      const spec = route(wanted);
      const model = new Model(observed);
      for (const step of planRoute(observed, spec)) model.apply(step);
      const ready = (model.state.slots ?? []).filter((slot) => slot.state === "ready");
      assert.equal(
        ready.map((slot) => slot.host).sort(),
        spec.servers.map((one) => one.host).sort(),
      );
      assert.equal(routeDrift(model.state, spec), []);
      assert.equal(planRoute(model.state, spec), []);
    }),
    { numRuns: 3000 },
  );
});

test("no step leaves fewer servers in traffic than the fewer of before and after", () => {
  fc.assert(
    fc.property(mixture, ids, (observed, wanted) => {
      const up = (observed.slots ?? []).filter((slot) => slot.state === "ready" && slot.up).length;
      const model = new Model(observed);
      for (const step of planRoute(observed, route(wanted))) model.apply(step);
      const least = Math.min(up, wanted.length);
      for (const count of model.readyCounts) assert.ok(count >= least, `${count} < ${least}`);
    }),
    { numRuns: 3000 },
  );
});

test.run();
