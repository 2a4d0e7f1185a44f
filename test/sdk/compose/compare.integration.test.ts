// What `ComposeStack` makes of a Compose file is what Debian 13's docker-compose makes of it: projects
// in the shapes of real ones, of one file, of several, and of others, made by both on this machine's daemon, compared by inspect, field by
// field. Containers are created and not started: what they would run is not there.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { planCompose } from "../../../sdk/compose/compose.ts";
import type { ContainerInspect } from "../../../sdk/docker/types.ts";
import { packageRoot } from "../../../sdk/engine/package.ts";
import { dockerCompose } from "../../support/dockercompose.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import { told } from "./told.ts";

const run = promisify(execFile);
const plain = suite("compose/compare", { timeoutMs: 5 * 60_000 });
let reason = missing();
const folder = path.join(import.meta.dirname, "files");
/** That of imported.integration.test.ts really runs. */
const names = readdirSync(folder)
  .filter((name) => name !== "running")
  .sort();
const profiles = ["tools"];

/** What the files are called where they are not what is usual in their folder. */
const named: Readonly<Record<string, readonly string[]>> = {
  layers: ["compose.yaml", "compose.prod.yaml", "compose.site.yaml"],
};

const fixture = new Fixture("compose");
const prefix = `${fixture.prefix}/`;
let program = "";
let site: Site | undefined;

/** The files of a project, or its folder. */
function filesOf(name: string): readonly [string, ...string[]] {
  const [first, ...more] = (named[name] ?? []).map((file) => path.join(folder, name, file));
  return [first ?? path.join(folder, name), ...more];
}

const variables = { PREFIX: prefix };
const plans = new Map(
  names.map((name) => {
    const [file, ...overrides] = filesOf(name);
    return [name, planCompose(file, { overrides, profiles, variables })] as const;
  }),
);

/** Every image that a file names is the small one of this run, by another tag. */
function imageNames(): readonly string[] {
  const all = [...plans.values()].flatMap(({ services }) =>
    services.map(({ image }) => image.ref ?? ""),
  );
  return [...new Set(all)];
}

const stacks = `
import { ComposeStack, LocalDaemon } from "dockwright";
import { readFileSync } from "node:fs";
const { files, variables, profiles, images } = JSON.parse(readFileSync("files.json", "utf8"));
const daemon = new LocalDaemon("local");
const unstarted = ({ type, props, opts }) =>
  type === "dockwright:index:Container" ? { props: { ...props, start: false }, opts } : undefined;
export const containers = {};
for (const [name, [file, ...overrides]] of Object.entries(files)) {
  const own = { daemon, file, overrides, variables, profiles, images: images[name] };
  containers[name] = new ComposeStack(name, own, { transforms: [unstarted] }).containers;
}
`;

let ours: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {};

const project = (name: string) => `${fixture.prefix}-${name}`;

/** The file for docker-compose, which no longer reads a root that is all services. */
async function theirFiles(name: string): Promise<readonly string[]> {
  const usual = path.join(folder, name, "docker-compose.yml");
  if (site === undefined || !existsSync(usual)) return named[name] ?? [];
  const text = await readFile(usual, "utf8");
  const file = path.join(site.dir, `${name}.yml`);
  await writeFile(file, `services:\n${text.replace(/^/gm, "  ")}`);
  return [file];
}

async function compose(name: string, ...args: readonly string[]) {
  const flags = profiles.flatMap((one) => ["--profile", one]);
  const cwd = path.join(folder, name);
  const from = (await theirFiles(name)).flatMap((file) => ["-f", file]);
  const whole = ["-p", project(name), "--project-directory", cwd, ...from, ...flags, ...args];
  // Two networks of one daemon cannot have the same addresses.
  const env = { ...process.env, PREFIX: prefix, SUBNET: "10.213.8" };
  return run(program, whole, { cwd, env, maxBuffer: 8 << 20 });
}

