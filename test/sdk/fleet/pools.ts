// Random pools, what runs on them, and requests: for the properties of placement.

import fc from "fast-check";
import type { FleetHost, LabelRule, Occupant, PlacementRequest } from "../../../sdk/fleet/types.ts";

const zones = ["a", "b", "c"];
const services = ["api", "api-2", "cache", "db", "edge"];
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Tenths, which binary fractions do not hold. */
const cpus = fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10);
const memoryBytes = fc.integer({ min: 1, max: 64 }).map((units) => units * 64 * 1024 * 1024);

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

const rule: fc.Arbitrary<LabelRule> = fc.oneof(
  fc.constantFrom(...zones).map((equals) => ({ label: "zone", equals })),
  fc.subarray(zones, { minLength: 1 }).map((oneOf) => ({ label: "zone", oneOf })),
  fc.boolean().map((exists) => ({ label: "ssd", exists })),
  fc.constantFrom(...zones).map((not) => ({ label: "zone", not })),
);

const labels = fc
  .record({ zone: optional(fc.constantFrom(...zones)), ssd: optional(fc.constant("yes")) })
  .map((given) => defined(given) as Record<string, string>);

export const hosts: fc.Arbitrary<readonly FleetHost[]> = fc
  .array(
    fc.record({
      labels,
      cpus: optional(cpus.map((count) => count * 4)),
      memoryBytes: optional(memoryBytes.map((bytes) => bytes * 4)),
      drain: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.boolean()),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((all) => all.map((host, index) => defined({ ...host, name: `web${index + 1}` })));

const patterns = fc.subarray(["db", "api*", "ca?he", "web", "*"], { maxLength: 2 });
const ports = fc.subarray([80, 443, 5432], { maxLength: 1 });

export const others = (names: readonly string[]): fc.Arbitrary<readonly Occupant[]> =>
  fc
    .subarray(services)
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((service) =>
          fc.record({
            service: fc.constant(service),
            hosts: fc.array(fc.constantFrom(...names, "gone"), { maxLength: 5 }),
            cpus: optional(cpus),
            memoryBytes: optional(memoryBytes),
            hostPorts: ports,
            conflicts: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, patterns),
          }),
        ),
      ),
    )
    .map((all) => all.map(defined));

export const request = (names: readonly string[]): fc.Arbitrary<PlacementRequest> =>
  fc
    .record({
      service: fc.constant("web"),
      replicas: fc.integer({ min: 0, max: 12 }),
      cpus: optional(cpus),
      memoryBytes: optional(memoryBytes),
      hostPorts: ports,
      require: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        fc.array(rule, { maxLength: 2 }),
      ),
      prefer: fc.array(
        fc
          .tuple(rule, fc.integer({ min: -100, max: 100 }))
          .map(([one, weight]) => ({ ...one, weight })),
        { maxLength: 2 },
      ),
      spread: fc.subarray(["zone", "ssd"]),
      conflicts: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, patterns),
      near: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.constant(["db"])),
      onePerHost: fc.boolean(),
      volumes: fc.oneof(
        { weight: 6, arbitrary: fc.constant({}) },
        fc.constantFrom(...names).map((name) => ({ data: name })),
      ),
    })
    .map(defined);

export interface Pool {
  readonly hosts: readonly FleetHost[];
  readonly others: readonly Occupant[];
  readonly request: PlacementRequest;
}

export const pool: fc.Arbitrary<Pool> = hosts.chain((all) => {
  const names = all.map(({ name }) => name);
  return fc.record({ hosts: fc.constant(all), others: others(names), request: request(names) });
});

/** A pool where everything fits everywhere. */
export const roomyPool: fc.Arbitrary<Pool> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 40 }))
  .map(([count, replicas]) => ({
    hosts: Array.from({ length: count }, (_, index) => ({ name: `web${index + 1}` })),
    others: [],
    request: { service: "web", replicas },
  }));
