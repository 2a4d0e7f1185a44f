// The drain: what it waits for, in the current worker and in those from before a reload, what it
// counts, what it cuts, and whom it keeps waiting.
import { Agent as HttpAgent } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent, RouteResult, Step } from "../../../sdk/haproxy/types.ts";
import { suite } from "../../support/suite.ts";
import { errorOf, get, type Lab, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const test = suite("drain", { timeoutMs: 60_000, missing: missingHaproxy() });
const host = "shop.test";
let lab: Lab;
let agent: Agent;
let done: Promise<RouteResult> | undefined;

test.before.each(async () => {
  lab = await startLab();
  agent = await lab.agent();
});
test.after.each(async () => {
  await lab.close();
});

const answer = async (path = "/") => (await get(lab, { host, path })).body.trim();

/** An upgraded connection, which ends only when it is cut. */
function upgraded(): Promise<{ cut: Promise<void>; echo(text: string): void }> {
  const socket = connect(lab.port, "127.0.0.1");
  const cut = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.write(`GET /up HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
  return new Promise((resolve) => {
    socket.once("data", () => resolve({ cut, echo: (text) => socket.write(text) }));
  });
}

for (const reloads of [false, true]) {
  const how = reloads ? "in the worker from before a reload" : "at run time";
  test(`the drain waits for what ends, counts and cuts what does not, ${how}`, async () => {
    const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
    await ensureRoute(agent, routeSpec("shop", [old.spec]));
    const streams = [await upgraded(), await upgraded()];
    const slow = [1, 2, 3].map(() => answer("/slow/4000"));
    await sleep(200);
    const more = reloads
      ? {
          sites: [
            { host, path: "/" },
            { host, path: "/new" },
          ],
        }
      : {};
    const wanted = routeSpec("shop", [next.spec], more);
    const result = await ensureRoute(agent, wanted, { drainTimeoutMs: 6000 });
    assert.is(result.reloaded, reloads);
    assert.is(result.moved, 2);
    assert.is(result.cut, 0);
    assert.is(result.drained, 3);
    for (const text of await Promise.all(slow)) assert.is(text, "v1 /slow/4000");
    await Promise.all(streams.map((stream) => stream.cut));
    assert.is(await answer(), "v2 /");
  });
}

test("an idle client of an old worker may send one more request before the drain ends", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const client = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  assert.is((await get(lab, { host, agent: client })).body, "v1 /\n");
  let isDone = false;
  const sites = [
    { host, path: "/" },
    { host, path: "/new" },
  ];
  const change = new Promise<void>((draining, failed) => {
    const wanted = routeSpec("shop", [next.spec], { sites });
    const onStep = (step: Step) => {
      if (step.kind === "drain") draining();
    };
    done = ensureRoute(agent, wanted, { onStep }).then((result) => {
      isDone = true;
      return result;
    });
    done.catch(failed);
  });
  await change;
  await sleep(600);
  assert.is(isDone, false, "it waits for the idle client");
  assert.is((await get(lab, { host, agent: client })).body, "v1 /\n");
  assert.is((await done)?.cut, 0);
  await old.close();
  assert.is((await get(lab, { host, agent: client })).body, "v2 /\n");
  client.destroy();
});

test("connections of servers that stay are not cut", async () => {
  const [stays, leaves, comes] = [
    await lab.backend("v1"),
    await lab.backend("v2"),
    await lab.backend("v3"),
  ];
  await ensureRoute(agent, routeSpec("shop", [stays.spec]));
  const stream = await upgraded();
  let isCut = false;
  void stream.cut.then(() => {
    isCut = true;
  });
  await ensureRoute(agent, routeSpec("shop", [stays.spec, leaves.spec]));
  await ensureRoute(agent, routeSpec("shop", [stays.spec, comes.spec]), { drainTimeoutMs: 500 });
  await sleep(200);
  assert.is(isCut, false);
});

test("cancelled in the drain: the switch stands, and the next run goes on with the drain", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const slow = answer("/slow/5000");
  await sleep(200);
  const stop = new AbortController();
  const onStep = (step: Step) => {
    if (step.kind === "drain") stop.abort();
  };
  const cancelled = { signal: stop.signal, onStep };
  const error = await errorOf(ensureRoute(agent, routeSpec("shop", [next.spec]), cancelled));
  assert.is(error.code, "CANCELLED");
  assert.match(error.message, /with 1 requests left/);
  assert.is(await answer(), "v2 /");
  const result = await ensureRoute(agent, routeSpec("shop", [next.spec]));
  assert.is(result.drained, 1);
  assert.is(await slow, "v1 /slow/5000");
});

test("two writers of one proxy take turns, and drain side by side", async () => {
  const [a1, a2, b1] = [await lab.backend("a1"), await lab.backend("a2"), await lab.backend("b1")];
  const second = await lab.agent();
  await Promise.all([
    ensureRoute(agent, routeSpec("shop", [a1.spec])),
    ensureRoute(second, routeSpec("other", [b1.spec])),
  ]);
  assert.is((await get(lab, { host: "other.test" })).body, "b1 /\n");
  assert.is(await answer(), "a1 /");
  const slow = answer("/slow/6000");
  await sleep(200);
  let isDrained = false;
  const first = ensureRoute(agent, routeSpec("shop", [a2.spec])).finally(() => {
    isDrained = true;
  });
  const other = routeSpec("other", [b1.spec], { sites: [{ host: "other.test", path: "/new" }] });
  const result = await ensureRoute(second, other);
  assert.is(result.reloaded, true);
  assert.is(isDrained, false, "it did not wait for the other route's drain");
  assert.is((await first).drained, 1);
  assert.is(await slow, "a1 /slow/6000");
});

test.run();
