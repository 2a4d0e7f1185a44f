// The life of every option on this machine's daemon. The same on a newer one: life13.integration.test.ts.
import * as assert from "uvu/assert";
import { containerOptions } from "../../../../sdk/provider/container/options.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin } from "../plugin.ts";
import { furnish, runLives, type Site } from "./life.ts";
import { table } from "./table/index.ts";

const test = suite("provider/container/life");
const reason = missing();
const lab = new Fixture("life");
const only = process.env["DOCKWRIGHT_OPTION"];
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let site: Site | undefined;

test("every option has its row", () => {
  assert.equal(Object.keys(table).sort(), Object.keys(containerOptions).sort());
});

async function prepare(): Promise<void> {
  built = await bundle();
  await lab.makeImage();
  const api = await lab.client.system.apiVersion();
  const rest = { docker: lab.client, api, lab };
  await furnish(rest);
  const [plugin, later] = [await Plugin.start(built.path), await Plugin.start(built.path)];
  site = { plugin, later, ...rest };
}

function here(): Site {
  if (!site) throw new Error("the set-up failed");
  return site;
}

if (reason) test.skip(`lives (${reason})`);
else {
  const rows = Object.entries(table).filter(([name]) => only === undefined || name === only);
  const ready = prepare();
  test("the set-up", () => ready);
  for (const [option, life] of runLives(here, Object.fromEntries(rows), ready)) {
    test(`${option}: made, looked at, adopted, changed, taken away, changed behind its back`, () =>
      life);
  }
}

test.after(async () => {
  if (reason) return;
  await site?.plugin.stop();
  await site?.later.stop();
  await built?.remove();
  await lab.clean();
});

test.run();
