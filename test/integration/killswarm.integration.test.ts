// kill -9 of engine and provider before and after each kind of call that changes something on a swarm:
// the next update converges, everything is there once, nothing is left over, and then it is silent.
// DOCKWRIGHT_KILLS=REGEXP takes those whose names match it.

import { missingForLab } from "../lab/hosts.ts";
import { suite } from "../support/suite.ts";
import { SwarmKillLab } from "./kill/swarm-lab.ts";
import { swarmRows } from "./kill/swarm-table.ts";

const test = suite("integration/killswarm", {
  long: true,
  timeoutMs: 300_000,
  missing: missingForLab(),
});
const wanted = new RegExp((process.env["DOCKWRIGHT_KILLS"] ?? "").replace(/^all$/, ""));
let lab: SwarmKillLab;

test.before(async () => {
  lab = await SwarmKillLab.start((line) => process.stdout.write(`${line}\n`));
});
test.after(async () => {
  await lab.close();
});

for (const row of swarmRows) {
  const { call, scene, step, nth, only } = row;
  const kind = only === undefined ? "" : ` of ${only.name}`;
  for (const when of ["before", "after"] as const) {
    const name = `${scene}, ${step}: ${when} ${nth ? `the ${nth}. ` : ""}${call}${kind}`;
    if (!wanted.test(name)) continue;
    test(name, async () => {
      await lab.survive(row, when).catch(async (error: unknown) => {
        await lab.reset();
        throw error;
      });
    });
  }
}

test.run();
