// A checked change of the shared files, and the exchange of workers that loads it. Refuses to load
// what `haproxy -c` refuses. A configuration that does not get live is taken back before anything
// else, since a restart of the container would load it.
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { ask, parseInfo, tell } from "./cli.ts";
import { mapWith, ownLines, type ProxyFiles, readFiles, workersOf } from "./observe.ts";
import { generationFile, mapFile, routeFile, routesFolder } from "./paths.ts";
import { generationOf, renderGeneration } from "./render.ts";
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
  return { routes, map: mapWith(before.map, key, to.lines) };
}

/** Asks HAProxy itself, with the new file in another folder and the others where they are. */
async function checkFiles(agent: Agent, after: ProxyFiles, key: string): Promise<void> {
  const { paths } = agent;
  const own = nameOf(agent, key);
  const folder = `${paths.dataFolder}/candidate`;
  const text = after.routes.get(own);
  if (text !== undefined) await agent.writeFile(`${folder}/${own}`, text);
  const files = [...after.routes.keys()]
    .sort()
    .map((name) => `${name === own ? folder : routesFolder(paths)}/${name}`);
  const argv = [
    paths.program,
    "-c",
    "-f",
    paths.baseFile,
    ...files.flatMap((file) => ["-f", file]),
  ];
  const { code, output } = await agent.run(argv, checkTimeoutMs);
  if (text !== undefined) await agent.deleteFile(`${folder}/${own}`);
  if (code === 0) return;
  const alerts = output.split("\n").filter((line) => line.startsWith("[ALERT]"));
  throw new SdkError(
    ErrorCode.Refused,
    `haproxy refuses the configuration: ${alerts.join("\n") || output.trim()}`,
    { fix: "correct what the lines name; nothing was changed" },
  );
}

/**
 * Writes what differs. A line of the map never names a backend whose file is not there yet, so that
 * a proxy which starts between two writes finds sense.
 */
async function writeFiles(agent: Agent, key: string, after: ProxyFiles): Promise<void> {
  const { paths } = agent;
  const text = after.routes.get(nameOf(agent, key));
  if (text !== undefined) await agent.writeFile(routeFile(paths, key), text);
  await agent.writeFile(mapFile(paths), after.map);
  if (text === undefined) await agent.deleteFile(routeFile(paths, key));
  const generation = generationOf(after.routes, after.map);
  await agent.writeFile(generationFile(paths), renderGeneration(generation));
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

/** Checks, writes and loads; gives what takes it back, also when it fails half-way. */
export async function loadRoute(
  agent: Agent,
  key: string,
  { to, onUndo }: { readonly to: RouteFiles; readonly onUndo: (undo: Undo) => void },
): Promise<void> {
  const before = await readFiles(agent);
  const after = changed(agent, before, key, to);
  await checkFiles(agent, after, key);
  const former: RouteFiles = {
    file: before.routes.get(nameOf(agent, key)),
    lines: ownLines(before.map, key),
  };
  const generation = generationOf(after.routes, after.map);
  onUndo(async () => {
    const back = changed(agent, await readFiles(agent), key, former);
    await writeFiles(agent, key, back);
    const live = parseInfo(await ask(agent, "@1 show info"))["description"];
    const wanted = generationOf(back.routes, back.map);
    if (live === generation || live !== wanted) await reload(agent, wanted);
  });
  await writeFiles(agent, key, after);
  await reload(agent, generation);
}
