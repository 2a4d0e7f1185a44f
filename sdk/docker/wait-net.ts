// Waits for a port or an HTTP answer of a container, through whatever way the caller dials: straight
// to its address, through a tunnel, from another container. Fails at once when the container exits.
import { request } from "node:http";
import type { Duplex } from "node:stream";
import type { DockerClient } from "./client.ts";
import type { ContainerInspect } from "./types.ts";
import { describeExit, type Judgement, type WaitOptions, waitUntil } from "./wait-until.ts";

/** Opens a connection; rejects where there is none. */
export type Dial = (host: string, port: number) => Promise<Duplex>;

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
  readonly dial: Dial;
}

export interface HttpTarget extends TcpTarget {
  /** With a leading slash. @defaultValue / */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The status that passes. @defaultValue any of 200 to 399 */
  readonly status?: number;
}

/** Longest that one try may take. */
const tryTimeoutMs = 5000;
/** Pause between tries. */
const pauseMs = 100;

async function within<T>(work: Promise<T>, undo: (late: T) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  work.then((value) => late && undo(value)).catch(() => undefined);
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      reject(new Error(`no answer in ${tryTimeoutMs} ms`));
    }, tryTimeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

async function dialOnce({ host, port, dial }: TcpTarget): Promise<Duplex> {
  const stream = await within(dial(host, port), (late) => late.destroy());
  stream.on("error", () => undefined);
  return stream;
}

function statusOver(stream: Duplex, target: HttpTarget): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => stream,
      path: target.path ?? "/",
      headers: { Host: `${target.host}:${target.port}`, Connection: "close", ...target.headers },
    });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      response.on("error", () => undefined);
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.end();
  });
}

async function httpOnce(target: HttpTarget): Promise<number> {
  const stream = await dialOnce(target);
  try {
    return await within(statusOver(stream, target), () => undefined);
  } finally {
    stream.destroy();
  }
}

function passes(status: number, wanted: number | undefined): boolean {
  return wanted !== undefined ? status === wanted : status >= 200 && status < 400;
}

function wordsOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return message || code || String(error);
}

/** Judges the container first: one that exited fails the gate whatever its port says. */
async function probe(
  inspected: ContainerInspect | undefined,
  tryOnce: () => Promise<string | undefined>,
): Promise<Judgement> {
  if (!inspected) return { kind: "failed", why: "it is gone" };
  const exit = describeExit(inspected.State);
  if (exit) return { kind: "failed", why: exit };
  const seen = await tryOnce().catch(wordsOf);
  return seen === undefined
    ? { kind: "passed" }
    : { kind: "waiting", seen: `last answer ${JSON.stringify(seen)}`, againMs: pauseMs };
}

/** Until a connection to the port is accepted. */
export async function waitTcp(
  client: DockerClient,
  id: string,
  options: WaitOptions & TcpTarget,
): Promise<void> {
  const tryOnce = async () => {
    (await dialOnce(options)).destroy();
    return undefined;
  };
  const wanted = `listening on port ${options.port}`;
  await waitUntil(client, id, (inspected) => probe(inspected, tryOnce), { ...options, wanted });
}

/** Until a GET is answered with a status that passes. */
export async function waitHttp(
  client: DockerClient,
  id: string,
  options: WaitOptions & HttpTarget,
): Promise<void> {
  const tryOnce = async () => {
    const status = await httpOnce(options);
    return passes(status, options.status) ? undefined : `HTTP status ${status}`;
  };
  const wanted = `answering GET ${options.path ?? "/"} on port ${options.port}`;
  await waitUntil(client, id, (inspected) => probe(inspected, tryOnce), { ...options, wanted });
}
