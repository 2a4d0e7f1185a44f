// The catalog's Redis in a real dockerd, hardened: a leader and a replica of it, whose password is a file
// and nothing else; what is declared to be kept outlives its container.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { missingDaemon } from "../../support/owned.ts";
import { until } from "../../support/processes.ts";
import { suite } from "../../support/suite.ts";
import { docker, hardened, healthy, load, prefix, removeAll } from "./images.ts";

const test = suite("Redis image", { long: true, timeoutMs: 300_000, missing: missingDaemon() });
const network = `${prefix}-redis`;
const leader = `${prefix}-redis-leader`;
const replica = `${prefix}-redis-replica`;
/** A password that the shell and Redis' configuration would each misread. */
const odd = `p'w\\d%s"x$HOME\`id\` #`;
let folder = "";

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dwtest-redis-"));
  await writeFile(join(folder, "redis-password"), odd, { mode: 0o444 });
  await docker("network", "create", network);
});
test.after(async () => {
  await removeAll();
  await rm(folder, { recursive: true, force: true });
});

async function start(name: string, ...more: readonly string[]): Promise<void> {
  const secret = ["-v", `${join(folder, "redis-password")}:/run/secrets/redis-password:ro`];
  const health = ["--health-cmd", "dw-health"];
  const given = [...hardened, ...health, "--network", network, ...secret, ...more];
  await docker("run", "-d", "--name", name, ...given, await load("redis"));
  await healthy(name);
}

/** Asks with the password, through the environment of the client alone. */
const ask = (name: string, command: string) =>
  docker(
    ...["exec", name, "bash", "-c"],
    `export REDISCLI_AUTH=$(</run/secrets/redis-password); redis-cli ${command}`,
  );

test("a replica has what the leader is told, and takes nothing itself", async () => {
  const volume = ["-v", `${leader}:/var/lib/redis`, "-e", "REDIS_KEEP=yes"];
  await start(leader, ...volume);
  await start(replica, "-e", `REDIS_LEADER=${leader}:6379`);
  assert.is(await ask(leader, "set word kept"), "OK");
  await until("it is on the replica", async () => (await ask(replica, "get word")) === "kept");
  assert.match(await ask(replica, "set word other"), /READONLY/);
  const open = await docker("exec", leader, "redis-cli", "get", "word");
  assert.match(open, /NOAUTH/);
});

test("stopped and made again, the leader has it still, and the replica finds it", async () => {
  await docker("stop", "-t", "20", leader);
  assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", leader), "0");
  await docker("rm", leader);
  await start(leader, "-v", `${leader}:/var/lib/redis`, "-e", "REDIS_KEEP=yes");
  assert.is(await ask(leader, "get word"), "kept");
  await until("the link is up", async () =>
    (await ask(replica, "info replication")).includes("master_link_status:up"),
  );
});

test("its password is in no arguments, environment or log", async () => {
  for (const name of [leader, replica]) {
    const seen = await docker("exec", name, "bash", "-c", "cat /proc/1/environ /proc/1/cmdline");
    assert.not.ok((seen + (await docker("logs", name))).includes("p'w"), name);
  }
});

test.run();
