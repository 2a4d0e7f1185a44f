// No request is lost: a load in a process of its own, with a new connection for each request, counts
// its failures while both containers of the site are replaced again and again, and while a broken
// release fails. It is first shown to count. DOCKWRIGHT_REPLACEMENTS says how many replacements.
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { startLoad } from "../support/outcomes.ts";
import { missingDaemon, nameOf } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/processes.ts";
import { fetchPage, makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const replacements = Number(process.env.DOCKWRIGHT_REPLACEMENTS ?? "3");
const test = suite("integration/load", {
  long: true,
  timeoutMs: 240_000 + replacements * 60_000,
  missing: missingDaemon(),
});

const dockerfile = `ARG BASE\nFROM \${BASE}\nCOPY . /srv/www/\n`;
const broken = `${dockerfile}CMD ["sh", "-c", "echo the release is broken; exit 3"]\n`;

let site: Site;
let project: Project;
let url: string;
let release = 1;

const page = () => site.write("site/index.html", `page v${release}\n`);
const servers = async () =>
  (await site.containers()).map(nameOf).filter((name) => /^site-\d-/.test(name));
const start = () => startLoad({ url, rate: 250, mode: "new", version: "page v\\d+" });
const answers = () =>
  fetchPage(url).then(
    (text) => text === `200 page v${release}\n`,
    () => false,
  );

test.before(async () => {
  site = await makeSite({ topic: "load", example: "static-site" });
  project = await site.stack("dev");
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  succeeded(await project.setConfig("port", String(port)));
  await page();
  succeeded(await project.up());
});
test.after(() => site.close());

test("the load counts: a proxy that is killed on purpose costs requests", async () => {
  const [proxy] = await site.named("site-edge-proxy");
  const pid = (await site.docker.containers.inspect(proxy?.Id ?? ""))?.State.Pid ?? 0;
  const load = await start();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.ok(pid > 1);
  process.kill(pid, "SIGKILL");
  // Its restart policy brings it back, and its routes are on a volume.
  await until("the proxy answers again", answers);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const summary = await load.stop();
  assert.ok(summary.failed > 0, JSON.stringify(summary));
  assert.ok((summary.versions["page v1"] ?? 0) > 200, JSON.stringify(summary));
});

test(`no request fails while both containers are replaced, ${replacements} times`, async () => {
  const load = await start();
  for (let done = 0; done < replacements; done += 1) {
    const before = await servers();
    release += 1;
    await page();
    succeeded(await project.up());
    const after = await servers();
    assert.is(after.length, 2);
    assert.equal(
      after.filter((name) => before.includes(name)),
      [],
    );
  }
  const summary = await load.stop();
  assert.is(summary.failed, 0, JSON.stringify(summary));
  assert.ok(summary.perSecond >= 200, JSON.stringify(summary));
  assert.is(Object.keys(summary.versions).length, replacements + 1, JSON.stringify(summary));
  process.stdout.write(`\n  ${replacements} replacements: ${JSON.stringify(summary)}\n`);
});

test("no request fails while a broken release fails, nor when it is mended", async () => {
  const before = await servers();
  const load = await start();
  await site.write("site/Dockerfile", broken);
  const up = await project.up();
  assert.is.not(up.code, 0);
  assert.match(said(up), "the release is broken");
  assert.equal(await servers(), before);
  release += 1;
  await page();
  await site.write("site/Dockerfile", dockerfile);
  succeeded(await project.up());
  await until("the good release answers", answers);
  const summary = await load.stop();
  assert.is(summary.failed, 0, JSON.stringify(summary));
  assert.is(Object.keys(summary.versions).length, 2, JSON.stringify(summary));
});

test.run();
