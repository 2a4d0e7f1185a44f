// A checked change of the shared files, and the exchange of workers that loads it. Refuses to load
// what `haproxy -c` refuses. A configuration that does not get live is taken back before anything
// else, since a restart of the container would load it.
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { ask, parseInfo, tell } from "./cli.ts";
import { propertyOf } from "./directives.ts";
import { mapWith, ownLines, readFiles, workersOf } from "./observe.ts";
import { certificateList, generationFile, mapFile, routeFile, routesFolder } from "./paths.ts";
import { generationOf, type ProxyFiles, renderGeneration } from "./render.ts";
import type { Agent } from "./types.ts";

const checkTimeoutMs = 60_000;
const reloadTimeoutMs = 30_000;
const pollMs = 50;

/** What a route has in the shared files. */
export interface RouteFiles {
  readonly file: string | undefined;
  readonly lines: readonly string[];
}

const nameOf = (agent: Agent, key: string): string =>
  routeFile(agent.paths, key).slice(routesFolder(agent.paths).length + 1);

/** The files as they would be. */
function changed(agent: Agent, before: ProxyFiles, key: string, to: RouteFiles): ProxyFiles {
  const routes = new Map(before.routes);
  routes.delete(nameOf(agent, key));
  if (to.file !== undefined) routes.set(nameOf(agent, key), to.file);
  return { ...before, routes, map: mapWith(before.map, key, to.lines) };
}

export interface CheckedFiles {
  /** Route files that are not there yet, or are to be others. */
  readonly fresh?: readonly string[];
  /** The list of certificates is to be another. */
  readonly certificates?: boolean;
}

/** Asks HAProxy itself; what is not there yet is tried from another folder. */
export async function checkFiles(
  agent: Agent,
  after: ProxyFiles,
  { fresh = [], certificates = false }: CheckedFiles = {},
): Promise<void> {
  const { paths } = agent;
  const folder = `${paths.dataFolder}/candidate`;
  const tried = new Map<string, string>();
  for (const name of fresh) {
    const text = after.routes.get(name);
    if (text !== undefined) tried.set(`${folder}/${name}`, text);
  }
  let base = paths.baseFile;
  if (certificates) {
    const list = `${folder}/certificates.list`;
    base = `${folder}/base.cfg`;
    const text = (await agent.readFile(paths.baseFile)) ?? "";
    tried.set(list, after.certificates);
    tried.set(base, text.replaceAll(certificateList(paths), list));
  }
  const place = (name: string) => `${fresh.includes(name) ? folder : routesFolder(paths)}/${name}`;
  const files = [base, ...[...after.routes.keys()].sort().map(place)];
  for (const [path, text] of tried) await agent.writeFile(path, text);
  try {
    const argv = [paths.program, "-c", ...files.flatMap((file) => ["-f", file])];
    const { code, output } = await agent.run(argv, checkTimeoutMs);
    if (code !== 0) throw await refusal(agent, output);
  } finally {
    for (const path of tried.keys()) await agent.deleteFile(path);
  }
}

async function refusal(agent: Agent, output: string): Promise<SdkError> {
  const alerts = output.split("\n").filter((line) => line.startsWith("[ALERT]"));
  const words = alerts.join("\n") || output.trim();
  const named = await namedLines(agent, words);
  const where = named === "" ? "" : `${named}: `;
  return new SdkError(ErrorCode.Refused, `${where}haproxy refuses the configuration: ${words}`, {
    fix: "correct what the lines name; nothing was changed",
  });
}

/** The arguments of the program that brought the lines which HAProxy names (`[FILE:LINE]`). */
async function namedLines(agent: Agent, words: string): Promise<string> {
  const named = new Set<string>();
  for (const [, file = "", line = ""] of words.matchAll(/\[(\/[^\]\s]*):(\d+)\]/g)) {
    const lines = ((await agent.readFile(file)) ?? "").split("\n");
    const property = propertyOf(lines[Number(line) - 2] ?? "");
    if (property !== undefined) named.add(property);
  }
  return [...named].join(", ");
}

/**
 * Writes what differs. A line of the map never names a backend whose file is not there yet, so that
 * a proxy which starts between two writes finds sense.
 */
async function writeFiles(agent: Agent, before: ProxyFiles, after: ProxyFiles): Promise<void> {
  const { paths } = agent;
  for (const [name, text] of after.routes) {
    if (before.routes.get(name) === text) continue;
    await agent.writeFile(`${routesFolder(paths)}/${name}`, text);
  }
  await agent.writeFile(mapFile(paths), after.map);
  if (before.certificates !== after.certificates) {
    await agent.writeFile(certificateList(paths), after.certificates);
  }
  for (const name of before.routes.keys()) {
    if (!after.routes.has(name)) await agent.deleteFile(`${routesFolder(paths)}/${name}`);
  }
  await agent.writeFile(generationFile(paths), renderGeneration(generationOf(after)));
}

/** Asks for new workers and waits until one serves with that generation. */
async function reload(agent: Agent, generation: string): Promise<void> {
  const before = await workersOf(agent);
  // The answer comes before the outcome, if at all.
  await tell(agent, "reload");
  const until = Date.now() + reloadTimeoutMs;
  for (;;) {
    await sleep(pollMs);
    const now = await workersOf(agent);
    const info = parseInfo(await ask(agent, "@1 show info"));
    const pid = Number(info["Pid"]);
    if (pid === now.current && pid !== before.current && info["description"] === generation) return;
    const failed = now.reloads !== before.reloads && now.failed > 0;
    if (!failed && Date.now() < until) continue;
    throw new SdkError(
      ErrorCode.Refused,
      failed
        ? "haproxy could not load the configuration, though its check had passed"
        : `no new worker of haproxy within ${reloadTimeoutMs} ms: worker ${pid} still serves`,
      { fix: "read the log of the proxy's container" },
    );
  }
}

/** Takes the change back: the former files at once, and a reload if the new ones had got live. */
export type Undo = () => Promise<void>;

/** Checks, writes and loads a route; gives what takes it back, also when it fails half-way. */
export async function loadRoute(
  agent: Agent,
  key: string,
  { to, onUndo }: { readonly to: RouteFiles; readonly onUndo: (undo: Undo) => void },
): Promise<void> {
  const before = await readFiles(agent);
  const name = nameOf(agent, key);
  await checkFiles(agent, changed(agent, before, key, to), { fresh: [name] });
  const former: RouteFiles = {
    file: before.routes.get(name),
    lines: ownLines(before.map, key),
  };
  await load(agent, (files) => changed(agent, files, key, to), {
    back: (files) => changed(agent, files, key, former),
    onUndo,
  });
}

interface LoadOptions {
  /** The way back, from whatever the files are by then. */
  readonly back: (files: ProxyFiles) => ProxyFiles;
  readonly onUndo: (undo: Undo) => void;
}

/** Writes and loads what was checked. */
export async function load(
  agent: Agent,
  change: (files: ProxyFiles) => ProxyFiles,
  { back, onUndo }: LoadOptions,
): Promise<void> {
  const before = await readFiles(agent);
  const after = change(before);
  const generation = generationOf(after);
  onUndo(async () => {
    const now = await readFiles(agent);
    const former = back(now);
    await writeFiles(agent, now, former);
    const live = parseInfo(await ask(agent, "@1 show info"))["description"];
    const wanted = generationOf(former);
    if (live === generation || live !== wanted) await reload(agent, wanted);
  });
  await writeFiles(agent, before, after);
  await reload(agent, generation);
}
