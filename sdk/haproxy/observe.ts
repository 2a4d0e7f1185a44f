// What runs for one route, and what the files say. Only reads. Everything that a change decides on
// comes from here and nothing from the caller's memory, so that a second run can finish what a
// killed one began, from wherever that one stopped.
import { isIP } from "node:net";
import {
  ask,
  isSlot,
  onWorker,
  parseInfo,
  parseProcesses,
  parseServers,
  slotQuestions,
} from "./cli.ts";
import { certificateList, keyOfFile, mapFile, routeFile, routesFolder } from "./paths.ts";
import {
  backendOf,
  freshLayout,
  generationOf,
  keyOfBackend,
  mapLines,
  type ProxyFiles,
  placedIn,
  renderRoute,
  structureOf,
} from "./render.ts";
import type {
  Agent,
  Endpoint,
  ObservedRoute,
  ObservedSlot,
  RouteSpec,
  ServerSpec,
  WorkerPlace,
} from "./types.ts";

/** Whether a worker's slot holds that server. An address alone counts only where there is no name. */
export function holds(slot: Endpoint, server: ServerSpec): boolean {
  if (slot.port !== server.port) return false;
  if (isIP(server.host)) return slot.host === undefined && slot.address === server.host;
  return slot.host === server.host.toLowerCase();
}

export async function readFiles(agent: Agent): Promise<ProxyFiles> {
  const { paths } = agent;
  const [routes, map = "", certificates = ""] = await Promise.all([
    agent.readFolder(routesFolder(paths), ".cfg"),
    agent.readFile(mapFile(paths)),
    agent.readFile(certificateList(paths)),
  ]);
  return { routes, map, certificates };
}

const linesOf = (map: string): readonly string[] =>
  map.split("\n").filter((line) => line.trim() !== "");

const backendOfLine = (line: string): string => line.slice(line.indexOf(" ") + 1).trim();

export const ownLines = (map: string, key: string): readonly string[] =>
  linesOf(map)
    .filter((line) => backendOfLine(line) === backendOf(key))
    .sort();

/** The map with this route's lines exchanged for others. */
export function mapWith(map: string, key: string, lines: readonly string[]): string {
  const others = linesOf(map).filter((line) => backendOfLine(line) !== backendOf(key));
  return [...others, ...lines]
    .sort()
    .map((line) => `${line}\n`)
    .join("");
}

function ownersOf(map: string, key: string): Record<string, string> {
  const others: Record<string, string> = {};
  for (const line of linesOf(map)) {
    const owner = keyOfBackend(backendOfLine(line));
    if (owner !== key) others[line.slice(0, line.indexOf(" "))] = owner;
  }
  return others;
}

/** A slot through which its worker may still send a request. */
export const isInUse = (slot: ObservedSlot): boolean => slot.state === "ready" || slot.streams > 0;

/** Slots, and the stand-ins of a gate. */
export async function serversOf(
  agent: Agent,
  key: string,
  worker = "@1",
): Promise<readonly ObservedSlot[] | undefined> {
  return parseServers(await ask(agent, onWorker(slotQuestions(backendOf(key)), worker)));
}

export async function slotsOf(
  agent: Agent,
  key: string,
  worker = "@1",
): Promise<readonly ObservedSlot[] | undefined> {
  return (await serversOf(agent, key, worker))?.filter(isSlot);
}

/** The processes of this container's proxy. */
export async function workersOf(agent: Agent) {
  return parseProcesses(await ask(agent, "show proc"));
}

/**
 * Workers that take no new connection but may still serve: from before a reload, and all of a
 * container that this one took over from. One that ends meanwhile is none.
 */
export async function oldWorkersOf(agent: Agent): Promise<readonly WorkerPlace[]> {
  const places: WorkerPlace[] = (await workersOf(agent)).old.map((pid) => ({ pid }));
  for (const peer of await agent.peers()) {
    const { current, old } = parseProcesses(await agent.talk("show proc", peer).catch(() => ""));
    const pids = current === undefined ? old : [current, ...old];
    places.push(...pids.map((pid) => ({ pid, peer })));
  }
  return places;
}

