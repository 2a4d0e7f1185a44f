// The way back: whatever is wrong with a change, or happens to the client in the middle of it, the old
// daemon serves again within 60 s, put back by the host itself, and its containers have never stopped.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { TlsMaterials } from "../../../../sdk/docker/types.ts";
import type { DaemonTls } from "../../../../sdk/host/docker/files.ts";
import { observeDaemon } from "../../../../sdk/host/docker/observe.ts";
import type { DaemonOptions } from "../../../../sdk/host/docker/options.ts";
import { machineEndpoint, probeDaemon } from "../../../../sdk/host/docker/probe.ts";
import type { Machine } from "../../../../sdk/host/machine.ts";
import { type Issuer, issueClient, issueServer } from "../../../../sdk/pki/issue.ts";
import { newKeyPair, serialNumber } from "../../../../sdk/pki/keys.ts";
import { openSshMachine } from "../../../../sdk/ssh/machine.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import { suite } from "../../../support/suite.ts";
import { authority } from "../../pki/fixture.ts";
import { apply, clientOf, loadImage, machineOf, startContainer } from "./host.ts";

const test = suite("host: the way back of the Docker daemon", { long: true, timeoutMs: 900_000 });
const missing = missingForLab();
const print = (line: string) => process.stdout.write(`${line}\n`);
const good: DaemonOptions = { liveRestore: true, labels: { state: "good" } };
const port = 2376;
/** The soak waits as long as the default is; here the client's time to confirm is short. */
const confirmSeconds = Number(process.env["DOCKWRIGHT_CONFIRM_SECONDS"] ?? 12);

let lab: Lab | undefined;
let ca: Issuer;

function host(index: number): LabHost {
  const found = lab?.hosts[index];
  if (!found) throw new Error("the lab is not there");
  return found;
}

const issuing = () => ({ now: new Date(), serial: serialNumber(randomBytes(16)) });

async function serverTls(address: string): Promise<DaemonTls> {
  const { publicKey, privateKey } = await newKeyPair();
  const request = { issuer: ca, publicKey, names: [], addresses: [address], ...issuing() };
  return { ca: ca.certificate, cert: await issueServer(request), key: privateKey };
}

async function clientTls(): Promise<TlsMaterials> {
  const { publicKey, privateKey } = await newKeyPair();
  const cert = await issueClient({ issuer: ca, publicKey, name: "alice", ...issuing() });
  return { ca: ca.certificate, cert, key: privateKey };
}

/** Whether the daemon runs with the good options. */
async function serves(machine: Machine): Promise<boolean> {
  const client = clientOf(machine);
  try {
    const { Labels } = await client.system.info({ timeoutMs: 2_000 });
    return (Labels ?? []).join() === "state=good";
  } catch {
    return false;
  } finally {
    client.close();
  }
}

async function startedAt(machine: Machine): Promise<string> {
  const client = clientOf(machine);
  const { State } = (await client.containers.inspect("stays")) ?? {};
  client.close();
  assert.ok(State?.Running, "the container runs");
  return State.StartedAt;
}

/** Seconds from now until the good daemon serves, with nothing left of the change. */
async function secondsUntilGood(machine: Machine): Promise<number> {
  const start = performance.now();
  for (;;) {
    const { change } = await observeDaemon(machine);
    if (!change && (await serves(machine))) return (performance.now() - start) / 1000;
    if (performance.now() - start > 90_000) throw new Error("the old daemon is not back");
    await sleep(300);
  }
}

