// `check` and `diff` of every resource, on inputs that are almost right and on any others: a failure
// has a place and words, an error is one for people, and nothing falls. No daemon is there.
// DOCKWRIGHT_CASES sets the number of cases for each (npm run soak: 10,000).
import fc from "fast-check";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import type { Field } from "../../../sdk/provider/fields.ts";
import { Instance } from "../../../sdk/provider/instance.ts";
import { allResources, tokenOf } from "../../../sdk/provider/registry.ts";
import type { AnyResource } from "../../../sdk/provider/resource.ts";
import { formatPath, type Value, type ValueMap } from "../../../sdk/provider/values.ts";
import { suite } from "../../support/suite.ts";
import { key, places, value, valueMap } from "./arbitrary.ts";
import { urnOf } from "./plugin.ts";

// With 10,000 cases, some minutes.
const test = suite("provider/fuzz", { timeoutMs: 20 * 60_000 });
const numRuns = Number(process.env["DOCKWRIGHT_CASES"] ?? "50");

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
/** What the texts of inputs mostly are: names, paths, references, addresses, sizes and durations. */
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  word,
  path,
  fc.stringMatching(/^[0-9:.\-/a-z[\]@]{0,24}$/),
  fc.stringMatching(/^[0-9.]{1,6}[a-z]{0,3}$/),
);

/** A value of the right kind. */
function right({ shape }: Field): fc.Arbitrary<Value> {
  switch (shape.kind) {
    case "string":
      return text;
    case "integer":
      return fc.oneof(fc.integer(), fc.nat(70_000));
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...shape.values);
    case "list":
      return fc.array(near(shape.element), { maxLength: 3 });
    case "map":
      return fc.dictionary(fc.oneof(key, path), near(shape.element), {
        maxKeys: 3,
        noNullPrototype: true,
      });
    case "object":
      return membersOf(Object.entries(shape.fields), []);
  }
}

/** A value that is mostly of the right kind, and now and then of any. */
function near(field: Field): fc.Arbitrary<Value> {
  return fc.oneof({ arbitrary: right(field), weight: 12 }, { arbitrary: value, weight: 1 });
}

function membersOf(
  fields: readonly (readonly [string, Field])[],
  requiredKeys: string[],
): fc.Arbitrary<ValueMap> {
  const members = fields.map(([name, field]) => [name, near(field)] as const);
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<Value>>, {
    requiredKeys,
    noNullPrototype: true,
  }) as fc.Arbitrary<ValueMap>;
}

/** What is required, a few others, and sometimes anything at all. */
function program({ inputs }: AnyResource): fc.Arbitrary<ValueMap> {
  const all = Object.entries(inputs);
  const required = all.filter(([, field]) => field.options.required);
  const others = all.filter(([, field]) => !field.options.required);
  const asked = fc.subarray(others, { maxLength: Math.min(others.length, 6) }).chain((some) =>
    membersOf(
      [...required, ...some],
      [...required, ...some].map(([n]) => n),
    ),
  );
  return fc.oneof({ arbitrary: asked, weight: 8 }, { arbitrary: valueMap, weight: 1 });
}

/** What is answered, or undefined where it was refused by an error for people. */
async function answered<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    assert.ok(error.message.length > 0);
    return undefined;
  }
}

const nowhere = { host: "unix:///nonexistent/docker.sock" };

for (const resource of await allResources()) {
  test(`${resource.name}: whatever arrives is checked and compared`, async () => {
    const call = { urn: urnOf(resource.name, "web"), type: tokenOf(resource.name) };
    const one = program(resource);
    await fc.assert(
      fc.asyncProperty(one, one, fc.boolean(), async (news, olds, hidden) => {
        const instance = new Instance();
        instance.configure({ values: nowhere, secrets: new Set() });
        try {
          const secrets = new Set(hidden ? places(news).map(formatPath) : []);
          const known = { values: olds, secrets: new Set<string>() };
          const checked = await answered(instance.check(call, known, { values: news, secrets }));
          if (checked === undefined) return;
          for (const { property, reason } of checked.failures) {
            assert.type(property, "string");
            assert.ok(reason.length > 0);
          }
          if (checked.failures.length > 0) return;
          // What has drifted is judged by outputs, which only a create gives.
          if (resource.drift) return;
          const recorded = { inputs: checked.inputs.values, outputs: {} };
          const told = await answered(instance.diff(call, "id", recorded, checked.inputs));
          assert.equal(told?.changes.filter(({ property }) => property === "") ?? [], []);
        } finally {
          instance.close();
        }
      }),
      { numRuns, includeErrorInReport: true },
    );
  });
}

test.run();
