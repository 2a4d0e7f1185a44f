// Read-outs in a program under the real engine: asked in previews and updates alike, with the provider of
// a daemon, and unchanged by a second run; what acts is done in updates only.

import { stat } from "node:fs/promises";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { missingDaemon } from "../support/owned.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/readouts", { timeoutMs: 300_000, missing: missingDaemon() });

const program = `import * as dw from "dockwright";
const daemon = new dw.LocalDaemon("local");
const bridge = new dw.Bridge("front", { daemon });
const image = new dw.Image("web", { daemon, debian: dw.debianImages.webServer });
const container = new dw.Container("web", { daemon, image, networks: [bridge] });
export const none = dw.getContainer({ daemon, container: "dwtest-there-is-none" });
export const driver = dw.getNetwork({ daemon, network: bridge.networkName }).driver;
export const imageId = dw.getImage({ daemon, image: image.ref }).imageId;
export const sameId = image.imageId;
export const state = dw.getContainer({ daemon, container: container.containerId }).status;
export const inspection = dw.inspectContainer({ daemon, container: container.containerId }).inspection;
export const exported = dw.exportContainer({
  daemon,
  container: container.containerId,
  path: "root.tar",
}).sizeBytes;
`;

let site: Site;

test.before(async () => {
  site = await makeSite({
    topic: "readouts",
    files: { "index.ts": program },
  });
});
test.after(() => site.close());

test("a preview before anything is there, an update, and a second one", async () => {
  const project = await site.stack("dev");
  succeeded(await project.preview());
  const file = path.join(site.dir, "root.tar");
  assert.is(await stat(file).catch(() => undefined), undefined);
  succeeded(await project.up());
  const outputs = await project.outputs();
  assert.equal(outputs["none"], { exists: false });
  assert.is(outputs["driver"], "bridge");
  assert.is(outputs["imageId"], outputs["sameId"]);
  assert.is(outputs["state"], "running");
  assert.is(outputs["inspection"], "[secret]");
  assert.is(outputs["exported"], (await stat(file)).size);
  assert.not.match(said(succeeded(await project.up())), /created|replaced|updated/);
  succeeded(await project.destroy());
});

test.run();
