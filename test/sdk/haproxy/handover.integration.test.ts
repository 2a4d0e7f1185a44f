// One container of a proxy after the other, without a lost request: the new one starts on the
// listening sockets of the old one, which finishes what it has. DOCKWRIGHT_PROXY_REPLACEMENTS says
// how often under load.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import { takeOver } from "../../../sdk/haproxy/handover.ts";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent, Step } from "../../../sdk/haproxy/types.ts";
import { startLoad } from "../../support/outcomes.ts";
import { suite } from "../../support/suite.ts";
import { get, type Lab, type LabContainer, missingHaproxy, routeSpec, startLab } from "./lab.ts";

const rounds = Number(process.env.DOCKWRIGHT_PROXY_REPLACEMENTS ?? "3");
const test = suite("hand-over", { timeoutMs: 90_000 + rounds * 10_000, missing: missingHaproxy() });
const host = "shop.test";
let lab: Lab;
let agent: Agent;

test.before.each(async () => {
  lab = await startLab();
  agent = await lab.agent();
});
test.after.each(async () => {
  await lab.close();
});

const answer = async (path = "/") => (await get(lab, { host, path })).body.trim();
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof SdkError ? error.code : String(error)),
  );

async function replaced(): Promise<LabContainer & { readonly its: Agent }> {
  const next = await lab.join();
  const its = await next.agent();
  assert.equal(await takeOver(its), { outcome: "taken", finishing: true });
  return { ...next, its };
}

/** An upgraded connection, which says back what it is told. */
async function upgraded(): Promise<(text: string) => Promise<string>> {
  const socket = connect(lab.port, "127.0.0.1");
  const heard = () =>
    new Promise<string>((yes, no) => {
      socket.once("data", (data: Buffer) => yes(data.toString()));
      socket.once("close", () => no(new Error("closed")));
    });
  socket.on("error", () => undefined);
  socket.write(`GET /up HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
  await heard();
  return (text) => {
    socket.write(text);
    return heard();
  };
}

test(`no request fails while the proxy is replaced ${rounds} times, and routes change`, async () => {
  await ensureRoute(agent, routeSpec("shop", [(await lab.backend("v0")).spec]));
  const url = lab.url;
  const loads = [
    await startLoad({ url, host, rate: 150, version: "v\\d+" }),
    await startLoad({
      url,
      host,
      concurrency: 4,
      mode: "keepalive",
      pauseMs: 20,
      version: "v\\d+",
    }),
    await startLoad({ url: `${url}slow/700`, host, concurrency: 4, version: "v\\d+" }),
  ];
  const talk = await upgraded();
  let old = async (signal: NodeJS.Signals) => {
    lab.proxy.kill(signal);
    return await Promise.resolve<number | null>(0);
  };
  const times: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const startedAt = performance.now();
    const next = await replaced();
    times.push(Math.round(performance.now() - startedAt));
    const spec = routeSpec("shop", [(await lab.backend(`v${round}`)).spec]);
    // An upgraded connection of the first container would be cut by its route's drain.
    const more = round === rounds ? {} : { drainTimeoutMs: 3000 };
    if (round > 1) await ensureRoute(next.its, spec, more);
    assert.is(await codeOf(agent.lock("proxy", 1000)), "MOVED");
    const ended = old("SIGUSR1");
    if (round > 1) assert.is(await ended, 0, "it ends by itself, and well");
    else assert.is(await talk("a"), "a", "its upgraded connection lives on");
    old = next.stop;
    agent = next.its;
  }
  const all = await Promise.all(loads.map((load) => load.stop()));
  for (const summary of all) {
    assert.is(summary.failed, 0, JSON.stringify(summary));
    assert.ok(Object.keys(summary.versions).length >= rounds - 1, JSON.stringify(summary.versions));
  }
  const total = all.reduce((sum, one) => sum + one.total, 0);
  process.stderr.write(`\n  ${rounds} hand-overs in ${times.join(", ")} ms, ${total} requests\n`);
});

test("the drain after a hand-over waits for requests in the old container", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const slow = [1, 2].map(() => answer("/slow/3000"));
  await sleep(200);
  const { its } = await replaced();
  const result = await ensureRoute(its, routeSpec("shop", [next.spec]));
  assert.is(result.drained, 2);
  assert.is(result.cut, 0);
  await old.close();
  assert.equal(await Promise.all(slow), ["v1 /slow/3000", "v1 /slow/3000"]);
  assert.is(await answer(), "v2 /");
});

test("a change that waits for its turn in the old container is refused, and right in the new", async () => {
  const [old, next] = [await lab.backend("v1"), await lab.backend("v2")];
  await ensureRoute(agent, routeSpec("shop", [old.spec]));
  const other = await lab.agent();
  let change: Promise<string> | undefined;
  let waits: Promise<unknown> | undefined;
  const newcomer = await lab.join();
  const its = await newcomer.agent();
  // While one route changes, a hand-over and another change wait, in this order.
  await ensureRoute(agent, routeSpec("first", [old.spec]), {
    onStep: async (step: Step) => {
      if (step.kind !== "probe") return;
      waits = takeOver(its);
      await sleep(300);
      change = codeOf(ensureRoute(other, routeSpec("shop", [next.spec])));
      await sleep(300);
      assert.is((await its.active()) === "own", false, "the hand-over waits for the change");
    },
  });
  await waits;
  const outcome = await change;
  assert.ok(outcome === "MOVED" || outcome === "none", outcome);
  await ensureRoute(its, routeSpec("shop", [next.spec]));
  assert.is(await answer(), "v2 /");
  assert.match(await get(lab, { host: "first.test" }).then((one) => one.body), "v1");
});

test("a crash brings the active one back, and none that was superseded", async () => {
  await ensureRoute(agent, routeSpec("shop", [(await lab.backend("v1")).spec]));
  const next = await replaced();
  assert.is(
    await takeOver(agent).then((one) => one.outcome),
    "restart",
    "its listeners are closed",
  );
  await lab.restart("SIGKILL").catch(() => undefined);
  assert.is(await next.its.active(), "own", "the one that answered goes on answering");
  assert.is(await answer(), "v1 /");
  await next.stop("SIGKILL");
  for (let tries = 0; tries < 60 && (await codeOf(answer())) !== "none"; tries += 1)
    await sleep(100);
  assert.is(await answer(), "v1 /", "who waits takes the place of one that is dead");
  assert.is(await (await lab.agent()).active(), "own");
});

test("in another network namespace it listens anew: sockets of the old one would not be there", async () => {
  const next = await lab.join({}, ["unshare", "--net"]);
  const listens = () => {
    const port = lab.port.toString(16).toUpperCase().padStart(4, "0");
    return readFileSync(`/proc/${next.proxy.pid ?? 0}/net/tcp`, "utf8").includes(
      `:${port} 00000000:0000 0A`,
    );
  };
  assert.not.ok(listens());
  assert.is((await takeOver(await next.agent())).outcome, "taken");
  assert.ok(listens());
});

test.run();
