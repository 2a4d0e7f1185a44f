// Where packages come from: reads the machine's apt sources (one line a source, and deb822) and
// picks from them what a suite needs, so that a build uses the mirrors that the machine uses.
// Refuses a suite that apt has no source of; a line it cannot read, apt would have complained about.
// Follows sources.list(5).
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { type DebianImageSpec, defaultSuite } from "./spec.ts";

/** One source of binary packages, as apt sees it. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Options other than the three above, by their deb822 name in lower case. */
  readonly options: Readonly<Record<string, string>>;
}

const releases = /^(bullseye|bookworm|trixie|forky|duke|sid|unstable|testing|stable|oldstable)$/;

function words(text: string | undefined): readonly string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

/** Sources of a file in the one-line format. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(.*)$/.exec(line.replace(/#.*$/, ""));
    const [uri, suite, ...components] = words(match?.[2]);
    if (uri === undefined || suite === undefined) return [];
    const options = words(match?.[1]).flatMap((word) => {
      const [, name, value] = /^([A-Za-z-]+)[+-]?=(.*)$/.exec(word) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    });
    return [{ uris: [uri], suites: [suite], components, options: Object.fromEntries(options) }];
  });
}

function fieldsOf(stanza: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of stanza.split("\n")) {
    if (line.startsWith("#")) continue;
    const [, name, value] = /^([A-Za-z][A-Za-z0-9-]*):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      last = name.toLowerCase();
      fields.set(last, value);
    } else if (last !== undefined && /^\s/.test(line)) {
      fields.set(last, `${fields.get(last) ?? ""}\n${line}`);
    }
  }
  return fields;
}

const named = new Set(["types", "uris", "suites", "components", "enabled"]);

/** Sources of a file in the deb822 format. */
export function parseDeb822(text: string): readonly AptSource[] {
  return text.split(/\n(?:[ \t]*\n)+/).flatMap((stanza) => {
    const fields = fieldsOf(stanza);
    if (!words(fields.get("types")).includes("deb")) return [];
    if (/^(no|false|off|0|disable|without)$/i.test(fields.get("enabled")?.trim() ?? "")) return [];
    return [
      {
        uris: words(fields.get("uris")),
        suites: words(fields.get("suites")),
        components: words(fields.get("components")),
        options: Object.fromEntries([...fields].filter(([name]) => !named.has(name))),
      },
    ];
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

/** The apt sources of this machine; none where there is no apt. */
export async function readMachineSources(etcApt = "/etc/apt"): Promise<readonly AptSource[]> {
  const parts = join(etcApt, "sources.list.d");
  const names = await readdir(parts).catch(() => []);
  const found = [...parseOneLine(await readText(join(etcApt, "sources.list")))];
  for (const name of names.toSorted()) {
    const text = name.startsWith(".") ? "" : await readText(join(parts, name));
    if (name.endsWith(".list")) found.push(...parseOneLine(text));
    if (name.endsWith(".sources")) found.push(...parseDeb822(text));
  }
  return found;
}

/** The release that a suite's name speaks of: `bookworm` for `bookworm-security`. */
function releaseOf(suite: string): string {
  return suite.replace(/(-updates|-security|\/updates)$/, "");
}

function render(source: AptSource): string {
  const options = Object.entries(source.options).map(([name, value]) => `${name}: ${value}`);
  return `${[
    "Types: deb",
    `URIs: ${source.uris.join(" ")}`,
    `Suites: ${source.suites.join(" ")}`,
    `Components: ${source.components.join(" ")}`,
    ...options,
  ].join("\n")}\n`;
}

/** Debian's own sources of a machine, with their suites turned into those of another release. */
function translated(machine: readonly AptSource[], suite: string): readonly AptSource[] {
  return machine.flatMap((source) => {
    const suites = source.suites
      .filter((name) => releases.test(releaseOf(name)))
      .map((name) => name.replace(releaseOf(name), suite));
    return suites.length === 0 ? [] : [{ ...source, suites }];
  });
}

/** The machine's own sources of a suite, or those of its other Debian release. */
function sourcesOf(machine: readonly AptSource[], suite: string): readonly AptSource[] {
  const own = machine.flatMap((source) => {
    const suites = source.suites.filter((name) => releaseOf(name) === suite);
    return suites.length === 0 ? [] : [{ ...source, suites }];
  });
  if (own.some((source) => source.suites.includes(suite))) return own;
  const sibling = translated(machine, suite);
  if (sibling.some((source) => source.suites.includes(suite))) return sibling;
  throw new SdkError(
    ErrorCode.Missing,
    `apt on this machine has no source of Debian's "${suite}"`,
    {
      fix: "give the image a `mirror`: the URL of a Debian archive",
    },
  );
}

/** The sources file (deb822) that a build of this specification uses. */
export function planSources(spec: DebianImageSpec, machine: readonly AptSource[]): string {
  const suite = spec.suite ?? defaultSuite;
  if (spec.mirror !== undefined) {
    const components = spec.components ?? ["main"];
    return render({ uris: [spec.mirror], suites: [suite], components, options: {} });
  }
  return sourcesOf(machine, suite)
    .map((source) => render(spec.components ? { ...source, components: spec.components } : source))
    .join("\n");
}
