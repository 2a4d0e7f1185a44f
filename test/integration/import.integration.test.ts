// Containers that were made by hand: the import option takes one over without touching it, and one
// that was not imported is refused by name, with what to do.
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { missingDaemon } from "../support/owned.ts";
import { makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/import", { timeoutMs: 180_000, missing: missingDaemon() });

const program = `
import { Container, debianImages, Image, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("local");
const image = new Image("base", { daemon, debian: debianImages.webServer });
const { DWTEST_PLAIN: plain, DWTEST_HARD: hard, DWTEST_FOREIGN: foreign, DWTEST_IMPORT } = process.env;
const importing = (id) => (DWTEST_IMPORT ? { import: id } : {});
const command = ["sleep", "600"];
if (plain) {
  new Container("plain", {
    daemon, image, name: plain, command, env: { COLOUR: "blue" }, labels: { "com.example": "1" },
    capDrop: [], securityOpt: [], readOnly: false,
  }, importing(plain));
}
if (hard) new Container("hard", { daemon, image, name: hard, command, init: true, stopGraceMs: 1000 }, importing(hard));
if (foreign) new Container("foreign", { daemon, image, name: foreign, command });
export const ref = image.ref;
`;

let site: Site;
let project: Project;
const made: string[] = [];

test.before(async () => {
  site = await makeSite({ topic: "import", files: { "index.ts": program } });
  project = await site.stack("dev");
  succeeded(await project.up());
});
test.after(async () => {
  for (const name of made) await site.docker.containers.remove(name, { force: true });
  await site.close();
});

/** Makes and starts a container as a person would. */
async function byHand(kind: string, more: object): Promise<{ name: string; id: string }> {
  const name = `${site.name}-${kind}`;
  const { ref } = await project.outputs();
  made.push(name);
  const id = await site.docker.containers.create(name, {
    Image: String(ref),
    Cmd: ["sleep", "600"],
    ...more,
  });
  await site.docker.containers.start(id);
  return { name, id };
}

test("containers made by hand are taken over as they are, and the next up is silent", async () => {
  const easy = await byHand("plain", { Env: ["COLOUR=blue"], Labels: { "com.example": "1" } });
  const hard = await byHand("hard", {
    HostConfig: {
      Init: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      ReadonlyRootfs: true,
      Tmpfs: { "/tmp": "mode=1777,size=64m" },
    },
  });
  const env = { DWTEST_PLAIN: easy.name, DWTEST_HARD: hard.name };
  const imported = succeeded(await project.up({ env: { ...env, DWTEST_IMPORT: "1" } }));
  assert.not.match(said(imported), "warning");
  assert.match(imported.stdout, /= 2 imported/);
  assert.equal(rowsOf(succeeded(await project.up({ env: { ...env, DWTEST_IMPORT: "1" } }))), []);
  assert.equal(rowsOf(succeeded(await project.up({ env }))), [], "without the option");
  for (const { name, id } of [easy, hard]) {
    const inspected = await site.docker.containers.inspect(name);
    assert.is(inspected?.Id, id);
    assert.ok(inspected?.State.Running);
  }
});

test("a container of that name that is not ours is refused by name, and left alone", async () => {
  const { name, id } = await byHand("foreign", {});
  const before = JSON.stringify((await site.docker.containers.inspect(id))?.State);
  const up = await project.up({ env: { DWTEST_FOREIGN: name } });
  assert.is.not(up.code, 0);
  assert.match(said(up), `the container "${name}" exists and was not made by this resource`);
  assert.match(said(up), `fix: adopt it with the import option (id "${name}")`);
  assert.is(JSON.stringify((await site.docker.containers.inspect(id))?.State), before);
});

test.run();