plain.before(async () => {
  if (reason !== undefined) return;
  try {
    program = await dockerCompose();
  } catch (error) {
    reason = `no mirror has docker-compose: ${String(error)}`;
    return;
  }
  const id = await fixture.makeImage();
  for (const name of imageNames()) {
    const [repository = "", tag = "latest"] = name.split(":");
    await fixture.client.images.tag(id, repository, tag);
  }
  const built = Object.fromEntries(
    [...plans].map(([name, { services }]) => [
      name,
      Object.fromEntries(
        services.flatMap(({ key, image }) => (image.build ? [[key, { ref: image.ref }]] : [])),
      ),
    ]),
  );
  const files = Object.fromEntries(names.map((name) => [name, filesOf(name)]));
  const given = JSON.stringify({ files, variables, profiles, images: built });
  site = await makeSite({ topic: "compose", files: { "index.ts": stacks, "files.json": given } });
  const project = await site.stack("dev");
  succeeded(await project.up());
  ours = (await project.outputs())["containers"] as typeof ours;
});
plain.after(async () => {
  for (const name of names) await compose(name, "down", "--volumes").catch(() => {});
  await site?.close();
  await fixture.clean();
});

async function inspected(name: string): Promise<ContainerInspect> {
  const found = await fixture.client.containers.inspect(name);
  if (found === undefined) throw new Error(`there is no container ${name}`);
  return found;
}

for (const name of names) {
  plain(`${name}: each container is as docker-compose makes it`, async () => {
    if (reason !== undefined) {
      process.stdout.write(`\nSKIP compose/compare: ${name}: ${reason}\n`);
      return;
    }
    await compose(name, "up", "--no-start", "--no-build", "--quiet-pull");
    const plan = plans.get(name);
    const keys = (plan?.networks ?? []).map(({ key }) => key);
    let compared = 0;
    for (const { key, once, replicas } of plan?.services ?? []) {
      if (once) continue;
      const own = ours[name]?.[key] ?? [];
      assert.is(own.length, replicas, key);
      const filters = {
        label: [`com.docker.compose.project=${project(name)}`, `com.docker.compose.service=${key}`],
      };
      const theirs = await fixture.client.containers.list({ all: true, filters });
      assert.is(theirs.length, replicas, key);
      const [mine] = own;
      const [other] = theirs;
      if (mine === undefined || other === undefined) continue;
      const made = await inspected(mine);
      const wanted = await inspected(other.Id);
      const skipped = [mine, wanted.Name.slice(1)];
      assert.equal(told(made, keys, skipped), told(wanted, keys, skipped), key);
      compared += 1;
    }
    assert.ok(compared > 0);
    await compose(name, "down", "--volumes");
  });
}

plain.long("the program that `import compose` writes previews what the file says", async () => {
  if (site === undefined) return;
  const file = path.join(folder, "migrate", "compose.yaml");
  const main = path.join(packageRoot(), "sdk", "cli", "main.ts");
  const own = await makeSite({ topic: "compose-import" });
  try {
    const env = { ...process.env, PREFIX: prefix };
    const args = [main, "import", "compose", file, "--json"];
    const { stdout } = await run(process.execPath, args, { cwd: own.dir, env });
    assert.equal(JSON.parse(stdout), { program: "index.ts", services: 4, left: [], secrets: [] });
    const again = await run(process.execPath, args, { cwd: own.dir, env }).catch(
      (error: Error) => error.message,
    );
    assert.match(JSON.stringify(again), "index.ts is there already");
    const preview = succeeded(await (await own.stack("dev")).preview());
    for (const row of [
      "Task migrate",
      "Container web",
      "Container worker-2",
      "Volume pg",
      "Network backend",
    ]) {
      assert.match(preview.stdout, `dockwright:index:${row} create`);
    }
  } finally {
    await own.close();
  }
});

plain("a second preview is silent", async () => {
  if (site === undefined) return;
  const project = await site.stack("dev");
  succeeded(await project.preview({ args: ["--expect-no-changes"] }));
});

plain.run();
