// The lab itself: hosts that are apart in all that provisioning changes, reached by the system's
// ssh, with a dockerd each, and nothing left of them afterwards.
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { until } from "../support/processes.ts";
import { suite } from "../support/suite.ts";
import { cpuLimit, hierarchies, parseHierarchies } from "./cgroups.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "./hosts.ts";

// The first time, packages of two roots are fetched.
const test = suite("lab hosts", { long: true, timeoutMs: 8 * 60_000 });
const execute = promisify(execFile);
const log = (line: string) => process.stdout.write(`${line}\n`);

let lab: Lab | undefined;
let keys = "";

function host(index: number): LabHost {
  const found = lab?.hosts[index];
  if (found === undefined) throw new Error("the lab is not there");
  return found;
}

async function must(of: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await of.run(line);
  assert.is(code, 0, `${of.name}: ${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** A command by the system's ssh client, which trusts the announced host key and no other. */
async function ssh(of: LabHost, user: string, command: string): Promise<string> {
  const known = path.join(keys, `known-${of.name}`);
  const identity = path.join(keys, "identity");
  await writeFile(known, `${of.address} ${of.hostKey}\n`);
  await writeFile(identity, of.privateKey, { mode: 0o600 });
  const options = [`UserKnownHostsFile=${known}`, "StrictHostKeyChecking=yes", "BatchMode=yes"];
  const flags = ["IdentitiesOnly=yes", ...options].flatMap((option) => ["-o", option]);
  const args = ["-F", "none", ...flags, "-i", identity, `${user}@${of.address}`, command];
  return (await execute("ssh", args)).stdout.trim();
}

async function startDockerd(of: LabHost): Promise<void> {
  await must(of, "setsid dockerd >/var/log/dockerd.log 2>&1 &");
  const up = async () => (await of.run("docker version")).code === 0;
  await until(`dockerd of ${of.name}`, up, 60_000).catch(async (error: unknown) => {
    throw new Error(`${String(error)}\n${(await of.run("tail -30 /var/log/dockerd.log")).stdout}`);
  });
}

/** A file and the shared objects it needs as a tar, imported as an image. */
const importPython =
  "cd / && tar -cf - -h /usr/bin/python3 /usr/lib/python3* " +
  "$(ldd /usr/bin/python3 | grep -o '/[^ ]*') | docker import - served";

/** http.server is not in the small Python. */
const server = `import socket
listener = socket.create_server(("", 80))
while True:
  client = listener.accept()[0]
  client.recv(4096)
  client.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nfrom one")
  client.close()`;

async function lookRound(folder: string, name: RegExp): Promise<readonly string[]> {
  return (await readdir(folder)).filter((entry) => name.test(entry));
}

/** What labs have on this machine outside of their processes. */
async function traces(name: RegExp): Promise<readonly string[]> {
  const groups = (await hierarchies()).map(({ mount }) => lookRound(mount, name));
  const { stdout } = await execute("iptables-save", []);
  const rules = stdout.split("\n").filter((line) => name.test(line));
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  return [
    ...(await Promise.all(groups)).flat(),
    ...(await lookRound("/sys/class/net", name)),
    ...rules,
    ...mounts.filter((line) => name.test(line)),
  ];
}

test("hierarchies of versions 1 and 2 are told from a mountinfo", () => {
  const text = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate
`;
  assert.equal(parseHierarchies(text), [
    { mount: "/sys/fs/cgroup/systemd", type: "cgroup", options: "name=systemd" },
    { mount: "/sys/fs/cgroup/unified", type: "cgroup2", options: "" },
  ]);
});

const limits = [
  ["cgroup", "cpu,cpuacct", 0.3, "cpu.cfs_period_us 50000, cpu.cfs_quota_us 15000"],
  ["cgroup", "cpu", undefined, "cpu.cfs_period_us 50000, cpu.cfs_quota_us -1"],
  ["cgroup", "cpuacct", 0.3, ""],
  ["cgroup", "cpuset", 0.3, ""],
  ["cgroup2", "", 1.5, "cpu.max 75000 50000"],
  ["cgroup2", "", undefined, "cpu.max max 50000"],
] as const;
for (const [type, options, share, want] of limits) {
  test(`a share of ${share ?? "all there is"}, ${type} ${options}: ${want || "no file"}`, () => {
    const files = cpuLimit({ type, options }, share).map((words) => words.join(" "));
    assert.is(files.join(", "), want);
  });
}

const missing = missingForLab();

