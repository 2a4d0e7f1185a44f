// The gate of a new container. It must pass the health check where there is one, and what `ready`
// asks for; without either it must run for a moment. An exit fails it at once.

import net from "node:net";
import type { DockerClient } from "../../docker/client.ts";
import type { ContainerInspect } from "../../docker/types.ts";
import { describeExit, waitHealthy, waitHttp, waitRunning, waitTcp } from "../../docker/wait.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { defaultReadyTimeoutMs, type ReadyValue } from "./health.ts";

const shortRunMs = 1000;

export interface GateOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

function hasHealthCheck(container: ContainerInspect): boolean {
  const test = container.Config.Healthcheck?.Test ?? [];
  return test.length > 0 && test[0] !== "NONE";
}

/** The address under which the daemon's host reaches the container. */
export function addressOf(container: ContainerInspect): string | undefined {
  const endpoints = Object.values(container.NetworkSettings.Networks);
  return endpoints.map((endpoint) => endpoint.IPAddress).find((address) => address);
}

function dial(host: string, port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: 5000 });
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.once("timeout", () => {
      socket.destroy(new Error("timed out"));
    });
    socket.once("error", reject);
  });
}

/** Returns once the running container is ready; throws with what was last seen when it is not. */
export async function passGate(
  docker: DockerClient,
  container: ContainerInspect,
  ready: ReadyValue | undefined,
  options: GateOptions,
): Promise<void> {
  const started = performance.now();
  const limitMs = ready?.timeoutMs ?? defaultReadyTimeoutMs;
  const left = () => ({
    ...options,
    timeoutMs: Math.max(1, Math.round(limitMs - (performance.now() - started))),
  });
  const checked = hasHealthCheck(container);
  if (checked) await waitHealthy(docker, container.Id, left());
  if (ready?.tcp || ready?.http) {
    const host = await requireAddress(docker, container);
    if (ready.tcp) {
      await waitTcp(docker, container.Id, { ...left(), dial, host, port: ready.tcp.port });
    }
    if (ready.http) {
      const { port, path = "/", status } = ready.http;
      const wanted = status === undefined ? {} : { status };
      await waitHttp(docker, container.Id, { ...left(), dial, host, port, path, ...wanted });
    }
  }
  const runMs = ready?.runningMs ?? (checked || ready?.tcp || ready?.http ? 0 : shortRunMs);
  if (runMs > 0) await waitRunning(docker, container.Id, runMs, left());
}

/** The address to ask; a container that ended at once has none, and that is then the reason. */
async function requireAddress(docker: DockerClient, container: ContainerInspect): Promise<string> {
  const address = addressOf(container);
  if (address) return address;
  const now = await docker.containers.inspect(container.Id);
  const exit = now ? describeExit(now.State) : "it is gone";
  if (exit !== undefined) throw new SdkError(ErrorCode.GateFailed, exit);
  const later = now && addressOf(now);
  if (later) return later;
  throw new SdkError(ErrorCode.GateFailed, "it has no network address to ask", {
    fix: "give it a network, or use a health check in place of ready.http and ready.tcp",
  });
}
