import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { catalog } from "../../../sdk/debian/catalog.ts";
import { checkDebianSpec, type DebianImageSpec } from "../../../sdk/debian/spec.ts";
import { suite } from "../../support/suite.ts";

const images = suite("catalog");
for (const [name, spec] of Object.entries<DebianImageSpec>(catalog)) {
  images(`${name} can be built, says its name and how it stops`, () => {
    assert.equal(checkDebianSpec(spec), []);
    assert.is(spec.labels?.["dockwright.image"], name);
    assert.ok(spec.stopSignal);
  });
  images(`${name} has scripts that bash can read`, () => {
    for (const [path, file] of Object.entries(spec.extraFiles ?? {})) {
      if (!file.content.startsWith("#!/bin/bash")) continue;
      const found = spawnSync("bash", ["-n"], { input: file.content });
      assert.is(found.status, 0, `${path}: ${found.stderr.toString()}`);
      assert.is(file.mode, 0o755, path);
    }
  });
  if (name !== "haproxy")
    images(`${name} does not run as root`, () =>
      assert.match(spec.user ?? "root", /^[1-9]\d*:[1-9]\d*$/),
    );
}

images("warm refuses a name that is not there, and says which are", () => {
  const warm = join(import.meta.dirname, "../../../sdk/debian/warm.ts");
  const found = spawnSync(process.execPath, [warm, "webServer", "nope"], { encoding: "utf8" });
  assert.is(found.status, 2);
  assert.match(
    found.stderr,
    /no such image: nope; there are webServer, haproxy, wordpress, mariadb, postgres, rails, redis/,
  );
});
images.run();
