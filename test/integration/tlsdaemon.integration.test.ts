// From bare machines to containers that answer, by `pulumi up` alone: Docker installed and served over
// mutual TLS on Debian 12 and 13, then the authority of both rotated under load. Prints what a rotation
// costs: restarts, and the longest time without an answer.
import { spawnSync } from "node:child_process";
import { copyFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { TlsMaterials } from "../../sdk/docker/types.ts";
import { packageRoot } from "../../sdk/engine/package.ts";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../lab/hosts.ts";
import { isDown, OwnLoop, PageLoop, PlainLoop, ping, stopLoops } from "../sdk/docker/loops.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/TLS daemon", {
  long: true,
  timeoutMs: 8 * 60_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);

const program = `
import { readFileSync } from "node:fs";
import { CertificateAuthority, Container, Host, Image, TlsDaemon } from "dockwright";
const { hosts, rotate, overlapDays } = JSON.parse(readFileSync("settings.json", "utf8"));
const ca = new CertificateAuthority("fleet", { rotate, overlapDays });
export const daemons = hosts.map(({ name, ...login }) => {
  const host = new Host(name, login);
  const daemon = new TlsDaemon(name + "-docker", { host, ca, options: { labels: { site: name } } });
  const image = new Image(name + "-page", { daemon, build: { context: "page", builder: "classic" } });
  const web = new Container(name + "-web", {
    daemon, image, ports: [{ containerPort: 8000, hostPort: 8080 }], ready: { runningMs: 500 },
  });
  const { dockerHost, cert, key, expiry } = daemon;
  return { dockerHost, ca: daemon.ca, cert, key, expiry };
});
`;
const dockerfile = `FROM scratch
ADD busybox /bin/busybox
ADD index.html /www/index.html
ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/www"]
`;

interface Reached {
  readonly dockerHost: string;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly expiry: string;
}

let lab: Lab | undefined;
let site: Site;
let project: Project;

const hosts = (): readonly LabHost[] => lab?.hosts ?? [];

async function settle(values: Readonly<Record<string, unknown>>): Promise<void> {
  const all = hosts().map(({ name, address, port, user, privateKey, hostKey }) => {
    return { name, address, port, user, privateKey, hostKey };
  });
  await site.write("settings.json", JSON.stringify({ hosts: all, ...values }));
}

async function reached(): Promise<readonly Reached[]> {
  const { daemons } = await project.outputs({ showSecrets: true });
  return daemons as readonly Reached[];
}

const materialsOf = ({ ca, cert, key }: Reached): TlsMaterials => ({ ca, cert, key });

async function ask(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(line);
  assert.is(code, 0, `${host.name}: ${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

const daemonPid = (host: LabHost) => ask(host, "pidof -s dockerd");
const startedAt = (host: LabHost) =>
  ask(host, "docker inspect -f '{{.Name}} {{.State.StartedAt}} {{.RestartCount}}' $(docker ps -q)");

test.before(async () => {
  lab = await makeHosts(
    [
      { name: "web12", suite: "bookworm" },
      { name: "web13", suite: "trixie" },
    ],
    { log },
  );
  const files = { "index.ts": program, "page/Dockerfile": dockerfile, "page/index.html": "hello" };
  site = await makeSite({ topic: "tlsdaemon", files });
  await copyFile("/usr/bin/busybox", path.join(site.dir, "page", "busybox"));
  await settle({});
  project = await site.stack("dev");
});
test.after(async () => {
  await stopLoops();
  await lab?.close();
  await site.close();
});

test("bare hosts: a preview knows what is to come, an update makes it, and it answers", async () => {
  const preview = succeeded(await project.preview());
  log(rowsOf(preview).join("\n"));
  const begin = performance.now();
  succeeded(await project.up());
  log(`  from bare to answering containers on 2 hosts: ${since(begin)} s`);
  for (const { address } of hosts()) {
    assert.match(await fetchPage(`http://${address}:8080/`), /^200 hello/);
  }
});

test("again, all is silent; so is a refresh", async () => {
  const before = await Promise.all(hosts().map(daemonPid));
  succeeded(await project.preview({ args: ["--expect-no-changes"] }));
  const again = succeeded(await project.up());
  assert.match(said(again), /unchanged/);
  assert.equal(rowsOf(again), []);
  succeeded(await project.refresh({ args: ["--expect-no-changes"] }));
  assert.equal(await Promise.all(hosts().map(daemonPid)), before);
});

