// `check` and `diff` of every resource, on inputs that are almost right and on any others: a failure
// has a place and words, an error is one for people, and nothing falls. No daemon is there.
// DOCKWRIGHT_CASES sets the number of cases for each (npm run soak: 10,000).
import fc from "fast-check";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import { Instance } from "../../../sdk/provider/instance.ts";
import { allResources, tokenOf } from "../../../sdk/provider/registry.ts";
import type { AnyResource } from "../../../sdk/provider/resource.ts";
import { formatPath, type ValueMap } from "../../../sdk/provider/values.ts";
import { cases } from "../../support/cases.ts";
import { suite } from "../../support/suite.ts";
import { places, valueMap } from "./arbitrary.ts";
import { nearMap } from "./nearvalues.ts";
import { urnOf } from "./plugin.ts";

// With 10,000 cases, some minutes.
const test = suite("provider/fuzz", { timeoutMs: 20 * 60_000 });

/** What is required, a few others, and sometimes anything at all. */
function program({ inputs }: AnyResource): fc.Arbitrary<ValueMap> {
  const all = Object.entries(inputs);
  const required = all.filter(([, field]) => field.options.required);
  const others = all.filter(([, field]) => !field.options.required);
  const asked = fc.subarray(others, { maxLength: Math.min(others.length, 6) }).chain((some) => {
    const fields = Object.fromEntries([...required, ...some]);
    return nearMap(fields, Object.keys(fields));
  });
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
      { ...cases(50), includeErrorInReport: true },
    );
  });
}

test.run();
