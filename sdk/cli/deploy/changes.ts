// What a deploy changes, in the words of people: services with their images, containers, hosts and
// routes; everything else by name. Pure: from the events of a preview or of an update.
import { type EngineEvents, nameOfUrn, type ResourceStep } from "../../engine/index.ts";
import { unknownString } from "../../provider/unknowns.ts";

/** What is done to a resource, in a word. */
export type Deed = "create" | "update" | "replace" | "delete";

export interface ServiceChange {
  readonly service: string;
  /** Its images before and afterwards; those that are known only in the update are left out. */
  readonly imagesBefore: readonly string[];
  readonly images: readonly string[];
  readonly containers: { readonly [deed in Deed]: number };
  /** The hosts that containers are made, changed or removed on. */
  readonly hosts: readonly string[];
  /** `HOST/PATH` of the routes that move. */
  readonly routes: readonly string[];
}

export interface OtherChange {
  readonly deed: Deed;
  /** `Proxy`, `Image`, ... */
  readonly type: string;
  readonly name: string;
}

export interface Changes {
  readonly services: readonly ServiceChange[];
  readonly others: readonly OtherChange[];
}

/** The engine tells a replacement in three steps. */
const deeds: Readonly<Record<string, Deed>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
};

const serviceType = "dockwright:index:Service";
const containerTypes = new Set(["dockwright:index:Container", "dockwright:index:SwarmService"]);

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** The service that a resource is a part of, at any depth. */
function serviceOf(step: ResourceStep, parents: ReadonlyMap<string, ResourceStep>) {
  let parent = step.parent;
  while (parent !== undefined) {
    const type = parent.split("::").at(-2)?.split("$").at(-1);
    if (type === serviceType) return nameOfUrn(parent);
    parent = parents.get(parent)?.parent;
  }
  return undefined;
}

const isKnown = (text: unknown): text is string =>
  typeof text === "string" && text !== unknownString;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The sites that a rollout moves, from its inputs. */
function routesOf({ inputs = {} }: ResourceStep): readonly string[] {
  const sites = list(inputs["proxies"]).flatMap((proxy) => list(record(proxy)["sites"]));
  return sites.map(record).flatMap(({ host, path = "/" }) => {
    return isKnown(host) && typeof path === "string" ? [`${host}${path}`] : [];
  });
}

function hostOf({ provider = "" }: ResourceStep): readonly string[] {
  const name = provider.replace(/-provider$/, "");
  return name === "" || name.startsWith("default") ? [] : [name];
}

function serviceChange(service: string, steps: readonly ResourceStep[]): ServiceChange {
  const containers = steps.filter(({ type }) => containerTypes.has(type));
  const changed = containers.filter(({ op }) => op in deeds);
  const rollouts = steps.filter(({ type, op }) => type.endsWith(":Rollout") && op in deeds);
  const imagesOf = (values: readonly unknown[]) => unique(values.filter(isKnown));
  const count = (deed: Deed) => changed.filter(({ op }) => deeds[op] === deed).length;
  return {
    service,
    imagesBefore: imagesOf(containers.map(({ old }) => old?.["image"])),
    images: imagesOf(containers.map(({ inputs }) => inputs?.["image"])),
    containers: {
      create: count("create"),
      update: count("update"),
      replace: count("replace"),
      delete: count("delete"),
    },
    hosts: unique(changed.flatMap(hostOf)),
    routes: unique(rollouts.flatMap(routesOf)),
  };
}

/** What the steps of a run change; empty where they change nothing. */
export function changesOf({ steps }: Pick<EngineEvents, "steps">): Changes {
  const parents = new Map(steps.map((step) => [step.urn, step]));
  const byService = new Map<string, ResourceStep[]>();
  const others: OtherChange[] = [];
  for (const step of steps) {
    const service = step.type === serviceType ? undefined : serviceOf(step, parents);
    const deed = deeds[step.op];
    if (service !== undefined) byService.set(service, [...(byService.get(service) ?? []), step]);
    else if (deed !== undefined && !step.type.startsWith("pulumi:")) {
      const type = step.type.split(":").at(-1) ?? step.type;
      others.push({ deed, type, name: nameOfUrn(step.urn) });
    }
  }
  const services = [...byService]
    .filter(([, mine]) => mine.some(({ op }) => op in deeds))
    .map(([service, mine]) => serviceChange(service, mine))
    .toSorted((a, b) => a.service.localeCompare(b.service));
  return { services, others };
}

export const isNothing = ({ services, others }: Changes): boolean =>
  services.length === 0 && others.length === 0;

/** The services of the program, also those that do not change. */
export const servicesOf = ({ steps }: Pick<EngineEvents, "steps">): readonly string[] =>
  unique(
    steps
      .filter(({ type, op }) => type === serviceType && op !== "delete")
      .map(({ urn }) => nameOfUrn(urn)),
  );

/** Whether some resource of the program is made with this reference. */
export function isUsed({ steps }: Pick<EngineEvents, "steps">, ref: string): boolean {
  return steps.some(({ inputs }) => inputs !== undefined && holds(inputs, ref));
}

function holds(value: unknown, ref: string): boolean {
  if (typeof value === "string") return value.includes(ref);
  return typeof value === "object" && value !== null
    ? Object.values(value).some((one) => holds(one, ref))
    : false;
}
