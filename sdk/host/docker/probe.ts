// Whether a daemon is what was declared: it answers through a new connection, and says of itself what
// the options say. A difference is final; no answer may just be too early.

import { DockerClient } from "../../docker/client.ts";
import type { DaemonInfo, DockerEndpoint } from "../../docker/types.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { equalValues, type Value } from "../../provider/values.ts";
import type { Machine } from "../machine.ts";
import type { DaemonOptions } from "./options.ts";
import { socketPath } from "./paths.ts";
import { rows } from "./render.ts";

/** The daemon's socket, through the machine. */
export function machineEndpoint(machine: Machine): DockerEndpoint {
  return {
    kind: "stream",
    name: `the Docker daemon of ${machine.label}`,
    connect: () => machine.dial(socketPath),
  };
}

/** Options that the daemon says to run otherwise: `icc: declared false, running true`. */
export function differences(options: DaemonOptions, info: DaemonInfo): readonly string[] {
  const values = options as Readonly<Record<string, Value>>;
  return rows.flatMap(([name, { live }]) => {
    const declared = values[name];
    if (declared === undefined || declared === null || !live) return [];
    const running = live(info, declared) as Value | undefined;
    if (running === undefined || equalValues(running, declared)) return [];
    return [`${name}: declared ${JSON.stringify(declared)}, running ${JSON.stringify(running)}`];
  });
}

export interface Probed {
  readonly info: DaemonInfo;
  readonly apiVersion: string;
}

/** Asks the daemon; throws GATE_FAILED where it runs with something else than was declared. */
export async function probeDaemon(
  endpoint: DockerEndpoint,
  options: DaemonOptions,
  signal?: AbortSignal,
): Promise<Probed> {
  const client = new DockerClient(endpoint);
  try {
    const call = { timeoutMs: 10_000, ...(signal ? { signal } : {}) };
    await client.system.ping(call);
    const [info, apiVersion] = await Promise.all([
      client.system.info(call),
      client.system.apiVersion(),
    ]);
    const wrong = differences(options, info);
    if (wrong.length > 0) {
      throw new SdkError(
        ErrorCode.GateFailed,
        `the daemon does not run with what was declared: ${wrong.join("; ")}`,
      );
    }
    return { info, apiVersion };
  } finally {
    client.close();
  }
}
