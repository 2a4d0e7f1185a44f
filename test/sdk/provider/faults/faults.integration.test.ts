// The faults of other providers, each absent by test. A part that has rows must have one for each
// kind of fault that list.ts gives it; the parts that have none yet are named.
import { rm } from "node:fs/promises";
import * as assert from "uvu/assert";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin } from "../plugin.ts";
import { contextsOf } from "./images.ts";
import { faultKinds } from "./list.ts";
import { rows } from "./rows.ts";
import { type FaultRow, FaultSite } from "./site.ts";

const test = suite("provider/faults");
const lab = new Fixture("faults");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let site: FaultSite | undefined;
let plugin: Plugin | undefined;

const all: readonly FaultRow[] = Object.values(rows).flat();

test("there are 25 kinds of faults", () => {
  assert.equal(
    faultKinds.map(({ number }) => number),
    Array.from({ length: 25 }, (_, index) => index + 1),
  );
});

for (const { number, fault, part } of faultKinds) {
  if (!rows[part]) continue;
  test(`${number}. ${fault}: has rows`, () => {
    assert.ok(all.some(({ kind }) => kind === number));
  });
}
const without = faultKinds.filter(
  ({ number, part }) => !rows[part] && !all.some(({ kind }) => kind === number),
);
if (without.length > 0) {
  const names = without.map(({ number, part }) => `${number} (${part})`);
  process.stdout.write(`faults whose tests are elsewhere: ${names.join(", ")}\n`);
}

async function prepare(): Promise<void> {
  built = await bundle();
  await lab.makeImage();
  plugin = await Plugin.start(built.path);
  site = new FaultSite(plugin, lab, built.path);
}

/** Some rows at a time. */
async function runner(queue: (() => Promise<void>)[]): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) await next();
}

if (reason) test.skip(`faults (${reason})`);
else {
  const ready = prepare();
  test("the set-up", () => ready);
  const queue: (() => Promise<void>)[] = [];
  for (const { kind, rule, run } of all) {
    const outcome = new Promise<void>((resolve, reject) => {
      queue.push(async () => {
        if (!site) return reject(new Error("the set-up failed"));
        await run(site).then(resolve, reject);
      });
    });
    outcome.catch(() => undefined);
    test(kind === undefined ? rule : `${kind}. ${rule}`, () => outcome);
  }
  const start = () => Promise.all([runner(queue), runner(queue), runner(queue), runner(queue)]);
  ready.then(start, start).catch(() => undefined);
}

test.after(async () => {
  if (reason) return;
  await plugin?.stop();
  await built?.remove();
  await rm(await contextsOf(lab.prefix), { recursive: true });
  await lab.clean();
});

test.run();
