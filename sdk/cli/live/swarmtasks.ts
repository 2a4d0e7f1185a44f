// Services of a swarm as rows, a task each: as a manager tells them, against what the state says. Pure.
// Swarm has a task for each try: of the tries of a place, the last one is what runs, or is to run.
import type {
  NodeInspect,
  ServiceInspect,
  ServicePort,
  TaskInspect,
} from "../../docker/swarm-types.ts";
import { parseUrn, urnLabel } from "../../provider/names.ts";
import {
  describeTask,
  hasFailed,
  isMeant,
  isOver,
  missingTasks,
  nodeNames,
  placeOf,
  type ServiceSight,
} from "../../provider/swarm/tasks.ts";
import { claimOf, type Drift, type Row, shortId } from "./states.ts";
import type { Recorded, StackView, ViewHost } from "./view.ts";

/** What a manager says. */
export interface SwarmSight {
  readonly services: readonly ServiceInspect[];
  readonly tasks: readonly TaskInspect[];
  readonly nodes: readonly NodeInspect[];
}

/** Whose a row is: a recorded service, or one that the state does not know. */
type Owner = Pick<Row, "service" | "name" | "urn"> & { readonly recorded?: Recorded };

/** What a task is called, as `docker service ps` has it; of a global service with the node's name. */
export function taskName(
  { Spec }: ServiceInspect,
  task: TaskInspect,
  names: Readonly<Record<string, string>>,
): string {
  return `${Spec.Name ?? ""}.${placeOf(task, names)}`;
}

const latestFirst = (a: TaskInspect, b: TaskInspect): number =>
  Date.parse(b.Status.Timestamp) - Date.parse(a.Status.Timestamp);

/** The last of the failed tries of a task's place. */
function failureBefore({ tasks, names }: ServiceSight, task: TaskInspect): TaskInspect | undefined {
  const place = placeOf(task, names);
  return tasks
    .filter((one) => one.ID !== task.ID && hasFailed(one) && placeOf(one, names) === place)
    .toSorted(latestFirst)[0];
}

/** With a health check, Swarm says that a task runs once that has passed. */
function healthOf({ Spec, Status }: TaskInspect): Row["health"] {
  const [how] = Spec.ContainerSpec.Healthcheck?.Test ?? [];
  if (how === undefined || how === "NONE") return undefined;
  if (Status.State === "running") return "healthy";
  return Status.State === "starting" ? "starting" : undefined;
}

const portText = ({ PublishedPort, TargetPort, Protocol = "tcp" }: ServicePort): string =>
  `0.0.0.0:${PublishedPort ?? 0}->${TargetPort}/${Protocol}`;

/** Ports of its node that are its own, and those of the swarm, which every node has. */
function portsOf({ Endpoint }: ServiceInspect, { Status }: TaskInspect): readonly string[] {
  if (Status.State !== "running") return [];
  const own = Status.PortStatus?.Ports ?? [];
  const shared = (Endpoint?.Ports ?? []).filter(({ PublishMode }) => PublishMode !== "host");
  return [...new Set([...own, ...shared].filter((one) => one.PublishedPort).map(portText))].sort();
}

function idle(sight: ServiceSight, task: TaskInspect): readonly Drift[] {
  const { State, Err = "" } = task.Status;
  const before = failureBefore(sight, task);
  // What is on its way, and has not failed before, differs from nothing.
  if (Err === "" && before === undefined && !isOver(task)) return [];
  const words = Err === "" ? "" : `: ${Err}`;
  const why = before === undefined ? "" : `; before it ${describeTask(before, sight.names)}`;
  return [{ kind: "stopped", says: `it was to run, and is ${State}${words}${why}` }];
}

function driftOf(
  sight: ServiceSight,
  task: TaskInspect,
  { recorded }: Owner,
  home: NodeInspect | undefined,
): readonly Drift[] {
  if (!isMeant(task)) return [];
  if (recorded === undefined) {
    return [{ kind: "unknown", says: "its service is the stack's, and not in its state" }];
  }
  const drift = task.Status.State === "running" ? [] : [...idle(sight, task)];
  if (home !== undefined && home.Status.State !== "ready") {
    const node = sight.names[home.ID] ?? home.ID;
    drift.push({ kind: "stopped", says: `its node ${node} is ${home.Status.State}` });
  }
  const wanted = recorded.inputs["image"];
  const runs = task.Spec.ContainerSpec.Image;
  if (!recorded.going && typeof wanted === "string" && wanted !== runs) {
    drift.push({ kind: "image", says: `runs ${shortId(runs)}, recorded is ${shortId(wanted)}` });
  }
  return drift;
}

