// Connections to a real sshd: keys of each type, agents, host keys, jump hosts, sockets, and each way
// in which there is no connection, told apart.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../sdk/docker/client.ts";
import { connectSsh } from "../../../sdk/ssh/connection.ts";
import type { SshError } from "../../../sdk/ssh/errors.ts";
import { fingerprint, parseHostKey } from "../../../sdk/ssh/hostkey.ts";
import { learnHostKey } from "../../../sdk/ssh/learn.ts";
import { openSshMachine } from "../../../sdk/ssh/machine.ts";
import type { SshTarget } from "../../../sdk/ssh/types.ts";
import { freePort } from "../../support/ports.ts";
import { childrenOf, enter, type KeyType, type Sshd, startSshd } from "../../support/sshd.ts";
import { makeSshHost, missingForSshHost, type SshHost } from "../../support/sshhost.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/connection", { timeoutMs: 90_000, missing: missingForSshHost() });

let host: SshHost;
test.before(async () => {
  host = await makeSshHost({ hostKeys: ["ed25519", "ecdsa", "rsa"] });
});
test.after(() => (host as SshHost | undefined)?.close());

const timeoutMs = 20_000;

/** What a script says at the far end: that it was reached, and as whom. */
async function whoami(target: SshTarget): Promise<string> {
  const machine = openSshMachine(target);
  try {
    return (await machine.run('hostname; echo "$SUDO_USER"', { timeoutMs })).stdout.trim();
  } finally {
    machine.close();
  }
}

async function failure(work: Promise<unknown>): Promise<SshError> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Error) return error as SshError;
  throw new Error("it did not fail");
}

/** A server beside the host's own, in the same machine. */
async function withSshd<T>(
  options: Parameters<typeof startSshd>[0],
  work: (sshd: Sshd) => Promise<T>,
): Promise<T> {
  const sshd = await startSshd({ within: host.pid, ...options });
  try {
    return await work(sshd);
  } finally {
    await sshd.close();
  }
}

const keys: readonly (readonly [KeyType, string | undefined])[] = [
  ["ed25519", undefined],
  ["ecdsa", undefined],
  ["rsa", undefined],
  ["ed25519", "a passphrase"],
  ["ecdsa", "a passphrase"],
  ["rsa", "a passphrase"],
];
for (const [userKey, passphrase] of keys) {
  const name = `${userKey}${passphrase === undefined ? "" : ", encrypted"}`;
  test(`a key of ssh-keygen's logs in: ${name}`, async () => {
    const more = passphrase === undefined ? {} : { passphrase };
    await withSshd({ userKey, ...more }, async ({ target }) => {
      assert.is(await whoami(target), "throwaway");
    });
  });
}

for (const type of ["ed25519", "ecdsa", "rsa"] as const) {
  test(`a host key of each type is pinned: ${type}`, async () => {
    const hostKey = await host.sshd.hostKey(type);
    assert.is(await whoami({ ...host.sshd.target, hostKey }), "throwaway");
  });
}

test("an agent logs in, by its socket and by the name of a variable", async () => {
  // Within the machine, where there is one: its socket is seen from here.
  const socket = "/tmp/dwtest-agent";
  const [command = "", ...args] = [...enter(host.pid), "ssh-agent", "-D", "-a", socket];
  const agent: ChildProcess = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  const dir = host.sshd.dir.slice(`/proc/${host.pid}/root`.length);
  try {
    if (agent.stdout) await once(agent.stdout, "data");
    await host.sh(`SSH_AUTH_SOCK=${socket} ssh-add -q ${dir}/user`);
    const { privateKey: _, ...target } = host.deploy;
    const agentSocket = `/proc/${host.pid}/root${socket}`;
    assert.is(await whoami({ ...target, agentSocket }), "throwaway\ndeploy");
    process.env["DWTEST_AGENT"] = agentSocket;
    assert.is(await whoami({ ...target, agentSocket: "$DWTEST_AGENT" }), "throwaway\ndeploy");
    await host.sh(`SSH_AUTH_SOCK=${socket} ssh-add -q -D`);
    const empty = await failure(whoami({ ...target, agentSocket }));
    assert.match(empty.message, 'does not let "deploy" in');
    delete process.env["DWTEST_AGENT"];
    const unset = await failure(whoami({ ...target, agentSocket: "$DWTEST_AGENT" }));
    assert.match(unset.message, "DWTEST_AGENT is not set");
  } finally {
    for (const pid of await childrenOf(agent.pid ?? 0)) process.kill(pid, "SIGTERM");
  }
});

