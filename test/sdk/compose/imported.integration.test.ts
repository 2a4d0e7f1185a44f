// A program that `dockwright import compose` wrote is really run, and what runs then is what Debian 13's
// docker-compose runs from the same files: inspected, field by field, and looked at from inside.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { planCompose } from "../../../sdk/compose/compose.ts";
import type { ContainerInspect } from "../../../sdk/docker/types.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import type { Project } from "../../../sdk/engine/project.ts";
import { asPrinted } from "../../support/clischema.ts";
import { dockerCompose } from "../../support/dockercompose.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import { told } from "./told.ts";

const run = promisify(execFile);
const test = suite("compose/imported", { timeoutMs: 5 * 60_000, long: true, missing: missing() });
const folder = path.join(import.meta.dirname, "files", "running");
const fixture = new Fixture("imported");
const prefix = `${fixture.prefix}/`;
const theirProject = `${fixture.prefix}-theirs`;
const environment = { ...process.env, PREFIX: prefix };

let site: Site;
let project: Project;
let program: string | undefined;
let ours: Readonly<Record<string, string | readonly string[]>> = {};

async function compose(...args: readonly string[]): Promise<void> {
  if (program === undefined) throw new Error("there is no docker-compose");
  const whole = ["-p", theirProject, ...args];
  await run(program, whole, { cwd: folder, env: environment, maxBuffer: 8 << 20 });
}

test.before(async () => {
  program = await dockerCompose();
  const id = await fixture.makeImage();
  await fixture.client.images.tag(id, `${prefix}small`, "1");
  site = await makeSite({ topic: "imported" });
  project = await site.stack("dev");
});
test.after(async () => {
  await compose("down", "--volumes", "--timeout", "1").catch(() => undefined);
  await site.close();
  await fixture.clean();
});

const secretsOf = async () => ({
  token: await readFile(path.join(folder, "token.txt"), "utf8"),
  db_db_password: "changed-by-the-test",
});

test("the program is written from the folder's two files, and asks for its secrets", async () => {
  const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
  const args = [main, "import", "compose", folder, "--json"];
  const { stdout } = await run(process.execPath, args, { cwd: site.dir, env: environment });
  const secrets = await secretsOf();
  assert.equal(asPrinted("import-compose", JSON.parse(stdout)), {
    program: "index.ts",
    services: 4,
    left: [],
    secrets: ["db_db_password", "token"],
  });
  for (const [key, value] of Object.entries(secrets)) {
    succeeded(await project.setConfig(key, value, { secret: true }));
  }
});

test("it comes up, and a second preview is silent", async () => {
  succeeded(await project.up());
  ours = (await project.outputs())["containers"] as typeof ours;
  succeeded(await project.preview({ args: ["--expect-no-changes"] }));
  await compose("up", "--detach", "--wait", "--quiet-pull").catch((error: unknown) => {
    // It waits for what has run to its end, too, and calls that a failure.
    if (!/prepare.* exited \(0\)/.test(String(error))) throw error;
  });
});

async function inspected(name: string): Promise<ContainerInspect> {
  const found = await fixture.client.containers.inspect(name);
  if (found === undefined) throw new Error(`there is no container ${name}`);
  return found;
}

async function theirsOf(service: string): Promise<readonly ContainerInspect[]> {
  const label = [
    `com.docker.compose.project=${theirProject}`,
    `com.docker.compose.service=${service}`,
  ];
  const found = await fixture.client.containers.list({ all: true, filters: { label } });
  return Promise.all(found.map(({ Id }) => inspected(Id)));
}

/** What a container's processes see of what they were given. */
async function seen({ Id }: ContainerInspect): Promise<string> {
  const script =
    "env | grep -v HOSTNAME; id; cat /run/secrets/* /etc/shop/site.ini /srv/index.html 2>&1 | grep -v Perm";
  const { stdout } = await fixture.client.exec.run(Id, { cmd: ["/bin/sh", "-c", script] });
  return stdout;
}

test("each container runs as docker-compose's does, outside and inside", async () => {
  const plan = planCompose(folder, { variables: environment });
  const keys = plan.networks.map(({ key }) => key);
  for (const { key, once, replicas } of plan.services) {
    if (once) continue;
    const mine = await Promise.all([ours[key] ?? []].flat().map(inspected));
    const wanted = await theirsOf(key);
    assert.is(mine.length, replicas, key);
    assert.is(wanted.length, replicas, key);
    for (const [index, made] of mine.entries()) {
      const other = wanted[index];
      if (other === undefined) continue;
      const skipped = [made.Name.slice(1), other.Name.slice(1)];
      assert.equal(told(made, keys, skipped), told(other, keys, skipped), key);
      assert.is(made.State.Status, other.State.Status, key);
      assert.is(made.State.Health?.Status, other.State.Health?.Status, key);
      assert.is(await seen(made), await seen(other), key);
    }
  }
});

test("it goes as a whole", async () => {
  succeeded(await project.destroy());
  assert.equal(await site.containers(), []);
});

test.run();
