// The example for machines of one's own, on a machine of the lab: its page answers, the second update is
// silent, a change by hand is named and repaired, and the end brings back what was there.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../lab/hosts.ts";
import { fetchPage, makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/hosts example", {
  long: true,
  timeoutMs: 5 * 60_000,
  missing: missingForLab(),
});

let lab: Lab | undefined;
let site: Site;
let project: Project;
let before = "";

function theHost(): LabHost {
  const [host] = lab?.hosts ?? [];
  if (!host) throw new Error("there is no host");
  return host;
}

async function ask(line: string): Promise<string> {
  const { code, stdout, stderr } = await theHost().run(line);
  assert.is(code, 0, `${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

test.before(async () => {
  const log = (line: string) => process.stdout.write(`${line}\n`);
  lab = await makeHosts([{ name: "shop", suite: "trixie", docker: "none" }], { log });
  before = await ask("wc -c </etc/motd");
  site = await makeSite({ topic: "hosts-example", example: "hosts" });
  project = await site.stack("prod");
  const { address, privateKey } = theHost();
  succeeded(await project.setConfig("address", address));
  succeeded(await project.setConfig("privateKey", privateKey, { secret: true }));
});
test.after(async () => {
  await lab?.close();
  await site.close();
});

test("an update makes a bare machine serve the page; the next one is silent", async () => {
  succeeded(await project.up());
  const page = await readFile(join(site.dir, "pages", "index.html"), "utf8");
  const { url } = await project.outputs();
  assert.is(url, `http://${theHost().address}:80/`);
  assert.is(await fetchPage(String(url)), `200 ${page}`);
  succeeded(await project.preview({ args: ["--expect-no-changes"] }));
});

test("a change by hand is named at its place, and repaired", async () => {
  await ask("chmod 600 /etc/motd");
  const preview = succeeded(await project.preview({ args: ["--refresh", "--diff"] }));
  assert.match(said(preview), /mode: "0600"/);
  succeeded(await project.up({ args: ["--refresh"] }));
  assert.is(await ask("stat -c %a /etc/motd"), "644");
});

test("the end: nothing of it is left but Docker's packages", async () => {
  succeeded(await project.destroy());
  const left =
    "ls -A /srv /etc/docker; wc -c </etc/motd; docker ps -aq; getent passwd clerk; getent group shop; :";
  assert.is(await ask(left), `/etc/docker:\n\n/srv:\n${before}`);
});

test.run();
