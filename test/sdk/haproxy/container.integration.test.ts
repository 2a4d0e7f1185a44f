// The proxy as it is meant to run: in a container without capabilities that joins a holder's network,
// asked over exec, with servers found by Docker's DNS.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { buildDebianImage } from "../../../sdk/debian/build.ts";
import { catalog } from "../../../sdk/debian/catalog.ts";
import { DockerClient } from "../../../sdk/docker/client.ts";
import { openAgent } from "../../../sdk/haproxy/agent.ts";
import { proxyCommand, proxyStopSignal, renderBase } from "../../../sdk/haproxy/base.ts";
import { takeOver } from "../../../sdk/haproxy/handover.ts";
import { routeDrift } from "../../../sdk/haproxy/observe.ts";
import { ensureRoute, readRoute, removeRoute } from "../../../sdk/haproxy/route.ts";
import type { Agent, RouteSpec, ServerSpec } from "../../../sdk/haproxy/types.ts";
import { startLoad } from "../../support/outcomes.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { get, routeSpec } from "./lab.ts";

const test = suite("proxy in a container", { timeoutMs: 240_000 });
const prefix = `dwtest-haproxy-${process.pid}`;
const image = `${prefix}:1`;
const folder = mkdtempSync(`${tmpdir()}/${prefix}-`);
const docker = (...args: readonly string[]): string =>
  execFileSync("docker", args, { stdio: ["ignore", "pipe", "pipe"] })
    .toString()
    .trim();

function canRun(): boolean {
  try {
    docker("version");
    return true;
  } catch {
    return false;
  }
}
const define = canRun() ? test : test.skip;

/** Answers every request with its name: all that the image has for it is perl. */
const webServer = String.raw`
use IO::Socket::INET; $SIG{CHLD} = 'IGNORE'; $SIG{TERM} = sub { exit 0 };
my $all = IO::Socket::INET->new(LocalPort => 8080, Listen => 128, ReuseAddr => 1) or die;
while (1) { my $one = $all->accept or next; if (!fork) {
  my $text = ''; while (my $line = <$one>) { $text .= $line; last if $line =~ /^\r?$/ }
  sleep 1 if $text =~ m{^GET /slow}; my $body = "$ARGV[0]\n";
  print $one "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
  exit 0 } close $one }
`;

const hardened = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"];
let client: DockerClient;
let agent: Agent;
let port = 0;

function startServer(name: string): ServerSpec {
  const full = `${prefix}-${name}`;
  docker(
    "run",
    "-d",
    "--name",
    full,
    "--network",
    prefix,
    ...hardened,
    image,
    "perl",
    "-e",
    webServer,
    name,
  );
  return { name: full, host: full, address: addressOf(full), port: 8080 };
}
const addressOf = (name: string): string =>
  docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name);

const openHere = () => openAgent((cmd) => client.exec.open(`${prefix}-proxy`, { cmd, user: "0" }));
const answer = async () => (await get({ port }, { host: "shop.test" })).body.trim();
const spec = (...servers: readonly ServerSpec[]): RouteSpec =>
  routeSpec("shop", servers, { check: { path: "/", intervalMs: 1000 } });

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await check().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`${what}: not within 15 s`);
}

test.before(async () => {
  if (!canRun()) return;
  client = new DockerClient({ kind: "unix", socketPath: "/var/run/docker.sock" });
  const { archivePath } = await buildDebianImage(catalog.haproxy, { tag: image });
  docker("load", "-i", archivePath);
  docker("network", "create", prefix);
  docker("volume", "create", prefix);
  port = await freePort();
  writeFileSync(
    `${folder}/base.cfg`,
    renderBase({ binds: [{ port: 8080 }], maxConnections: 1000 }),
  );
  docker(
    "run",
    "-d",
    "--name",
    `${prefix}-holder`,
    "--network",
    prefix,
    "-p",
    `127.0.0.1:${port}:8080`,
    ...hardened,
    image,
    "sleep",
    "infinity",
  );
  docker(
    ...["create", "--name", `${prefix}-proxy`, "--network", `container:${prefix}-holder`],
    ...["--stop-signal", proxyStopSignal, "--tmpfs", "/run/dw:mode=0700", "--tmpfs", "/tmp"],
    ...[
      "-v",
      `${prefix}:/var/lib/dockwright`,
      "-v",
      `${folder}/base.cfg:/etc/dockwright/base.cfg:ro`,
    ],
    ...hardened,
    image,
    ...proxyCommand(),
  );
  docker("start", `${prefix}-proxy`);
  agent = await openHere();
  await takeOver(agent);
  await until("the proxy", async () => (await get({ port }, { host: "x" })).status === 404);
});

