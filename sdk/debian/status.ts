// Which packages a root has, from dpkg's own record. Pure but for the reading. Refuses a root
// without that record, since its contents could not be told. Follows dpkg's status file.
import { readTarText, type TarEntry } from "./tar.ts";

/** Version by package name, of what is installed, sorted by name. */
export function parseStatus(text: string): Readonly<Record<string, string>> {
  const found = text.split(/\n\n+/).flatMap((stanza) => {
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1];
    const [name, version] = [field("Package"), field("Version")];
    if (name === undefined || version === undefined) return [];
    return / installed$/.test(field("Status") ?? "") ? [[name, version] as const] : [];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function readPackageStatus(
  tar: string,
  entries: readonly TarEntry[],
): Promise<string> {
  const entry = entries.find(({ path }) => path === "var/lib/dpkg/status");
  if (entry === undefined) throw new Error(`no package database in "${tar}"`);
  return readTarText(tar, entry);
}
