// What has to be done to bring the daemon from what it is to what is wanted. Pure.

import type { Generation } from "./files.ts";
import { jsonOf, type ObservedDaemon, sha256 } from "./observe.ts";
import { DaemonChange } from "./option.ts";
import { compareJson } from "./render.ts";

export interface DaemonPlan {
  readonly action: "none" | "start" | "reload" | "restart";
  /** What differs, in the words of daemon.json, or of the files beside it. */
  readonly reasons: readonly string[];
  /** Of these, what puts images and containers out of sight. */
  readonly dataReasons: readonly string[];
  /** live-restore is switched on by a reload before the daemon is restarted. */
  readonly carry: boolean;
}

/** Whether a file of the generation that is there has other bytes or another mode than it was given. */
export function differingFiles(wanted: Generation, seen: ObservedDaemon): readonly string[] {
  const names = new Set([...wanted.files.map(({ path }) => path), ...seen.hashes.keys()]);
  return [...names].filter((path) => {
    const file = wanted.files.find((one) => one.path === path);
    if (path === "daemon.json") return false;
    if (!file) return true;
    const same = seen.hashes.get(path) === sha256(file.text);
    return !same || seen.modes.get(path) !== file.mode.toString(8);
  });
}

/** The bridge's script only matters where it makes something: an adopted daemon has none. */
function needsRestart(path: string, wanted: Generation, seen: ObservedDaemon): boolean {
  if (path !== "bridge.sh" || seen.hashes.has(path)) return true;
  return wanted.json["bridge"] !== undefined;
}

export function decide(wanted: Generation, seen: ObservedDaemon): DaemonPlan {
  const keys = compareJson(jsonOf(seen), wanted.json);
  const files = differingFiles(wanted, seen);
  const service = seen.service === wanted.service ? [] : ["the service's start command"];
  const bridge =
    wanted.bridge && wanted.bridge.address !== seen.bridge?.address ? ["the bridge's address"] : [];
  const program = seen.outdated ? ["the program of the daemon"] : [];
  const outside = [...service, ...bridge, ...program];
  const unlinked = seen.linked && seen.generation === wanted.id ? [] : ["the link to it"];
  const reasons = [...keys.map(({ key }) => key), ...files, ...outside];
  const dataReasons = keys
    .filter(({ change }) => change === DaemonChange.RecreateData)
    .map(({ key }) => key);
  if (seen.pid === undefined) return { action: "start", reasons, dataReasons, carry: false };
  const restarts =
    outside.length > 0 ||
    keys.some(({ change }) => change !== DaemonChange.Reload) ||
    files.some((path) => needsRestart(path, wanted, seen));
  if (restarts) {
    const carry = wanted.json["live-restore"] === true && jsonOf(seen)["live-restore"] !== true;
    return { action: "restart", reasons, dataReasons, carry };
  }
  const action = reasons.length + unlinked.length > 0 ? "reload" : "none";
  return { action, reasons: reasons.length > 0 ? reasons : unlinked, dataReasons, carry: false };
}
