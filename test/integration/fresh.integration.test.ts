// The quickstart on a machine that nothing was installed on: Debian with Node, npm, git and Go, no
// caches, a clone of this repository. It works not only where it was developed. Takes many minutes
// and some hundred megabytes of packages, so it runs in the soak, or with DOCKWRIGHT_FRESH=1.
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { type FreshRoot, makeFreshRoot, missingForFreshRoot } from "../lab/freshroot.ts";
import { copyTree } from "../support/package.ts";
import { fetchPage } from "../support/site.ts";
import { suite } from "../support/suite.ts";

/** Debian's current stable: its Node is the oldest that is supported. */
const suiteName = "trixie";
const packages = ["nodejs", "npm", "git", "golang-go"];
const port = 8088;

const test = suite("fresh", { timeoutMs: 50 * 60_000 });
const title = "quickstart works on a machine that nothing was installed on";
const reason =
  process.env["DOCKWRIGHT_FRESH"] === "1"
    ? missingForFreshRoot()
    : "it takes many minutes; `npm run soak`, or DOCKWRIGHT_FRESH=1, runs it";

const say = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** This working tree as a repository inside, and a clone of it, as a stranger would have. */
async function cloneInto(fresh: FreshRoot): Promise<void> {
  const origin = "/srv/dockwright";
  await mkdir(path.join(fresh.dir, origin), { recursive: true });
  await copyTree(path.join(fresh.dir, origin));
  const author = "git -c user.name=test -c user.email=test@example.com";
  const commit = `git init -q && git add -A && ${author} commit -qm tree`;
  const made = await fresh.run(`(cd ${origin} && ${commit}) && git clone -q ${origin} dockwright`);
  assert.is(made.code, 0, made.text);
}

async function quickstart(fresh: FreshRoot, args = ""): Promise<{ text: string; ms: number }> {
  const { code, text, durationMs } = await fresh.run(`cd dockwright && npm run quickstart${args}`);
  say(`quickstart${args}: ${seconds(durationMs)}`);
  assert.is(code, 0, text);
  return { text, ms: durationMs };
}

async function commands(fresh: FreshRoot): Promise<readonly string[]> {
  return (await fresh.run("cat /proc/[0-9]*/comm")).text.split("\n");
}

async function story(fresh: FreshRoot): Promise<void> {
  const url = `http://${fresh.address}:${port}/`;
  await cloneInto(fresh);
  const cold = await quickstart(fresh);
  for (const line of cold.text.split("\n").filter((each) => /^(✓|-) /.test(each))) say(line);
  assert.match(await fetchPage(url), /^200 /);
  const again = await quickstart(fresh);
  assert.match(again.text, /Resources:\s+\d+ unchanged/);
  assert.not.match(again.text, /\d+ (created|updated|replaced|deleted)/);
  assert.match(await fetchPage(url), /^200 /);
  assert.ok((await commands(fresh)).includes("dockerd"));
  const destroyed = await quickstart(fresh, " -- --destroy");
  assert.match(destroyed.text, /\d+ deleted/);
  const left = await commands(fresh);
  for (const name of ["dockerd", "containerd", "haproxy", "nginx", "pulumi"])
    assert.not.ok(left.includes(name), `${name} still runs: ${left.join()}\n${destroyed.text}`);
  const docker = await fresh.run("ls -d /var/lib/docker /usr/sbin/dockerd 2>/dev/null || :");
  assert.is(docker.text, "", "Docker was not there before");
  const changed = await fresh.run("cd dockwright && git status --short");
  assert.is(changed.text, "", "the clone is as it was");
}

if (reason !== undefined) test.skip(`${title}: ${reason}`);
else {
  test(title, async () => {
    const started = performance.now();
    const fresh = await makeFreshRoot({ suite: suiteName, packages, log: say });
    say(`the root is there after ${seconds(performance.now() - started)}`);
    try {
      await story(fresh);
    } finally {
      await fresh.close();
    }
  });
}

test.run();
