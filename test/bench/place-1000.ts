// 1,000 services of three replicas placed on 1,000 hosts, with zones, preferences, capacity, ports and
// conflicts. Goal: a plan is not waited for. The floor takes hosts by hash alone and minds nothing.
import { attraction } from "../../sdk/fleet/hash.ts";
import { type PlacementTask, placeAll } from "../../sdk/fleet/place.ts";
import type { FleetHost } from "../../sdk/fleet/types.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { type Figure, figureOf, takeTurns } from "./figure.ts";

const count = 1000;
const gib = 1024 ** 3;

const hosts: readonly FleetHost[] = Array.from({ length: count }, (_, at) => ({
  name: `web${at}`,
  labels: { zone: `z${at % 5}`, disk: at % 3 === 0 ? "hdd" : "ssd" },
  cpus: 16,
  memoryBytes: 64 * gib,
}));

const tasks: readonly PlacementTask[] = Array.from({ length: count }, (_, at) => ({
  request: {
    service: `shop${at}`,
    replicas: 3,
    cpus: 0.5,
    memoryBytes: gib,
    spread: ["zone"],
    require: [{ label: "disk", exists: true }],
    prefer: [{ label: "disk", equals: "ssd", weight: 5 }],
    ...(at % 10 === 0 ? { conflicts: [`shop${at + 1}*`], hostPorts: [1024 + at] } : {}),
  },
}));

function seconds(work: () => void): Promise<number> {
  const start = performance.now();
  work();
  return Promise.resolve((performance.now() - start) / 1000);
}

function byHashAlone(): void {
  for (const { request } of tasks) {
    const attracts = attraction(request.service);
    let best = -1;
    for (const { name } of hosts) best = Math.max(best, attracts(name));
    if (best < 0) throw new Error("a hash is never below 0");
  }
}

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const turns = await takeTurns(
    {
      value: () =>
        seconds(() => {
          const placed = placeAll(hosts, tasks);
          if (placed.some(({ unplaced }) => unplaced.length > 0)) throw new Error("all of it fits");
        }),
      floor: () => seconds(byHashAlone),
    },
    context,
  );
  const goal = { text: "less than 1 s", holds: ({ value }: { value: number }) => value < 1 };
  return [figureOf({ name: "place-1000", unit: "s", goal }, turns)];
}

export const place1000: Bench = {
  name: "place-1000",
  says: "1,000 services placed on 1,000 hosts, against hashing alone",
  run,
};
