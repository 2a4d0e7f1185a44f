// One call to the daemon as data, and the guard that bounds it: each call ends by its answer, its
// time limit or its AbortSignal, whichever comes first.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";
import type { CallOptions } from "./types.ts";

export type Query = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

export interface ApiCall {
  /** What is being done, for messages: `create the container "web"`. */
  readonly doing: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Without the version: `/containers/json`. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: unknown;
  readonly body?: Readable | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Whether doing it twice is the same as once. @defaultValue true for GET, HEAD and DELETE */
  readonly repeatable?: boolean;
  /** Statuses from 300 up that are an answer and no error. */
  readonly accept?: readonly number[];
  readonly unversioned?: boolean;
  readonly options?: CallOptions;
  /**
   * Where the caller gave none; `Infinity` for streams that end by themselves or by a signal. Their
   * beginning is waited for no longer than the transport says.
   */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** What a call may take unless it says otherwise. */
export const defaultTimeoutMs = 60_000;
/** What a pull, push, build or load may take unless the caller says otherwise. */
export const longTimeoutMs = 30 * 60_000;

export function isRepeatable(call: ApiCall): boolean {
  if (call.body && !Buffer.isBuffer(call.body)) return false;
  return call.repeatable ?? (call.method !== "POST" && call.method !== "PUT");
}

/** The query as Docker reads it: what is false or undefined is left out, lists are repeated. */
export function encodeQuery(query: Query | undefined): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === false) continue;
    if (Array.isArray(value)) for (const one of value) pairs.append(key, String(one));
    else pairs.append(key, value === true ? "1" : String(value));
  }
  const text = pairs.toString();
  return text && `?${text}`;
}

/** One path segment or an image reference, whose slashes stay. */
export function encodePath(name: string): string {
  return name.split("/").map(encodeURIComponent).join("/");
}

/**
 * A header's JSON, as X-Registry-Auth has it: base64 with the URL alphabet and, unlike Node's
 * `base64url`, with padding; without it the daemon takes the credentials for none and says nothing.
 */
export function encodeHeader(value: unknown): string {
  const base64 = Buffer.from(JSON.stringify(value)).toString("base64");
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/** Ends a call from outside: at its time limit or by its signal. */
export class Guard {
  /** Why the call was ended from outside, once it was. */
  ended: SdkError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stop: ((error: SdkError) => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  /** Whether only the beginning of the answer is waited for: a stream may then last for ever. */
  readonly #endless: boolean;

  constructor(call: ApiCall, where: string, headTimeoutMs = defaultTimeoutMs) {
    const timeoutMs = call.options?.timeoutMs ?? call.timeoutMs ?? defaultTimeoutMs;
    this.#signal = call.options?.signal;
    this.#onAbort = () =>
      this.#end(
        new SdkError(ErrorCode.Cancelled, `cannot ${call.doing} on ${where}: cancelled`, {
          cause: this.#signal?.reason,
        }),
      );
    if (this.#signal?.aborted) this.#onAbort();
    else this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
    // Longer than setTimeout can hold is as good as for ever.
    this.#endless = timeoutMs >= 2 ** 31;
    this.#timer = this.#endless
      ? setTimeout(() => this.#late(call, where, "begun to answer", headTimeoutMs), headTimeoutMs)
      : setTimeout(() => this.#late(call, where, "finished", timeoutMs), timeoutMs);
  }

  /** The head of the answer is there. */
  begun(): void {
    if (this.#endless) clearTimeout(this.#timer);
  }

  /** Says how to stop what is under way now; called at once when the call has ended already. */
  onEnd(stop: (error: SdkError) => void): void {
    this.#stop = stop;
    if (this.ended) stop(this.ended);
  }

  /** The call is over: nothing will end it any more. */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop = undefined;
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #late(call: ApiCall, where: string, what: string, timeoutMs: number): void {
    this.#end(
      new SdkError(
        ErrorCode.Timeout,
        `cannot ${call.doing} on ${where}: the daemon had not ${what} after ${timeoutMs} ms`,
        { fix: "look at the daemon's log; raise the time limit if this may take longer" },
      ),
    );
  }

  #end(error: SdkError): void {
    if (this.ended) return;
    this.ended = error;
    this.#stop?.(error);
  }
}
