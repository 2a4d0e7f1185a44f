// The catalog's PostgreSQL in a real dockerd, hardened: its password is a file and nothing else, follows
// the file, and a first start that was cut off begins again.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { missingDaemon } from "../../support/owned.ts";
import { suite } from "../../support/suite.ts";
import { docker, hardened, healthy, load, prefix, removeAll, run } from "./images.ts";

const test = suite("PostgreSQL image", { timeoutMs: 300_000, missing: missingDaemon() });
const name = `${prefix}-postgres`;
const volume = ["-v", `${name}:/var/lib/postgresql`];
/** A password that the shell and SQL would each misread. */
const odd = `p'w\\d%s"x$HOME\`id\`$$`;
let folder = "";

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dwtest-postgres-"));
});
test.after(async () => {
  await removeAll();
  await rm(folder, { recursive: true, force: true });
});

async function start(password: string): Promise<void> {
  const file = join(folder, "db-password");
  await rm(file, { force: true });
  await writeFile(file, password, { mode: 0o444 });
  const secret = ["-v", `${file}:/run/secrets/db-password:ro`];
  const env = ["-e", "POSTGRES_DATABASE=shop", "-e", "POSTGRES_USER=clerk"];
  const health = ["--health-cmd", "dw-health"];
  const image = await load("postgres");
  await docker(
    ...["run", "-d", "--name", name, ...hardened, ...health, ...env, ...volume, ...secret, image],
  );
  await healthy(name);
}

/** Asks over the network, with the password through standard input. */
async function ask(password: string, sql: string): Promise<string> {
  const psql = 'PGPASSWORD=$(cat) exec psql -h 127.0.0.1 -U clerk -d shop -Atc "$0"';
  const work = run("docker", ["exec", "-i", name, "bash", "-c", psql, sql]);
  work.child.stdin?.end(password);
  return (await work).stdout.trim();
}

const refused = (password: string) =>
  ask(password, "SELECT 1").then(
    () => "",
    (error: unknown) => String(error),
  );

test("a first start that was cut off begins again, with the declared database and user", async () => {
  const broken =
    "mkdir /var/lib/postgresql/data; touch /var/lib/postgresql/data/x /var/lib/postgresql/.dockwright-unfinished";
  const image = await load("postgres");
  await docker("run", "--rm", ...volume, "--entrypoint", "bash", image, "-c", broken);
  await start(odd);
  await ask(odd, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')");
  const owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'";
  assert.is(await ask(odd, owner), "clerk");
  assert.match(await refused("other"), /password authentication failed/);
});

test("a changed password file is a changed password; the data stays, no password is in sight", async () => {
  await docker("stop", "-t", "30", name);
  assert.is(await docker("inspect", "-f", "{{.State.ExitCode}}", name), "0");
  const said = await docker("logs", name);
  await docker("rm", name);
  await start("changed");
  assert.is(await ask("changed", "SELECT word FROM kept"), "still here");
  assert.match(await refused(odd), /password authentication failed/);
  const seen = await docker("exec", name, "bash", "-c", "cat /proc/1/environ /proc/1/cmdline");
  assert.not.match(seen + said + (await docker("logs", name)), /changed|p'w/);
});

test.run();
