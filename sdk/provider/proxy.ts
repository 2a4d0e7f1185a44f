// Finds the container that answers for a proxy, and works in it. The data volume is the proxy's
// lasting identity: a container's name that another stack wrote down may be of one replaced since.
// Two may be there for a while, of which one answers; work that meets a hand-over goes on in the new.

import { ErrorCode, SdkError } from "../errors.ts";
import { openAgent } from "../haproxy/agent.ts";
import type { Agent } from "../haproxy/types.ts";
import { readableName, specHash } from "./names.ts";
import type { Context } from "./resource.ts";

export interface ProxyPlace {
  /** The container's name or id, as far as the caller knows. */
  readonly proxy: string;
  readonly dataVolume: string;
}

const triesMax = 3;

/** A daemon, and how long to wait for it. */
type Where = Pick<Context, "docker" | "signal">;

/** Opens the agent of one container. */
export const openIn = ({ docker }: Pick<Context, "docker">, id: string): Promise<Agent> =>
  openAgent((cmd) => docker.exec.open(id, { cmd, user: "0" }));

/** Running containers on the volume, the one of that name first. */
async function candidates(context: Where, place: ProxyPlace): Promise<readonly string[]> {
  const { docker, signal } = context;
  const named = await docker.containers.inspect(place.proxy, { signal });
  const filters = { volume: [place.dataVolume], status: ["running"] };
  const others = await docker.containers.list({ filters }, { signal });
  const first = named?.State.Running === true ? [named.Id] : [];
  return [...first, ...others.map((one) => one.Id).filter((id) => id !== named?.Id)];
}

/** The agent of the one that answers, else of the one that was named; undefined without either. */
export async function openActive(context: Where, place: ProxyPlace): Promise<Agent | undefined> {
  let failure: unknown;
  const found = await candidates(context, place);
  for (const id of found) {
    let agent: Agent | undefined;
    try {
      agent = await openIn(context, id);
      // Alone, it answers or is about to: whoever asks waits for it.
      if (found.length === 1 || (await agent.active()) === "own") return agent;
    } catch (error) {
      failure ??= error;
    }
    await agent?.close();
  }
  if (failure instanceof Error) throw failure;
  return undefined;
}

const isPassing = (error: unknown): boolean =>
  error instanceof SdkError &&
  (error.code === ErrorCode.Moved || error.code === ErrorCode.Unreachable);

/** Runs work in the container that answers; undefined when the proxy has none. */
export async function withProxy<T>(
  context: Context,
  place: ProxyPlace,
  work: (agent: Agent) => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 1; ; tries += 1) {
    const agent = await openActive(context, place);
    if (agent === undefined) return undefined;
    try {
      return await work(agent);
    } catch (error) {
      // All that work does is observed and planned anew, so that it can begin again elsewhere.
      if (!isPassing(error) || tries === triesMax || context.signal.aborted) throw error;
      context.log.progress(`${context.logicalName}: another container of the proxy took over`);
    } finally {
      await agent.close();
    }
  }
}

/** The same, of a proxy that must be there. */
export async function requireProxy<T>(
  context: Context,
  place: ProxyPlace,
  work: (agent: Agent) => Promise<T>,
): Promise<T> {
  let done: { readonly result: T } | undefined;
  await withProxy(context, place, async (agent) => {
    done = { result: await work(agent) };
  });
  if (done) return (done as { readonly result: T }).result;
  throw new SdkError(ErrorCode.Missing, `the proxy's container "${place.proxy}" does not run`, {
    fix: "run `pulumi up --refresh`: it starts or makes the proxy again",
  });
}

/** The name of a resource's entry in a proxy: the same for as long as the resource lives. */
export function proxyEntryOf({ logicalName, urn }: Context): string {
  return `${readableName(logicalName)}-${specHash(urn, { values: {}, secrets: new Set() })}`;
}
