// A project whose Pulumi.yaml does not say where the plugin is, on a machine where none is installed:
// one sentence names the command that mends it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/plugin-missing", { timeoutMs: 120_000 });

const program = `
import { LocalDaemon, Volume } from "dockwright";
new Volume("data", { daemon: new LocalDaemon("local"), delete: true });
`;

let site: Site | undefined;

test.after(() => site?.close());

test("the error names the command that mends it, and nothing is made", async () => {
  site = await makeSite({
    topic: "missing",
    plugin: false,
    files: { "index.ts": program },
  });
  const project = await site.stack("dev");
  const preview = await project.preview();
  assert.is.not(preview.code, 0);
  assert.match(
    said(preview),
    "Pulumi does not find the plugin of dockwright; run `npx dockwright setup`",
  );
  // Where the user adds the lines that it names, it works.
  const lines = /add to Pulumi.yaml: (plugins: .*\})/.exec(said(preview))?.[1];
  assert.ok(lines, said(preview));
  const manifest = join(site.dir, "Pulumi.yaml");
  await writeFile(manifest, `${await readFile(manifest, "utf8")}${lines}\n`);
  succeeded(await project.preview());
});

test.run();
