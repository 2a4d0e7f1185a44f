// A machine over a real sshd: scripts, their bounds and their ends, root by sudo, files, channels.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { Machine } from "../../../sdk/host/machine.ts";
import { openSshMachine, type SshMachineOptions } from "../../../sdk/ssh/machine.ts";
import type { SshTarget } from "../../../sdk/ssh/types.ts";
import { childrenOf } from "../../support/sshd.ts";
import {
  adminPassword,
  makeSshHost,
  missingForSshHost,
  type SshHost,
} from "../../support/sshhost.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/machine", { timeoutMs: 120_000, missing: missingForSshHost() });

let host: SshHost;
test.before(async () => {
  host = await makeSshHost();
});
test.after(() => (host as SshHost | undefined)?.close());

const timeoutMs = 30_000;

/** What a machine does, with its connection closed afterwards. */
async function on<T>(
  target: SshTarget,
  work: (machine: Machine) => Promise<T>,
  options?: SshMachineOptions,
): Promise<T> {
  const machine = openSshMachine(target, options);
  try {
    return await work(machine);
  } finally {
    machine.close();
  }
}

/** How many processes of the machine have this in their arguments. */
const running = async (words: string) => Number(await host.sh(`pgrep -fc '${words}' || :`));

async function until(what: string, holds: () => Promise<boolean>, limitMs = 15_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
    await sleep(100);
  }
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: Error & { code?: string; fix?: string }) => error,
  );

test("a script: arguments, input, both streams, its exit code", async () => {
  await on(host.sshd.target, async (machine) => {
    const script = 'printf "%s|" "$@"; cat; echo to stderr >&2; exit 7';
    const args = ["it's", "", '$HOME `x` \\ "', "two\nlines", "-n"];
    const input = Buffer.from([0, 1, 255, 10]);
    const { code, stdout, stderr } = await machine.run(`${script}`, { args, input, timeoutMs });
    assert.is(code, 7);
    assert.is(stderr, "to stderr\n");
    assert.is(stdout.split("|").slice(0, 5).join("|"), args.join("|"));
    const bytes = await machine.run("od -An -tu1", { input, timeoutMs });
    assert.is(bytes.stdout.trim().replace(/\s+/g, " "), "0 1 255 10");
    const signalled = await machine.run("kill -9 $$", { timeoutMs });
    assert.is(signalled.code, 137);
    assert.is((await machine.run("exit 0", { timeoutMs })).code, 0);
  });
});

const rights: readonly [string, () => SshTarget][] = [
  ["root", () => host.sshd.target],
  ["sudo with a password", () => host.admin],
  ["sudo without one", () => host.deploy],
  ["sudo without one, and one given", () => ({ ...host.deploy, sudoPassword: "not asked for" })],
];
for (const [name, target] of rights) {
  test(`scripts, files and input as root: ${name}`, async () => {
    await on(target(), async (machine) => {
      const { stdout } = await machine.run("id -u; cat; umask", { input: "in\n", timeoutMs });
      assert.is(stdout, "0\nin\n0022\n");
      await machine.writeFile("/root/mine", "x", { mode: 0o640, owner: "deploy", group: "admin" });
      assert.is(await host.sh("stat -c '%a %U %G' /root/mine"), "640 deploy admin");
      assert.is(Buffer.from((await machine.readFile("/root/mine")) ?? []).toString(), "x");
      assert.is(await machine.readFile("/root/none"), undefined);
    });
  });
}

test("no rights: no sudo, a wrong password, none given, each told apart", async () => {
  const guest = { ...host.sshd.target, user: "guest", sudoPassword: "x-wrong-x" };
  const none = await failure(on(guest, (m) => m.run("true", { timeoutMs })));
  assert.match(none.message, '"guest" cannot become root on guest@127.0.0.1');
  assert.not.match(none.message, "x-wrong-x");
  const { sudoPassword: _, ...without } = host.admin;
  const asked = await failure(on(without, (m) => m.run("true", { timeoutMs })));
  assert.match(asked.message, "a password is required");
  assert.match(asked.fix ?? "", "sudoPassword");
  const wrong = await failure(
    on({ ...host.admin, sudoPassword: "x-wrong-x" }, (m) => m.run("true", { timeoutMs })),
  );
  assert.match(wrong.fix ?? "", "check sudoPassword");
});

