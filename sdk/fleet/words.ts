// A placement in words for a person: what a preview says, and why something fits nowhere.

import type { FormerPlacement, Move, Placement, Unplaced } from "./types.ts";

/** How many hosts a line names before it only counts them. */
const namedHosts = 12;

function someOf(names: readonly string[]): string {
  const rest = names.length - namedHosts;
  const named = names.slice(0, namedHosts).join(", ");
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** The causes, those that several hosts share once: `web1, web2: is drained`. */
export function describeCauses(causes: Unplaced["causes"]): string {
  const hosts = new Map<string, readonly string[]>();
  for (const { host, cause } of causes) hosts.set(cause, [...(hosts.get(cause) ?? []), host]);
  const lines = [...hosts].map(([cause, each]) => `  ${someOf(each)}: ${cause}`);
  return lines.length === 0 ? "  the pool has no host" : lines.join("\n");
}

function moveWords(service: string, { replica, from, to, reason }: Move): string {
  return `${service}-${replica} moves from ${from} to ${to} (${reason})`;
}

/** How many are on each host: `web1 2, web2 1`. */
function countWords({ assignment }: Placement): string {
  const counts = new Map<string, number>();
  for (const { host } of assignment) counts.set(host, (counts.get(host) ?? 0) + 1);
  const hosts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return someOf(hosts.map(([host, count]) => `${host} ${count}`));
}

/** What changes; undefined when nothing does. */
export function describePlacement(
  service: string,
  placement: Placement,
  former: FormerPlacement | undefined,
): string | undefined {
  const { assignment, moves } = placement;
  if (!former) return assignment.length === 0 ? "on no host" : `on ${countWords(placement)}`;
  const before = new Map(former.places.map(({ replica, host }) => [replica, host]));
  const now = new Set(assignment.map(({ replica }) => replica));
  const added = assignment.filter(({ replica }) => !before.has(replica));
  const gone = former.places.filter(({ replica }) => !now.has(replica));
  const words = [
    ...moves.map((move) => moveWords(service, move)),
    ...added.map(
      ({ replica, host, reason }) => `${service}-${replica} is new on ${host} (${reason})`,
    ),
    ...gone.map(({ replica, host }) => `${service}-${replica} goes from ${host}`),
  ];
  if (words.length === 0) return undefined;
  const stay = assignment.length - moves.length - added.length;
  return [...words, ...(stay > 0 ? [`${stay} ${stay === 1 ? "stays" : "stay"}`] : [])].join("; ");
}
