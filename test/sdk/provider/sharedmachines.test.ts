// Who shares an SSH connection, and what of it ends when one of them is done.
import { PassThrough } from "node:stream";
import * as assert from "uvu/assert";
import type { Machine, ScriptResult } from "../../../sdk/host/machine.ts";
import { SharedMachines } from "../../../sdk/provider/sharedmachines.ts";
import { unknown, type ValueMap } from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";

const test = suite("provider/sharedmachines");

const ssh = { host: "192.0.2.1", user: "admin", privateKey: "KEY", hostKey: "ssh-ed25519 AAAA" };
const config: ValueMap = { host: "unix:///var/run/docker.sock", ssh };

/** Machines whose connections are streams without a far end, and whose scripts end only when stopped. */
function lab() {
  const opened: { closed: boolean; readonly config: ValueMap }[] = [];
  const dialled: PassThrough[] = [];
  let late: Promise<void> = Promise.resolve();
  const shared = new SharedMachines((config) => {
    const one = { closed: false, config };
    opened.push(one);
    const dial = async () => {
      await late;
      const stream = new PassThrough();
      dialled.push(stream);
      return stream;
    };
    return {
      label: "admin@192.0.2.1",
      run: (_script, { signal }) =>
        new Promise<ScriptResult>((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      readFile: () => Promise.resolve(undefined),
      writeFile: () => Promise.resolve(),
      dial,
      dialTcp: dial,
      close: () => {
        one.closed = true;
      },
    } satisfies Machine;
  });
  const wait = (until: Promise<void>) => {
    late = until;
  };
  return { shared, opened, dialled, wait };
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => String(error),
  );

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("the same configuration is one connection, which ends with the last that holds it", () => {
  const { shared, opened } = lab();
  const [one, two] = [shared.hold(config), shared.hold({ ...config, ssh: { ...ssh } })];
  assert.is(opened.length, 1);
  one.close();
  one.close();
  assert.is(opened[0]?.closed, false, "closed twice by one is closed by one");
  two.close();
  assert.is(opened[0]?.closed, true);
  shared.hold(config).close();
  assert.is(opened.length, 2, "one that has ended is not taken again");
});

test("what is the instance's own alone makes no other connection", () => {
  const { shared, opened } = lab();
  shared.hold(config);
  shared.hold({ ...config, lost: false, version: "1.0.0" });
  assert.is(opened.length, 1);
});

const others: readonly (readonly [string, ValueMap])[] = [
  ["another user", { ...config, ssh: { ...ssh, user: "root" } }],
  ["another key", { ...config, ssh: { ...ssh, privateKey: "OTHER" } }],
  ["another host key", { ...config, ssh: { ...ssh, hostKey: "ssh-ed25519 BBBB" } }],
  ["a password for sudo", { ...config, ssh: { ...ssh, sudoPassword: "secret" } }],
  ["a way over another machine", { ...config, ssh: { ...ssh, jumps: [ssh] } }],
  ["another socket of the daemon", { ...config, host: "unix:///run/user/1000/docker.sock" }],
  ["the host itself, not its daemon", { ssh }],
];
for (const [what, other] of others) {
  test(`${what} is a connection of its own`, () => {
    const { shared, opened } = lab();
    shared.hold(config);
    shared.hold(other);
    assert.is(opened.length, 2);
  });
}

const alone: readonly (readonly [string, ValueMap])[] = [
  ["this machine", {}],
  ["a daemon over TLS", { host: "tcp://192.0.2.1:2376", ca: "CA", cert: "CERT", key: "KEY" }],
  ["a host that is not known yet", { ...config, ssh: { ...ssh, host: unknown } }],
];
for (const [what, given] of alone) {
  test(`${what} is shared with nobody`, () => {
    const { shared, opened } = lab();
    const [one] = [shared.hold(given), shared.hold(given)];
    assert.is(opened.length, 2);
    one.close();
    assert.equal(
      opened.map(({ closed }) => closed),
      [true, false],
    );
  });
}

test("what one began ends when it closes, and nothing of the others", async () => {
  const { shared, dialled } = lab();
  const [one, two] = [shared.hold(config), shared.hold(config)];
  await one.dial("/var/run/docker.sock");
  await two.dial("/var/run/docker.sock");
  await one.dialTcp("192.0.2.9", 80);
  const stopped = failure(one.run("sleep 100", { timeoutMs: 1000 }));
  let goesOn = true;
  two.run("sleep 100", { timeoutMs: 1000 }).catch(() => {
    goesOn = false;
  });
  one.close();
  assert.match(await stopped, "the connection to admin@192.0.2.1 was closed");
  assert.equal(
    dialled.map(({ destroyed }) => destroyed),
    [true, false, true],
  );
  assert.ok(goesOn);
});

test("a script is still stopped by its own signal", async () => {
  const { shared } = lab();
  const stop = new AbortController();
  const run = failure(
    shared.hold(config).run("sleep 100", { timeoutMs: 1000, signal: stop.signal }),
  );
  stop.abort(new Error("enough"));
  assert.match(await run, "enough");
});

test("a stream that comes after the close ends, and who waited for it is told", async () => {
  const { shared, dialled, wait } = lab();
  let connect: () => void = () => undefined;
  wait(
    new Promise((resolve) => {
      connect = resolve;
    }),
  );
  const one = shared.hold(config);
  const waiting = failure(one.dial("/var/run/docker.sock"));
  one.close();
  assert.match(await waiting, "was closed");
  connect();
  await settled();
  assert.is(dialled[0]?.destroyed, true);
});

test("nothing is done through one that is closed, while another goes on", async () => {
  const { shared } = lab();
  const [one, two] = [shared.hold(config), shared.hold(config)];
  one.close();
  const attributes = { mode: 0o600 };
  for (const work of [
    () => one.run("true", { timeoutMs: 1000 }),
    () => one.readFile("/etc/hostname"),
    () => one.writeFile("/tmp/x", "", attributes),
    () => one.dial("/var/run/docker.sock"),
    () => one.dialTcp("192.0.2.9", 80),
  ]) {
    assert.match(await failure(work()), "was closed");
  }
  assert.ok(await two.dial("/var/run/docker.sock"));
});

test.run();