test("lines come as they are printed", async () => {
  await on(host.sshd.target, async (machine) => {
    const told: string[] = [];
    let first: number | undefined;
    await machine.run(
      'echo one; echo two >&2; sleep 1; printf "thr\\303"; sleep 0.2; printf "\\244e"',
      {
        timeoutMs,
        onLine: (line, stream) => {
          first ??= performance.now();
          told.push(`${stream}: ${line}`);
        },
      },
    );
    assert.ok(performance.now() - (first ?? Number.POSITIVE_INFINITY) > 700, "before its end");
    assert.equal(told.toSorted(), ["stderr: two", "stdout: one", "stdout: thräe"]);
  });
});

test("a script that takes too long is ended with all that it started", async () => {
  await on(host.sshd.target, async (machine) => {
    const script = "sleep 7711 & (sleep 7711 & sleep 7711) & sleep 7711";
    const error = await failure(machine.run(script, { timeoutMs: 1_000 }));
    assert.is(error.code, "TIMEOUT");
    assert.match(error.message, "did not end within 1000 ms");
    assert.is(await running("sleep 7711"), 0);
    assert.is((await machine.run("echo still here", { timeoutMs })).stdout, "still here\n");
  });
});

test("a script that is stopped on request is ended, also where it does not want to", async () => {
  await on(host.admin, async (machine) => {
    const stop = new AbortController();
    const script = 'trap "" TERM; echo begun; sleep 7722 & while :; do sleep 1; done';
    const onLine = () => stop.abort(new Error("stopped by the test"));
    const error = await failure(machine.run(script, { timeoutMs, signal: stop.signal, onLine }));
    assert.is(error.code, "CANCELLED");
    await until("its processes are gone", async () => (await running("sleep 7722")) === 0);
  });
});

test("a script ends with the connection", async () => {
  const machine = openSshMachine(host.sshd.target);
  const began = new Promise<void>((resolve) => {
    machine
      .run("echo begun; sleep 7733", { timeoutMs, onLine: () => resolve() })
      .catch(() => undefined);
  });
  await began;
  for (const pid of await host.sshd.connections()) {
    for (const child of [pid, ...(await childrenOf(pid))]) {
      try {
        process.kill(child, "SIGKILL");
      } catch {
        // It went with its parent.
      }
    }
  }
  await until("it has ended", async () => (await running("sleep 7733")) === 0);
  assert.is((await machine.run("echo back", { timeoutMs })).stdout, "back\n");
  machine.close();
});

test("a write that is cut half-way leaves the old file, and nothing beside it", async () => {
  await on(host.sshd.target, async (machine) => {
    await host.sh("mkdir -p /srv/w");
    await machine.writeFile("/srv/w/f", "old", { mode: 0o600 });
    const content = Buffer.alloc(64 * 1024 * 1024, "n");
    const other = openSshMachine(host.sshd.target);
    const cut = failure(other.writeFile("/srv/w/f", content, { mode: 0o644 }));
    await sleep(150);
    const connections = await host.sshd.connections();
    process.kill(Math.max(...connections), "SIGKILL");
    other.close();
    assert.ok(["UNREACHABLE", "CANCELLED"].includes((await cut).code ?? ""), (await cut).message);
    await until("no half file", async () => (await host.sh("ls -A /srv/w")) === "f");
    assert.is(await host.sh("cat /srv/w/f; stat -c %a /srv/w/f"), "old600");
    await machine.writeFile("/srv/w/f", content, { mode: 0o644 });
    const sum = createHash("sha256").update(content).digest("hex");
    assert.match(
      await host.sh("sha256sum /srv/w/f; stat -c %a /srv/w/f"),
      new RegExp(`${sum}.*\n644`, "s"),
    );
  });
});

