// Every verb that looks at what runs or acts on it, over one stack: its service on the daemon of this
// machine, and a container that is reached over SSH. In pipes, and in real terminals.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import * as path from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import type { Project } from "../../../../sdk/engine/project.ts";
import { parseUrn } from "../../../../sdk/provider/names.ts";
import { asPrinted } from "../../../support/clischema.ts";
import { commandLine, type Running, startDockwright } from "../../../support/command.ts";
import { ArgumentLists } from "../../../support/leaks.ts";
import { type Listing, listingOf } from "../../../support/listing.ts";
import { containersOf, missingDaemon, nameOf } from "../../../support/owned.ts";
import { makeSite, type Site, succeeded } from "../../../support/site.ts";
import type { Sshd } from "../../../support/sshd.ts";
import { makeSshHost, missingForSshHost, type SshHost } from "../../../support/sshhost.ts";
import { suite } from "../../../support/suite.ts";
import { inTerminal, missingTerminal, terminalSize } from "../../../support/terminal.ts";
import { until } from "../../engine/fixture.ts";
import { hush, type Line, program } from "./program.ts";

const missing = missingDaemon() ?? missingTerminal() ?? missingForSshHost();
// The first time, the root of the host is made.
const test = suite("cli/live integration", { timeoutMs: 240_000, missing });
/** Where the far host has this machine's daemon. */
const door = "/srv/docker.sock";

let site: Site;
let host: SshHost;
let sshd: Sshd;
let relay: Server;
let project: Project;
/** All that the command has said, but for what was asked of a container. */
const spoken: string[] = [];
const argumentLists = new ArgumentLists();
const running = new Set<Running>();

function start(...args: readonly string[]): Running {
  const one = startDockwright(site, ...args);
  running.add(one);
  void one.ended.then(() => {
    running.delete(one);
    spoken.push(one.said.stdout, one.said.stderr);
  });
  return one;
}

async function run(...args: readonly string[]) {
  const { child, said, ended } = start(...args);
  child.stdin.end();
  return { code: await ended, ...said };
}

const onScreen = (answers: readonly (readonly [string, string])[], ...args: readonly string[]) =>
  inTerminal(
    commandLine(...args),
    { cwd: site.dir, env: { ...process.env, ...site.env, NO_COLOR: "", TERM: "xterm" } },
    answers,
  );

const linesOf = <T>(verb: string, text: string): readonly T[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => asPrinted<T>(verb, JSON.parse(line)));

async function listing(...more: readonly string[]) {
  const { code, stdout, stderr } = await run("ps", "--json", ...more);
  return { code, stderr, ...asPrinted<Listing>("ps", JSON.parse(stdout)) };
}

async function oneOffs(): Promise<readonly string[]> {
  const all = await site.docker.containers.list({
    all: true,
    filters: { label: ["dockwright.run"] },
  });
  return all
    .filter(({ Labels }) => Labels["dockwright.urn"]?.includes(`::${site.name}::`))
    .map(nameOf);
}

/** A socket there that leads to this machine's daemon; each way ends by itself. */
async function openDoor(file: string): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const daemon = connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
    client.on("error", () => daemon.destroy());
    daemon.on("error", () => client.destroy());
    client.pipe(daemon).pipe(client);
  }).listen(file);
  await once(server, "listening");
  return server;
}

test.before(async () => {
  host = await makeSshHost();
  ({ sshd } = host);
  relay = await openDoor(`/proc/${host.pid}/root${door}`);
  const far = { host: `unix://${door}`, ssh: sshd.target };
  const env = { DWTEST_FAR: JSON.stringify(far) };
  site = await makeSite({ topic: "live", files: { "index.ts": program }, env });
  project = await site.stack("dev");
  succeeded(await project.up());
});
test.after(async () => {
  for (const { child } of running) child.kill("SIGKILL");
  await site.close();
  relay.close();
  await host.close();
});

