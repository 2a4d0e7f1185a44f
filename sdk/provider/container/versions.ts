// Which options need a newer daemon than the oldest one that is served (API 1.41). An older daemon
// would ignore them in silence: they are refused, with what is needed and what is there.
// See https://docs.docker.com/reference/api/engine/version-history/

import { SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import type { Context } from "../resource.ts";
import { formatPath, isList, isMap, type Path, type Value, type ValueMap } from "../values.ts";

/** `*` stands for every element of a list. */
interface Need {
  readonly path: readonly string[];
  readonly api: string;
  readonly docker: string;
  /** Only this value needs it. */
  readonly value?: Value;
}

export const needs: readonly Need[] = [
  { path: ["consoleSize"], api: "1.42", docker: "23.0" },
  { path: ["mounts", "*", "bindOptions", "createMountpoint"], api: "1.42", docker: "23.0" },
  { path: ["annotations"], api: "1.43", docker: "24.0" },
  { path: ["healthCheck", "startIntervalMs"], api: "1.44", docker: "25.0" },
  { path: ["networks", "*", "macAddress"], api: "1.44", docker: "25.0" },
  { path: ["mounts", "*", "bindOptions", "readOnlyNonRecursive"], api: "1.44", docker: "25.0" },
  { path: ["mounts", "*", "bindOptions", "readOnlyForceRecursive"], api: "1.44", docker: "25.0" },
  { path: ["mounts", "*", "volumeOptions", "subpath"], api: "1.45", docker: "26.0" },
  { path: ["mounts", "*", "tmpfsOptions", "options"], api: "1.46", docker: "27.0" },
  { path: ["mounts", "*", "type"], api: "1.48", docker: "28.0", value: "image" },
  { path: ["mounts", "*", "imageSubpath"], api: "1.48", docker: "28.0" },
  { path: ["networks", "*", "gatewayPriority"], api: "1.48", docker: "28.0" },
];

/** The places of a declaration that one path means. */
function placesOf(value: Value | undefined, path: readonly string[], at: Path): readonly Path[] {
  const [step, ...rest] = path;
  if (value === undefined || value === null) return [];
  if (step === undefined) return [at];
  if (step === "*") {
    return isList(value)
      ? value.flatMap((item, index) => placesOf(item, rest, [...at, index]))
      : [];
  }
  return isMap(value) && Object.hasOwn(value, step)
    ? placesOf(value[step], rest, [...at, step])
    : [];
}

function valueAt(inputs: ValueMap, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((value, step) => {
    if (typeof step === "number") return isList(value) ? value[step] : undefined;
    return isMap(value) ? value[step] : undefined;
  }, inputs);
}

interface Needed {
  readonly property: string;
  readonly need: Need;
}

/** The declared places that a daemon of API 1.41 would not know. */
export function neededVersions(inputs: ValueMap): readonly Needed[] {
  return needs.flatMap((need) =>
    placesOf(inputs, need.path, [])
      .filter((path) => need.value === undefined || valueAt(inputs, path) === need.value)
      .map((path) => ({ property: formatPath(path), need })),
  );
}

function isOlder(api: string, than: string): boolean {
  const [a = 0, b = 0] = api.split(".").map(Number);
  const [c = 0, d = 0] = than.split(".").map(Number);
  return a < c || (a === c && b < d);
}

/** What a daemon lacks, with the versions: `there` is what is spoken with it, `docker` what it is. */
export function lackingVersions(
  needed: readonly Needed[],
  there: { readonly api: string; readonly docker: string },
): readonly Failure[] {
  return needed
    .filter(({ need }) => isOlder(there.api, need.api))
    .map(({ property, need }) => ({
      property,
      reason: `needs API ${need.api} (Docker ${need.docker}); with this daemon, Docker ${there.docker}, API ${there.api} is spoken`,
    }));
}

/** Whether the daemon is new enough. One out of reach is no failure of the declaration. */
export async function checkVersions(context: Context, inputs: object): Promise<readonly Failure[]> {
  const needed = neededVersions(inputs as ValueMap);
  if (needed.length === 0) return [];
  try {
    const api = await context.docker.system.apiVersion();
    const { version } = await context.docker.system.version({ signal: context.signal });
    return lackingVersions(needed, { api, docker: version });
  } catch (error) {
    if (error instanceof SdkError) return [];
    throw error;
  }
}
