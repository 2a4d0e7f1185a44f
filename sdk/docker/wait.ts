// The gates of a container, each bounded: healthy by Docker's own check, running for a while, a port
// that listens, an HTTP answer. Each fails at once when the container exits.
import type { DockerClient } from "./client.ts";
import type { ContainerInspect } from "./types.ts";
import {
  describeExit,
  describeHealth,
  type Judgement,
  safetyPollMs,
  type WaitOptions,
  waitUntil,
} from "./wait-until.ts";

export { type Dial, type HttpTarget, type TcpTarget, waitHttp, waitTcp } from "./wait-net.ts";
export {
  describeExit,
  describeHealth,
  type Judgement,
  type WaitOptions,
  waitUntil,
} from "./wait-until.ts";

/** The judgement of the health gate. */
export function judgeHealth(inspected: ContainerInspect | undefined): Judgement {
  if (!inspected) return { kind: "failed", why: "it is gone" };
  const { State: state } = inspected;
  const exit = describeExit(state);
  if (exit) return { kind: "failed", why: exit };
  const status = state.Health?.Status ?? "none";
  if (status === "healthy") return { kind: "passed" };
  if (status === "none") {
    return { kind: "failed", why: "it has no health check; give it one, or use another gate" };
  }
  if (status === "unhealthy") return { kind: "failed", why: describeHealth(state) };
  return { kind: "waiting", seen: describeHealth(state) };
}

/** Until Docker's health check says healthy. Fails at once on an exit or on `unhealthy`. */
export async function waitHealthy(
  client: DockerClient,
  id: string,
  options: WaitOptions,
): Promise<void> {
  await waitUntil(client, id, judgeHealth, { ...options, wanted: "healthy" });
}

/** Until it has run for so long without a stop. Fails at once on an exit. */
export async function waitRunning(
  client: DockerClient,
  id: string,
  forMs: number,
  options: Partial<WaitOptions> = {},
): Promise<void> {
  let since: number | undefined;
  let startedAt: string | undefined;
  const judge = (inspected: ContainerInspect | undefined): Judgement => {
    if (!inspected) return { kind: "failed", why: "it is gone" };
    const { State: state } = inspected;
    const exit = describeExit(state);
    if (exit) return { kind: "failed", why: exit };
    if (!state.Running) return { kind: "waiting", seen: `state "${state.Status}"` };
    if (startedAt !== undefined && state.StartedAt !== startedAt) {
      return { kind: "failed", why: "it was restarted in the meantime" };
    }
    startedAt = state.StartedAt;
    // By our own clock: the daemon's may be off.
    since ??= performance.now();
    const leftMs = forMs - (performance.now() - since);
    if (leftMs <= 0) return { kind: "passed" };
    return {
      kind: "waiting",
      seen: `running, to be watched for ${forMs} ms`,
      againMs: Math.min(leftMs, safetyPollMs),
    };
  };
  const timeoutMs = options.timeoutMs ?? forMs + 60_000;
  await waitUntil(client, id, judge, { ...options, timeoutMs, wanted: `running for ${forMs} ms` });
}
