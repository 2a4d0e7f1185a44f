// The static site example with the real engine and this machine's daemon: first light, silence,
// previews, drift, broken releases, two environments, and the end of it all. One story, in order.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { missingDaemon, nameOf, nothing } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { noneLeft, until } from "../support/processes.ts";
import { startRecorder } from "../support/recorder.ts";
import {
  fetchPage,
  leftOf,
  makeSite,
  rowsOf,
  type Site,
  said,
  succeeded,
} from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/site", { timeoutMs: 240_000, missing: missingDaemon() });

const goodDockerfile = `ARG BASE\nFROM \${BASE}\nCOPY . /srv/www/\n`;
const exits = `${goodDockerfile}CMD ["sh", "-c", "echo the release is broken; exit 3"]\n`;
const sleeps = `${goodDockerfile}CMD ["sh", "-c", "echo the release only sleeps; exec sleep 600"]\n`;

/** A gate of a few seconds in place of a minute, so that a release that hangs is told soon. */
const shortGate = `
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
  type === "dockwright:index:Container" && props.ready?.http
    ? { props: { ...props, ready: { ...props.ready, timeoutMs: 8000 } }, opts }
    : undefined,
);
`;

interface Environment {
  readonly project: Project;
  readonly url: string;
}

let site: Site;
let dev: Environment;
let prod: Environment;

async function environment(name: string): Promise<Environment> {
  const project = await site.stack(name);
  const port = await freePort();
  succeeded(await project.setConfig("port", String(port)));
  return { project, url: `http://127.0.0.1:${port}/` };
}

const names = async (stack: string) => (await site.containers(stack)).map(nameOf);

test.before(async () => {
  site = await makeSite({ topic: "site", example: "static-site" });
  const program = await readFile(join(site.dir, "index.ts"), "utf8");
  await site.write("index.ts", program.replace("\nconst config", `${shortGate}\nconst config`));
  await site.write("site/index.html", "page v1\n");
  dev = await environment("dev");
});
test.after(() => site.close());

test("the first up serves the page from two containers behind the proxy", async () => {
  succeeded(await dev.project.up());
  assert.is(await fetchPage(dev.url), "200 page v1\n");
  assert.equal(
    (await names("dev")).map((name) => name.replace(/-[0-9a-f]{8}$/, "")),
    ["site-1", "site-2", "site-edge-holder", "site-edge-proxy"],
  );
  assert.is((await dev.project.outputs())["url"], dev.url);
});

test("the second up changes nothing, and shows no resource", async () => {
  const before = await names("dev");
  const again = succeeded(await dev.project.up());
  assert.equal(rowsOf(again), []);
  assert.match(again.stdout, /Resources:\n\s+\d+ unchanged\n/);
  assert.equal(await names("dev"), before);
});

test("a preview names exactly the containers that are replaced, and touches nothing", async () => {
  const before = await site.containers();
  const ids = before.map(({ Id }) => Id);
  await site.write("site/index.html", "page v2\n");
  const recorder = await startRecorder();
  const events = await site.docker.system.openEvents();
  const seen: string[] = [];
  const listening = (async () => {
    for await (const event of events) {
      const text = JSON.stringify(event);
      if (text.includes(site.name) || ids.some((id) => text.includes(id))) seen.push(text);
    }
  })().catch(() => undefined);
  const preview = succeeded(await dev.project.preview({ env: { DOCKER_HOST: recorder.host } }));
  events.close();
  await listening;
  await recorder.close();
  const replaced = rowsOf(preview).filter((row) => /^\+-\s+dockwright:index:Container /.test(row));
  assert.equal(replaced.map((row) => /Container (\S+) replace/.exec(row)?.[1]).toSorted(), [
    "site-1",
    "site-2",
  ]);
  assert.match(preview.stdout, `${nameOf(before[0] ?? failed())}" => "site-1-`);
  assert.equal(seen, [], "events of the daemon");
  const writes = recorder.requests.filter((line) => !/^(GET|HEAD) /.test(line));
  assert.equal(writes, [], "requests that are not reads");
  assert.equal(await names("dev"), before.map(nameOf));
  await noneLeft(site.dir);
});