test("ps: all containers over both hosts, with release and ports, and nothing that differs", async () => {
  const watching = setInterval(() => void argumentLists.look(), 100);
  const { code, containers, hosts } = await listing("--check").finally(() => {
    clearInterval(watching);
  });
  assert.is(code, 0);
  assert.equal(hosts, [{ name: "local" }, { name: "far" }].slice().sort(byName));
  assert.equal(
    containers.map(({ name, host, state, release, drift }) => [name, host, state, release, drift]),
    [
      ["lone", "far", "running", undefined, []],
      ["shop-1", "local", "running", 1, []],
      ["shop-2", "local", "running", 1, []],
    ],
  );
  assert.match(containers[1]?.ports[0] ?? "", /^127\.0\.0\.1:\d+->8080\/tcp$/);
});

const byName = (a: { readonly name: string }, b: { readonly name: string }) =>
  a.name.localeCompare(b.name);

test("ps: as it is published, with all that it stands on in one file", async () => {
  const { code, stderr, containers } = await listingOf(site);
  assert.equal([code, containers.length], [0, 3], stderr);
});

test("ps: what was done behind the program's back, as a table without colour in a pipe", async () => {
  const [held = ""] = (await site.named("shop-2-")).map(nameOf);
  await site.docker.containers.pause(held);
  const { code, stdout } = await run("ps", "--check");
  await site.docker.containers.unpause(held);
  assert.is(code, 2);
  assert.match(stdout, /shop-2-\w+ +│ paused .*paused: it is held by a pause/);
  assert.not.match(stdout, "\u001b");
});

test("logs: of all, in the order of time, as JSON and as text", async () => {
  const [{ code, stdout }, text] = await Promise.all([
    run("logs", "--json", "--tail", "4"),
    run("logs", "-n", "1", "-t", "shop-1"),
  ]);
  assert.is(code, 0);
  const lines = linesOf<Line>("logs", stdout);
  assert.is(lines.length, 12);
  const times = lines.map(({ time }) => time);
  assert.equal(times, times.toSorted());
  assert.equal([...new Set(lines.map(({ host, name }) => `${host}/${name}`))].sort(), [
    "far/lone",
    "local/shop-1",
    "local/shop-2",
  ]);
  assert.match(text.stdout, /^local\/shop-1 \| \d{4}-\d\d-\d\dT[\d:.]{18}Z (line|err) \d+\n$/);
});