/** Runs a change that must fail, and checks what is there afterwards. */
async function failing(
  name: string,
  machine: Machine,
  change: () => Promise<unknown>,
): Promise<string> {
  const started = await startedAt(machine);
  const begin = performance.now();
  let said = "";
  await change().then(
    () => assert.unreachable("it must fail"),
    (error: unknown) => {
      said = String(error);
    },
  );
  await secondsUntilGood(machine);
  const seconds = (performance.now() - begin) / 1000;
  print(`${name} on ${machine.label}: the old daemon serves again after ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 60);
  assert.is(await startedAt(machine), started, "the container never stopped");
  assert.is((await apply(machine, { options: good })).action, "none");
  return said;
}

/** A client that has applied a change and waits in its probe. */
async function hangingClient(of: LabHost, options: DaemonOptions): Promise<ChildProcess> {
  const file = path.join(import.meta.dirname, "hang.ts");
  const args = [file, String(of.pid), of.name, JSON.stringify(options), String(confirmSeconds)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

if (missing !== undefined) test.skip(missing);
else {
  test.before(async () => {
    ca = await authority("wayback", new Date());
    lab = await makeHosts(
      [
        { name: "back12", suite: "bookworm", docker: "installed" },
        { name: "back13", suite: "trixie", docker: "installed" },
      ],
      { log: print },
    );
    for (const each of lab.hosts) {
      const machine = machineOf(each);
      await apply(machine, { options: good });
      await loadImage(machine);
      await startContainer(clientOf(machine), "stays");
    }
  });
  test.after(async () => {
    await lab?.close();
  });

  /** On both at the same time. */
  const onEach = async (work: (at: LabHost) => Promise<void>) => {
    await Promise.all([work(host(0)), work(host(1))]);
  };

  test("an option that the daemon does not start with", () =>
    onEach(async (at) => {
      const machine = machineOf(at);
      const options = { ...good, seccompProfile: "/etc/docker/nowhere.json" };
      const said = await failing("broken configuration", machine, () =>
        apply(machine, { options }),
      );
      assert.match(said, /the daemon does not start with it/);
      assert.match(said, /nowhere\.json/, "the daemon's own words");
    }));

  test("TLS on another address than the one it is used by", () =>
    onEach(async (at) => {
      const machine = machineOf(at);
      const endpoint = { kind: "tcp", host: at.address, port, tls: await clientTls() } as const;
      const spec = {
        options: good,
        listen: [`127.0.0.1:${port}`],
        tls: await serverTls(at.address),
      };
      const probe = async () => {
        await probeDaemon(endpoint, good);
      };
      const said = await failing("locked out", machine, () =>
        apply(machine, spec, { probe, confirmSeconds }),
      );
      assert.match(said, /the probe failed/);
    }));

  test("a network that is cut in the middle of the change", async () => {
    const { address, port: sshPort, user, privateKey, hostKey, ...at } = host(1);
    const machine = machineOf(host(1));
    const started = await startedAt(machine);
    const remote = openSshMachine({ host: address, port: sshPort, user, privateKey, hostKey });
    const table = (what: string) =>
      at.run(`iptables ${what} INPUT -i eth0 -j DROP && iptables ${what} OUTPUT -o eth0 -j DROP`);
    let begin = 0;
    let onCut: () => void = () => undefined;
    const cut = new Promise<void>((resolve) => {
      onCut = resolve;
    });
    const options: DaemonOptions = { liveRestore: true, labels: { state: "bad" }, mtu: 1400 };
    const changing = apply(
      remote,
      { options },
      {
        confirmSeconds,
        probe: async () => {
          if (begin === 0) {
            assert.is((await table("-I")).code, 0);
            begin = performance.now();
            onCut();
          }
          await probeDaemon(machineEndpoint(remote), options);
        },
      },
    ).then(
      () => "it was confirmed",
      (error: unknown) => String(error),
    );
    await cut;
    await secondsUntilGood(machine);
    const seconds = (performance.now() - begin) / 1000;
    print(
      `network cut on ${machine.label}: the old daemon serves again after ${seconds.toFixed(1)} s`,
    );
    assert.ok(seconds < 60);
    assert.is(await startedAt(machine), started);
    assert.is((await table("-D")).code, 0);
    assert.match(await changing, /SdkError|SshError|Error/);
    remote.close();
    assert.is((await apply(machine, { options: good })).action, "none");
  });

  test("a client that is killed in the middle of the change", async () => {
    const machine = machineOf(host(0));
    const started = await startedAt(machine);
    const options: DaemonOptions = { liveRestore: true, labels: { state: "bad" }, icc: false };
    const child = await hangingClient(host(0), options);
    assert.not.ok(await serves(machine), "the change is in force");
    child.kill("SIGKILL");
    const seconds = await secondsUntilGood(machine);
    print(`killed client: the old daemon serves again after ${seconds.toFixed(1)} s`);
    assert.ok(seconds < 60);
    assert.is(await startedAt(machine), started);
    const { result } = await observeDaemon(machine);
    assert.is(result?.status, "restored");
    assert.match(
      result?.reason ?? "",
      new RegExp(`nobody confirmed it within ${confirmSeconds} s`),
    );
  });

  test("a guard that is killed too: the next run takes the change back", async () => {
    const machine = machineOf(host(1));
    const started = await startedAt(machine);
    const child = await hangingClient(host(1), { liveRestore: true, labels: { state: "bad" } });
    child.kill("SIGKILL");
    const script = `for p in /proc/[0-9]*; do
      tr '\\0' ' ' < $p/cmdline | grep -q '^sh .*txn/guard.sh' && kill -9 "\${p#/proc/}"; done; exit 0`;
    await machine.run(script, { timeoutMs: 10_000 });
    const { change } = await observeDaemon(machine);
    assert.equal(change && { guarded: change.guarded }, { guarded: false });
    assert.is((await apply(machine, { options: good })).action, "none");
    assert.ok(await serves(machine));
    assert.is(await startedAt(machine), started);
  });

  test("the change of a killed client is finished by a run that wants the same", async () => {
    const machine = machineOf(host(1));
    const options: DaemonOptions = { liveRestore: true, labels: { state: "better" } };
    const child = await hangingClient(host(1), options);
    child.kill("SIGKILL");
    assert.is((await apply(machine, { options })).action, "none");
    const { result, change } = await observeDaemon(machine);
    assert.is(change, undefined);
    assert.is(result?.status, "committed");
    await apply(machine, { options: good });
  });

  test("the change of a killed client is ended by a run that wants another", async () => {
    const machine = machineOf(host(1));
    const child = await hangingClient(host(1), { liveRestore: true, labels: { state: "bad" } });
    child.kill("SIGKILL");
    const begin = performance.now();
    await apply(machine, { options: { ...good, debug: true } });
    assert.ok(performance.now() - begin < 30_000, "nobody waited for the guard");
    assert.ok(await serves(machine));
  });

  test("TLS in place: used over its address, its key for root alone", async () => {
    const at = host(1);
    const machine = machineOf(at);
    const endpoint = { kind: "tcp", host: at.address, port, tls: await clientTls() } as const;
    const tls = await serverTls(at.address);
    const spec = { options: good, listen: [`0.0.0.0:${port}`], tls };
    const probe = async () => {
      await probeDaemon(endpoint, good);
    };
    assert.is((await apply(machine, spec, { probe })).action, "restart");
    const line =
      "stat -L -c '%a %U' /etc/docker/dockwright/current/tls{,/key.pem,/cert.pem,/ca.pem}";
    const { stdout } = await machine.run(`bash -c "${line}"`, { timeoutMs: 10_000 });
    assert.equal(stdout.trim().split("\n"), ["700 root", "400 root", "444 root", "444 root"]);
    assert.is((await apply(machine, spec, { probe })).action, "none");
    const renewed = { ...spec, tls: await serverTls(at.address) };
    assert.equal((await apply(machine, renewed, { probe })).reasons, [
      "tls/cert.pem",
      "tls/key.pem",
    ]);
  });
}

test.run();
