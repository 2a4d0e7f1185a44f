// Whether two subnets share an address: where they do, the old network goes before the new one.
import fc from "fast-check";
import * as assert from "uvu/assert";
import { network, overlap } from "../../../../sdk/provider/resources/network.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/network");

const cases: readonly [string, string, boolean][] = [
  ["172.30.0.0/24", "172.30.0.0/24", true],
  ["172.30.0.0/24", "172.30.1.0/24", false],
  ["172.30.0.0/16", "172.30.9.0/24", true],
  ["172.30.0.0/23", "172.30.1.0/24", true],
  ["10.0.0.0/8", "11.0.0.0/8", false],
  ["0.0.0.0/0", "192.168.1.0/24", true],
  ["255.255.255.0/24", "255.255.254.0/24", false],
  ["172.30.0.5/32", "172.30.0.5/32", true],
  ["fd00::/64", "fd00::/64", true],
  ["fd00::/64", "172.30.0.0/24", false],
];
for (const [a, b, want] of cases) {
  test(`${a} and ${b} ${want ? "share addresses" : "are apart"}`, () => {
    assert.is(overlap(a, b), want);
    assert.is(overlap(b, a), want);
  });
}

const subnet = fc.tuple(fc.nat({ max: 0xffffffff }), fc.integer({ min: 0, max: 32 }));
const text = (number: number) =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join(".");

test("the same as comparing first and last addresses", () => {
  fc.assert(
    fc.property(subnet, subnet, (a, b) => {
      const range = ([address, bits]: readonly [number, number]) => {
        const size = 2 ** (32 - bits);
        const start = Math.floor(address / size) * size;
        return { start, end: start + size - 1 };
      };
      const [one, two] = [range(a), range(b)];
      const want = one.start <= two.end && two.start <= one.end;
      return overlap(`${text(a[0])}/${a[1]}`, `${text(b[0])}/${b[1]}`) === want;
    }),
  );
});

test("the old one goes first where names or subnets clash, and only there", () => {
  const clash = network.deleteBeforeReplace;
  assert.is(clash?.({ name: "a" }, { name: "a" }), true);
  assert.is(clash?.({ name: "a" }, { name: "b" }), false);
  const subnetOf = (name: string, subnet: string) => ({ name, subnet });
  assert.is(clash?.(subnetOf("a", "10.0.0.0/24"), subnetOf("b", "10.0.0.0/16")), true);
  assert.is(clash?.(subnetOf("a", "10.0.0.0/24"), subnetOf("b", "10.0.1.0/24")), false);
});

test.run();
