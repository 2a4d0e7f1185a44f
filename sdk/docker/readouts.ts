// What a container tells of itself beside its inspection: processes, figures, its file system.
// Specification: Docker Engine API, /containers/{id}/top, /stats and /export.
import type { Readable } from "node:stream";
import { encodePath, longTimeoutMs } from "./call.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions } from "./types.ts";

export interface ContainerTop {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[] | null;
}

interface CpuStats {
  readonly cpu_usage: { readonly total_usage: number };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

export interface ContainerStats {
  readonly cpu_stats: CpuStats;
  readonly precpu_stats: CpuStats;
  readonly memory_stats: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>>;
  };
  readonly pids_stats?: { readonly current?: number };
  readonly networks?: Readonly<
    Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>
  >;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?:
      | readonly { readonly op: string; readonly value: number }[]
      | null;
  };
}

export class ReadoutsApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The processes, as the `ps` of the daemon's host tells them. 409: it does not run. */
  async top(id: string, psArgs?: string, options?: CallOptions): Promise<ContainerTop> {
    return this.#transport.jsonOf({
      doing: `list the processes of the container "${id}"`,
      method: "GET",
      path: `/containers/${encodePath(id)}/top`,
      query: { ps_args: psArgs },
      options,
    });
  }

  /** Figures of now. The daemon takes a second or two, for the difference in processor time. */
  async stats(id: string, options?: CallOptions): Promise<ContainerStats> {
    return this.#transport.jsonOf({
      doing: `read the figures of the container "${id}"`,
      method: "GET",
      path: `/containers/${encodePath(id)}/stats`,
      query: { stream: "0" },
      options,
    });
  }

  /** The whole file system, without volumes, as a tar. */
  async export(id: string, options?: CallOptions): Promise<Readable> {
    return this.#transport.stream({
      doing: `export the container "${id}"`,
      method: "GET",
      path: `/containers/${encodePath(id)}/export`,
      options,
      timeoutMs: longTimeoutMs,
    });
  }
}
