// Two states that know nothing of each other: the same project and stack name in two backends, as when
// a colleague forgets PULUMI_BACKEND_URL. The second one is refused, object by object, and neither its
// update nor its destroy touches what the first one made.
import { mkdir } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import type { Project } from "../../sdk/engine/project.ts";
import { busyboxRoot, missing } from "../sdk/docker/fixture.ts";
import { missingDaemon, nothing } from "../support/owned.ts";
import { leftOf, makeSite, rowsOf, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/second-backend", {
  timeoutMs: 180_000,
  missing: missingDaemon() ?? missing(),
});

const program = `
import { Bridge, Container, LocalDaemon, Volume } from "dockwright";
const daemon = new LocalDaemon("local");
new Container("box", {
  daemon, image: { ref: process.env.DWTEST_IMAGE }, init: true, stopGraceMs: 0, ready: { runningMs: 1 },
});
new Bridge("net", { daemon, internal: true });
new Volume("vol", { daemon, delete: true });
`;

let site: Site;
let project: Project;
let image = "";
/** Of the one, and of the other. */
const first = () => ({ DWTEST_IMAGE: image });
const second = () => ({
  DWTEST_IMAGE: image,
  PULUMI_BACKEND_URL: `file://${path.join(site.dir, "elsewhere")}`,
  PULUMI_CONFIG_PASSPHRASE_FILE: path.join(site.dir, ".dockwright", "passphrase"),
});

test.before(async () => {
  site = await makeSite({ topic: "backends", files: { "index.ts": program } });
  image = `${site.name}-base:1`;
  await site.docker.images.importRoot(Readable.from([await busyboxRoot()]), {
    reference: image,
    changes: ['CMD ["/bin/busybox", "sleep", "600"]'],
  });
  await mkdir(path.join(site.dir, "elsewhere"));
  project = await site.stack("dev");
  succeeded(await project.up({ env: first() }));
});
test.after(async () => {
  await site.docker.images.remove(image, { force: true });
  await site.close();
});

const running = async () => (await site.containers()).map(({ Id, State }) => [Id, State]);

test("the second state is refused at each object, and the first one's stay as they are", async () => {
  const [objects, containers] = [await site.owned(), await running()];
  succeeded(await project.select({ env: second() }));
  const refused = await project.up({ env: second() });
  assert.is.not(refused.code, 0);
  for (const kind of ["container", "network", "volume"]) {
    assert.match(said(refused), new RegExp(`${kind} "\\S+" exists .*another backend`));
  }
  assert.equal(await site.owned(), objects);
  assert.equal(await running(), containers);
});

test("a destroy of the second state removes nothing", async () => {
  const [objects, containers] = [await site.owned(), await running()];
  succeeded(await project.destroy({ env: second() }));
  assert.equal(await site.owned(), objects);
  assert.equal(await running(), containers);
});

test("the first state has nothing to do, and its destroy removes all", async () => {
  assert.equal(rowsOf(succeeded(await project.up({ env: first() }))), []);
  const destroy = succeeded(await project.destroy({ env: first() }));
  assert.equal(await leftOf(site, destroy), nothing);
});

test.run();
