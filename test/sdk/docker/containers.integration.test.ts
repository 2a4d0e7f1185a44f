import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { packFiles, unpackFiles } from "../../../sdk/docker/archive.ts";
import { DockerApiError } from "../../../sdk/docker/client.ts";
import type { DockerEvent } from "../../../sdk/docker/types.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "./fixture.ts";

const fixture = new Fixture("containers");
const { client } = fixture;
const { containers, networks, volumes, exec } = client;

async function failure(work: Promise<unknown>): Promise<SdkError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SdkError);
  return error as SdkError;
}

const test = suite("docker: containers, networks, volumes, exec, against the daemon");
const absent = missing();
if (absent) {
  test.skip(`skipped: ${absent}`);
} else {
  test.before(async () => {
    await fixture.makeImage();
  });
  test.after(() => fixture.clean());

  test("the version is negotiated and the facts are read", async () => {
    const version = await client.system.version();
    assert.match(version.apiVersion, /^1\.\d+$/);
    assert.is(version.os, "linux");
    assert.match(await client.system.apiVersion(), /^1\.(4[0-5]|[1-3]\d)$/);
    assert.is((await client.system.info()).OSType, "linux");
  });

  test("what is not there is undefined or false, never an error", async () => {
    assert.is(await containers.inspect(`${fixture.prefix}-none`), undefined);
    assert.is(await containers.remove(`${fixture.prefix}-none`), false);
    assert.is(await networks.inspect(`${fixture.prefix}-none`), undefined);
    assert.is(await networks.remove(`${fixture.prefix}-none`), false);
    assert.is(await networks.disconnect(`${fixture.prefix}-none`, "none"), false);
    assert.is(await volumes.inspect(`${fixture.prefix}-none`), undefined);
    assert.is(await volumes.remove(`${fixture.prefix}-none`), false);
  });

  test("a container's life: create, start, stop, remove", async () => {
    const name = fixture.name();
    const id = await containers.create(name, { Image: fixture.image, Labels: { a: "ü" } });
    assert.is((await containers.inspect(name))?.State.Status, "created");
    await containers.start(id);
    await containers.start(id);
    const running = await containers.inspect(id);
    assert.is(running?.State.Running, true);
    assert.equal(running?.Config.Labels, { a: "ü" });
    const conflict = await failure(containers.create(name, { Image: fixture.image }));
    assert.instance(conflict, DockerApiError);
    assert.is((conflict as DockerApiError).status, 409);
    assert.ok(conflict.message.includes(`cannot create the container "${name}"`));
    await containers.rename(id, `${name}-b`);
    assert.is((await containers.inspect(id))?.Name, `/${name}-b`);
    assert.equal(await containers.update(id, { Memory: 64 * 2 ** 20, MemorySwap: -1 }), []);
    assert.is((await containers.inspect(id))?.HostConfig.Memory, 64 * 2 ** 20);
    await containers.stop(id, { graceMs: 1 });
    await containers.stop(id, { graceMs: 1 });
    assert.is((await containers.inspect(id))?.State.Status, "exited");
    assert.is(await containers.remove(id), true);
    assert.is(await containers.remove(id), false);
  });

  test("a running container is not removed unless forced, and a parallel removal is waited for", async () => {
    const id = await fixture.run();
    const refused = await failure(containers.remove(id));
    assert.is((refused as DockerApiError).status, 409);
    const both = await Promise.all([
      containers.remove(id, { force: true }),
      containers.remove(id, { force: true }),
    ]);
    assert.ok(both.includes(true));
    assert.is(await containers.inspect(id), undefined);
  });

  test("an image that is not there is a 404 with the daemon's words", async () => {
    const error = await failure(
      containers.create(fixture.name(), { Image: "dwtest-docker-none:1" }),
    );
    assert.is((error as DockerApiError).status, 404);
    assert.match(error.message, /No such image/i);
  });

  test("wait gives the exit code; kill ends it", async () => {
    const exits = await fixture.run({ Cmd: ["/bin/busybox", "sh", "-c", "exit 7"] });
    assert.is(await containers.wait(exits), 7);
    const killed = await fixture.run();
    const waiting = containers.wait(killed, "next-exit");
    await sleep(50);
    await containers.kill(killed, "SIGKILL");
    assert.is(await waiting, 137);
  });

  for (const tty of [false, true]) {
    test(`logs are whole and in order, ${tty ? "with" : "without"} a TTY`, async () => {
      const script = "echo one; echo two >&2; echo three";
      const id = await fixture.run({ Cmd: ["/bin/busybox", "sh", "-c", script], Tty: tty });
      await containers.wait(id);
      const log = (await containers.logs(id)).replaceAll("\r\n", "\n");
      // Two pipes have no order between them; one terminal has.
      if (tty) assert.is(log, "one\ntwo\nthree\n");
      else assert.equal(log.trim().split("\n").sort(), ["one", "three", "two"]);
      assert.is((await containers.logs(id, { tail: 1 })).trim().split("\n").length, 1);
      assert.is(await containers.logs(id, { sinceMs: Date.now() + 3_600_000 }), "");
    });
  }

  test("streamed logs end with the container", async () => {
    const id = await fixture.run({ Cmd: ["/bin/busybox", "sh", "-c", "echo a; sleep 1; echo b"] });
    let text = "";
    for await (const chunk of containers.streamLogs(id)) text += chunk.data.toString();
    assert.is(text, "a\nb\n");
  });

  test("an archive goes in and comes out again", async () => {
    const id = await containers.create(fixture.name(), { Image: fixture.image });
    const tar = await packFiles([{ path: "etc/dw/page", content: "hello", mode: 0o640, uid: 7 }]);
    await containers.putArchive(id, "/", tar);
    const files = await unpackFiles(await containers.getArchive(id, "/etc/dw"));
    assert.is(files.get("dw/page")?.toString(), "hello");
    const absentPath = await failure(containers.getArchive(id, "/nowhere"));
    assert.is((absentPath as DockerApiError).status, 404);
  });

  test("exec gives exit code, both outputs and takes input", async () => {
    const id = await fixture.run();
    const result = await exec.run(id, {
      cmd: ["/bin/busybox", "sh", "-c", 'cat; echo "$X" >&2; pwd; exit 3'],
      env: ["X=y"],
      workingDir: "/tmp",
      input: "in\n",
    });
    assert.equal(result, { exitCode: 3, stdout: "in\n/tmp\n", stderr: "y\n" });
    const big = await exec.run(id, {
      cmd: ["/bin/busybox", "wc", "-c"],
      input: Buffer.alloc(3_000_000, "x"),
    });
    assert.is(big.stdout.trim(), "3000000");
    const none = await exec.run(id, { cmd: ["/bin/busybox", "sh", "-c", "yes | head -c 2000000"] });
    assert.is(none.stdout.length, 2_000_000);
  });

  test("an exec session talks both ways, and half-closing its input ends the process", async () => {
    const id = await fixture.run();
    const session = await exec.open(id, { cmd: ["/bin/busybox", "cat"] });
    session.stdin.write("ping\n");
    const [chunk] = (await once(session.stdout, "data")) as [Buffer];
    assert.is(chunk.toString(), "ping\n");
    session.stderr.resume();
    session.stdout.resume();
    session.stdin.end();
    assert.is(await session.done, 0);
  });

  test("closing an exec session gives the process end-of-file", async () => {
    const id = await fixture.run();
    const session = await exec.open(id, {
      cmd: ["/bin/busybox", "sh", "-c", "cat >/dev/null; echo eof >/tmp/eof"],
    });
    session.stdout.resume();
    session.stderr.resume();
    session.close();
    assert.is(await session.done, 0);
    const files = await unpackFiles(await containers.getArchive(id, "/tmp/eof"));
    assert.is(files.get("eof")?.toString(), "eof\n");
  });

  test("exec in a container that is not running is refused by the daemon", async () => {
    const id = await containers.create(fixture.name(), { Image: fixture.image });
    const error = await failure(exec.run(id, { cmd: ["true"] }));
    assert.is((error as DockerApiError).status, 409);
  });

  test("a command that takes too long ends the call, not the caller", async () => {
    const id = await fixture.run();
    const error = await failure(
      exec.run(id, { cmd: ["/bin/busybox", "sleep", "30"] }, { timeoutMs: 300 }),
    );
    assert.is(error.code, "TIMEOUT");
  });

  test("networks are made once, joined with an alias, left and removed", async () => {
    const name = fixture.name();
    const id = await networks.create({ Name: name, Labels: { a: "b" } });
    assert.is((await networks.inspect(name))?.Id, id);
    const doubled = await failure(networks.create({ Name: name }));
    assert.is((doubled as DockerApiError).status, 409);
    const container = await fixture.run();
    await networks.connect(id, container, { Aliases: ["web"] });
    const joined = (await containers.inspect(container))?.NetworkSettings.Networks[name];
    assert.ok(joined?.Aliases?.includes("web"));
    assert.is(await networks.disconnect(id, container, { force: true }), true);
    assert.is((await networks.list({ name: [name] })).length, 1);
    assert.is(await networks.remove(id), true);
    assert.is(await networks.remove(id), false);
  });

  test("volumes are made, found again with their labels, and removed", async () => {
    const name = fixture.name();
    const made = await volumes.create({ Name: name, Labels: { a: "b" } });
    assert.is(made.Driver, "local");
    assert.equal((await volumes.inspect(name))?.Labels, { a: "b" });
    assert.is((await volumes.list({ name: [name] })).length, 1);
    assert.is(await volumes.remove(name), true);
  });

  test("events arrive as they happen, and leaving the loop ends the stream", async () => {
    const events = await client.system.openEvents({ filters: { type: ["volume"] } });
    const name = fixture.name();
    await sleep(50);
    await volumes.create({ Name: name });
    let seen: DockerEvent | undefined;
    for await (const event of events) {
      seen = event;
      if (event.Actor.ID === name) break;
    }
    assert.is(seen?.Action, "create");
  });

  test("a signal ends a call at once", async () => {
    const id = await fixture.run();
    const aborter = new AbortController();
    const waiting = failure(containers.wait(id, "not-running", { signal: aborter.signal }));
    setTimeout(() => aborter.abort(), 50);
    assert.is((await waiting).code, "CANCELLED");
  });
}
test.run();