test.after(async () => {
  if (!canRun()) return;
  // A set-up that failed half-way has neither, and what it made is to go all the same.
  await (agent as Agent | undefined)?.close().catch(() => undefined);
  (client as DockerClient | undefined)?.close();
  const mine = docker("ps", "-aq", "--filter", `name=^/${prefix}-`).split("\n").filter(Boolean);
  if (mine.length > 0) docker("rm", "-f", ...mine);
  docker("volume", "rm", prefix);
  docker("network", "rm", prefix);
  try {
    docker("rmi", image);
  } catch {
    // The same image by another name is in use elsewhere on this machine; it is not ours to end.
  }
  rmSync(folder, { recursive: true, force: true });
});

define("five switches by name under load lose nothing", async () => {
  let current = startServer("v0");
  await ensureRoute(agent, spec(current));
  const load = await startLoad({
    url: `http://127.0.0.1:${port}/`,
    host: "shop.test",
    rate: 100,
    version: "v\\d",
  });
  const slow = await startLoad({
    url: `http://127.0.0.1:${port}/slow`,
    host: "shop.test",
    concurrency: 3,
  });
  const times: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const next = startServer(`v${round}`);
    const result = await ensureRoute(agent, spec(next));
    assert.is(result.reloaded, false);
    times.push(result.durationMs);
    docker("rm", "-f", current.name);
    assert.equal(routeDrift(await readRoute(agent, "shop"), spec(next)), []);
    current = next;
  }
  const summaries = [await load.stop(), await slow.stop()];
  process.stderr.write(`switches with a drain of 1 s took ${times.join(", ")} ms\n`);
  for (const summary of summaries) assert.is(summary.failed, 0, JSON.stringify(summary));
});

define("a container that comes back with another address is found again", async () => {
  const here = startServer("moving");
  await ensureRoute(agent, spec(here));
  docker("stop", "-t", "1", here.name);
  startServer("squatter");
  docker("start", here.name);
  assert.is.not(addressOf(here.name), here.address, "Docker gave its address to another");
  await until("the moved container", async () => (await answer()) === "moving");
  const drift = async () => routeDrift(await readRoute(agent, "shop"), spec(here));
  await until("no drift", async () => (await drift()).length === 0);
  docker("rm", "-f", `${prefix}-squatter`);
});

define("a restart of the proxy finds the servers again", async () => {
  const here = startServer("lasting");
  await ensureRoute(agent, spec(here));
  docker("restart", "-t", "5", `${prefix}-proxy`);
  await until("the restarted proxy", async () => (await answer()) === "lasting");
  agent = await openHere();
  assert.equal(routeDrift(await readRoute(agent, "shop"), spec(here)), []);
});

define("a server that is gone for good does not hold up the changes of other routes", async () => {
  const [gone, here] = [startServer("gone"), startServer("here")];
  const other = { ...spec(gone), key: "other", sites: [{ host: "other.test", path: "/" }] };
  await ensureRoute(agent, other);
  docker("rm", "-f", gone.name);
  const result = await ensureRoute(agent, { ...spec(here), check: { intervalMs: 900 } });
  assert.is(result.reloaded, true);
  process.stderr.write(`a reload beside a name that nobody knows took ${result.durationMs} ms\n`);
  assert.is(await answer(), "here");
  assert.equal(routeDrift(await readRoute(agent, "other"), other), [
    `server ${gone.name} has no address: DNS does not know it`,
  ]);
  await removeRoute(agent, "other");
});

define("a caller whose connection breaks leaves no lock", async () => {
  const doomed = new DockerClient({ kind: "unix", socketPath: "/var/run/docker.sock" });
  const one = await openAgent((cmd) => doomed.exec.open(`${prefix}-proxy`, { cmd, user: "0" }));
  await one.lock("proxy", 1000);
  doomed.close();
  await agent.lock("proxy", 5000);
  await agent.unlock("proxy");
});

test.run();
