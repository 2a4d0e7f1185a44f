// The faults about volumes, absent.
import * as assert from "uvu/assert";
import { refusal } from "../plugin.ts";
import type { FaultRow, FaultSite } from "./site.ts";

async function keptOnDestroy(site: FaultSite): Promise<void> {
  const urn = site.urn("Volume");
  const made = await site.plugin.make(urn, {});
  await site.removed(urn, made);
  assert.ok(await site.lab.client.volumes.inspect(made.id), "its data is there");
  const again = await site.plugin.make(urn, {});
  assert.is(again.id, made.id, "and the next update takes it back");
}

async function deletedWhenAsked(site: FaultSite): Promise<void> {
  const urn = site.urn("Volume");
  const made = await site.plugin.make(urn, { delete: true });
  await site.removed(urn, made);
  assert.is(await site.lab.client.volumes.inspect(made.id), undefined);
}

async function missingInRefresh(site: FaultSite): Promise<void> {
  const urn = site.urn("Volume");
  const made = await site.plugin.make(urn, {});
  await site.lab.client.volumes.remove(made.id);
  assert.is(await site.plugin.read(urn, made.id, made), undefined, "gone, and no error");
}

async function otherDriver(site: FaultSite): Promise<void> {
  const name = site.lab.name();
  const urn = site.urn("Volume");
  await site.plugin.make(urn, { name });
  const said = await refusal(site.plugin.make(urn, { name, driver: "other" }));
  assert.match(said, /is of the driver "local", not "other"/);
}

/** One of our URN, with a word of another state. */
async function ofAnotherBackend(site: FaultSite): Promise<void> {
  const name = site.lab.name();
  const urn = site.urn("Volume");
  const labels = { "dockwright.urn": urn, "dockwright.owner": "another" };
  await site.lab.client.volumes.create({ Name: name, Labels: labels });
  const plugin = await site.start({ __owner: "mine" });
  try {
    const said = await refusal(plugin.make(urn, { name }));
    assert.match(said, new RegExp(`volume "${name}" exists .*another backend`));
    assert.ok(await site.lab.client.volumes.inspect(name), "it was left as it was");
  } finally {
    await plugin.stop();
  }
}

export const volumeRows: readonly FaultRow[] = [
  { kind: 23, rule: "a destroy keeps the data, and the next update has it", run: keptOnDestroy },
  { kind: 23, rule: "delete: true, and only that, deletes it", run: deletedWhenAsked },
  { kind: 23, rule: "one that is gone is gone for a refresh, not an error", run: missingInRefresh },
  { kind: 23, rule: "another driver takes no data away", run: otherDriver },
  {
    rule: "a volume of the same project and stack in another backend is refused, not adopted",
    run: ofAnotherBackend,
  },
];
