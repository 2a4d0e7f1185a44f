// Clients of every kind on every proxy of a pool: new connections, kept ones, slow requests, HTTPS and
// WebSockets. What runs under them must fail no request and lose no message.

import * as assert from "uvu/assert";
import {
  type Heard,
  type Load,
  type LoadOptions,
  type SocketSummary,
  startLoad,
  startSockets,
} from "../../support/outcomes.ts";
import type { PoolLab } from "./lab.ts";

/** Of each proxy, a second; with `pauseMs` about 45 requests and messages a second come together. */
const rate = 20;
const pauseMs = 120;
/** A WebSocket that is closed sooner was not given the time that is declared. */
const shortestMs = 3_000;

export interface Sum {
  readonly requests: number;
  readonly messages: number;
  /** WebSockets that were closed, and made again. */
  readonly moved: number;
  /** When each release was heard by requests, and by WebSockets. */
  readonly heard: Readonly<Record<string, Heard>>;
  readonly heardBySockets: Readonly<Record<string, Heard>>;
}

interface Loads {
  readonly requests: readonly Load[];
  readonly sockets: Load<SocketSummary>;
}

async function start(pool: PoolLab): Promise<Loads> {
  const urls = pool.members().map((host) => pool.url(host));
  const of = { host: "shop.test", version: "^\\w+" };
  const secure = urls.map((url) => url.replace("http", "https").replace(":80/", ":443/"));
  const requests: readonly LoadOptions[] = [
    { url: urls, rate },
    { url: urls, mode: "keepalive", concurrency: 1, pauseMs },
    { url: urls.map((url) => `${url}?ms=5000`), concurrency: 1 },
    ...(pool.settings().names.length === 0 ? [] : [{ url: secure, concurrency: 1, pauseMs }]),
  ];
  const web = urls.map((url) => `${url.replace("http", "ws")}ws`);
  const [sockets, ...loads] = await Promise.all([
    startSockets({ ...of, url: web, pauseMs, shortestMs }),
    ...requests.map((one) => startLoad({ ...of, ...one })),
  ]);
  return { requests: loads, sockets };
}

function together(all: readonly Readonly<Record<string, Heard>>[]): Record<string, Heard> {
  const heard: Record<string, Heard> = {};
  for (const [version, { firstAt, lastAt }] of all.flatMap((one) => Object.entries(one))) {
    const known = heard[version] ?? { firstAt, lastAt };
    heard[version] = {
      firstAt: Math.min(known.firstAt, firstAt),
      lastAt: Math.max(known.lastAt, lastAt),
    };
  }
  return heard;
}

/** Runs it under load, and sees to it that no request failed and no message was lost. */
export async function lossless(
  pool: PoolLab,
  what: string,
  run: () => Promise<void>,
): Promise<Sum> {
  const startedAt = performance.now();
  const loads = await start(pool);
  const stop = async () => ({
    requests: await Promise.all(loads.requests.map((load) => load.stop())),
    sockets: await loads.sockets.stop(),
  });
  await run().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const { requests, sockets } = await stop();
  const all = [...requests, sockets];
  const failed = all.reduce((sum, one) => sum + one.failed, 0);
  const total = requests.reduce((sum, one) => sum + one.total, 0);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    `  ${what}: ${total} requests, ${sockets.total} messages, ${failed} failed, ${sockets.moved} WebSockets moved, ${sockets.resent} messages sent again, ${seconds} s\n`,
  );
  assert.is(failed, 0, JSON.stringify(all.flatMap((one) => one.firstFailures)));
  for (const one of all) assert.ok(one.total > 0, `${what}: each load has asked`);
  return {
    requests: total,
    messages: sockets.total,
    moved: sockets.moved,
    heard: together(requests.map((one) => one.heard)),
    heardBySockets: sockets.heard,
  };
}
