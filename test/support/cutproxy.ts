// A TCP proxy that cuts what goes through it: after so many bytes or milliseconds, by a reset, or by
// passing nothing on any more, as a network does that lost a route. And chances that can be repeated.
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface Cut {
  /** Cut once so many bytes went through, both ways together. */
  readonly bytes?: number;
  /** Cut so long after the first connection. */
  readonly afterMs?: number;
  /** "silence" keeps both connections open for a while, and passes nothing on. */
  readonly how: "reset" | "silence";
}

export interface CutProxy {
  readonly port: number;
  /** Bytes so far, since the last `plan`. */
  readonly bytes: number;
  /** Whether the planned cut was made. */
  readonly cut: boolean;
  plan(cut: Cut | undefined): void;
  close(): Promise<void>;
}

/** How long the far side of a silent connection is kept: longer than the next run needs to begin. */
const silenceMs = 4_000;

export async function cutProxy(target: number): Promise<CutProxy> {
  const open = new Set<readonly [Socket, Socket]>();
  const silent = new Set<Socket>();
  let planned: Cut | undefined;
  let bytes = 0;
  let cut = false;
  let timer: NodeJS.Timeout | undefined;
  const strike = () => {
    if (!planned || cut) return;
    cut = true;
    for (const [client, server] of open) {
      if (planned.how === "reset") {
        client.resetAndDestroy();
        server.resetAndDestroy();
        continue;
      }
      silent.add(client).add(server);
      setTimeout(() => {
        client.destroy();
        server.destroy();
      }, silenceMs).unref();
    }
    open.clear();
  };
  const pass = (from: Socket, to: Socket) => {
    from.on("data", (chunk) => {
      if (silent.has(from)) return;
      const left = (planned?.bytes ?? Number.POSITIVE_INFINITY) - bytes;
      bytes += chunk.length;
      if (!cut && chunk.length >= left) {
        to.write(chunk.subarray(0, left));
        strike();
      } else to.write(chunk);
    });
    from.on("error", () => undefined);
    from.once("close", () => {
      if (!silent.has(from)) to.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port: target, noDelay: true });
    client.setNoDelay(true);
    const pair = [client, upstream] as const;
    open.add(pair);
    client.once("close", () => open.delete(pair));
    pass(client, upstream);
    pass(upstream, client);
    if (planned?.afterMs !== undefined) timer ??= setTimeout(strike, planned.afterMs);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    get bytes() {
      return bytes;
    },
    get cut() {
      return cut;
    },
    plan(next) {
      clearTimeout(timer);
      timer = undefined;
      planned = next;
      bytes = 0;
      cut = false;
    },
    async close() {
      clearTimeout(timer);
      for (const pair of open) for (const socket of pair) socket.destroy();
      for (const socket of silent) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
