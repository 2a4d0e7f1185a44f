// kill -9 of engine and provider before and after each kind of call that changes something on a daemon:
// the next update converges, everything is there once, nothing is left over, and then it is silent. By
// default some rows; DOCKWRIGHT_KILLS=all takes all of them, another expression those whose names match it.

import { missing } from "../sdk/docker/fixture.ts";
import { missingDaemon } from "../support/owned.ts";
import { missingRegistry } from "../support/registry.ts";
import { suite } from "../support/suite.ts";
import { KillLab } from "./kill/lab.ts";
import { type KillRow, killRows, type When } from "./kill/table.ts";

const plain = suite("integration/kill", { timeoutMs: 180_000 });
const reason = missingDaemon() ?? missing();
const wanted = process.env["DOCKWRIGHT_KILLS"];
const noRegistry = missingRegistry();

let lab: KillLab;
let kills = 0;
const started = performance.now();

const nameOf = ({ call, scene, step, nth }: KillRow, when: When) =>
  `${scene}, ${step}: ${when} ${nth === undefined ? "" : `the ${nth}. `}${call}`;
const isWanted = (row: KillRow, when: When, name: string) => {
  if (wanted === "all") return true;
  return wanted === undefined ? row.always?.includes(when) === true : new RegExp(wanted).test(name);
};

const chosen = killRows.flatMap((row) =>
  (["before", "after"] as const)
    .map((when) => ({ row, when, name: nameOf(row, when) }))
    .filter(({ when, name }) => isWanted(row, when, name)),
);

plain.before(async () => {
  if (reason !== undefined) return;
  const registry = chosen.some(({ row }) => row.scene === "pull" || row.scene === "push");
  lab = await KillLab.start({ registry: registry && noRegistry === undefined });
});
plain.after(async () => {
  if (reason !== undefined) return;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`  kills: ${kills} of ${killRows.length * 2}, in ${seconds} s\n`);
  await lab.close();
});

for (const { row, when, name } of chosen) {
  const needsRegistry = row.scene === "pull" || row.scene === "push";
  const why = reason ?? (needsRegistry ? noRegistry : undefined);
  if (why !== undefined) plain.skip(`${name} (${why})`);
  else {
    plain(name, async () => {
      await lab.survive(row, when).catch(async (error: unknown) => {
        await lab.reset(row);
        throw error;
      });
      kills += 1;
    });
  }
}

plain.run();
