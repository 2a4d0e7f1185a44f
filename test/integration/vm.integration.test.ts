// One real virtual machine with systemd and cloud-init, by `pulumi up`: started with its host key known,
// rebooted, provisioned to a container that answers, its daemon broken and back by itself, cloud-init's
// outcomes judged, destroyed with nothing left. Emulated where KVM does not work: minutes, one core.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { Machine } from "../../sdk/host/machine.ts";
import { chooseAccel } from "../../sdk/host/vm/accel.ts";
import { vmFiles } from "../../sdk/host/vm/command.ts";
import { takeDebianRoot } from "../../sdk/host/vm/debianroot.ts";
import { findRunning, tailOf } from "../../sdk/host/vm/process.ts";
import { openSshMachine } from "../../sdk/ssh/machine.ts";
import type { SshTarget } from "../../sdk/ssh/types.ts";
import { waitForHost } from "../../sdk/ssh/wait.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/virtual machine", { timeoutMs: 20 * 60_000 });
const log = (line: string) => process.stdout.write(`  ${line}\n`);
/** AppArmor is on in the kernel: without its tools Docker starts no container. */
const packages = ["apparmor", "docker.io", "iptables"];

/** Docker is in the root, and stays off until it is provisioned: a bare machine has none running. */
const userData = `#cloud-config
bootcmd:
  - rm -f /etc/systemd/system/*.wants/docker.s* /etc/systemd/system/*.wants/containerd.service
  - systemctl --no-block stop docker.service docker.socket containerd.service
`;
const program = `
import { readFileSync } from "node:fs";
import { Container, Daemon, Image, QemuMachine } from "dockwright";
const { packages, userData, options } = JSON.parse(readFileSync("settings.json", "utf8"));
const vm = new QemuMachine("vm", {
  image: { debian: { packages } }, diskBytes: 3 * 1024 ** 3, userData, ports: [{ guest: 8080 }],
});
const steps = vm.provision([
  [
    { name: "before", command: { script: "cat /proc/sys/kernel/random/boot_id >/srv/before", creates: "/srv/before" } },
    { file: { path: "/srv/words", content: "hello" } },
    { unit: { name: "hello", command: "sleep 4242" } },
  ],
  { name: "again", reboot: {} },
]);
export const rebooted = steps.get("again").rebooted;
export const { sshPort, forwards, hostKey, privateKey, acceleration, console } = vm;
export const facts = { init: vm.facts.init, hostname: vm.facts.hostname };
if (options) {
  const daemon = new Daemon("vm-docker", { host: vm, adopt: true, options, confirmSeconds: 180 }, { dependsOn: [steps.get("again")] });
  const image = new Image("vm-page", { daemon, build: { context: "page", builder: "classic" } });
  new Container("vm-web", {
    daemon, image, ports: [{ containerPort: 8000, hostPort: 8080 }], ready: { runningMs: 200 },
  });
}
`;
const dockerfile = `FROM scratch
ADD busybox /bin/busybox
ADD index.html /www/index.html
ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/www"]
`;

interface Told {
  readonly sshPort: number;
  readonly forwards: readonly { readonly guest: number; readonly host: number }[];
  readonly hostKey: string;
  readonly privateKey: string;
  readonly rebooted: boolean;
  readonly acceleration: string;
  readonly facts: { readonly init: string; readonly hostname: string };
}

let site: Site;
let project: Project;
let machine: Machine | undefined;
let told: Told;
let startSeconds: number;

let scratch = "";

const machines = () => path.join(scratch, "data", "machines");
const folders = async () => (existsSync(machines()) ? await readdir(machines()) : []);
const target = (): SshTarget => {
  const { sshPort: port, hostKey, privateKey } = told;
  return { host: "127.0.0.1", port, user: "admin", hostKey, privateKey };
};
const settle = (options: unknown) =>
  site.write("settings.json", JSON.stringify({ packages, userData, options }));

