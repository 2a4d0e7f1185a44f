// The engine's log service: lines that the CLI shows under a resource. A line that cannot be sent is
// dropped: an update does not fail because its words got lost.

import { SdkError } from "../errors.ts";
import { failureLine } from "../failure-line.ts";
import { GrpcClient } from "../grpc.ts";
import { logPath, logRequest, logSeverities } from "./protocol/provider.ts";

/** An engine that does not take lines must not hold up the work. */
const flushMs = 500;

export type Severity = keyof typeof logSeverities;

export interface EngineLog {
  readonly log: (line: {
    readonly severity: Severity;
    readonly text: string;
    readonly urn: string;
    /** Shown on the resource's own line, and not repeated at the end. */
    readonly ephemeral: boolean;
  }) => void;
  /** Settles when the lines so far have arrived: a line after its resource's end would come up twice. */
  readonly flush: () => Promise<void>;
  readonly close: () => void;
}

export const silentLog: EngineLog = {
  log: () => undefined,
  flush: () => Promise.resolve(),
  close: () => undefined,
};

/** Says the code of what goes wrong, for programs that read the engine's events. */
export async function coded<T>(log: EngineLog, urn: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SdkError) {
      log.log({ severity: "debug", text: failureLine(error.code), urn, ephemeral: false });
    }
    throw error;
  }
}

/** Nothing is opened before the first line: a process may hold many of these. */
export function connectEngineLog(address: string): EngineLog {
  const client = new GrpcClient(address);
  const sent = new Set<Promise<unknown>>();
  return {
    log({ severity, text, urn, ephemeral }) {
      const request = { severity: logSeverities[severity], message: text, urn, ephemeral };
      const line = client.call(logPath, logRequest.encode(request)).catch(() => undefined);
      sent.add(line);
      void line.then(() => sent.delete(line));
    },
    async flush() {
      if (sent.size === 0) return;
      const late = new Promise<void>((resolve) => setTimeout(resolve, flushMs).unref());
      await Promise.race([Promise.all(sent), late]);
    },
    close: () => {
      client.close();
    },
  };
}