function taskRow(
  swarm: ViewHost,
  sight: ServiceSight,
  task: TaskInspect,
  owner: Owner,
  nodes: readonly NodeInspect[],
): Row {
  const { service, name, urn } = owner;
  const { State, Err = "", Message = "", ContainerStatus } = task.Status;
  const { Image: image } = task.Spec.ContainerSpec;
  const home = nodes.find(({ ID }) => ID === task.NodeID);
  const id = ContainerStatus?.ContainerID ?? "";
  return {
    service,
    name,
    kind: "swarm-task",
    host: (home && sight.names[home.ID]) ?? swarm.name,
    container: taskName(sight.service, task, sight.names),
    id: id === "" ? undefined : id,
    state: State,
    status: Err === "" ? Message : Err,
    health: healthOf(task),
    image,
    imageId: image.startsWith("sha256:") ? image : undefined,
    // A cluster keeps its own.
    release: undefined,
    ports: portsOf(sight.service, task),
    urn,
    task: task.ID,
    drift: driftOf(sight, task, owner, home),
  };
}

/** A row of what is not there: the whole service, or some of its tasks. */
function goneRow(swarm: ViewHost, owner: Owner, container: string, says: string): Row {
  const { service, name, urn } = owner;
  return {
    service,
    name,
    kind: "swarm-task",
    host: swarm.name,
    container,
    id: undefined,
    state: "gone",
    status: "",
    health: undefined,
    image: undefined,
    imageId: undefined,
    release: undefined,
    ports: [],
    urn,
    drift: [{ kind: "gone", says }],
  };
}

function sightOf(all: SwarmSight, service: ServiceInspect): ServiceSight {
  const isReady = ({ Status, Spec }: NodeInspect) =>
    Status.State === "ready" && Spec.Availability === "active";
  return {
    service,
    tasks: all.tasks.filter(({ ServiceID }) => ServiceID === service.ID),
    ready: all.nodes.filter(isReady).length,
    names: nodeNames(all.nodes),
    down: [],
    nowMs: 0,
  };
}

function serviceRows(
  swarm: ViewHost,
  all: SwarmSight,
  service: ServiceInspect,
  owner: Owner,
): readonly Row[] {
  const sight = sightOf(all, service);
  const rows = sight.tasks.map((task) => taskRow(swarm, sight, task, owner, all.nodes));
  const { wanted, missing } = missingTasks(sight);
  if (missing === 0 || owner.recorded === undefined || owner.recorded.going) return rows;
  const [last] = sight.tasks.filter(hasFailed).toSorted(latestFirst);
  const why = last === undefined ? "" : `; the last one was ${describeTask(last, sight.names)}`;
  const says = `${missing} of ${wanted} tasks are missing${why}`;
  return [...rows, goneRow(swarm, owner, service.Spec.Name ?? "", says)];
}

/** What a service is called in its swarm, by its record. */
export function serviceName({ inputs, name }: Recorded): string {
  const given = inputs["name"];
  return typeof given === "string" && given !== "" ? given : name;
}

/** Which recorded services are of that swarm. */
export function servicesOn(view: StackView, swarm: ViewHost): readonly Recorded[] {
  return view.recorded.filter(
    ({ kind, host }) => kind === "SwarmService" && host.name === swarm.name,
  );
}

function recordedRows(swarm: ViewHost, all: SwarmSight, recorded: Recorded): readonly Row[] {
  const { service, name, urn, id } = recorded;
  const owner = { service, name, urn, recorded };
  const called = serviceName(recorded);
  const found =
    all.services.find(({ ID }) => ID === id) ??
    all.services.find(({ Spec }) => Spec.Name === called);
  if (found !== undefined) return serviceRows(swarm, all, found, owner);
  return [goneRow(swarm, owner, called, `no service "${called}" is there`)];
}

/** A row for each task that a manager knows of the stack's services; ended ones are among them. */
export function taskRowsOf(view: StackView, swarm: ViewHost, all: SwarmSight): readonly Row[] {
  const recorded = servicesOn(view, swarm);
  const rows = recorded.flatMap((one) => recordedRows(swarm, all, one));
  const known = new Set(recorded.flatMap((one) => [one.id, serviceName(one)]));
  const left = all.services
    .filter(({ ID, Spec }) => !known.has(ID) && !known.has(Spec.Name ?? ""))
    .filter(({ Spec }) => claimOf(view, swarm, Spec.Labels) === "ours")
    .flatMap((service) => {
      const urn = service.Spec.Labels?.[urnLabel] ?? "";
      const name = parseUrn(urn).logicalName;
      return serviceRows(swarm, all, service, { service: name, name, urn });
    });
  return [...rows, ...left];
}

/** Whether a row is of a try that is over, after which another one came, or none was wanted. */
export function isFormerTask({ kind, state, drift }: Row): boolean {
  const ended = ["complete", "shutdown", "failed", "rejected", "remove", "orphaned"];
  return kind === "swarm-task" && drift.length === 0 && ended.includes(state);
}
