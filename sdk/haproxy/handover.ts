// One container of a proxy takes over from another on the same volume and in the same network
// namespace: it is checked by HAProxy itself, starts on the other's listening sockets, and is the
// active one from then on. The other finishes what it has. Refuses what `haproxy -c` refuses, before
// anything is live, and names the argument that brought the line.
import { proxyLock } from "./agent.ts";
import { ask } from "./cli.ts";
import { readFiles } from "./observe.ts";
import { generationFile } from "./paths.ts";
import { checkFiles } from "./reload.ts";
import { generationOf, renderGeneration } from "./render.ts";
import type { Agent } from "./types.ts";

const lockTimeoutMs = 60_000;
const startTimeoutMs = 30_000;

export interface HandOver {
  /** `own`: it was the active one already. `restart`: its container must start again before it can. */
  readonly outcome: "own" | "taken" | "restart";
  /** The predecessor still serves what it had. */
  readonly finishing: boolean;
}

export interface HandOverOptions {
  readonly signal?: AbortSignal;
  /** Time to wait for a change of a route. @defaultValue 60000 */
  readonly lockTimeoutMs?: number;
}

/** Makes this container the one that answers; done when it is. */
export async function takeOver(agent: Agent, options: HandOverOptions = {}): Promise<HandOver> {
  if ((await agent.active()) === "own") {
    await ask(agent, "@1 show info");
    return { outcome: "own", finishing: (await agent.peers()).length > 0 };
  }
  await agent.lockToTakeOver(options.lockTimeoutMs ?? lockTimeoutMs, options.signal);
  try {
    const files = await readFiles(agent);
    await checkFiles(agent, files);
    const generation = generationOf(files);
    await agent.writeFile(generationFile(agent.paths), renderGeneration(generation));
    const from = await agent.takeOver(generation, startTimeoutMs);
    if (from === "restart") return { outcome: "restart", finishing: true };
    return { outcome: "taken", finishing: from !== "" };
  } finally {
    await agent.unlock(proxyLock).catch(() => undefined);
  }
}
