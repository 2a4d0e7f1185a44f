// What runs, held against what the state says: pure. A finding is a way in which a container differs
// from what the stack recorded.
import type { ContainerSummary } from "../../docker/types.ts";
import { ownerLabel, parseUrn, urnLabel } from "../../provider/names.ts";
import type { Recorded, StackView, ViewHost } from "./view.ts";

/** Marks what `dockwright run` made; its value is the service. */
export const runLabel = "dockwright.run";

export const DriftKind = {
  /** There is none of that name. */
  Gone: "gone",
  /** It was to run, and does not. */
  Stopped: "stopped",
  Paused: "paused",
  /** Another container, not of this stack, has its name. */
  Foreign: "foreign",
  /** Another container has its name, and runs another image or was made anew. */
  Replaced: "replaced",
  Image: "image",
  /** It bears the stack's label, and the state does not know it. */
  Unknown: "unknown",
} as const;
export type DriftKind = (typeof DriftKind)[keyof typeof DriftKind];

export interface Drift {
  readonly kind: DriftKind;
  readonly says: string;
}

export interface Row {
  readonly service: string;
  /** The resource's name; of a one-off, the service that it was run for. */
  readonly name: string;
  readonly kind: "container" | "task" | "run" | "left" | "swarm-task";
  /** Of a swarm's task its node; the swarm itself, where it has none. */
  readonly host: string;
  /** Of a swarm's task its service there, and its place: `shop.1`, or `shop.NODE` of a global one. */
  readonly container: string;
  readonly id: string | undefined;
  /** Docker's word (`running`, `exited`, ...), or Swarm's; `gone` where there is none. */
  readonly state: string;
  /** Docker's words, such as `Up 3 hours`; of a swarm's task its error, where it has one. */
  readonly status: string;
  readonly health: "healthy" | "unhealthy" | "starting" | undefined;
  readonly image: string | undefined;
  readonly imageId: string | undefined;
  readonly release: number | undefined;
  readonly ports: readonly string[];
  readonly urn: string;
  /** The id of a swarm's task. */
  readonly task?: string;
  readonly drift: readonly Drift[];
}