test("what was stopped or removed by hand is shown by refresh, and repaired by up", async () => {
  await site.write("site/index.html", "page v1\n");
  const [first, second] = await site.named("site-");
  await site.docker.containers.stop((first ?? failed()).Id, { graceMs: 1000 });
  await site.docker.containers.remove((second ?? failed()).Id, { force: true, volumes: true });
  const recorder = await startRecorder();
  const env = { DOCKER_HOST: recorder.host };
  const refresh = succeeded(await dev.project.refresh({ args: ["--diff"], env }));
  await recorder.close();
  const looked = recorder.requests.filter((line) => line.startsWith("GET "));
  assert.ok(looked.length > 0, "the recorder sees what is asked");
  assert.match(refresh.stdout, /site-1\]\n(.*\n)?\s+~ running: true => false/);
  assert.match(refresh.stdout, /- dockwright:index:Container: \(delete\)\n.*\n.*::site-2\]/);
  succeeded(await dev.project.up());
  const after = await site.named("site-");
  assert.ok(after.every(({ State }) => State === "running"));
  assert.is(after[0]?.Id, first?.Id, "the stopped container is started, not replaced");
  assert.equal(after.map(nameOf), await names("dev"));
  // The proxy finds a container that was away again by its next check.
  await until("the page", async () => (await fetchPage(dev.url)) === "200 page v1\n");
  for (let sent = 0; sent < 4; sent += 1) assert.is(await fetchPage(dev.url), "200 page v1\n");
  assert.equal(rowsOf(succeeded(await dev.project.up())), []);
});

for (const [how, dockerfile, why, words] of [
  [
    "whose server exits",
    exits,
    /it exited (with code 3|and (is being|was) restarted)/,
    "the release is broken",
  ],
  [
    "whose server never answers",
    sleeps,
    /is not answering GET \/ on port 8080 after \d+ ms: last answer "connect ECONNREFUSED/,
    "the release only sleeps",
  ],
] as const) {
  const one = dockerfile === exits ? test : test.long;
  one(`a release ${how} fails with reason and log, and leaves the old one serving`, async () => {
    const before = (await site.containers()).map(({ Id }) => Id);
    await site.write("site/Dockerfile", dockerfile);
    const up = await dev.project.up();
    assert.is.not(up.code, 0);
    assert.match(said(up), /the container "site-\d-[0-9a-f]+" did not get ready: /);
    assert.match(said(up), why, said(up));
    assert.match(said(up), `its last log lines:\n`);
    assert.match(said(up), words);
    assert.is(await fetchPage(dev.url), "200 page v1\n");
    assert.equal(
      (await site.containers()).map(({ Id }) => Id),
      before,
    );
  });
}

test("the next good release works", async () => {
  await site.write("site/Dockerfile", goodDockerfile);
  await site.write("site/index.html", "page v3\n");
  succeeded(await dev.project.up());
  assert.is(await fetchPage(dev.url), "200 page v3\n");
  assert.is((await site.containers("dev")).length, 4);
  const { images } = await site.owned("dev");
  assert.is(images.filter((tag) => tag.includes("/site-pages:")).length, 1, images.join());
});

test("two environments run side by side, and the end of one leaves the other alone", async () => {
  prod = await environment("prod");
  succeeded(await prod.project.up());
  assert.is(await fetchPage(prod.url), "200 page v3\n");
  assert.is((await site.containers("prod")).length, 5, "three replicas, as Pulumi.prod.yaml says");
  assert.equal(rowsOf(succeeded(await dev.project.up())), []);
  const destroy = succeeded(await dev.project.destroy());
  assert.equal(await leftOf(site, destroy, "dev"), nothing);
  assert.is(await fetchPage(prod.url), "200 page v3\n");
});

test("a destroy leaves nothing on the daemon, and no process", async () => {
  const destroy = succeeded(await prod.project.destroy());
  assert.equal(await leftOf(site, destroy), nothing);
  await noneLeft(site.dir);
});

function failed(): never {
  throw new Error("there is no such container");
}

test.run();
