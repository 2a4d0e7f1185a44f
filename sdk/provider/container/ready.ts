// The gate of a new container. It must pass the health check where there is one, and what `ready`
// asks for; without either it must run for a moment. An exit fails it at once.

import type { DockerClient } from "../../docker/client.ts";
import type { ContainerInspect, DockerEndpoint } from "../../docker/types.ts";
import {
  type Dial,
  describeExit,
  waitHealthy,
  waitHttp,
  waitRunning,
  waitTcp,
} from "../../docker/wait.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../../host/machine.ts";
import { defaultReadyTimeoutMs, type ReadyValue } from "./health.ts";

const shortRunMs = 1000;

export interface GateOptions {
  /** The machine from which the container is asked. */
  readonly machine: Pick<Machine, "dialTcp">;
  /** Whether that is the daemon's own host, over SSH. */
  readonly overSsh: boolean;
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
  const dial: Dial = (host, port) => options.machine.dialTcp(host, port);
  const find = (port: number) => requirePlace(docker, container, port, options.overSsh);
  const checked = hasHealthCheck(container);
  if (checked) await waitHealthy(docker, container.Id, left());
  if (ready?.tcp) {
    const place = await find(ready.tcp.port);
    await waitTcp(docker, container.Id, { ...left(), dial, ...place });
  }
  if (ready?.http) {
    const { port, path = "/", status } = ready.http;
    const wanted = status === undefined ? {} : { status };
    const place = await find(port);
    await waitHttp(docker, container.Id, { ...left(), dial, ...place, path, ...wanted });
  }
  const runMs = ready?.runningMs ?? (checked || ready?.tcp || ready?.http ? 0 : shortRunMs);
  if (runMs > 0) await waitRunning(docker, container.Id, runMs, left());
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/**
 * Where a container's port is reached: at its own address where the daemon is on the machine that asks.
 * Elsewhere that address is not the container's: it may be anybody's, and only what is published counts.
 */
export function placeOf(
  endpoint: DockerEndpoint,
  container: ContainerInspect,
  port: number,
  overSsh = false,
): Place | undefined {
  if (
    overSsh ||
    endpoint.kind === "unix" ||
    (endpoint.kind === "tcp" && loopback.test(endpoint.host))
  ) {
    const host = addressOf(container);
    return host === undefined ? undefined : { host, port };
  }
  if (endpoint.kind !== "tcp") return undefined;
  const bindings = container.NetworkSettings.Ports?.[`${port}/tcp`] ?? [];
  const places = bindings.flatMap(({ HostIp = "", HostPort }) => {
    if (loopback.test(HostIp)) return [];
    const everywhere = /^(|0\.0\.0\.0|::)$/.test(HostIp);
    return [{ host: everywhere ? endpoint.host : HostIp, port: Number(HostPort) }];
  });
  return places[0];
}

/** The place to ask; a container that ended at once has none, and that is then the reason. */
async function requirePlace(
  docker: DockerClient,
  container: ContainerInspect,
  port: number,
  overSsh: boolean,
): Promise<Place> {
  const place = placeOf(docker.endpoint, container, port, overSsh);
  if (place) return place;
  const now = await docker.containers.inspect(container.Id);
  const exit = now ? describeExit(now.State) : "it is gone";
  if (exit !== undefined) throw new SdkError(ErrorCode.GateFailed, exit);
  const later = now && placeOf(docker.endpoint, now, port, overSsh);
  if (later) return later;
  const local = overSsh || docker.endpoint.kind === "unix";
  const words = local
    ? "it has no network address to ask"
    : `its port ${port} cannot be asked from here: its daemon is on another machine`;
  const open = local
    ? "give it a network"
    : `publish the port on an address that is reached from here`;
  throw new SdkError(ErrorCode.GateFailed, words, {
    fix: `${open}, or use a health check in place of ready.http and ready.tcp`,
  });
}
