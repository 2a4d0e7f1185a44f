// What a copy plans: which layers are shared, and how many bytes the others are.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { formatBytes, layerSizes, sharedLayers } from "../../../sdk/docker/image-copy.ts";
import type { ImageHistoryItem } from "../../../sdk/docker/types.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: copy plans");

const shared: readonly [string, string, string, number][] = [
  ["all of both", "abc", "abc", 3],
  ["the lower ones", "abc", "abd", 2],
  ["none, though one is in both: what is below counts", "abc", "cba", 0],
  ["the same layer twice", "aba", "ab", 2],
  ["one of more", "a", "abc", 1],
  ["nothing", "", "abc", 0],
];
for (const [name, a, b, want] of shared) {
  test(`shared: ${name}`, () => {
    assert.is(sharedLayers([...a], [...b]), want);
    assert.is(sharedLayers([...b], [...a]), want);
  });
}

test("shared: as many as the longest common beginning has", () => {
  const layers = fc.array(fc.constantFrom("a", "b"), { maxLength: 6 });
  fc.assert(
    fc.property(layers, layers, (a, b) => {
      const most = sharedLayers(a, b);
      assert.equal(a.slice(0, most), b.slice(0, most));
      assert.ok(most === a.length || most === b.length || a[most] !== b[most]);
    }),
  );
});

/** The newest first, as the Engine has it. */
function history(...items: readonly (readonly [string, number])[]): readonly ImageHistoryItem[] {
  return items.map(([CreatedBy, Size]) => {
    return { Id: "", Created: 0, CreatedBy, Tags: null, Size, Comment: "" };
  });
}

test("sizes: items without files are no layers", () => {
  const items = history(
    ['/bin/sh -c #(nop)  CMD ["a"]', 0],
    ["COPY a", 5],
    ["ENV A=b", 0],
    ["ADD", 7],
  );
  assert.equal(layerSizes(items, 2), [7, 5]);
});

test("sizes: an empty layer is told from a change of the configuration", () => {
  const items = history(["ENV A=b", 0], ["WORKDIR /srv", 0], ["COPY a", 5]);
  assert.equal(layerSizes(items, 2), [5, 0]);
});

test("sizes: where it cannot be told, nothing is claimed", () => {
  assert.is(layerSizes(history(["COPY a", 0], ["COPY b", 0], ["COPY c", 5]), 2), undefined);
});

const texts: readonly [number, string][] = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [3_200_000, "3.2 MB"],
  [250_000_000, "250 MB"],
  [2_000_000_000_000_000, "2000 TB"],
];
for (const [bytes, text] of texts)
  test(`${bytes} bytes are ${text}`, () => assert.is(formatBytes(bytes), text));

test.run();
