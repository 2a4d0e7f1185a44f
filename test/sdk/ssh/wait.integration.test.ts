// `waitForHost` over a real sshd: a machine that comes up late, users that come later, and a stand-in
// for cloud-init that ends with each exit code and each status.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { SdkError } from "../../../sdk/errors.ts";
import type { SshTarget } from "../../../sdk/ssh/types.ts";
import { type WaitForHostOptions, waitForHost } from "../../../sdk/ssh/wait.ts";
import { freePort } from "../../support/ports.ts";
import { makeSshHost, missingForSshHost, type SshHost } from "../../support/sshhost.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/wait", { timeoutMs: 60_000, missing: missingForSshHost() });

let host: SshHost;
test.before(async () => {
  host = await makeSshHost();
});
test.after(() => (host as SshHost | undefined)?.close());

/** Puts a cloud-init there that takes so long, ends so and says this. */
async function cloudInit(code: number, status: object | string, seconds = 0): Promise<void> {
  const said = typeof status === "string" ? status : JSON.stringify(status);
  const script = `#!/bin/sh
case "$*" in
"status --wait") [ -e /run/waited ] || { sleep ${seconds}; touch /run/waited; }; exit ${code} ;;
"status --format json") ${typeof status === "string" ? "exit 2" : `cat /srv/status; exit ${code}`} ;;
"status --long") cat /srv/status; exit ${code} ;;
*) exit 64 ;;
esac
`;
  await host.machine.writeFile("/usr/local/bin/cloud-init", script, { mode: 0o755 });
  await host.machine.writeFile("/srv/status", said, { mode: 0o644 });
  await host.sh("rm -f /run/waited");
}

async function waited(
  more: Partial<WaitForHostOptions> = {},
  target: SshTarget = host.deploy,
): Promise<{ told: readonly string[]; state?: string; detail?: string; error?: SdkError }> {
  const told: string[] = [];
  const onProgress = (line: string) => told.push(line);
  try {
    const limits = { timeoutMs: 20_000, pollMs: 100, onProgress };
    return { told, ...(await waitForHost(target, { ...limits, ...more })) };
  } catch (error) {
    return { told, error: error as SdkError };
  }
}

test("no cloud-init is none to wait for", async () => {
  const { state, error } = await waited();
  assert.is(error, undefined);
  assert.is(state, "absent");
});

const recovered = { recoverable_errors: { WARNING: ["no such locale"] }, errors: [] };
const outcomes: readonly [string, number, object | string, string, RegExp][] = [
  ["exit code 0 is done", 0, { status: "done", errors: [] }, "done", /^$/],
  ["disabled is done", 0, { status: "disabled" }, "done", /^$/],
  [
    "exit code 2 is done with errors",
    2,
    { status: "done", ...recovered },
    "degraded",
    /no such locale/,
  ],
  ["exit code 1 failed", 1, { status: "error", errors: ["runcmd: x"] }, "failed", /runcmd: x/],
  [
    "a version without JSON",
    1,
    "status: error\ndetail: DataSourceNone\n",
    "failed",
    /DataSourceNone/,
  ],
  ["any other exit code failed", 3, { status: "?" }, "failed", /exit code 3/],
];
for (const [name, code, status, want, detail] of outcomes) {
  test(`cloud-init: ${name}`, async () => {
    await cloudInit(code, status);
    const continued = await waited({ onCloudInitError: "continue" });
    assert.is(continued.error, undefined);
    assert.is(continued.state, want);
    assert.match(continued.detail ?? "", detail);
    const { error, state } = await waited();
    if (want !== "failed") {
      assert.is(state, want);
      return;
    }
    assert.match(error?.message ?? "", "cloud-init failed on deploy@127.0.0.1");
    assert.match(error?.message ?? "", detail);
    assert.match(error?.fix ?? "", "cloud-init-output.log");
  });
}

test("a cloud-init at work is waited for, and told", async () => {
  await cloudInit(0, { status: "done" }, 2);
  const { told, state } = await waited();
  assert.is(state, "done");
  assert.match(told.join("\n"), "answers; waiting for cloud-init");
  await cloudInit(0, { status: "running" }, 30);
  const { error } = await waited({ timeoutMs: 2_500 });
  assert.is(error?.code, "TIMEOUT");
  assert.match(error?.message ?? "", "is still at work after 2500 ms");
});

test("a machine whose sshd comes late, and whose user comes later still", async () => {
  await host.sh("rm -f /usr/local/bin/cloud-init; userdel -r guest 2>/dev/null; :");
  await host.sshd.stop();
  const guest = { ...host.sshd.target, user: "guest" };
  const result = waited({}, guest);
  await sleep(700);
  await host.sshd.restart();
  await sleep(1_200);
  await host.sh("useradd -m -s /bin/sh guest; usermod -p '*' guest");
  await sleep(700);
  await host.sh("echo 'guest ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/guest");
  const { told, state, error } = await result;
  assert.is(error, undefined);
  assert.is(state, "absent");
  const order = ["connection refused", 'does not let "guest" in', "cannot become root"];
  const places = order.map((words) => told.findIndex((line) => line.includes(words)));
  assert.equal(
    places,
    places.toSorted((a, b) => a - b),
    told.join("\n"),
  );
  assert.not.ok(places.includes(-1), told.join("\n"));
});

test("who is not let in is not waited for as long as who is not there", async () => {
  const stranger = { ...host.sshd.target, user: "nobody-here" };
  const started = performance.now();
  const { error } = await waited({ refusalMs: 500 }, stranger);
  assert.match(error?.message ?? "", 'does not let "nobody-here" in');
  assert.ok(performance.now() - started < 15_000);
});

test("nobody there: the end of the time says what was seen last; a stop ends it at once", async () => {
  const target = { ...host.deploy, port: await freePort() };
  const { error, told } = await waited({ timeoutMs: 800 }, target);
  assert.is(error?.code, "TIMEOUT");
  assert.match(error?.message ?? "", /after 800 ms; last: .*connection refused/);
  assert.is(told.length, 1, "the same is told once");
  const signal = AbortSignal.timeout(300);
  const started = performance.now();
  assert.ok((await waited({ signal }, target)).error);
  assert.ok(performance.now() - started < 5_000);
});

test("another host key is never waited for", async () => {
  const before = host.deploy;
  await host.sshd.restart({ newKeys: true });
  const { error } = await waited({}, before);
  assert.match(error?.message ?? "", "is not the host it was");
});

test.run();
