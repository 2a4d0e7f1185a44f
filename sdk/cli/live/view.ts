// A stack as the verbs that look at what runs see it: its hosts, and what it has on each, out of its
// state alone. Pure. Secrets are shown in it: it is never printed.
import type { ExportedResource, StackExport } from "../../engine/index.ts";
import { isLost } from "../../provider/lost.ts";
import { parseUrn } from "../../provider/names.ts";
import { ownerOf } from "../../provider/owner.ts";
import { canonicalJson, isMap, type Value, type ValueMap } from "../../provider/values.ts";
import { type Release, releasesOf } from "../releases.ts";
import { revealed } from "../revealed.ts";

export interface ViewHost {
  /** Of a swarm, that of its cluster. */
  readonly name: string;
  /** How it is reached, as a provider's configuration. */
  readonly config: ValueMap;
  readonly lost: boolean;
  /** The word that the stack's objects bear there (provider/owner.ts). */
  readonly owner: string | undefined;
}

/** Something of the stack on one of its hosts. */
export interface Recorded {
  /** The last part of its type: `Container`, `Task`, `Image`, `Volume`, `Network`, `SwarmService`. */
  readonly kind: string;
  readonly urn: string;
  /** The name that the program gave it. */
  readonly name: string;
  /** The service, or the proxy, that it is part of; else its own name. */
  readonly service: string;
  readonly host: ViewHost;
  readonly id: string;
  readonly inputs: ValueMap;
  readonly outputs: ValueMap;
  /** Whether the next update deletes it. */
  readonly going: boolean;
}

export interface StackView {
  readonly project: string;
  readonly stack: string;
  /** Its machines. */
  readonly hosts: readonly ViewHost[];
  /** Its swarms, of each of which a manager is asked. */
  readonly swarms: readonly ViewHost[];
  readonly recorded: readonly Recorded[];
  readonly releases: readonly Release[];
  /** URNs of what a killed update had begun: the next one takes it up. */
  readonly pending: ReadonlySet<string>;
}

const token = /^dockwright:index:(Container|Task|Image|Volume|Network|SwarmService)$/;
const ofSeveral = /^dockwright:index:(Service|Proxy)$/;

function mapOf(value: unknown): ValueMap {
  const plain = revealed(value ?? {}) as Value;
  return isMap(plain) ? plain : {};
}

/** A provider's configuration: the engine keeps what is nested as a text of JSON. */
function configOf({ inputs }: ExportedResource): ValueMap {
  const nested = (value: Value): Value => {
    if (typeof value !== "string" || !/^([[{]|true$|false$)/.test(value)) return value;
    try {
      return JSON.parse(value) as Value;
    } catch {
      return value;
    }
  };
  const all = Object.entries(mapOf(inputs));
  return Object.fromEntries(all.map(([key, value]) => [key, nested(value)]));
}

/** The provider's own name, or that of what it was made for: a daemon, a host. */
function hostName(provider: ExportedResource, byUrn: ByUrn): string {
  const parent = byUrn.get(provider.parent ?? "");
  const made = parent?.type.startsWith("dockwright:") === true ? parent : provider;
  return parseUrn(made.urn).logicalName;
}

type ByUrn = ReadonlyMap<string, ExportedResource>;

/** Hosts by what resources call their provider; two providers of one machine are one host. */
function hostsOf(
  resources: readonly ExportedResource[],
  byUrn: ByUrn,
): ReadonlyMap<string, ViewHost> {
  const used = new Set(resources.filter(({ type }) => token.test(type)).map((r) => r.provider));
  const hosts = new Map<string, ViewHost>();
  const byWay = new Map<string, ViewHost>();
  const names = new Map<string, number>();
  for (const one of resources) {
    const reference = `${one.urn}::${one.id ?? ""}`;
    if (one.type !== "pulumi:providers:dockwright" || !used.has(reference)) continue;
    const config = configOf(one);
    const { version: _, ...way } = config;
    // What is lost says nothing of how it was reached.
    const key = isLost(config) ? reference : canonicalJson(way);
    const known = byWay.get(key);
    const first = hostName(one, byUrn);
    const count = (names.get(first) ?? 0) + 1;
    if (known === undefined) names.set(first, count);
    const name = count === 1 ? first : `${first}-${count}`;
    const host = known ?? { name, config, lost: isLost(config), owner: ownerOf(config) };
    byWay.set(key, host);
    hosts.set(reference, host);
  }
  return hosts;
}

function serviceOf(resource: ExportedResource, byUrn: ByUrn): string {
  const own = parseUrn(resource.urn).logicalName;
  let at = byUrn.get(resource.parent ?? "");
  while (at !== undefined) {
    if (ofSeveral.test(at.type)) return parseUrn(at.urn).logicalName;
    at = byUrn.get(at.parent ?? "");
  }
  return own;
}

/** What a state says of the stack's hosts and of what is on them. */
export function viewOf(state: StackExport, stack: string): StackView {
  const resources = state.deployment.resources ?? [];
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const hosts = hostsOf(resources, byUrn);
  const recorded = resources.flatMap((one): readonly Recorded[] => {
    const kind = token.exec(one.type)?.[1];
    const host = hosts.get(one.provider ?? "");
    if (kind === undefined || host === undefined) return [];
    return [
      {
        kind,
        urn: one.urn,
        name: parseUrn(one.urn).logicalName,
        service: serviceOf(one, byUrn),
        host,
        id: one.id ?? "",
        inputs: mapOf(one.inputs),
        outputs: mapOf(one.outputs),
        going: one.delete === true,
      },
    ];
  });
  const [first] = resources;
  const identity = parseUrn(first?.urn ?? "");
  const all = [...new Set(hosts.values())];
  const isSwarm = ({ config }: ViewHost) => isMap(config["managers"]);
  return {
    project: identity.project,
    stack: identity.stack === "" ? stack : identity.stack,
    hosts: all.filter((host) => !isSwarm(host)),
    swarms: all.filter(isSwarm),
    recorded,
    releases: [...releasesOf(resources).values()].flat(),
    pending: new Set(state.deployment.pending_operations?.map(({ resource }) => resource.urn)),
  };
}