test("15 scripts at once: one connection, at most 8 channels, with sshd's MaxSessions of 10", async () => {
  await on(host.sshd.target, async (machine) => {
    const script = 'echo x >>/srv/runs; sleep 0.5; echo "$1"';
    const runs = Array.from({ length: 15 }, (_, index) =>
      machine.run(script, { args: [String(index)], timeoutMs }),
    );
    let most = 0;
    let connections = 0;
    const all = Promise.all(runs);
    const ended = all.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([ended, sleep(30, false)]))) {
      const pids = await host.sshd.connections();
      connections = Math.max(connections, pids.length);
      const sessions = await Promise.all(pids.map(childrenOf));
      most = Math.max(most, sessions.flat().length);
    }
    const told = (await all).map(({ stdout }) => stdout.trim());
    assert.equal(
      told,
      Array.from({ length: 15 }, (_, index) => String(index)),
    );
    assert.is(await host.sh("wc -l </srv/runs"), "15");
    assert.is(connections, 1);
    assert.ok(most >= 2 && most <= 8, `${most} sessions`);
    process.stdout.write(`15 scripts: ${connections} connection, ${most} sessions at most\n`);
  });
});

test("100 MB of output: nothing is lost, and memory stays bounded", async () => {
  const megabytes = 100;
  const script = `seq -f 'line %015.0f of output, and some more text' 1 ${Math.round((megabytes * 1e6) / 51)}`;
  const want = await host.sh(`${script} | sha256sum`);
  await on(host.sshd.target, async (machine) => {
    const hash = createHash("sha256");
    let bytes = 0;
    let most = 0;
    let count = 0;
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const { stdout, code } = await machine.run(script, {
      timeoutMs: 100_000,
      onLine: (line) => {
        hash.update(`${line}\n`);
        bytes += line.length + 1;
        count += 1;
        if (count % 100_000 === 0) most = Math.max(most, process.memoryUsage().rss - before);
      },
    });
    const seconds = (performance.now() - started) / 1000;
    assert.is(code, 0);
    assert.is(hash.digest("hex"), want.split(" ")[0]);
    assert.ok(bytes > megabytes * 0.95e6);
    assert.ok(stdout.length < 9 * 1024 * 1024);
    assert.match(stdout, /^\.\.\. \(\d+ bytes left out\)\n/);
    assert.ok(most < 200e6, `${most} bytes more`);
    const rate = Math.round(bytes / 1e6 / seconds);
    process.stdout.write(
      `${bytes} bytes, ${rate} MB/s, ${Math.round(most / 1e6)} MB more memory\n`,
    );
  });
});

test("what a script leaves running does not disturb the next one", async () => {
  await on(host.sshd.target, async (machine) => {
    const left = await machine.run("(sleep 1; echo late; echo late >&2) & echo early", {
      timeoutMs,
    });
    assert.is(left.stdout, "early\n");
    for (let turn = 0; turn < 5; turn += 1) {
      const { stdout, stderr } = await machine.run("sleep 0.3; echo mine", { timeoutMs });
      assert.is(stdout + stderr, "mine\n");
    }
    const group = await machine.run("setsid sleep 7744 >/dev/null 2>&1 & echo $!", { timeoutMs });
    assert.is(await running("sleep 7744"), 1, "a process of its own session stays");
    await machine.run("pkill -f 'sleep 774[4]'", { timeoutMs });
    assert.is(group.code, 0);
  });
});

test("nothing of a script, its arguments or its input is in a process list of the host", async () => {
  await on(host.admin, async (machine) => {
    const secret = "s3cret-of-the-script";
    const script = `: ${secret}-text\nread -r line\nps axww -o args\ncat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'`;
    const how = { args: [`${secret}-argument`], input: `${secret}-input\n`, timeoutMs };
    const { stdout } = await machine.run(script, how);
    assert.match(stdout, "ps axww");
    assert.not.match(stdout, secret);
    assert.not.match(stdout, adminPassword);
  });
});

test.run();
