import { connect } from "node:net";
import type { Duplex } from "node:stream";
import * as assert from "uvu/assert";
import { waitHealthy, waitHttp, waitRunning, waitTcp } from "../../../sdk/docker/wait.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "./fixture.ts";

const fixture = new Fixture("wait");
const { client } = fixture;
const seconds = 1e9;

function dial(host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function address(id: string): Promise<string> {
  const found = await client.containers.inspect(id);
  return found?.NetworkSettings.Networks.bridge?.IPAddress ?? "";
}

async function failure(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("it passed");
}

const sh = (script: string) => ["/bin/busybox", "sh", "-c", script];
const check = (script: string, retries = 3) => ({
  Test: ["CMD", ...sh(script)],
  Interval: 0.5 * seconds,
  Retries: retries,
});

const test = suite("docker: waits, against the daemon");
const absent = missing();
if (absent) {
  test.skip(`skipped: ${absent}`);
} else {
  test.before(async () => {
    await fixture.makeImage();
  });
  test.after(() => fixture.clean());

  test("healthy is seen, with progress, before the safety poll would see it", async () => {
    const id = await fixture.run({
      Cmd: sh("sleep 2; echo >/tmp/ok; sleep 600"),
      Healthcheck: check("test -f /tmp/ok || { echo not yet; false; }", 50),
    });
    const seen: string[] = [];
    await waitHealthy(client, id, { timeoutMs: 20_000, onProgress: (text) => seen.push(text) });
    const state = (await client.containers.inspect(id))?.State;
    const checkedAt = Date.parse(state?.Health?.Log?.at(-1)?.End ?? "");
    // The next check has not even come: so what was seen is the change itself.
    assert.ok(Date.now() - checkedAt < 500, `seen ${Date.now() - checkedAt} ms late`);
    assert.match(seen.join("\n"), /status "starting", \d failed checks?, last output "not yet"/);
  });

  test("unhealthy fails at once and says what the check said", async () => {
    const id = await fixture.run({ Healthcheck: check("echo connection refused; false", 2) });
    const error = await failure(waitHealthy(client, id, { timeoutMs: 20_000 }));
    assert.is(error.code, "GATE_FAILED");
    assert.match(
      error.message,
      /status "unhealthy", 2 failed checks, last output "connection refused"/,
    );
  });

  test("an exit fails at once with its code", async () => {
    const id = await fixture.run({ Cmd: sh("sleep 1; exit 5"), Healthcheck: check("false", 50) });
    const error = await failure(waitHealthy(client, id, { timeoutMs: 20_000 }));
    assert.is(error.code, "GATE_FAILED");
    assert.match(error.message, /it exited with code 5/);
  });

  test("no health check, or no container, is said and not waited for", async () => {
    const id = await fixture.run();
    const error = await failure(waitHealthy(client, id, { timeoutMs: 20_000 }));
    assert.match(error.message, /has no health check/);
    const gone = await failure(waitHealthy(client, "dwtest-docker-none", { timeoutMs: 20_000 }));
    assert.match(gone.message, /it is gone/);
  });

  test("the time limit and the signal say what was last seen", async () => {
    const id = await fixture.run({ Healthcheck: check("echo no; false", 100) });
    const late = await failure(waitHealthy(client, id, { timeoutMs: 1500 }));
    assert.is(late.code, "TIMEOUT");
    assert.match(late.message, /not healthy after 1500 ms: status "starting"/);
    const signal = AbortSignal.timeout(300);
    const cancelled = await failure(waitHealthy(client, id, { timeoutMs: 20_000, signal }));
    assert.is(cancelled.code, "CANCELLED");
  });

  test("running for a while passes; an exit or a restart in that time does not", async () => {
    await waitRunning(client, await fixture.run(), 300);
    const exits = await fixture.run({ Cmd: sh("sleep 1; exit 2") });
    assert.match((await failure(waitRunning(client, exits, 5000))).message, /exited with code 2/);
    const restarts = await fixture.run({
      Cmd: sh("sleep 1; exit 2"),
      HostConfig: { RestartPolicy: { Name: "always" } },
    });
    assert.is((await failure(waitRunning(client, restarts, 5000))).code, "GATE_FAILED");
  });

  test("a port and an HTTP answer are waited for, and what was seen is told", async () => {
    const id = await fixture.run({
      Cmd: sh("sleep 1; mkdir -p /www; echo hi >/www/index.html; exec httpd -f -p 80 -h /www"),
    });
    const target = { host: await address(id), port: 80, dial };
    await waitTcp(client, id, { ...target, timeoutMs: 10_000 });
    await waitHttp(client, id, { ...target, timeoutMs: 10_000 });
    await waitHttp(client, id, { ...target, path: "/none", status: 404, timeoutMs: 10_000 });
    const wrong = { ...target, path: "/none", timeoutMs: 800 };
    assert.match((await failure(waitHttp(client, id, wrong))).message, /HTTP status 404/);
    const closed = { ...target, port: 81, timeoutMs: 800 };
    assert.match((await failure(waitTcp(client, id, closed))).message, /ECONNREFUSED/);
  });
}
test.run();