/** What a command in the machine says; it must succeed. */
async function sh(script: string): Promise<string> {
  machine ??= openSshMachine(target());
  const { code, stdout, stderr } = await machine.run(script, { timeoutMs: 60_000 });
  assert.is(code, 0, `${script}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Runs one of the stages, and says how long it took. */
async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    log(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  }
}

async function endMachines(): Promise<void> {
  for (const name of await folders()) {
    const running = await findRunning(path.join(machines(), name));
    if (running) process.kill(running.pid, "SIGKILL");
  }
}

/** Fills the cache, so that a cold one does not count as the time of a boot. */
async function makeRoot(): Promise<void> {
  const at = (name: string) => path.join(scratch, "root", name);
  await mkdir(at(""));
  const into = { disk: at("disk"), kernel: at("kernel"), initrd: at("initrd") };
  const { signal } = new AbortController();
  await takeDebianRoot({ packages }, into, { signal, progress: () => undefined });
  await rm(at(""), { recursive: true });
}

/** What a machine said last that did not come up. */
async function consoles(): Promise<string> {
  const files = (await folders()).map((name) => path.join(machines(), name, vmFiles.console));
  return (await Promise.all(files.map((file) => tailOf(file, 20)))).join("\n");
}

const label = async () => (await sh("docker info -f '{{json .Labels}}'")) === '["state=good"]';
const startedAt = () => sh("docker inspect -f '{{.State.StartedAt}}' $(docker ps -q)");

/** From the service's start to its being ready, as systemd has seen it. */
async function secondsToStart(): Promise<number> {
  const properties = "-p ExecMainStartTimestampMonotonic -p ActiveEnterTimestampMonotonic";
  const shown = await sh(`systemctl show ${properties} docker.service`);
  const at = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(shown)?.[1]);
  return (at("ActiveEnterTimestampMonotonic") - at("ExecMainStartTimestampMonotonic")) / 1e6;
}

/** Runs `work` while cloud-init's own files on the machine are others. */
async function replaying(change: string, undo: string, work: () => Promise<void>): Promise<void> {
  await sh(change);
  try {
    await work();
  } finally {
    await sh(undo);
  }
}

/** How a wait for the machine ends: in its outcome, or its error. */
const outcome = async () => {
  try {
    return await waitForHost(target(), { timeoutMs: 180_000 });
  } catch (error) {
    return { state: "refused", detail: String(error) };
  }
};

const missing = spawnSync("qemu-system-x86_64", ["--version"]).error;
/** Emulated, it takes one of two cores for ten minutes; where KVM works it takes one. */
const emulated = missing === undefined && (await chooseAccel("auto")) === "tcg";
const isSoak = process.env["DOCKWRIGHT_FLAVOURS"] === "all";

if (missing) test.skip("one virtual machine: qemu is not installed, and cannot be");
else if (emulated && !isSoak)
  test.skip(
    "one virtual machine: there is no KVM, and emulated it takes ten minutes: `npm run soak`",
  );
else {
  test.before(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), "dwtest-vm-data-"));
    const files = {
      "index.ts": program,
      "page/Dockerfile": dockerfile,
      "page/index.html": "hello",
    };
    const env = { DOCKWRIGHT_DATA: path.join(scratch, "data") };
    site = await makeSite({ topic: "vm", files, env });
    await copyFile("/usr/bin/busybox", path.join(site.dir, "page", "busybox"));
    await timed("its root, made where the cache has none", makeRoot);
  });
  test.after(async () => {
    machine?.close();
    await endMachines();
    await site.close();
    await rm(scratch, { recursive: true, force: true });
  });

  test("a first boot, units of systemd, and a reboot", async () => {
    await settle(undefined);
    project = await site.stack("dev");
    const up = await timed("from nothing to rebooted", () => project.up());
    if (up.code !== 0) log(await consoles());
    succeeded(up);
    told = (await project.outputs({ showSecrets: true })) as unknown as Told;
    log(`it runs by ${told.acceleration}`);
    assert.is(told.rebooted, true);
    assert.equal(told.facts, { init: "systemd", hostname: "vm" });
    const boot = await sh("cat /proc/sys/kernel/random/boot_id");
    assert.is.not(boot, await sh("cat /srv/before"), "another boot");
    assert.is(await sh("cat /srv/words"), "hello");
    assert.is(await sh("systemctl is-active hello; systemctl is-enabled hello"), "active\nenabled");
    assert.is(await sh("hostname"), "vm");
  });

  test("cloud-init: done, failed, degraded, disabled, absent", async () => {
    const status = "/var/lib/cloud/data/status.json";
    const begin = performance.now();
    assert.equal(await outcome(), { state: "done", detail: "" });
    await replaying(
      `cp ${status} /srv/status; sed -i '0,/"errors": \\[\\]/s//"errors": ["no such thing"]/' ${status}`,
      `cp /srv/status ${status}`,
      async () => {
        const { state, detail } = await outcome();
        assert.is(state, "refused");
        assert.match(detail, /cloud-init failed on .*no such thing/);
      },
    );
    await replaying(
      "touch /etc/cloud/cloud-init.disabled",
      "rm /etc/cloud/cloud-init.disabled",
      async () => assert.is((await outcome()).state, "done"),
    );
    // The one of Debian 12 knows no such state: what that of Debian 13 says.
    const later =
      '{"status": "done", "errors": [], "recoverable_errors": {"WARNING": ["old key"]}}';
    const standIn = `#!/bin/sh\ncase "$*" in *json*) echo '${later}' ;; esac; exit 2\n`;
    machine ??= openSshMachine(target());
    await machine.writeFile("/usr/local/bin/cloud-init", standIn, { mode: 0o755 });
    assert.equal(await outcome(), { state: "degraded", detail: "warning: old key" });
    await replaying(
      "rm /usr/local/bin/cloud-init; mv /usr/bin/cloud-init /srv/cloud-init",
      "mv /srv/cloud-init /usr/bin/cloud-init",
      async () => assert.is((await outcome()).state, "absent"),
    );
    log(`cloud-init's outcomes: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  });

  test("provisioned to a container that answers", async () => {
    await settle({ labels: { state: "good" } });
    succeeded(await timed("from no daemon to a container", () => project.up()));
    startSeconds = await secondsToStart();
    const { host } = told.forwards.find(({ guest }) => guest === 8080) ?? { host: 0 };
    assert.match(await fetchPage(`http://127.0.0.1:${host}/`), /^200 hello/);
    const again = await timed("again", () => project.preview({ args: ["--expect-no-changes"] }));
    assert.equal(rowsOf(succeeded(again)), []);
  });

  test("a configuration that breaks the daemon is taken back within 60 s", async () => {
    const before = await startedAt();
    await settle({ labels: { state: "bad" }, seccompProfile: "/etc/docker/nowhere.json" });
    const broken = await timed("the way back, with the update that failed", () => project.up());
    assert.is.not(broken.code, 0);
    assert.match(said(broken), /the daemon does not start with it/);
    const seconds = Number(/the change was taken back after (\d+) s/.exec(said(broken))?.[1]);
    log(`the old daemon serves again ${seconds} s after the change began`);
    const alone = Math.max(startSeconds, await secondsToStart());
    log(
      `a start of it alone takes ${startSeconds.toFixed(1)} s before, ${alone.toFixed(1)} s at most`,
    );
    // Twice it starts in vain, then the old one: under emulation on a busy machine, that is what takes the time.
    assert.ok(seconds <= Math.max(60, 4 * alone), `${seconds} s`);
    assert.ok(await label());
    assert.is(await startedAt(), before, "the container ran on");
  });

  test("the daemon's configuration taken away: systemd listens for it again", async () => {
    await settle(undefined);
    succeeded(await timed("to the daemon of before", () => project.up()));
    assert.is(await sh("systemctl is-active docker.socket docker.service"), "active\nactive");
    assert.not.ok(await label());
  });

  test("destroyed: no process, no file is left", async () => {
    const [name = ""] = await folders();
    const pid = (await findRunning(path.join(machines(), name)))?.pid;
    machine?.close();
    succeeded(await timed("destroy", () => project.destroy()));
    assert.equal(await folders(), []);
    assert.not.ok(existsSync(`/proc/${pid ?? 0}/cwd`), "qemu has ended");
  });
}

test.run();