/** Asks an old worker; one that just ended says nothing. */
export const askOld = (
  agent: Agent,
  { pid, peer }: WorkerPlace,
  commands: readonly string[],
): Promise<string> => agent.talk(onWorker(commands, `@!${pid}`), peer).catch(() => "");

/** The servers that old workers may still use. */
async function oldServersOf(
  agent: Agent,
  key: string,
  places: readonly WorkerPlace[],
): Promise<readonly Endpoint[]> {
  const found: Endpoint[] = [];
  for (const place of places) {
    const slots = parseServers(await askOld(agent, place, slotQuestions(backendOf(key))));
    found.push(...(slots ?? []).filter((one) => isSlot(one) && isInUse(one)));
  }
  return found;
}

/** What runs for the route of that key, and what the files say. */
export async function observeRoute(agent: Agent, key: string): Promise<ObservedRoute> {
  // The agent answers in the order of the questions: those that need no other's answer wait for none.
  const [files, oldWorkers, info, slots] = await Promise.all([
    readFiles(agent),
    oldWorkersOf(agent),
    ask(agent, "@1 show info").then(parseInfo),
    slotsOf(agent, key),
  ]);
  return {
    key,
    file: files.routes.get(routeFile(agent.paths, key).slice(routesFolder(agent.paths).length + 1)),
    mapLines: ownLines(files.map, key),
    others: ownersOf(files.map, key),
    slots,
    loaded: info["description"] === generationOf(files),
    oldWorkers,
    oldServers: await oldServersOf(agent, key, oldWorkers),
  };
}

/** The keys of the routes whose files are there, sorted. */
export async function listRoutes(agent: Agent): Promise<readonly string[]> {
  const { routes } = await readFiles(agent);
  return [...routes.keys()].flatMap((name) => keyOfFile(name) ?? []).sort();
}

/** Structure apart from servers: files as wanted, and loaded. */
export function hasStructure(observed: ObservedRoute, wanted: RouteSpec): boolean {
  return (
    observed.file !== undefined &&
    structureOf(observed.file) === structureOf(renderRoute(freshLayout(wanted))) &&
    observed.mapLines.join("\n") === mapLines(wanted).join("\n")
  );
}

/** Something that is otherwise than the route says. */
export interface RouteDifference {
  readonly words: string;
  /** Whether only the proxy's check says so: the next one, soon after, may say otherwise. */
  readonly isCheck: boolean;
}

/** What is otherwise than the route says; empty when nothing is. */
export function routeDifferences(
  observed: ObservedRoute,
  wanted: RouteSpec,
): readonly RouteDifference[] {
  const found: RouteDifference[] = [];
  const add = (words: string, isCheck = false) => found.push({ words, isCheck });
  if (observed.file === undefined && observed.slots === undefined) {
    add("the route is gone");
    return found;
  }
  if (!hasStructure(observed, wanted)) add("its file or its sites were changed");
  if (observed.slots === undefined) {
    add("the proxy does not know it");
    return found;
  }
  for (const server of wanted.servers) {
    const slot = observed.slots.find((one) => holds(one, server) && one.state !== "maint");
    if (slot === undefined) add(`server ${server.name} is missing`);
    else if (slot.state === "drain") add(`server ${server.name} is taken out of traffic`);
    else if (slot.unresolved) add(`server ${server.name} has no address: DNS does not know it`);
    else if (!slot.up) add(`server ${server.name} is down: ${slot.check}`, true);
  }
  for (const slot of observed.slots.filter((one) => one.state === "ready")) {
    if (!wanted.servers.some((server) => holds(slot, server))) {
      add(`server ${slot.host ?? slot.address ?? slot.slot}:${slot.port} is not of the route`);
    }
  }
  const inFile = placedIn(observed.file ?? "").map(({ server }) => `${server.host}:${server.port}`);
  const inSpec = wanted.servers.map((server) => `${server.host}:${server.port}`);
  if (inFile.sort().join() !== inSpec.sort().join()) add("its file names other servers");
  return found;
}

/** The same in words. */
export const routeDrift = (observed: ObservedRoute, wanted: RouteSpec): readonly string[] =>
  routeDifferences(observed, wanted).map(({ words }) => words);