test("logs: in a terminal they have colour; a reader that goes away ends them", async () => {
  const { text, code } = await onScreen([], "logs", "-n", "1", "shop-1");
  assert.is(code, 0);
  assert.match(text, "\u001b[36mlocal/shop-1 |\u001b[0m ");
  const line = commandLine("logs", "-f")
    .map((word) => `'${word}'`)
    .join(" ");
  const { stdout } = spawnSync("bash", ["-c", `${line} | head -n 1; echo \${PIPESTATUS[0]}`], {
    cwd: site.dir,
    env: { ...process.env, ...site.env },
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.match(stdout, /^\S+ +\| .*\n0\n$/);
});

test("logs -f: through a replacement, until Ctrl-C; events tell of it", async () => {
  const logs = start("logs", "-f", "--json", "-n", "0", "shop");
  const events = start("events", "--json");
  const heard = (name: string) => logs.said.stdout.includes(`"name":"${name}"`);
  await until("lines of both come", () => heard("shop-1") && heard("shop-2"));
  const before = new Set((await site.named("shop-")).map(nameOf));
  succeeded(await project.up({ env: { DWTEST_RELEASE: "2" } }));
  const isNew = () =>
    logs.said.stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
      .filter(({ container }) => !before.has(container));
  await until("the new ones are followed", () => new Set(isNew().map((l) => l.name)).size === 2);
  await until("the events have come", () => /"action":"destroy"/.test(events.said.stdout));
  for (const { child } of [logs, events]) child.kill("SIGINT");
  assert.equal(await Promise.all([logs.ended, events.ended]), [130, 130]);
  assert.equal([logs.said.stderr, events.said.stderr], ["", ""]);
  // From its beginning: between its start and its first line that was read there is none.
  assert.match(isNew().find(({ name }) => name === "shop-1")?.line ?? "", /^(line|err) 1$|nginx/);
  const told = linesOf<{ readonly resource?: string; readonly action: string }>(
    "events",
    events.said.stdout,
  );
  const ours = told.filter(({ resource }) => resource === "shop-1").map(({ action }) => action);
  assert.ok(ours.includes("die"), ours.join(", "));
  const { containers } = await listing("--check");
  assert.equal(
    containers.map(({ release }) => release),
    [undefined, 2, 2],
  );
});

test("logs -f: a connection that is lost is told and made again, and no line is missed or told twice", async () => {
  const { said, child, ended } = start("logs", "-f", "--json", "-n", "0", "lone");
  const heard = () => said.stdout.split("\n").length;
  await until("lines come", () => heard() > 5);
  const connections = await sshd.connections();
  await sshd.stop();
  for (const pid of connections) process.kill(pid, "SIGKILL");
  await until("the loss is told", () => said.stderr.includes("tried again until it answers"));
  const before = heard();
  await sshd.restart();
  await until("it is back", () => said.stderr.includes("dockwright: far: it answers again"));
  await until("lines come again", () => heard() > before + 10);
  child.kill("SIGINT");
  assert.is(await ended, 130);
  assert.is(said.stderr.trimEnd().split("\n").length, 2, said.stderr);
  const numbers = linesOf<Line>("logs", said.stdout)
    .map(({ line }) => Number(/^line (\d+)$/.exec(line)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number));
  const first = numbers[0] ?? 0;
  assert.equal(
    numbers,
    numbers.map((_, index) => first + index),
  );
});

test("exec: in a pipe, input, both outputs and the exit code pass; over SSH too", async () => {
  const asked = start("exec", "lone", "--", "sh", "-c", "echo out; echo bad >&2; cat; exit 7");
  asked.child.stdin.end("from here");
  assert.is(await asked.ended, 7);
  assert.equal(asked.said, { stdout: "out\nfrom here", stderr: "bad\n" });
  const none = await run("exec", "shop");
  assert.is(none.code, 1);
  assert.match(none.stderr, "fix: write it after two dashes: dockwright exec NAME -- COMMAND");
});

// The size comes right after the start: a prompt may be sooner.
const sized = "for i in $(seq 50); do [ \"$(stty size)\" = '0 0' ] || break; sleep 0.1; done";
const shellAnswers = [["$ ", `${sized}; stty size; test -t 0 && exit 9\r`]] as const;

test("exec and run: in a terminal the command has one, of its size", async () => {
  const screens = await Promise.all(
    ["exec", "run"].map((verb) => onScreen(shellAnswers, verb, "shop", "--", "bash", "--norc")),
  );
  for (const { code, text } of screens) {
    assert.is(code, 9, text);
    assert.match(text, `${terminalSize.rows} ${terminalSize.columns}`);
  }
  assert.equal(await oneOffs(), []);
});

test("run: environment, secrets, volume and network of the service; its container goes", async () => {
  const asks =
    "echo $RELEASE $(printenv PASSWORD | wc -c) $(wc -c </run/secrets/token); touch /data/mine && cat; exit 5";
  const asked = start("run", "shop", "--user", "0:0", "--", "bash", "-c", asks);
  asked.child.stdin.end("from here");
  assert.is(await asked.ended, 5, asked.said.stderr);
  assert.is(asked.said.stdout, `2 ${hush.env.length + 1} ${hush.file.length}\nfrom here`);
  assert.equal(await oneOffs(), []);
});

test("run: a signal is the command's; a second one removes the container", async () => {
  const catching = "trap 'exit 42' INT; echo ready; while :; do sleep 0.1; done";
  const polite = start("run", "shop", "--", "bash", "-c", catching);
  const stubborn = "trap 'echo not yet' INT; echo ready; while :; do sleep 0.1; done";
  const deaf = start("run", "shop", "--", "bash", "-c", stubborn);
  for (const one of [polite, deaf]) {
    await until("it runs", () => one.said.stdout === "ready\n");
    one.child.kill("SIGINT");
  }
  assert.is(await polite.ended, 42);
  // Two signals that come at once are one.
  await until("the first one was passed on", () => deaf.said.stdout === "ready\nnot yet\n");
  deaf.child.kill("SIGINT");
  assert.is(await deaf.ended, 130);
  assert.equal(await oneOffs(), []);
});

/** What an update leaves that was killed and is not repeated. */
async function makeOrphan(): Promise<string> {
  const { containers } = site.docker;
  const model = (await containersOf(site.docker, site.name)).find(
    ({ Labels }) => parseUrn(Labels["dockwright.urn"] ?? "").logicalName === "shop-1",
  );
  if (model === undefined) throw new Error("there is no container to model it on");
  const urn = model.Labels["dockwright.urn"]?.replace(/shop-1$/, "shop-9") ?? "";
  const name = `${site.name}-orphan`;
  const Labels = { ...model.Labels, "dockwright.urn": urn };
  await containers.start(await containers.create(name, { Image: model.ImageID, Labels }));
  return name;
}

test("prune: what killed runs and updates left, and an image of nobody; only when agreed", async () => {
  const killed = start("run", "shop", "--", "bash", "-c", "echo ready; exec sleep 600");
  await until("it runs", () => killed.said.stdout === "ready\n");
  killed.child.kill("SIGKILL");
  await killed.ended;
  const [left = ""] = await oneOffs();
  await site.docker.containers.kill(left);
  await site.docker.containers.wait(left);
  const reference = `${site.name}/dev/gone:0123456789abcdef`;
  const root = await packFiles([{ path: "none", content: "" }]);
  await site.docker.images.importRoot(Readable.from([root]), { reference });
  const orphan = await makeOrphan();
  // An update of a moment ago may still be about to tell of what it made.
  process.env["DOCKWRIGHT_TEST_NOW"] = new Date(Date.now() + 3_600_000).toISOString();
  const shown = await run("prune", "--json");
  assert.is(shown.code, 0);
  const { leftovers } = asPrinted<{
    readonly leftovers: readonly { readonly name: string; readonly removed: boolean }[];
  }>("prune", JSON.parse(shown.stdout));
  assert.equal(
    leftovers.map((one) => [one.name, one.removed]),
    [
      [left, false],
      [orphan, false],
      [reference, false],
    ],
  );
  assert.equal(await oneOffs(), [left]);
  const agreed = await onScreen([["[y/N]", "y\r"]], "prune");
  delete process.env["DOCKWRIGHT_TEST_NOW"];
  assert.match(agreed.text, "removed 3 of 3");
  assert.is(await site.docker.containers.inspect(orphan), undefined);
  assert.equal(await oneOffs(), []);
  assert.is(await site.docker.images.inspect(reference), undefined);
});

test("a host that is away: told with its reason, the others answer all the same", async () => {
  await sshd.stop();
  const [listed, logs, exec] = await Promise.all([
    listing(),
    run("logs", "-n", "1"),
    run("exec", "shop", "--", "true"),
  ]);
  const { code, hosts, containers } = listed;
  assert.is(code, 3);
  assert.match(hosts.find(({ name }) => name === "far")?.trouble ?? "", "127.0.0.1");
  assert.equal(
    containers.map(({ name }) => name),
    ["shop-1", "shop-2"],
  );
  assert.is(logs.code, 3);
  assert.match(logs.stdout, "local/shop-1 |");
  assert.match(logs.stderr, /^dockwright: far: /);
  assert.is(exec.code, 0);
});

test("backup and restore: what was in the volume is there again, and the stack has it as before", async () => {
  const file = path.join(site.dir, "data.tar.gz");
  const { stdout, code, stderr } = await run("backup", "data", file, "--json");
  assert.is(code, 0, stderr);
  const { volume } = asPrinted<{ readonly volume: string }>("backup", JSON.parse(stdout));
  const refused = await run("restore", "data", file);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, "a restore overwrites nothing");
  for (const { Id } of await site.containers()) {
    await site.docker.containers.remove(Id, { force: true });
  }
  const before = await site.docker.volumes.inspect(volume);
  await site.docker.volumes.remove(volume);
  const restored = await run("restore", "data", file, "--json");
  assert.is(restored.code, 0, restored.stderr);
  asPrinted("restore", JSON.parse(restored.stdout));
  const after = await site.docker.volumes.inspect(volume);
  assert.equal(after?.Labels, before?.Labels);
  const { Mountpoint = "" } = after ?? {};
  assert.ok((await readdir(Mountpoint)).includes("mine"));
});

test("no secret was said, or stood in an argument", () => {
  const all = [...spoken, argumentLists.text()].join("\n");
  assert.ok(all.includes("ps"));
  for (const word of [hush.env, hush.file, "PRIVATE KEY"]) {
    assert.is(all.includes(word), false, word);
  }
});

test.run();
