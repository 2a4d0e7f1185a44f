// Each rule finds what it is for, on every platform that has it, and nothing else: a table of
// resources, and a rule without a row in it fails.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { describeFinding, judge, policyOf, resourceTypes, rules } from "../../policy/index.ts";
import { cases } from "../support/cases.ts";
import { suite } from "../support/suite.ts";
import { table } from "./table/all.ts";

const test = suite("policy/rules");

test("every rule has resources that fail and resources that pass, and no row is without a rule", () => {
  assert.equal(Object.keys(table).sort(), rules.map(({ name }) => name).sort());
  for (const [name, { fails, passes }] of Object.entries(table)) {
    assert.ok(fails.length > 0 && passes.length > 0, `${name} has both`);
    assert.ok(
      fails.some(({ at }) => at !== undefined),
      `${name} says where the fault is`,
    );
  }
});

test("names and ids of rules are their own, and at least 50 are of the benchmark", () => {
  const names = new Set(rules.map(({ name }) => name));
  const ids = new Set(rules.map(({ id }) => id));
  assert.is(names.size, rules.length);
  assert.is(ids.size, rules.length);
  assert.ok(rules.filter(({ id }) => id.startsWith("CIS ")).length >= 50);
});

for (const rule of rules) {
  const row = table[rule.name];
  test(`${rule.id} ${rule.name}: finds what is at fault`, () => {
    for (const { type, inputs, options, at } of row?.fails ?? []) {
      const found = judge(rule, type, inputs, options);
      assert.ok(found.length > 0, `${type} ${JSON.stringify(inputs)}`);
      if (at !== undefined)
        assert.ok(
          found.some(({ path }) => path === at),
          `${found.map(({ path }) => path).join()} is not ${at}`,
        );
      for (const one of found) {
        assert.match(
          describeFinding(rule, one),
          /^(CIS|DW) [\w.-]+ \(\w+\): \S+ .+\. .+\. fix: .+$/,
        );
      }
    }
  });
  test(`${rule.id} ${rule.name}: lets the others pass`, () => {
    for (const { type, inputs, options } of row?.passes ?? []) {
      const found = judge(rule, type, inputs, options);
      assert.equal(found, [], `${type} ${JSON.stringify(inputs)}`);
    }
  });
}

test("every resource type that has an adapter is in the table", () => {
  const rows = Object.values(table).flatMap(({ fails, passes }) => [...fails, ...passes]);
  const seen = new Set(rows.map(({ type }) => type));
  // The workloads of one shape are one adapter.
  const alike = [
    "core/v1:ReplicationController",
    "apps/v1:StatefulSet",
    "apps/v1:DaemonSet",
    "apps/v1:ReplicaSet",
  ];
  const missing = resourceTypes.filter(
    (type) => !seen.has(type) && !alike.some((name) => type === `kubernetes:${name}`),
  );
  assert.equal(missing, []);
});

test("inputs of any shape are judged without an error", () => {
  const words = [
    ...new Set(
      Object.values(table).flatMap(({ fails }) =>
        fails.flatMap(({ inputs }) => Object.keys(inputs)),
      ),
    ),
  ];
  const inputs = fc.dictionary(fc.constantFrom(...words), fc.anything(), { maxKeys: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...resourceTypes), inputs, (type, values) => {
      for (const rule of rules) judge(rule, type, values);
    }),
    cases(),
  );
});

test("a policy's schema has each option with its default", () => {
  const rule = rules.find(({ name }) => name === "restart-is-bounded");
  assert.ok(rule);
  const policy = policyOf(rule);
  assert.is(policy.configSchema?.properties["maxRetries"]?.default, 5);
  assert.is(policy.enforcementLevel, "advisory");
  assert.is(policy.framework?.specification, "5.15");
});

test.run();
