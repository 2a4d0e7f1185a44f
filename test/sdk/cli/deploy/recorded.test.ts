// Which images a stack runs with, by the history of its updates, and what a checkout lacks of them.
import * as assert from "uvu/assert";
import { imagesOfLast, lacking } from "../../../../sdk/cli/deploy/recorded.ts";
import type { UpdateRecord } from "../../../../sdk/engine/index.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("cli/deploy/recorded");

const record = (kind: string, result: string, images?: object): UpdateRecord => ({
  kind,
  result,
  ...(images === undefined
    ? {}
    : { config: { "dockwright:images": { value: JSON.stringify(images) } } }),
});
const before = record("update", "succeeded", { shop: "a@1" });

const histories: readonly (readonly [
  rule: string,
  history: readonly UpdateRecord[],
  images: object,
])[] = [
  ["no update yet", [], {}],
  ["the last update", [record("update", "succeeded", { shop: "b@2" }), before], { shop: "b@2" }],
  [
    "one that failed is not what runs",
    [record("update", "failed", { shop: "x" }), before],
    { shop: "a@1" },
  ],
  [
    "one under way is not yet",
    [record("update", "in-progress", { shop: "x" }), before],
    { shop: "a@1" },
  ],
  [
    "a refresh changes nothing",
    [record("refresh", "succeeded", { shop: "x" }), before],
    { shop: "a@1" },
  ],
  ["after a destroy nothing runs", [record("destroy", "succeeded", { shop: "x" }), before], {}],
  ["one that took the image out", [record("update", "succeeded"), before], {}],
];

for (const [rule, history, images] of histories) {
  test(rule, () => assert.equal(imagesOfLast(history), images));
}

test("what the configuration or the deploy names is not taken from there", () => {
  const recorded = { a: "1", b: "1", c: "1" };
  assert.equal(lacking(recorded, { a: "2" }, { b: "3" }), { c: "1" });
});

test.run();