test("a key on first contact: the best of the host's, or of the type that is known", async () => {
  const { host: name, port = 22 } = host.sshd.target;
  const best = await learnHostKey({ host: name, port });
  assert.is(best.hostKey, await host.sshd.hostKey("ed25519"));
  assert.is(best.fingerprint, fingerprint(parseHostKey(best.hostKey)));
  const like = await host.sshd.hostKey("rsa");
  assert.is((await learnHostKey({ host: name, port }, { like })).hostKey, like);
});

test("a changed key is refused with both fingerprints, before anything is sent", async () => {
  await withSshd({}, async (sshd) => {
    const pinned = sshd.target;
    await sshd.restart({ newKeys: true });
    const now = await sshd.hostKey("ed25519");
    const error = await failure(whoami(pinned));
    assert.is(error.problem, "hostKey");
    for (const key of [pinned.hostKey, now]) {
      assert.match(error.message, fingerprint(parseHostKey(key)));
    }
    assert.not.match(sshd.log(), "Accepted");
    assert.not.match(sshd.log(), "authenticating user");
    // One of another type, where the host has none of the pinned type, is another key too.
    const rsa = await host.sshd.hostKey("rsa");
    const other = await failure(whoami({ ...pinned, hostKey: rsa }));
    assert.is(other.problem, "hostKey");
    assert.match(other.message, fingerprint(parseHostKey(now)));
  });
});

test("through two jump hosts, each with its own key and user", async () => {
  await withSshd({}, (first) =>
    withSshd({ user: "guest" }, async (second) => {
      const target = { ...host.deploy, jump: { ...second.target, jump: first.target } };
      assert.is(await whoami(target), "throwaway\ndeploy");
      assert.match(second.log(), "Accepted publickey for guest");
      const { hostKey, ...place } = host.sshd.target;
      const learnt = await learnHostKey({ ...place, jump: second.target });
      assert.is(learnt.hostKey, hostKey);
      const wrong = { ...second.target, hostKey, jump: first.target };
      const error = await failure(whoami({ ...host.deploy, jump: wrong }));
      assert.match(error.message, `guest@127.0.0.1:${second.port} is not the host it was`);
    }),
  );
});

test("a jump host that cannot, or may not, get there", async () => {
  const nobody = await freePort();
  const error = await failure(whoami({ ...host.deploy, port: nobody, jump: host.sshd.target }));
  assert.is(error.problem, "refused");
  assert.match(
    error.message,
    `deploy@127.0.0.1:${nobody} cannot be reached through root@127.0.0.1`,
  );
  await withSshd({ lines: ["AllowTcpForwarding no"] }, async ({ target }) => {
    const forbidden = await failure(whoami({ ...host.deploy, jump: target }));
    assert.match(forbidden.fix ?? "", "sshd allows forwarding");
  });
});

