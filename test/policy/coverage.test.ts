// A rule is shown deciding on each platform whose resources have what it looks at, and the README's
// table says which those are. `DOCKWRIGHT_WRITE=1` writes the table.

import { readFileSync, writeFileSync } from "node:fs";
import * as assert from "uvu/assert";
import { judge, resourceTypes, rules } from "../../policy/index.ts";
import { suite } from "../support/suite.ts";
import { coverageTable, decidableOn, platformOf, shownOn } from "./coverage.ts";
import { hardened } from "./table/hardened.ts";
import { unknown } from "./table/row.ts";

const test = suite("policy/coverage");

/** What a platform has, and cannot have at fault. */
const neverAtFault: Readonly<Record<string, readonly string[]>> = {
  // No word of theirs says an address of the machine.
  "ports-on-one-address": ["Dockwright, Swarm", "docker, Swarm", "ECS"],
  // Its mounts are always private.
  "no-shared-propagation": ["ECS"],
  // Their networks are never that bridge.
  "not-on-default-bridge": ["Dockwright, Swarm", "docker, Swarm", "Kubernetes"],
};

for (const rule of rules) {
  test(`${rule.name} is shown finding fault wherever it can`, () => {
    const never = neverAtFault[rule.name] ?? [];
    const can = decidableOn(rule).filter((platform) => !never.includes(platform));
    assert.equal(shownOn(rule), can);
  });
}

for (const [platform, { type, inputs }] of Object.entries(hardened)) {
  test(`${platform}: what keeps all rules is found fault with by none`, () => {
    assert.is(platformOf(type), platform);
    const options = { registries: ["registry.example.com"] };
    for (const rule of rules) assert.equal(judge(rule, type, inputs, options), [], rule.name);
  });
}

/** The value once for each place in it, with that place not known yet. */
function blurred(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [unknown];
  const inside = Object.entries(value).flatMap(([name, member]) =>
    blurred(member).map((one) =>
      Array.isArray(value) ? value.with(Number(name), one) : { ...value, [name]: one },
    ),
  );
  return [unknown, ...inside];
}

for (const [platform, { type, inputs }] of Object.entries(hardened)) {
  test(`${platform}: what is not known yet is found fault with by none`, () => {
    const options = { registries: ["registry.example.com"] };
    for (const [name, value] of Object.entries(inputs)) {
      for (const one of blurred(value)) {
        const partly = { ...inputs, [name]: one };
        for (const rule of rules) {
          assert.equal(judge(rule, type, partly, options), [], JSON.stringify(partly));
        }
      }
    }
  });
}

test("every resource type that has an adapter is of a platform", () => {
  assert.equal(
    resourceTypes.filter((type) => platformOf(type) === undefined),
    [],
  );
});

test("the README's table is that of the code", () => {
  const page = new URL("../../policy/README.md", import.meta.url);
  const text = readFileSync(page, "utf8");
  const [before = "", rest = ""] = text.split("<!-- table -->\n");
  const [now = "", after = ""] = rest.split("\n<!-- end of table -->");
  if (process.env["DOCKWRIGHT_WRITE"] === "1") {
    const whole = `${before}<!-- table -->\n${coverageTable()}\n<!-- end of table -->${after}`;
    writeFileSync(page, whole);
    return;
  }
  assert.equal(now.split("\n"), coverageTable().split("\n"));
});

test.run();
