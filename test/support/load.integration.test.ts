// A load that cannot fail proves nothing: it is shown here to count what a killed proxy does.
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { ensureRoute } from "../../sdk/haproxy/route.ts";
import { missingHaproxy, routeSpec, startBackend, startLab } from "../sdk/haproxy/lab.ts";
import { startLoad } from "./outcomes.ts";
import { suite } from "./suite.ts";

const test = suite("load", { missing: missingHaproxy() });

for (const mode of ["new", "keepalive"]) {
  test(`counts what fails while the proxy is killed and started again (${mode})`, async () => {
    const lab = await startLab();
    const backend = await startBackend("v1");
    await ensureRoute(await lab.agent(), routeSpec("shop", [backend.spec]));
    const load = await startLoad({
      url: lab.url,
      host: "shop.test",
      rate: 200,
      mode,
      version: "v\\d",
    });
    await sleep(500);
    await lab.restart("SIGKILL");
    await sleep(500);
    const summary = await load.stop();
    assert.ok(summary.failed > 0, JSON.stringify(summary));
    assert.ok((summary.failures["ECONNREFUSED"] ?? 0) > 0, JSON.stringify(summary));
    assert.ok((summary.versions["v1"] ?? 0) > 100, JSON.stringify(summary));
    assert.is(summary.total, summary.failed + (summary.versions["v1"] ?? 0));
    await backend.close();
    await lab.close();
  });
}

test.run();
