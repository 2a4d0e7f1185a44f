// Whether two subnets share an address: where they do, the old network goes before the new one.
import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  isFirst,
  isInside,
  overlap,
  subnetFault,
} from "../../../../sdk/provider/network/addresses.ts";
import { network } from "../../../../sdk/provider/resources/network.ts";
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

const inside: readonly [string, string, boolean][] = [
  ["10.9.0.5", "10.9.0.0/24", true],
  ["10.9.1.5", "10.9.0.0/24", false],
  ["10.9.0.64/26", "10.9.0.0/24", true],
  ["10.8.0.0/15", "10.9.0.0/24", false],
  ["fd00::5", "fd00::/64", true],
  ["fd00:0:0:1::5", "fd00::/64", false],
  ["10.9.0.5", "fd00::/64", false],
  ["nonsense", "10.9.0.0/24", false],
];
for (const [inner, outer, want] of inside) {
  test(`${inner} is ${want ? "" : "not "}within ${outer}`, () => {
    assert.is(isInside(inner, outer), want);
  });
}

test("the first address of a subnet is the host's", () => {
  assert.is(isFirst("10.9.0.1", "10.9.0.0/24"), true);
  assert.is(isFirst("10.9.0.2", "10.9.0.0/24"), false);
  assert.is(isFirst("10.9.0.129", "10.9.0.128/25"), true);
  assert.is(isFirst("fd00::1", "fd00:0::/64"), true);
});

test("a subnet is told from the address of a machine on it, and nothing makes it fall over", () => {
  assert.is(subnetFault(4)("10.9.0.0/24"), undefined);
  assert.match(subnetFault(4)("10.9.0.1/24") ?? "", /bits set/);
  assert.is(subnetFault(6)("fd00:0:0:1::/64"), undefined);
  assert.match(subnetFault(6)("fd00::1/64") ?? "", /bits set/);
  const texts = fc.oneof(fc.string(), fc.ipV6(), fc.ipV4(), fc.stringMatching(/^[0-9a-f:./]*$/));
  fc.assert(
    fc.property(texts, texts, (one, two) => {
      subnetFault(4)(one);
      subnetFault(6)(`${one}/${two}`);
      overlap(`${one}/8`, two);
    }),
    { numRuns: 10_000 },
  );
});

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
