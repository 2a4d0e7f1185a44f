// What is asked through a proxy after the move, how long it may take, and when it is enough.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { RouteSpec } from "../../../../sdk/haproxy/types.ts";
import {
  answerTimeoutMs,
  sharesOf,
  slowestAnswerMs,
  verify,
} from "../../../../sdk/provider/rollout/verify.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/rollout/verify");

const well = "HTTP/1.1 200 OK\r\n\r\n";
const silent = "no answer";

const spec = (count: number): RouteSpec => ({
  key: "shop",
  sites: [{ host: "shop.test", path: "/" }],
  servers: Array.from({ length: count }, (_, at) => {
    return { name: `shop-${at}`, host: `shop-${at}`, address: `192.0.2.${at}`, port: 80 };
  }),
  check: { path: "/healthz", intervalMs: 1_000 },
});

interface Asked {
  readonly address: string;
  readonly port: number;
  readonly request: string;
  readonly timeoutMs: number;
}

/** An agent whose answers come one after the other; the last one for ever. */
function agentOf(...answers: readonly (readonly [text: string, tookMs: number])[]) {
  const asked: Asked[] = [];
  const probe = async (address: string, port: number, request: string, timeoutMs: number) => {
    const [text, tookMs] = answers[asked.length] ?? answers.at(-1) ?? [silent, timeoutMs];
    asked.push({ address, port, request, timeoutMs });
    await sleep(Math.min(tookMs, timeoutMs));
    return tookMs > timeoutMs ? silent : text;
  };
  return { asked, probe };
}

/** Of one proxy alone. */
const demandOf = (one: RouteSpec, slowestMs = 0) => {
  return { slowestMs, share: sharesOf([one])[0] ?? 0 };
};

const proxyOf = (agent: ReturnType<typeof agentOf>) => ({ agent, port: undefined, words: "edge" });

async function failure(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "none",
    (error: unknown) => String(error),
  );
}

test("an answer may take five times as long as before the move, within bounds", () => {
  assert.is(answerTimeoutMs(0), 1_500);
  assert.is(answerTimeoutMs(300), 1_500);
  assert.is(answerTimeoutMs(800.2), 4_001);
  assert.is(answerTimeoutMs(9_000), 10_000);
});

test("before the move each server is asked past the proxy, and the slowest counts", async () => {
  const agent = agentOf([well, 1], [well, 60], [well, 1]);
  const took = await slowestAnswerMs(agent, spec(3));
  assert.ok(took >= 59 && took < 1_000, String(took));
  assert.equal(
    agent.asked.map(({ address, port }) => `${address}:${port}`),
    ["192.0.2.0:80", "192.0.2.1:80", "192.0.2.2:80"],
  );
});

test("through the proxy it is asked eight times for each server, as a client asks", async () => {
  const agent = agentOf([well, 0]);
  await verify(proxyOf(agent), spec(3), demandOf(spec(3)));
  assert.is(agent.asked.length, 24);
  const [first] = agent.asked;
  assert.equal([first?.address, first?.port, first?.timeoutMs], ["127.0.0.1", 8080, 1_500]);
  assert.match(first?.request ?? "", /^GET \/healthz HTTP\/1\.1\r\nHost: shop\.test\r\n/);
});

test("a server that answers badly for a moment is forgiven, and all is asked anew", async () => {
  const bad = ["HTTP/1.1 503 Service Unavailable\r\n\r\n", 0] as const;
  const agent = agentOf([well, 0], bad, bad, [well, 0]);
  await verify(proxyOf(agent), spec(1), demandOf(spec(1)));
  assert.is(agent.asked.length, 3 + 8);
});

for (const [hosts, each] of [
  [1, 8],
  [2, 8],
  [4, 8],
  [12, 8],
] as const) {
  test(`${hosts} proxies with a server each host are asked ${each} times each, not by the square`, async () => {
    const specs = Array.from({ length: hosts }, () => spec(hosts));
    const shares = sharesOf(specs);
    const agents = await Promise.all(
      specs.map(async (one, at) => {
        const agent = agentOf([well, 0]);
        await verify(proxyOf(agent), one, { slowestMs: 0, share: shares[at] ?? 0 });
        return agent;
      }),
    );
    assert.equal(
      agents.map(({ asked }) => asked.length),
      specs.map(() => each),
    );
  });
}

const named = (...names: readonly string[]): RouteSpec => ({
  ...spec(0),
  servers: names.map((name) => ({ name, host: name, address: "192.0.2.1", port: 80 })),
});
const shared: readonly (readonly [string, readonly RouteSpec[], readonly number[]])[] = [
  ["more servers than proxies: eight for each server in all", [spec(6), spec(6)], [24, 24]],
  [
    "three proxies with five servers: no less in all than forty",
    Array(3).fill(spec(5)),
    [14, 14, 14],
  ],
  ["six times eight thirds are sixteen", Array(3).fill(spec(6)), [16, 16, 16]],
  ["a server that one proxy has is asked through that one", [named("a"), named("b", "c")], [8, 16]],
  ["one that both have by both", [named("a", "b"), named("b", "c", "d")], [12, 20]],
  ["a proxy without servers is not asked", [spec(0), spec(1)], [0, 8]],
  ["at most a hundred", [spec(40)], [100]],
];
for (const [what, specs, want] of shared) {
  test(what, () => assert.equal(sharesOf(specs), want));
}

test("a proxy that answers badly once has to answer as often as if it were alone", async () => {
  const bad = ["HTTP/1.1 503 Service Unavailable\r\n\r\n", 0] as const;
  const specs = Array.from({ length: 4 }, () => spec(4));
  const agent = agentOf([well, 0], bad, [well, 0]);
  await verify(proxyOf(agent), spec(4), { slowestMs: 0, share: sharesOf(specs)[0] ?? 0 });
  assert.is(agent.asked.length, 2 + 32);
});

test("one that says nothing is told after 3 s, by its proxy and its question", async () => {
  const startedAt = performance.now();
  const agent = agentOf([silent, Number.POSITIVE_INFINITY]);
  const words = await failure(verify(proxyOf(agent), spec(1), demandOf(spec(1), 20)));
  assert.match(words, 'edge answers "no answer" for shop.test/healthz after the move');
  assert.is(agent.asked.length, 2);
  assert.ok(performance.now() - startedAt >= 3_000);
});

test("a service that is slow by nature is given its time", async () => {
  // An answer of 1.7 s was too late for one that took 20 ms before the move.
  const agent = agentOf([well, 1_700], [well, 0]);
  await verify(proxyOf(agent), spec(1), demandOf(spec(1), 400));
  assert.is(agent.asked.length, 8);
  assert.is(agent.asked[0]?.timeoutMs, 2_000);
});

test("where no path is checked nothing is asked", async () => {
  const agent = agentOf([silent, 0]);
  const without: RouteSpec = { ...spec(1), check: { intervalMs: 1_000 } };
  await verify(proxyOf(agent), without, demandOf(without));
  assert.is(await slowestAnswerMs(agent, without), 0);
  assert.is(agent.asked.length, 0);
});

test.run();