test("a socket of the machine: as root, as a user who may not open it, and one that is not there", async () => {
  const server = `use Socket; socket(S,PF_UNIX,SOCK_STREAM,0); unlink "/srv/s"; bind(S,pack_sockaddr_un("/srv/s")); chmod 0600,"/srv/s"; listen(S,9); $SIG{CHLD}="IGNORE"; print "up\\n"; close STDOUT; while(accept(C,S)){ if(fork){close C; next} while(sysread(C,my $b,65536)){ syswrite(C,uc $b) } exit }`;
  await host.sh(
    `perl -e '${server}' >/tmp/up 2>/dev/null </dev/null & while [ ! -s /tmp/up ]; do sleep 0.1; done`,
  );
  for (const target of [host.sshd.target, host.admin, host.deploy]) {
    const machine = openSshMachine(target);
    try {
      const echoes = Array.from({ length: 20 }, async (_, index) => {
        const stream = await machine.dial("/srv/s");
        const words = `${target.user} ${index} `.repeat(5_000);
        const answer = text(stream);
        stream.end(words);
        assert.is(await answer, words.toUpperCase());
      });
      await Promise.all(echoes);
      assert.is((await machine.run("echo beside", { timeoutMs })).stdout, "beside\n");
      const none = await failure(machine.dial("/srv/none"));
      assert.match(none.message, "/srv/none");
      assert.match(none.message, "there is no socket");
    } finally {
      machine.close();
    }
  }
  // The doors that were made for users who may not open it went with their connections.
  await host.sh(
    "for i in $(seq 50); do ls -d /tmp/.dockwright.* || exit 0; sleep 0.1; done; exit 1",
  );
});

test("Docker over the machine's socket, as a user who has no right to it", async () => {
  // This machine's daemon, seen by the other one through a door of the test's own.
  const door = `/proc/${host.pid}/root/srv/docker.sock`;
  const relay = createServer((client) => {
    const daemon = connect("/var/run/docker.sock");
    client.on("error", () => daemon.destroy());
    daemon.on("error", () => client.destroy());
    client.pipe(daemon).pipe(client);
  }).listen(door);
  await once(relay, "listening");
  await chmod(door, 0o600);
  const machine = openSshMachine(host.deploy);
  const docker = new DockerClient({
    kind: "stream",
    name: "docker on the test's host",
    connect: () => machine.dial("/srv/docker.sock"),
  });
  try {
    const versions = await Promise.all(Array.from({ length: 12 }, () => docker.system.version()));
    assert.match(versions[0]?.version ?? "", /^\d+\./);
    assert.is(versions.length, 12);
    assert.is((await host.sshd.connections()).length, 1);
    // What was kept for the next call is lost with it, and told to nobody: that call gets a new one.
    for (const pid of await host.sshd.connections()) process.kill(pid, "SIGKILL");
    assert.match((await docker.system.version({ timeoutMs: 5_000 })).version, /^\d+\./);
  } finally {
    docker.close();
    machine.close();
    relay.close();
  }
});

test("sshd that forbids socket forwarding says so, and how to allow it", async () => {
  const socket = `use Socket; socket(S,PF_UNIX,SOCK_STREAM,0); bind(S,pack_sockaddr_un("/srv/t"))`;
  await host.sh(`perl -e '${socket}'`);
  await withSshd({ lines: ["AllowStreamLocalForwarding no"] }, async ({ target }) => {
    const machine = openSshMachine(target);
    const error = await failure(machine.dial("/srv/t"));
    machine.close();
    assert.match(error.message, "forbids socket forwarding");
    assert.match(error.fix ?? "", "AllowStreamLocalForwarding");
  });
});

/** A port of 127.0.0.1 that does this with whoever connects. */
async function listener(answer: (socket: Socket) => void): Promise<[Server, number]> {
  const port = await freePort();
  const server = createServer(answer).listen(port, "127.0.0.1");
  await once(server, "listening");
  return [server, port];
}

