// A release to one and to four hosts where hosts are machines of their own: each of them has a core, the
// tool two, all equally fast, in both releases, and none slows another (share.ts). By hand, on the same
// shares, is the control: four hosts then take as long as one, or the machines were not apart.
import type { LabHost } from "../lab/hosts.ts";
import type { BenchContext } from "./bench.ts";
import { atLeast, atMostTimes, type Figure, figureOf, type Turn } from "./figure.ts";
import type { BenchStack } from "./project.ts";
import { type ByHand, lostIn } from "./release-tools.ts";
import { idlePercent, type Tool, withShares } from "./share.ts";

/** What is a core here, of those of this machine: six of them leave something for clients and the bench. */
const share = 0.29;
const changed = /Resources:[\s\S]*(created|replaced)/;

/** The releases that are compared: to a host of its own, and to the four. */
export interface ApartSides {
  readonly single: LabHost;
  readonly hosts: readonly LabHost[];
  readonly one: BenchStack;
  readonly four: BenchStack;
  readonly byHand: readonly [one: ByHand, four: ByHand];
}

const figures = {
  apart: { unit: "s", goal: atMostTimes(1.3) },
  "apart-by-hand": { unit: "s", goal: atMostTimes(1.2) },
  "apart-idle": { unit: "%", goal: atLeast(10, "%") },
} as const;
type Name = keyof typeof figures;

const names = Object.keys(figures) as readonly Name[];

async function turn(
  { single, hosts, one, four, byHand }: ApartSides,
  tool: Tool,
  version: string,
): Promise<Readonly<Record<Name, Turn>>> {
  const up = (stack: BenchStack) => () => tool.work(() => stack.up(changed, { VERSION: version }));
  let alone = { took: 0, lost: 0 };
  let ours = alone;
  const idle = {
    floor: await idlePercent(async () => {
      alone = await lostIn([single], 80, up(one));
    }),
    value: await idlePercent(async () => {
      ours = await lostIn(hosts, 80, up(four));
    }),
  };
  const byOne = await byHand[0].release(version);
  return {
    apart: { value: ours.took, floor: alone.took },
    "apart-by-hand": { value: await byHand[1].release(version), floor: byOne },
    "apart-idle": idle,
  };
}

/** Measures before anything else runs on the hosts: what runs there takes of their share. */
export async function measureApart(
  context: BenchContext,
  sides: ApartSides,
  turns: number,
): Promise<readonly Figure[]> {
  const { log, signal, prefix } = context;
  const taken: Readonly<Record<Name, Turn>>[] = [];
  const machines = [sides.single, ...sides.hosts];
  await withShares(machines, { name: `${prefix}-tool`, share }, async (tool) => {
    for (let at = 0; at <= turns; at++) {
      signal.throwIfAborted();
      const done = await turn(sides, tool, `a${at + 1}`);
      const words = names.map((name) => {
        const { value, floor } = done[name];
        return `${name} ${value.toFixed(2)}/${floor.toFixed(2)}`;
      });
      log(`${at === 0 ? "warm-up, apart" : `turn ${at} of ${turns}, apart`}: ${words.join(", ")}`);
      if (at > 0) taken.push(done);
    }
  });
  return names.map((name) =>
    figureOf(
      { name: `release-hosts-${name}`, ...figures[name] },
      taken.map((each) => each[name]),
    ),
  );
}
