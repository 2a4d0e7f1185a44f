// The delivery loop of examples/delivery as its README says it, with git as the CI server and the real
// docker-registry: a push makes a new digest on qa, a broken commit is stopped by the gate while qa
// serves on, prod gets the very digest of qa, and a rollback brings the one before back.
import { spawn } from "node:child_process";
import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { dockwrightOn } from "../support/command.ts";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { fetchPage, makeSite, type Site, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/delivery", {
  long: true,
  timeoutMs: 300_000,
  missing: missingDaemon(),
});

let site: Site;
const ports = { tools: 0, qa: 0, prod: 0 };
type StackName = keyof typeof ports;
const stacks = new Map<StackName, Project>();
/** The clone that a person works in. */
let clone = "";

interface Ran {
  readonly code: number | null;
  readonly text: string;
}

function run(cwd: string, command: string, ...args: readonly string[]): Promise<Ran> {
  const env = {
    ...process.env,
    ...site.env,
    GIT_AUTHOR_NAME: "test",
    GIT_AUTHOR_EMAIL: "test@example.test",
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@example.test",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const child = spawn(command, args, { cwd, env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (data: string) => {
      text += data;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (code) => resolve({ code, text }));
  });
}

async function must(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const { code, text } = await run(cwd, command, ...args);
  assert.is(code, 0, text);
  return text;
}

async function push(file: string, text: string): Promise<string> {
  await writeFile(path.join(clone, file), text);
  await must(clone, "git", "add", "--all");
  await must(clone, "git", "commit", "--quiet", "--message", "an edition");
  return await must(clone, "git", "push", "origin", "main");
}

const page = (stack: StackName) => fetchPage(`http://127.0.0.1:${ports[stack]}/`);

async function imageOf(stack: StackName): Promise<string> {
  const all = await stacks.get(stack)?.outputs();
  return (all?.["image"] as string | undefined) ?? "none";
}

/** The application's repository on the CI server, with the hook, and a clone of it. */
async function makeRepository(): Promise<void> {
  const bare = path.join(site.dir, "shop.git");
  clone = path.join(site.dir, "clone");
  await must(site.dir, "git", "init", "--quiet", "--bare", "--initial-branch=main", bare);
  await must(bare, "git", "config", "delivery.folder", site.dir);
  await symlink(path.join(site.dir, "ci/post-receive"), path.join(bare, "hooks/post-receive"));
  await must(site.dir, "git", "clone", "--quiet", bare, clone);
  await must(clone, "git", "checkout", "--quiet", "-B", "main");
  await cp(path.join(site.dir, "shop"), clone, { recursive: true });
}

/** `npx dockwright` of the hook is this repository's. */
async function linkCommand(): Promise<void> {
  const bin = path.join(site.dir, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  const main = path.join(site.dir, "node_modules/dockwright/dist/sdk/cli/main.js");
  await chmod(main, 0o755);
  await symlink(main, path.join(bin, "dockwright"));
}

test.before(async () => {
  site = await makeSite({ topic: "delivery", example: "delivery" });
  await linkCommand();
  for (const name of ["tools", "qa", "prod"] as const) {
    ports[name] = await freePort();
    const project = await site.stack(name);
    succeeded(await project.setConfig("port", String(ports[name])));
    stacks.set(name, project);
  }
  succeeded(await (await site.stack("qa")).setConfig("gateMs", "4000"));
  const tools = stacks.get("tools");
  if (tools !== undefined) succeeded(await tools.up());
  await makeRepository();
});
test.after(async () => {
  // The base image got its name in the registry by the builds, which no resource of the stacks has.
  const start = `127.0.0.1:${ports.tools}/`;
  const { text } = await run("/", "docker", "images", "--digests", "--format", "{{json .}}");
  const lines = text.split("\n").filter((line) => line.startsWith("{"));
  const images = lines.map((line) => JSON.parse(line) as { Repository: string; ID: string });
  const refs: string[] = [];
  for (const { Repository, ID } of images.filter((one) => one.Repository.startsWith(start))) {
    // By reference: an image that others have under another name stays theirs.
    const found = await site.docker.images.inspect(ID);
    const all = [...(found?.RepoTags ?? []), ...(found?.RepoDigests ?? [])];
    const mine = (ref: string) => [":", "@"].some((mark) => ref.startsWith(Repository + mark));
    refs.push(...all.filter(mine));
  }
  // Nothing runs of them any more once the stacks are gone, and nor does the client.
  await site.close();
  for (const ref of refs) await run("/", "docker", "rmi", ref);
});

let first = "";

test("the files of the stacks fit the schema of the program", async () => {
  const { code, text } = await run(site.dir, "node_modules/.bin/dockwright", "config", "check");
  assert.is(code, 0, text);
  assert.equal(text.match(/^\w+: fits$/gm), ["prod: fits", "qa: fits", "tools: fits"]);
});

test("a push is built, tested, pushed, and on qa by its digest", async () => {
  const said = await push("site/index.html", "<h1>One</h1>\n");
  assert.match(said, "to qa");
  first = await imageOf("qa");
  assert.match(first, new RegExp(`^127\\.0\\.0\\.1:${ports.tools}/shop@sha256:[0-9a-f]{64}$`));
  assert.match(said, `deploy ${first} to qa`);
  assert.is(await page("qa"), "200 <h1>One</h1>\n");
});

test("what its own tests refuse is not deployed", async () => {
  const said = await push("site/index.html", "no heading\n");
  assert.not.match(said, "== push");
  assert.is(await imageOf("qa"), first);
});

test("what never gets ready is stopped by the gate, and qa serves on", async () => {
  await writeFile(path.join(clone, "site/index.html"), "<h1>Broken</h1>\n");
  const broken = `ARG BASE\nFROM \${BASE}\nCOPY site/ /srv/www/\nENTRYPOINT ["sleep"]\nCMD ["600"]\n`;
  const said = await push("Dockerfile", broken);
  assert.match(said, "the new version did not get ready");
  assert.match(said, "shop: release 1 still serves");
  assert.is(await page("qa"), "200 <h1>One</h1>\n");
});

test("prod gets the very digest of qa", async () => {
  await must(site.dir, "ci/promote.sh");
  assert.is(await imageOf("prod"), first);
  assert.is(await page("prod"), "200 <h1>One</h1>\n");
});

test("the next edition is on qa alone, until it is promoted; a rollback brings the one before back", async () => {
  await cp(path.join(site.dir, "shop/Dockerfile"), path.join(clone, "Dockerfile"));
  await push("site/index.html", "<h1>Two</h1>\n");
  assert.equal(
    [await page("qa"), await page("prod")],
    ["200 <h1>Two</h1>\n", "200 <h1>One</h1>\n"],
  );
  const back = await dockwrightOn(site, "qa", "rollback", "--yes");
  assert.is(back.code, 0, back.text);
  assert.is(await page("qa"), "200 <h1>One</h1>\n");
});

test.run();
