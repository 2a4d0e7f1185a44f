// Tasks and commands in containers under the real engine: silent when nothing changed, run again by a
// trigger, after a failure and for a container that was replaced; and, with engine and plugin killed at
// random moments, run exactly once. DOCKWRIGHT_TASK_KILLS: how many kills.
import { chmod, mkdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { killAll, noneLeft, until } from "../support/processes.ts";
import { leftOf, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const kills = Number(process.env["DOCKWRIGHT_TASK_KILLS"] ?? "2");
const test = suite("integration/task", {
  long: true,
  timeoutMs: 120_000 + kills * 60_000,
  missing: missingDaemon(),
});

// Each run of a task, or of a command, leaves a line in a file of the host.
const program = `
import { Container, debianImages, Exec, Image, LocalDaemon, RandomSecret, Task } from "dockwright";
const daemon = new LocalDaemon("local");
const image = new Image("base", { daemon, debian: debianImages.webServer });
const password = new RandomSecret("password", { daemon });
const { DWTEST_RELEASE: release = "1", DWTEST_CODE: code = "0", DWTEST_SECONDS: seconds = "0" } = process.env;
const volumes = [{ hostPath: process.cwd() + "/data", target: "/data" }];
const base = { daemon, image, volumes, user: "0:0", init: true, stopGraceMs: 0 };
const migrate = new Task("migrate", {
  ...base,
  command: ["sh", "-c", \`echo begun-\${release} >>/data/runs; sleep \${seconds}; cat /run/secrets/password; echo; cat /data/code 2>&1; exit $(cat /data/code)\`],
  secrets: { password: password.value },
  triggers: [release],
});
if (!process.env.DWTEST_ALONE) {
  const web = new Container("web", {
    ...base, command: ["sleep", "600"], labels: { release: process.env.DWTEST_WEB ?? "1" }, ready: { runningMs: 100 },
  }, { dependsOn: [migrate] });
  new Exec("warm", { daemon, container: web, command: ["sh", "-c", "echo warmed >>/data/runs; cat"], stdin: password.value });
}
export const output = migrate.output;
export const secret = password.value;
`;

let site: Site;
let project: Project;

const dataFile = (name: string) => path.join(site.dir, "data", name);

/** How often something was run, by the line that it leaves. */
async function runsOf(line: string): Promise<number> {
  const text = await readFile(dataFile("runs"), "utf8").catch(() => "");
  return text.split("\n").filter((one) => one === line).length;
}

test.before(async () => {
  site = await makeSite({ topic: "task", files: { "index.ts": program, "data/code": "0\n" } });
  await mkdir(path.join(site.dir, "data"), { recursive: true });
  await chmod(path.join(site.dir, "data"), 0o777);
  project = await site.stack("dev");
});
test.after(() => site.close());

test("a preview says that it will run; it runs once, and then there is silence", async () => {
  const preview = succeeded(await project.preview());
  assert.match(said(preview), "will run once: sh -c");
  assert.is(await runsOf("begun-1"), 0);
  succeeded(await project.up());
  assert.equal(rowsOf(succeeded(await project.up())), []);
  assert.equal([await runsOf("begun-1"), await runsOf("warmed")], [1, 1]);
  const { output, secret } = await project.outputs({ showSecrets: true });
  assert.is(output, "[secret]\n0\n");
  const state = await project.export();
  assert.not.match(JSON.stringify(state), String(secret));
});

test("a trigger runs it again, a container that is replaced its command", async () => {
  const env = { DWTEST_RELEASE: "2", DWTEST_WEB: "2" };
  const up = succeeded(await project.up({ env }));
  assert.match(rowsOf(up).join("\n"), /migrate/);
  assert.equal([await runsOf("begun-2"), await runsOf("warmed")], [1, 2]);
  assert.is((await site.named("migrate")).length, 1, "the former record went");
});

test("removed by hand and refreshed: it is not run again", async () => {
  const env = { DWTEST_RELEASE: "2", DWTEST_WEB: "2" };
  for (const { Id } of await site.named("migrate")) await site.docker.containers.remove(Id);
  succeeded(await project.refresh({ env }));
  assert.equal(rowsOf(succeeded(await project.up({ env }))), []);
  assert.is(await runsOf("begun-2"), 1);
});

test("one that fails fails the update, what depends on it stays, and it is run again", async () => {
  const env = { DWTEST_RELEASE: "3", DWTEST_WEB: "3" };
  const web = (await site.named("web"))[0]?.Id;
  await site.write("data/code", "7\n");
  const failed = await project.up({ env });
  assert.is.not(failed.code, 0);
  assert.match(said(failed), /ended with exit code 7[\s\S]*\[secret\]/);
  assert.is((await site.named("web"))[0]?.Id, web);
  await site.write("data/code", "0\n");
  succeeded(await project.up({ env }));
  assert.is(await runsOf("begun-3"), 2);
  assert.is.not((await site.named("web"))[0]?.Id, web);
});

test(`engine and plugin killed at ${kills} random moments: each release is run exactly once`, async () => {
  const seen: string[] = [];
  for (let at = 0; at < kills; at += 1) {
    const release = `kill-${at}`;
    const env = { DWTEST_RELEASE: release, DWTEST_SECONDS: "1", DWTEST_ALONE: "1" };
    // Half of them from the moment that the task's container is there, when it matters most.
    const early = at % 2 === 1;
    const ms = Math.round(Math.random() * (early ? 6000 : 1800));
    const before = new Set((await site.named("migrate")).map(({ Id }) => Id));
    const cut = project.up({ env });
    const over = new AbortController();
    void cut.finally(() => over.abort());
    const isThere = async () => (await site.named("migrate")).some(({ Id }) => !before.has(Id));
    while (!early && !over.signal.aborted && !(await isThere())) await sleep(10);
    await sleep(ms);
    await killAll(site.dir);
    await cut;
    await noneLeft(site.dir);
    const begun = await runsOf(`begun-${release}`);
    await project.recover();
    const up = succeeded(await project.up({ env }));
    seen.push(
      `${early ? "from the start" : "from its container"}, ${ms} ms: run ${begun} times before`,
    );
    assert.is(await runsOf(`begun-${release}`), 1, `${seen.join("\n")}\n${said(up)}`);
    assert.is((await site.named("migrate")).length, 1, seen.join("\n"));
  }
  process.stdout.write(`  ${seen.join("\n  ")}\n`);
});

/** Ctrl-C, once the task of that release runs. */
async function interrupted(env: Readonly<Record<string, string>>): Promise<void> {
  const stop = new AbortController();
  const run = project.up({ env, signal: stop.signal });
  const begun = async () => (await runsOf(`begun-${env["DWTEST_RELEASE"] ?? ""}`)) > 0;
  await until("it runs", begun, 60_000);
  stop.abort();
  const result = await run;
  assert.is.not(result.code, 0);
  assert.match(said(result), "it goes on, and the next update takes its result");
  await noneLeft(site.dir);
}

test("Ctrl-C while it runs: the next update takes its result, and there is silence", async () => {
  const env = { DWTEST_RELEASE: "cut-1", DWTEST_SECONDS: "3", DWTEST_ALONE: "1" };
  await interrupted(env);
  const up = succeeded(await project.up({ env }));
  assert.match(rowsOf(up).join("\n"), /~ .*migrate.*finishedAt/);
  assert.equal(rowsOf(succeeded(await project.up({ env }))), []);
  assert.equal([await runsOf("begun-cut-1"), (await site.named("migrate")).length], [1, 1]);
  assert.is((await project.outputs({ showSecrets: true }))["output"], "[secret]\n0\n");
});

test("Ctrl-C while it runs, then a destroy: nothing is left, and nothing was run again", async () => {
  await interrupted({ DWTEST_RELEASE: "cut-2", DWTEST_SECONDS: "60", DWTEST_ALONE: "1" });
  assert.is(
    (await site.named("migrate")).some(({ State }) => State === "running"),
    true,
  );
  const destroy = succeeded(await project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
  assert.is(await runsOf("begun-cut-2"), 1);
});

test("a destroy runs nothing, and leaves nothing", async () => {
  const before = await readFile(dataFile("runs"), "utf8");
  const destroy = succeeded(await project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
  assert.is(await readFile(dataFile("runs"), "utf8"), before);
});

test.run();