/** A container's name, as its daemon lists it. */
export const nameOf = ({ Names, Id }: ContainerSummary): string =>
  (Names[0] ?? Id).replace(/^\//, "");

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const shortId = (id: string | undefined): string =>
  (id ?? "").replace(/^sha256:/, "").slice(0, 12);

export function healthOf(status: string): Row["health"] {
  if (status.includes("(healthy)")) return "healthy";
  if (status.includes("(unhealthy)")) return "unhealthy";
  return status.includes("(health: starting)") ? "starting" : undefined;
}

/** `127.0.0.1:8080->80/tcp`, in the order of the ports; each only once. */
export function portsOf({ Ports = [] }: Partial<ContainerSummary>): readonly string[] {
  const each = Ports.toSorted((a, b) => a.PrivatePort - b.PrivatePort).flatMap((port) => {
    if (port.PublicPort === undefined || port.PublicPort === 0) return [];
    const ip = port.IP ?? "";
    const address = ip.includes(":") ? `[${ip}]` : ip;
    return [`${address}:${port.PublicPort}->${port.PrivatePort}/${port.Type}`];
  });
  return [...new Set(each)];
}

export type Claim = "ours" | "other" | "foreign";

/** Whether a label says that an object is the stack's: `other` is a stack of its name in another backend. */
export function claimOf(
  { project, stack }: StackView,
  host: ViewHost,
  labels: Readonly<Record<string, string>> | null | undefined,
): Claim {
  const urn = labels?.[urnLabel];
  if (urn === undefined) return "foreign";
  const identity = parseUrn(urn);
  if (identity.project !== project || identity.stack !== stack) return "foreign";
  const word = labels?.[ownerLabel];
  return word === undefined || host.owner === undefined || word === host.owner ? "ours" : "other";
}

/** What a container is called on its daemon, by its record. */
export function containerName({ kind, inputs, name }: Recorded): string {
  return text(inputs["name"]) ?? (kind === "Task" ? "" : name);
}

/** The number of the release that a container was made for. */
export function releaseOf(view: StackView, service: string, container: string): number | undefined {
  const found = view.releases
    .filter((one) => one.service === service)
    .toSorted((a, b) => b.number - a.number)
    .filter(({ containers }) => containers.some(({ name }) => name === container));
  return (found.find(({ current }) => current) ?? found[0])?.number;
}

function isToRun(view: StackView, one: Recorded): boolean {
  if (one.outputs["running"] === true) return true;
  const name = containerName(one);
  return view.releases.some(
    (release) =>
      release.current &&
      release.service === one.service &&
      release.containers.some((container) => container.name === name),
  );
}

function driftOf(
  view: StackView,
  one: Recorded,
  found: ContainerSummary | undefined,
): readonly Drift[] {
  const name = containerName(one);
  if (found === undefined) return [{ kind: "gone", says: `no container "${name}" is there` }];
  const drift: Drift[] = [];
  if (found.Id !== one.id) {
    const claim = claimOf(view, one.host, found.Labels);
    const id = shortId(found.Id);
    const says = `${id} has its name, and ${claim === "ours" ? "is recorded nowhere" : "is not of this stack"}`;
    drift.push({ kind: claim === "ours" ? "replaced" : "foreign", says });
  }
  const imageId = text(one.outputs["imageId"]);
  if (imageId !== undefined && imageId !== found.ImageID) {
    const says = `runs the image ${shortId(found.ImageID)}, recorded is ${shortId(imageId)}`;
    drift.push({ kind: "image", says });
  }
  if (one.kind === "Container" && isToRun(view, one)) {
    if (found.State === "paused") drift.push({ kind: "paused", says: "it is held by a pause" });
    else if (!["running", "restarting"].includes(found.State)) {
      drift.push({ kind: "stopped", says: `it was to run, and is ${found.State}` });
    }
  }
  return drift;
}

function described(found: ContainerSummary | undefined) {
  return {
    id: found?.Id,
    state: found?.State ?? "gone",
    status: found?.Status ?? "",
    health: healthOf(found?.Status ?? ""),
    image: found?.Image,
    imageId: found?.ImageID,
    ports: found === undefined ? [] : portsOf(found),
  };
}

function recordedRow(view: StackView, one: Recorded, listed: readonly ContainerSummary[]): Row {
  const name = containerName(one);
  const found =
    listed.find(({ Id }) => Id === one.id) ?? listed.find((other) => nameOf(other) === name);
  return {
    service: one.service,
    name: one.name,
    kind: one.kind === "Task" ? "task" : "container",
    host: one.host.name,
    container: name === "" ? (found === undefined ? one.name : nameOf(found)) : name,
    ...described(found),
    release: releaseOf(view, one.service, name),
    urn: one.urn,
    drift: one.going || one.kind === "Task" ? [] : driftOf(view, one, found),
  };
}

function leftRow(view: StackView, host: ViewHost, found: ContainerSummary): Row {
  const run = found.Labels[runLabel];
  const urn = found.Labels[urnLabel] ?? "";
  const known = view.recorded.find((one) => one.urn === urn);
  const name = run ?? parseUrn(urn).logicalName;
  const container = nameOf(found);
  const unknown = { kind: "unknown", says: "it is the stack's, and not in its state" } as const;
  return {
    service: run ?? known?.service ?? name,
    name,
    kind: run === undefined ? "left" : "run",
    host: host.name,
    container,
    ...described(found),
    release: releaseOf(view, known?.service ?? name, container),
    urn,
    drift: run === undefined ? [unknown] : [],
  };
}

/** A row a container of the stack on one host, as its daemon lists all of its containers. */
export function rowsOf(
  view: StackView,
  host: ViewHost,
  listed: readonly ContainerSummary[],
): readonly Row[] {
  const here = view.recorded.filter(
    (one) => one.host.name === host.name && (one.kind === "Container" || one.kind === "Task"),
  );
  const rows = here.map((one) => recordedRow(view, one, listed));
  // Two ways may lead to one daemon: what is recorded there by the other way is not left over.
  const known = new Set([...rows, ...view.recorded].map(({ id }) => id));
  const left = listed
    .filter(({ Id, Labels }) => !known.has(Id) && claimOf(view, host, Labels) === "ours")
    .map((found) => leftRow(view, host, found));
  return [...rows, ...left].toSorted(
    (a, b) => a.service.localeCompare(b.service) || a.container.localeCompare(b.container),
  );
}
