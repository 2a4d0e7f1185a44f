// Docker's versions, and the API each speaks. Pure.
// Specification: https://docs.docker.com/reference/api/engine/#api-version-matrix.

/** Numbers of a version: `5:26.1.5+dfsg1-9` is 26, 1, 5. */
export function versionNumbers(version: string): readonly number[] {
  const bare = version.replace(/^\d+:/, "");
  return (/^\d+(\.\d+)*/.exec(bare)?.[0] ?? "0").split(".").map(Number);
}

export function isBefore(version: string, other: string): boolean {
  const [a, b] = [versionNumbers(version), versionNumbers(other)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The newest API of each version, newest first. */
const apis = [
  ["29.0", "1.52"],
  ["28.3", "1.51"],
  ["28.2", "1.50"],
  ["28.1", "1.49"],
  ["28.0", "1.48"],
  ["27.2", "1.47"],
  ["27.0", "1.46"],
  ["26.0", "1.45"],
  ["25.0", "1.44"],
  ["24.0", "1.43"],
  ["23.0", "1.42"],
  ["20.10", "1.41"],
  ["19.03", "1.40"],
  ["18.09", "1.39"],
] as const;

/** The API that an engine of this version speaks, as far as it is known here. */
export function apiVersionOf(version: string): string {
  return apis.find(([since]) => !isBefore(version, since))?.[1] ?? "1.38";
}
