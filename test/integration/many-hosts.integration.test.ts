// A program with 20 providers: the engine starts a plugin for each, all of which share a process,
// and lets go of them one after the other within 5 s. Each has to end cleanly, in every run.
import * as assert from "uvu/assert";
import { missingDaemon } from "../support/owned.ts";
import { noneLeft } from "../support/processes.ts";
import { makeSite, rowsOf, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/many-hosts", { timeoutMs: 240_000 });
const reason = missingDaemon();
const count = 20;

const program = `
import { LocalDaemon, Volume } from "dockwright";
for (let at = 1; at <= ${count}; at++) {
  const daemon = new LocalDaemon(\`host-\${at}\`);
  new Volume(\`dwtest-many-hosts-\${at}\`, { daemon, delete: true });
}
`;

const name = "20 providers are opened and closed, with no word of one that ended too early";
if (reason) test.skip(`${name} (${reason})`);
else
  test(name, async () => {
    const site = await makeSite({ topic: "many-hosts", files: { "index.ts": program } });
    try {
      const project = await site.stack("dev");
      const up = succeeded(await project.up());
      const made = rowsOf(up).filter((row) => /Volume dwtest-many-hosts-\d+ .*created/.test(row));
      assert.is(made.length, count);
      const again = succeeded(await project.up());
      assert.equal(rowsOf(again), []);
      const destroyed = succeeded(await project.destroy());
      for (const result of [up, again, destroyed]) {
        assert.not.match(said(result), /prematurely|error|warning/i);
      }
      await noneLeft(site.dir);
    } finally {
      await site.close();
    }
  });

test.run();
