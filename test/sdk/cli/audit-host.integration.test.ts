// `dockwright audit HOST` over SSH, on a machine of the lab with a daemon of its own: weaknesses that were
// planted in its files, its daemon and its socket are found, and are not once they are mended.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { AuditFinding } from "../../../policy/audit/audit.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../lab/hosts.ts";
import { asPrinted } from "../../support/clischema.ts";
import { until } from "../../support/processes.ts";
import { suite } from "../../support/suite.ts";

// The first time, the packages of a root are fetched.
const test = suite("cli/audit of a host", {
  long: true,
  timeoutMs: 8 * 60_000,
  missing: missingForLab(),
});
/** The built command, as it is published. */
const main = path.join(packageRoot(), "dist", "sdk", "cli", "main.js");
let lab: Lab | undefined;
let home = "";

function host(): LabHost {
  const [only] = lab?.hosts ?? [];
  if (only === undefined) throw new Error("the lab is not there");
  return only;
}

async function must(line: string): Promise<string> {
  const { code, stdout, stderr } = await host().run(line);
  assert.is(code, 0, `${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Ends the daemon and starts it with these settings. */
async function daemonWith(settings: object): Promise<void> {
  await must("pkill -x dockerd || true");
  await until("the daemon ends", async () => (await host().run("pgrep -x dockerd")).code !== 0);
  await writeFile(host().path("/etc/docker/daemon.json"), JSON.stringify(settings));
  await must("setsid dockerd >/var/log/dockerd.log 2>&1 &");
  const up = async () => (await host().run("docker version")).code === 0;
  await until("the daemon answers", up, 60_000);
}

/** As a user runs it, whose ~/.ssh knows the host as `web`. */
function audit(...args: readonly string[]) {
  const env = { ...process.env, HOME: home };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [main, "audit", "web", ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

test.before(async () => {
  const log = (line: string) => process.stdout.write(`${line}\n`);
  lab = await makeHosts([{ name: "web", suite: "bookworm", docker: "installed" }], { log });
  home = await mkdtemp(path.join(os.tmpdir(), "dwtest-audit-"));
  const ssh = path.join(home, ".ssh");
  const { address, port, user, hostKey, privateKey } = host();
  await mkdir(ssh, { mode: 0o700 });
  await writeFile(path.join(ssh, "identity"), privateKey, { mode: 0o600 });
  await writeFile(path.join(ssh, "known_hosts"), `${address} ${hostKey}\n`);
  const words = [
    `HostName ${address}`,
    `Port ${port}`,
    `User ${user}`,
    "IdentityFile ~/.ssh/identity",
  ];
  await writeFile(
    path.join(ssh, "config"),
    `Host web\n${words.map((one) => `  ${one}\n`).join("")}`,
  );
  await must("mkdir -p /etc/docker/tls && echo none >/etc/docker/tls/server-key.pem");
});
test.after(async () => {
  await lab?.close();
  await rm(home, { recursive: true, force: true });
});

/** What is planted, by the rule that finds it, and how its finding is said. */
const planted: Readonly<Record<string, RegExp>> = {
  "server-key-kept": /^file \/etc\/docker\/tls\/server-key\.pem mode .* is 0644/,
  "docker-socket-kept": /^file \/run\/docker\.sock mode .* is 0666/,
  "tcp-with-tls": /^daemon .*tcp:/,
  "live-restore": /^daemon .* is not true/,
  "no-insecure-registries": /^daemon .*registry\.test/,
};

async function report(...args: readonly string[]) {
  const { code, stdout, stderr } = await audit("--json", ...args);
  assert.ok(stdout.startsWith("{"), stderr);
  const whole = asPrinted<{ readonly findings: readonly AuditFinding[] }>(
    "audit",
    JSON.parse(stdout),
  );
  return { code, findings: whole.findings };
}

test("what is planted on the host and in its daemon is found, over SSH, with exit code 2", async () => {
  const hosts = ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"];
  await daemonWith({ hosts, "insecure-registries": ["registry.test:5000"] });
  await must("chmod 644 /etc/docker/tls/server-key.pem && chmod 666 /run/docker.sock");
  const { code, findings } = await report();
  assert.is(code, 2);
  for (const [rule, words] of Object.entries(planted)) {
    const said = findings
      .filter((one) => one.rule === rule)
      .map(({ subject, path: place, what }) => `${subject} ${place} ${what}`);
    assert.ok(
      said.some((one) => words.test(one)),
      `${rule}: ${said.join("; ")}`,
    );
  }
});

test("mended, none of it is found: exit code 0, and 2 where advice is to fail", async () => {
  await daemonWith({ "live-restore": true });
  await must("chmod 400 /etc/docker/tls/server-key.pem && chmod 660 /run/docker.sock");
  const { code, findings } = await report();
  const left = findings.filter(({ rule }) => Object.hasOwn(planted, rule));
  assert.equal(left, []);
  assert.is(code, 0, JSON.stringify(findings.filter(({ level }) => level === "mandatory")));
  assert.is((await report("--fail-on", "advisory")).code, 2);
});

test("for people: a table and the count, and nothing is changed on the host", async () => {
  const look =
    "stat -c '%n %a %Y' /etc/docker /etc/docker/* /etc/docker/tls/* && docker info -f '{{json .}}' | md5sum";
  const sum = async () => (await must(look)).replace(/[0-9a-f]{32} .*/, "");
  const before = await sum();
  const { code, stdout } = await audit();
  assert.is(code, 0);
  assert.match(stdout, /\n\d+ findings on .*: \d+ rules over \d+ things\n$/);
  assert.is(await sum(), before);
});

test("a daemon that does not answer is an error, with exit code 1", async () => {
  const { code, stdout } = await audit("--socket", "/nowhere.sock");
  assert.is(code, 1);
  assert.is(stdout, "");
});

test.run();
