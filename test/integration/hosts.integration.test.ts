// Four machines from bare to containers that answer, by `pulumi up` alone: provisioned by a recipe, and
// Docker on each served over mutual TLS. Then ten kinds of drift, each made behind Dockwright's back:
// a refresh names each by host, resource and field, and the next update repairs those and nothing else.
import { copyFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { type HostSpec, type Lab, type LabHost, makeHosts, missingForLab } from "../lab/hosts.ts";
import { serveDebs } from "../support/debs.ts";
import { fetchPage, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/hosts", {
  long: true,
  timeoutMs: 8 * 60_000,
  missing: missingForLab(),
});
const log = (line: string) => process.stdout.write(`${line}\n`);

const program = `
import { readFileSync } from "node:fs";
import { Container, Host, Image, TlsDaemon } from "dockwright";
for (const { name, ...login } of JSON.parse(readFileSync("hosts.json", "utf8"))) {
  const host = new Host(name, login);
  host.provision([
    [
      { name: "package", package: { name: "tiny", version: "1.0" } },
      { name: "group", group: { name: "shop", gid: 1700 } },
      { name: "auditors", group: { name: "auditors", gid: 1701 } },
      { name: "sysctl", sysctl: { name: "net.ipv4.ip_default_ttl", value: "63" } },
    ],
    { name: "user", user: { name: "clerk", group: "shop", shell: "/bin/bash" } },
    { name: "folder", directory: { path: "/etc/shop", mode: "0750", group: "shop" } },
    { name: "conf", file: { path: "/etc/shop/shop.conf", content: "port = 80\\n", mode: "0640" } },
    { name: "unit", unit: { name: "shop", command: "sleep 100000", user: "clerk" }, follows: ["conf"] },
  ]);
  const daemon = new TlsDaemon(name + "-docker", {
    host,
    adopt: true,
    options: { bridge: "shop0", labels: { site: name }, maxConcurrentDownloads: 4 },
    bridgeAddress: "172.29.0.1/24",
  });
  const image = new Image(name + "-page", { daemon, build: { context: "page", builder: "classic" } });
  new Container(name + "-web", {
    daemon, image, ports: [{ containerPort: 8000, hostPort: 8080 }], ready: { tcp: { port: 8000 } },
  });
}
`;
const dockerfile = `FROM scratch
ADD busybox /bin/busybox
ADD index.html /www/index.html
ENTRYPOINT ["/bin/busybox", "httpd", "-f", "-p", "8000", "-h", "/www"]
`;

/** One has no Docker at all; the others have its package, whose daemon does not run. */
const specs: readonly HostSpec[] = [
  { name: "web1", suite: "bookworm", docker: "installed" },
  { name: "web2", suite: "trixie", docker: "none" },
  { name: "web3", suite: "bookworm", docker: "installed" },
  { name: "web4", suite: "bookworm", docker: "installed" },
];

interface Drift {
  readonly what: string;
  readonly host: string;
  /** Run as root on the host, as anybody with a shell there could. */
  readonly line: string;
  /** The resource's name and the places that a refresh names. */
  readonly shown: readonly [resource: string, places: readonly string[]];
}

const drifts: readonly Drift[] = [
  {
    what: "package",
    host: "web1",
    line: "apt-get install -y -q tiny=2.0",
    shown: ["web1-package", ["version"]],
  },
  {
    what: "file bytes",
    host: "web1",
    line: "echo 'port = 81' >/etc/shop/shop.conf",
    shown: ["web1-conf", ["content"]],
  },
  {
    what: "mode",
    host: "web2",
    line: "chmod 666 /etc/shop/shop.conf",
    shown: ["web2-conf", ["mode"]],
  },
  {
    what: "daemon.json key",
    host: "web2",
    line: 'sed -i --follow-symlinks \'s/"max-concurrent-downloads": *4/"max-concurrent-downloads": 9/\' /etc/docker/daemon.json',
    shown: ["web2-docker-daemon", ["options.maxConcurrentDownloads"]],
  },
  {
    what: "unit stopped",
    host: "web2",
    line: "sv stop shop",
    shown: ["web2-unit", ["running"]],
  },
  {
    what: "certificate swapped",
    host: "web3",
    line: 'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=evil -days 9 -keyout /dev/null -out /tmp/evil.pem; cat /tmp/evil.pem >$(sed -n \'s/.*"tlscert": *"\\([^"]*\\)".*/\\1/p\' /etc/docker/daemon.json)',
    shown: ["web3-docker-daemon", ["tlsCert"]],
  },
  {
    what: "sysctl",
    host: "web3",
    line: "sysctl -qw net.ipv4.ip_default_ttl=99",
    shown: ["web3-sysctl", ["value"]],
  },
  {
    what: "user",
    host: "web3",
    line: "usermod -s /bin/sh clerk",
    shown: ["web3-user", ["shell"]],
  },
  {
    what: "group",
    host: "web4",
    line: "groupmod -g 1711 auditors",
    shown: ["web4-auditors", ["gid"]],
  },
  {
    what: "bridge",
    host: "web4",
    line: "ip address del 172.29.0.1/24 dev shop0; ip address add 172.29.0.9/24 dev shop0",
    shown: ["web4-docker-daemon", ["bridgeAddress"]],
  },
];

let lab: Lab | undefined;
let site: Site;
let project: Project;