/** Who listens and takes nobody in: those who come once its few places are full get no answer. */
async function fullListener(port: number): Promise<() => void> {
  const program = `use Socket; socket(S,PF_INET,SOCK_STREAM,0); bind(S,pack_sockaddr_in(${port},inet_aton("127.0.0.1"))) or die; listen(S,0); for(1..8){ socket(my $c,PF_INET,SOCK_STREAM,0); fcntl($c,4,2048); connect($c,pack_sockaddr_in(${port},inet_aton("127.0.0.1"))); push @c,$c } $|=1; print "full\n"; sleep 600`;
  const child = spawn("perl", ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return () => {
    child.kill();
  };
}

const quick = { connectTimeoutMs: 1_500, handshakeTimeoutMs: 1_500 };

test("no connection: refused, no answer, no name, not SSH, silence: each told apart", async () => {
  const target = host.sshd.target;
  const [closing, closed] = await listener((socket) => socket.destroy());
  const [web, http] = await listener((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const full = await freePort();
  const empty = await fullListener(full);
  const [mute, silent] = await listener((socket) => socket.on("error", () => undefined));
  try {
    const cases: readonly [string, Partial<SshTarget>, string, RegExp, RegExp][] = [
      ["refused", { port: await freePort() }, "refused", /connection refused/, /sshd runs there/],
      [
        "no answer",
        { port: full },
        "timeout",
        /no answer within 1500 ms|does not answer/,
        /firewall/,
      ],
      ["no name", { host: "nowhere.invalid" }, "name", /cannot be looked up/, /the host's name/],
      ["closed at once", { port: closed }, "handshake", /before SSH began/, /MaxStartups/],
      ["not SSH", { port: http }, "handshake", /cannot speak SSH/, /sshd's/],
      ["silent", { port: silent }, "timeout", /handshake in time/, /load of the host/],
    ];
    for (const [name, change, problem, message, fix] of cases) {
      const error = await failure(connectSsh({ ...target, ...change }, quick));
      assert.is(error.problem, problem, `${name}: ${error.message}`);
      assert.match(error.message, message);
      assert.match(error.fix ?? "", fix);
      assert.match(error.message, change.host ?? `127.0.0.1:${change.port}`);
    }
  } finally {
    empty();
    for (const server of [closing, web, mute]) server.close();
  }
});

test("no login: a stranger's key, no key, a passphrase that is wrong or missing, a public key", async () => {
  const target = host.sshd.target;
  await withSshd({ passphrase: "right" }, async (other) => {
    const stranger = { ...target, privateKey: other.target.privateKey ?? "", passphrase: "right" };
    const { privateKey: _, ...none } = target;
    const cases: readonly [SshTarget, RegExp, RegExp][] = [
      [stranger, /does not let "root" in: none of the keys given was taken/, /authorized_keys/],
      [{ ...target, user: "nobody-here" }, /does not let "nobody-here" in/, /check the user/],
      [none, /no key to log in/, /give privateKey/],
      [
        { ...stranger, passphrase: "wrong" },
        /cannot be used: .*(passphrase|integrity|decrypt)/i,
        /passphrase/,
      ],
      [
        { ...target, privateKey: other.target.privateKey ?? "" },
        /cannot be used: .*passphrase/i,
        /passphrase/,
      ],
      [{ ...target, privateKey: target.hostKey }, /it is a public key/, /private key/],
      [{ ...target, privateKey: "rubbish" }, /cannot be used/, /OpenSSH or PEM/],
    ];
    for (const [login, message, fix] of cases) {
      const error = await failure(connectSsh(login, quick));
      assert.match(error.message, message);
      assert.match(error.fix ?? "", fix);
      assert.not.match(error.message, "rubbish");
    }
  });
});

test("a host that hangs is noticed within the keepalive's bound, and found again afterwards", async () => {
  const machine = openSshMachine(host.sshd.target, { keepaliveMs: 500 });
  try {
    await machine.run("true", { timeoutMs });
    const [pid = 0] = await host.sshd.connections();
    const family = [pid, ...(await childrenOf(pid))];
    const started = performance.now();
    const work = failure(machine.run("sleep 30", { timeoutMs: 60_000 }));
    await new Promise((go) => setTimeout(go, 300));
    for (const one of family) process.kill(one, "SIGSTOP");
    const error = await work;
    const seconds = (performance.now() - started) / 1000;
    for (const one of family) process.kill(one, "SIGKILL");
    assert.is(error.problem, "lost");
    assert.match(error.message, "does not answer any more");
    assert.ok(seconds < 15, `${seconds} s`);
    process.stdout.write(`a host that hangs: noticed after ${seconds.toFixed(1)} s\n`);
    assert.is((await machine.run("echo back", { timeoutMs })).stdout, "back\n");
  } finally {
    machine.close();
  }
});

test.run();