test("dockwright env leads the docker CLI to a daemon", async () => {
  const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
  const env = { ...process.env, PULUMI_HOME: path.join(site.dir, "home"), SHELL: "/bin/sh" };
  const how = { cwd: site.dir, env, encoding: "utf8" } as const;
  const lines = spawnSync(process.execPath, [main, "env", "web13-docker"], how);
  assert.is(lines.status, 0, lines.stderr);
  const shown = spawnSync("sh", ["-c", `${lines.stdout}\ndocker info -f '{{json .Labels}}'`], how);
  assert.is(shown.stdout.trim(), '["site=web13"]', shown.stderr);
});

test("a rotation of the authority under load", async () => {
  const old = await reached();
  const before = await Promise.all(hosts().map(startedAt));
  let pids = await Promise.all(hosts().map(daemonPid));
  let restarts = 0;
  const pages = hosts().map(({ address }) => new PageLoop(`http://${address}:8080/`, "hello"));
  const plains = hosts().map((host, at) => new PlainLoop(host, materialsOf(old[at] ?? none)));
  const owns = hosts().map((host, at) => new OwnLoop(host, materialsOf(old[at] ?? none)));
  const up = async () => {
    const result = succeeded(await project.up());
    assert.not.match(said(result), /Container/, "no container is touched");
    const now = await Promise.all(hosts().map(daemonPid));
    restarts += now.filter((pid, at) => pid !== pids[at]).length;
    pids = now;
    for (const one of plains) await one.answers(3);
  };

  await settle({ rotate: "now" });
  await up();
  const renewed = await reached();
  plains.forEach((one, at) => {
    one.tls = materialsOf(renewed[at] ?? none);
  });
  for (const one of owns) await one.stop();
  const late = hosts().map((host, at) => new OwnLoop(host, materialsOf(renewed[at] ?? none)));
  // The former authority is dropped.
  await settle({ rotate: "now", overlapDays: 0 });
  await up();
  const last = await reached();
  for (const one of [...late, ...pages, ...plains]) await one.stop();

  const refusals = plains.flatMap(({ errors }) => errors);
  const gapS = Math.max(...plains.map(({ longestGapMs }) => longestGapMs)) / 1000;
  const own = [...owns, ...late];
  log(
    `  rotation on 2 hosts: ${restarts} restarts, longest gap ${gapS.toFixed(2)} s; plain TLS clients: ` +
      `${sum(plains)} answers, ${refusals.length} refusals while the socket was down; own client: ` +
      `${sum(own)} rounds, ${own.flatMap(({ errors }) => errors).length} errors; pages: ` +
      `${sum(pages)} answers, ${pages.flatMap(({ errors }) => errors).length} failures`,
  );
  assert.equal(
    refusals.filter((error) => !isDown(error)),
    [],
  );
  assert.equal(
    own.flatMap(({ errors }) => errors),
    [],
  );
  assert.equal(
    pages.flatMap(({ errors }) => errors),
    [],
    "no request to a container fails",
  );
  assert.is(restarts, 4, "two a host");
  assert.equal(await Promise.all(hosts().map(startedAt)), before, "containers run on");
  for (const [at, host] of hosts().entries()) {
    const refused = await ping(host, materialsOf(old[at] ?? none));
    assert.match(refused ?? "it was let in", /certificate|alert/i);
    assert.is(await ping(host, materialsOf(last[at] ?? none)), undefined);
  }
});

test("destroyed: the daemons run with Docker's own options again, and listen no more", async () => {
  succeeded(await project.destroy());
  for (const host of hosts()) {
    assert.is(await ask(host, "ls -A /etc/docker | grep -v key.json || :"), "");
    assert.is(await ask(host, "docker ps -aq"), "");
    assert.match((await ping(host, materialsOf(none))) ?? "it answers", /ECONNREFUSED/);
  }
});

const none: Reached = { dockerHost: "", ca: "", cert: "", key: "", expiry: "" };
const sum = (all: readonly { readonly passed: number }[]) =>
  all.reduce((total, { passed }) => total + passed, 0);
const since = (begin: number) => ((performance.now() - begin) / 1000).toFixed(1);

test.run();