const hosts = (): readonly LabHost[] => lab?.hosts ?? [];

async function ask(host: LabHost, line: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(line);
  assert.is(code, 0, `${host.name}: ${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

const eachHost = (line: string) => Promise.all(hosts().map((host) => ask(host, line)));

async function pagesAnswer(): Promise<void> {
  for (const { address } of hosts()) {
    assert.match(await fetchPage(`http://${address}:8080/`), /^200 hello/);
  }
}

interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** What a preview would do: the places by resource. */
function placesOf({ stdout }: PulumiResult): Readonly<Record<string, readonly string[]>> {
  const { steps } = JSON.parse(stdout) as { readonly steps: readonly PreviewStep[] };
  const changed = steps.filter(({ op }) => op !== "same" && op !== "refresh" && op !== "read");
  return Object.fromEntries(
    changed.map(({ op, urn, detailedDiff }) => {
      const places = Object.keys(detailedDiff ?? {}).toSorted();
      return [urn.split("::").at(-1) ?? "", op === "update" ? places : [op, ...places]];
    }),
  );
}

function expected(): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(drifts.map(({ shown: [name, places] }) => [name, places.toSorted()]));
}

/** What an update did, without what it only looked at. */
const doneIn = (update: PulumiResult) =>
  rowsOf(update).filter((row) => / (created|updated|deleted|replaced) /.test(row));

const since = (begin: number) => ((performance.now() - begin) / 1000).toFixed(1);

test.before(async () => {
  lab = await makeHosts(specs, { log });
  const debs = ["1.0", "2.0"].map((version) => ({ name: "tiny", version }));
  for (const host of hosts()) {
    await serveDebs({ sh: (line) => ask(host, line) }, debs, "besides");
  }
  const files = { "index.ts": program, "page/Dockerfile": dockerfile, "page/index.html": "hello" };
  site = await makeSite({ topic: "hosts", files });
  await copyFile("/usr/bin/busybox", path.join(site.dir, "page", "busybox"));
  const logins = hosts().map(({ name, address, port, user, privateKey, hostKey }) => {
    return { name, address, port, user, privateKey, hostKey };
  });
  await site.write("hosts.json", JSON.stringify(logins));
  project = await site.stack("dev");
});
test.after(async () => {
  await lab?.close();
  await site.close();
});

test("bare hosts: no Docker runs, and one update makes containers that answer", async () => {
  assert.equal(
    await eachHost("pgrep -x dockerd || :"),
    hosts().map(() => ""),
  );
  const begin = performance.now();
  succeeded(await project.up());
  log(`  from bare to answering containers on ${hosts().length} hosts: ${since(begin)} s`);
  await pagesAnswer();
  const versions = await eachHost("docker version -f '{{.Server.Version}}'");
  assert.match(versions[1] ?? "", /^26\.1/, "Debian 13");
  assert.match(versions[0] ?? "", /^20\.10/, "Debian 12");
});

test("the second update is silent, and so is a look at the hosts", async () => {
  const again = succeeded(await project.up({ args: ["--refresh"] }));
  assert.equal(doneIn(again), []);
  assert.match(said(again), /unchanged/);
});

test("ten kinds of drift: each is named at its place", async () => {
  assert.is(new Set(drifts.map(({ what }) => what)).size, 10);
  for (const host of hosts()) {
    for (const drift of drifts.filter((one) => one.host === host.name)) await ask(host, drift.line);
  }
  const preview = succeeded(await project.preview({ args: ["--refresh", "--json"] }));
  assert.equal(placesOf(preview), expected());
});

test("the next update repairs those, and nothing else", async () => {
  const running = await eachHost(
    "docker inspect -f '{{.Id}} {{.State.StartedAt}}' $(docker ps -q)",
  );
  const pids = await eachHost("cat /etc/service/shop/supervise/pid");
  const begin = performance.now();
  const update = succeeded(await project.up({ args: ["--refresh"] }));
  log(`  ten repairs on ${hosts().length} hosts: ${since(begin)} s`);
  const touched = doneIn(update);
  for (const [name] of Object.entries(expected())) {
    assert.ok(
      touched.some((row) => row.includes(` ${name} `)),
      `${name} is repaired:\n${touched.join("\n")}`,
    );
  }
  assert.is(touched.length, drifts.length, touched.join("\n"));
  await pagesAnswer();
  assert.equal(
    await eachHost("docker inspect -f '{{.Id}} {{.State.StartedAt}}' $(docker ps -q)"),
    running,
    "containers run on",
  );
  const after = await eachHost("cat /etc/service/shop/supervise/pid");
  assert.is(after[3], pids[3], "what follows nothing that changed runs on");
  const states = await eachHost(
    "cat /usr/share/tiny/version /etc/shop/shop.conf; stat -c %a /etc/shop/shop.conf; sysctl -n net.ipv4.ip_default_ttl; getent passwd clerk | cut -d: -f7; getent group auditors | cut -d: -f3; ip -4 -o address show shop0 | awk '{print $4}'",
  );
  assert.equal(
    states,
    hosts().map(() => "1.0\nport = 80\n640\n63\n/bin/bash\n1701\n172.29.0.1/24"),
  );
  succeeded(await project.preview({ args: ["--refresh", "--expect-no-changes"] }));
});

test.run();
