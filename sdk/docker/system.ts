// The daemon itself: version, facts, events. Specification: GET /version, /info, /events.

import type { Readable } from "node:stream";
import { cutBy } from "./cut-answer.ts";
import { jsonLines } from "./json-lines.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, DaemonInfo, DaemonVersion, DockerEvent, Filters } from "./types.ts";

interface RawVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os: string;
  readonly Arch: string;
}

export interface EventsQuery {
  readonly filters?: Filters;
  /** Milliseconds since 1970, by the daemon's clock. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** An open stream of events. The daemon is listening once it is made. */
export interface EventStream extends AsyncIterable<DockerEvent> {
  close(): void;
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : (ms / 1000).toFixed(3);
}

async function* eventsOf(
  stream: Readable,
  doing: string,
  where: string,
): AsyncGenerator<DockerEvent> {
  try {
    yield* jsonLines<DockerEvent>(stream);
  } catch (error) {
    throw cutBy(doing, where, error);
  }
}

export class SystemApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The API version spoken on this connection. */
  apiVersion(): Promise<string> {
    return this.#transport.apiVersion();
  }

  /** Whether the daemon answers, by the cheapest call there is; throws why it does not. */
  async ping(options?: CallOptions): Promise<{ readonly builder: "classic" | "buildkit" }> {
    const headers = await this.#transport.headers({
      doing: "ping",
      method: "HEAD",
      path: "/_ping",
      unversioned: true,
      options,
    });
    return { builder: headers["builder-version"] === "2" ? "buildkit" : "classic" };
  }

  async version(options?: CallOptions): Promise<DaemonVersion> {
    const raw = await this.#transport.jsonOf<RawVersion>({
      doing: "read the daemon's version",
      method: "GET",
      path: "/version",
      unversioned: true,
      options,
    });
    return {
      version: raw.Version,
      apiVersion: raw.ApiVersion,
      minApiVersion: raw.MinAPIVersion ?? raw.ApiVersion,
      os: raw.Os,
      arch: raw.Arch,
    };
  }

  async info(options?: CallOptions): Promise<DaemonInfo> {
    return this.#transport.jsonOf<DaemonInfo>({
      doing: "read the daemon's facts",
      method: "GET",
      path: "/info",
      options,
    });
  }

  /** Opens the stream of events; it is being listened to when this returns. */
  async openEvents(query: EventsQuery = {}, options?: CallOptions): Promise<EventStream> {
    const doing = "listen to events";
    const answer = await this.#transport.send({
      doing,
      method: "GET",
      path: "/events",
      query: {
        filters: query.filters && JSON.stringify(query.filters),
        since: seconds(query.sinceMs),
        until: seconds(query.untilMs),
      },
      options,
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    return {
      close: () => answer.body.destroy(),
      [Symbol.asyncIterator]: () => eventsOf(answer.body, doing, this.#transport.where),
    };
  }

  /** Events from now (or `sinceMs`) on; ends when the caller leaves the loop, by signal or limit. */
  async *events(query: EventsQuery = {}, options?: CallOptions): AsyncGenerator<DockerEvent> {
    yield* await this.openEvents(query, options);
  }
}
