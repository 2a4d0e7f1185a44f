// Which releases a stack has, how they are listed, and which one a rollback takes.
import * as assert from "uvu/assert";
import { type Release, releasesOf, renderReleases } from "../../../sdk/cli/releases.ts";
import { chooseRelease, chooseService, recordOf } from "../../../sdk/cli/rollback.ts";
import type { ExportedResource } from "../../../sdk/engine/index.ts";
import { decodeRollbacks, encodeRollbacks } from "../../../sdk/rollback.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/rollback");

const spec = { args: { env: { TOKEN: "hush" } }, secrets: [["env", "TOKEN"]], pool: false };
const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(JSON.stringify(spec)),
};

const releaseOf = (number: number, more: Partial<Release> = {}) => ({
  number,
  at: `2026-01-0${number}T00:00:00.000Z`,
  by: "ann",
  hash: `abc${number}`,
  images: [{ ref: "shop:1", imageId: `sha256:${number}`, tag: `t:${number}` }],
  containers: [{ name: `shop-1-${number}`, imageId: `sha256:${number}` }],
  spec: secret,
  ...more,
});

function stateOf(service: string, current: number, count = current): ExportedResource {
  const numbers = Array.from({ length: count }, (_, index) => current - index);
  return {
    urn: `urn:${service}`,
    type: "dockwright:index:Release",
    outputs: { service, number: current, releases: numbers.map((one) => releaseOf(one)) },
  };
}

const shop = (current: number, count?: number) =>
  releasesOf([stateOf("shop", current, count)]).get("shop") ?? [];

test("releases are those of the state, the newest first and current", () => {
  const found = releasesOf([stateOf("shop", 3), stateOf("blog", 1), { urn: "u", type: "other" }]);
  assert.equal([...found.keys()], ["shop", "blog"]);
  const [first, second] = found.get("shop") ?? [];
  assert.equal([first?.number, first?.current, second?.current], [3, true, false]);
});

test("one that is going to be deleted does not count", () => {
  assert.is(releasesOf([{ ...stateOf("shop", 2), delete: true }]).size, 0);
});

test("two services of one name are told apart by nobody, and refused", () => {
  const twice = [stateOf("shop", 1), stateOf("shop", 2)];
  assert.throws(() => releasesOf(twice), /more than one service "shop"/);
  assert.throws(() => releasesOf([stateOf("shop", 1)], "blog"), /"blog"; there are shop/);
});

test("the table has a row a release, and no secret", () => {
  const rows = renderReleases([
    { ...releaseOf(2), service: "shop", current: true, rollbackOf: 1 },
    {
      ...releaseOf(1, { rollout: { durationMs: 2100, drained: 3, cut: 1, steps: [] } }),
      service: "shop",
      current: false,
    },
  ]);
  assert.match(rows, /shop.*2 \*.*2026-01-02T00:00:00Z.*ann.*shop:1.*abc2.*of 1/);
  assert.match(rows, /2\.1 s, 3 drained, 1 cut/);
  assert.not.match(rows, "hush");
});

const chosen: readonly [string, readonly Release[], string | undefined, number | RegExp][] = [
  ["without a number, the one before", shop(3), undefined, 2],
  ["of two, the other", shop(2), undefined, 1],
  ["a number", shop(3), "1", 1],
  ["the one that runs", shop(3), "3", /release 3 of shop is what runs; kept are 2, 1/],
  ["one that is not kept", shop(9, 2), "1", /release 1 of shop is not kept; kept are 8/],
  ["no number", shop(3), "1x", /release 1x of shop is not kept/],
  ["none before", shop(1), undefined, /no earlier release; none other is kept/],
];
for (const [name, releases, wanted, outcome] of chosen) {
  test(`chosen: ${name}`, () => {
    const choose = () => chooseRelease("shop", releases, wanted).number;
    if (typeof outcome === "number") assert.is(choose(), outcome);
    else assert.throws(choose, outcome);
  });
}

test("of several services one has to be named", () => {
  assert.is(chooseService(["shop"], "services"), "shop");
  assert.throws(() => chooseService(["shop", "blog"], "services"), /services: blog, shop/);
  assert.throws(() => chooseService([], "services"), /services: none/);
});

test("the record has what ran and the images by id, and survives its packing", () => {
  const record = recordOf(shop(2)[1] as Release, "2026-01-02T03:04:05Z");
  assert.equal(record, {
    release: 1,
    askedAt: "2026-01-02T03:04:05Z",
    images: [{ imageId: "sha256:1" }],
    spec,
  });
  const packed = encodeRollbacks({ shop: record });
  assert.not.match(packed, "hush");
  assert.equal(decodeRollbacks(packed), { shop: record });
  assert.equal(decodeRollbacks(undefined), {});
  assert.throws(() => decodeRollbacks("rubbish"), /no record of a rollback/);
});

test("secrets that the state does not show are told, not taken for values", () => {
  const hidden = { ...(shop(2)[1] as Release), spec: { ciphertext: "v1:abc" } };
  assert.throws(() => recordOf(hidden, ""), /does not show what the release ran/);
});

test("a record that no environment takes is refused", () => {
  const noise = Array.from({ length: 40_000 }, () => Math.random().toString(36).slice(2)).join("");
  const large = { ...recordOf(shop(2)[1] as Release, ""), images: [{ imageId: noise }] };
  assert.throws(() => encodeRollbacks({ shop: large }), /bytes when packed/);
});

test.run();