if (missing !== undefined) test.skip(`hosts: ${missing}`);
else {
  test.before(async () => {
    keys = await mkdtemp(path.join(tmpdir(), "dwtest-lab-keys-"));
    const twelve = { name: "one", suite: "bookworm", docker: "installed" } as const;
    lab = await makeHosts([twelve, { name: "two", suite: "trixie", docker: "none" }], { log });
  });

  test.after(async () => {
    await lab?.close();
    await rm(keys, { recursive: true, force: true });
  });

  test("the system's ssh comes in as admin, who may do all, and not as root", async () => {
    assert.is(await ssh(host(0), "admin", "id -un; sudo -n id -un; hostname"), "admin\nroot\none");
    assert.is(
      await ssh(host(1), "admin", "hostname; . /etc/os-release; echo $VERSION_ID"),
      "two\n13",
    );
    const refused = await ssh(host(0), "root", "true").then(
      () => "let in",
      (error: unknown) => String(error),
    );
    assert.match(refused, /Permission denied/);
  });

  test("users, packages, settings, services and processes are apart", async () => {
    const [one, two] = [host(0), host(1)];
    await must(
      one,
      "useradd alone && sysctl -qw net.ipv4.ip_forward=1 && dpkg --purge iputils-ping",
    );
    assert.is((await two.run("id alone")).code, 1);
    assert.is(await must(two, "sysctl -n net.ipv4.ip_forward"), "0");
    assert.match(await must(two, "dpkg -s iputils-ping"), /^Status: install ok installed$/m);
    assert.not.ok(existsSync("/home/alone"));
    assert.match(await must(one, "sv status ssh"), /^run: ssh/);
    assert.is(await must(one, "cat /proc/1/comm; ps ax | grep -c '[r]unsvdir'"), "tini\n2");
    assert.is(await readFile(one.path("/etc/hostname"), "utf8"), "one\n");
  });

  test("an install finds the package without a download, and starts nothing", async () => {
    const two = host(1);
    const text = await must(
      two,
      "DEBIAN_FRONTEND=noninteractive apt-get install -y docker.io docker-cli",
    );
    assert.match(text, /Need to get 0 B/);
    assert.is((await two.run("ps ax | grep '[d]ockerd'")).code, 1);
    assert.is((await two.run("apt-get update")).code, 0, "the mirrors are in reach");
  });

  test("each has its own dockerd, whose container the other and this machine reach", async () => {
    const [one, two] = [host(0), host(1)];
    await Promise.all([startDockerd(one), startDockerd(two)]);
    await must(one, importPython);
    await must(one, `docker run -d -p 8080:80 served python3 -c '${server}'`);
    const url = `http://${one.address}:8080/`;
    const get = () => fetch(url).then((answer) => answer.text(), String);
    await until("the container answers", async () => (await get()) === "from one", 30_000);
    // The server may let go of the connection before all of the question is read: that is its end too.
    const dial =
      "exec 3<>/dev/tcp/one/8080; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3; true";
    assert.match(await must(two, `bash -c "${dial}"`), /from one/);
    assert.is(await must(two, "docker ps -q"), "");
    const group = await must(
      one,
      "cat /proc/$(docker inspect -f '{{.State.Pid}}' $(docker ps -q))/cgroup",
    );
    assert.match(group, /\/docker\/[0-9a-f]{64}/);
  });

  test("a host, its containers included, has no more of a core than its share", async () => {
    const one = host(0);
    const loop = `python3 -c '
import time
end = time.monotonic() + 2
while time.monotonic() < end: pass
print(time.process_time())'`;
    const lines = [loop, `docker exec $(docker ps -q) ${loop}`];
    const used = async () => {
      const seconds = await Promise.all(lines.map(async (line) => Number(await must(one, line))));
      return seconds.reduce((sum, each) => sum + each, 0);
    };
    await one.limitCpu(0.2);
    const limited = await used();
    await one.limitCpu(undefined);
    const free = await used();
    // The one in the container begins later: at the most, one has had all of the share after the other.
    assert.ok(limited > 0.2 && limited < 0.9, `${limited} s, with a share of 0.2 for 2 s each`);
    assert.ok(free > 1.5 * limited, `${free} s with no limit, ${limited} s with one`);
  });

  test("nothing is left after close, of a host alone and of all", async () => {
    const first = host(0);
    // What is frozen cannot end.
    await must(first, "docker pause $(docker ps -q)");
    await first.close();
    assert.not.ok(existsSync(`/proc/${first.pid}`));
    const name = /dwlab\d+/.exec(path.basename((await ownName()) ?? ""))?.[0] ?? "none";
    await lab?.close();
    assert.equal(await traces(new RegExp(`${name}(?!\\d)`)), []);
    lab = undefined;
  });

  test("what a killed run left is taken away by the next", async () => {
    const file = path.join(import.meta.dirname, "hosts.ts");
    const spec = JSON.stringify([{ name: "lost", suite: "bookworm" }]);
    const program = `const { makeHosts } = await import(${JSON.stringify(file)});
const lab = await makeHosts(${spec}, { log: () => {} });
console.log(lab.hosts[0].pid); setInterval(() => {}, 1e6);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program]);
    const pid = await new Promise<number>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(Number(data.toString())));
      child.stderr.on("data", (data: Buffer) => log(data.toString()));
      child.once("exit", () => reject(new Error("the lab's process ended")));
    });
    const left = async () => await lookRound("/var/tmp", /^dwtest-lab-/);
    const before = await left();
    child.kill("SIGKILL");
    await until("the host ends with its maker", () => !existsSync(`/proc/${pid}`), 10_000);
    assert.ok(before.length > 0);
    const said: string[] = [];
    const next = await makeHosts([], { log: (line) => said.push(line) });
    await next.close();
    assert.match(said.join("\n"), /taking away what a lab left that was killed/);
    assert.not.ok((await left()).some((dir) => existsSync(`/var/tmp/${dir}/lost`)));
  });
}

/** The folder of this process's lab. */
async function ownName(): Promise<string | undefined> {
  for (const name of await lookRound("/var/tmp", /^dwtest-lab-\d+$/)) {
    const owner = await readFile(`/var/tmp/${name}/owner`, "utf8").catch(() => "");
    if (owner.startsWith(`${process.pid} `)) return name.replace("dwtest-lab-", "dwlab");
  }
  return undefined;
}

test.run();
