// What no single option can tell: combinations that dockerd refuses, or takes and means something else by;
// versions that do not know an option; subnets.
import * as fc from "fast-check";
import * as assert from "uvu/assert";
import {
  checkHostAddress,
  contains,
  overlaps,
  parseSubnet,
} from "../../../../sdk/host/docker/addresses.ts";
import { isVersion } from "../../../../sdk/host/docker/install.ts";
import type { DaemonOptions } from "../../../../sdk/host/docker/options.ts";
import { checkSpec, checkVersion } from "../../../../sdk/host/docker/validate.ts";
import { apiVersionOf, isBefore } from "../../../../sdk/host/docker/versions.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/docker/validate");
const tls = { ca: "ca", cert: "cert", key: "key" };

interface Case {
  readonly options?: DaemonOptions;
  readonly bridgeAddress?: string;
  readonly listen?: readonly string[];
  readonly tls?: typeof tls;
}
const pools = (...bases: readonly string[]) => ({
  defaultAddressPools: bases.map((base) => ({ base, size: 24 })),
});
const limits = (soft: number, hard: number): Case => ({
  options: { defaultUlimits: { nofile: { soft, hard } } },
});

const rules: readonly (readonly [string, Case, readonly string[]])[] = [
  ["nothing at all", {}, []],
  ["a bridge with its address", { options: { bridge: "br0" }, bridgeAddress: "10.1.0.1/24" }, []],
  ["no default bridge", { options: { bridge: "none" } }, []],
  ["a bridge without its address", { options: { bridge: "br0" } }, ["bridgeAddress"]],
  ["an address without a bridge", { bridgeAddress: "10.1.0.1/24" }, ["bridgeAddress"]],
  [
    "bridge and bip",
    { options: { bridge: "br0", bip: "10.2.0.1/24" }, bridgeAddress: "10.1.0.1/24" },
    ["options.bip"],
  ],
  [
    "a part of no bridge",
    { options: { bridge: "none", fixedCidr: "10.1.0.0/25" } },
    ["options.fixedCidr", "options.fixedCidr"],
  ],
  ["a part of the subnet", { options: { bip: "10.1.0.1/24", fixedCidr: "10.1.0.128/25" } }, []],
  [
    "a part outside of the subnet",
    { options: { bip: "10.1.0.1/24", fixedCidr: "10.2.0.0/25" } },
    ["options.fixedCidr"],
  ],
  ["a part of a subnet not told", { options: { fixedCidr: "10.1.0.0/25" } }, ["options.fixedCidr"]],
  [
    "a gateway outside of the subnet",
    { options: { bip: "10.1.0.1/24", defaultGateway: "10.2.0.1" } },
    ["options.defaultGateway"],
  ],
  ["pools side by side", { options: pools("10.1.0.0/16", "10.2.0.0/16") }, []],
  [
    "pools that overlap",
    { options: pools("10.0.0.0/8", "10.2.0.0/16") },
    ["options.defaultAddressPools[1].base"],
  ],
  [
    "a pool over the bridge",
    { options: { ...pools("10.1.0.0/16"), bip: "10.1.2.1/24" } },
    ["options.defaultAddressPools[0].base"],
  ],
  [
    "parts larger than their pool",
    { options: pools("10.1.0.0/25") },
    ["options.defaultAddressPools[0].size"],
  ],
  ["IPv6 without a subnet", { options: { ipv6: true } }, ["options.fixedCidrV6"]],
  ["an IPv6 subnet without IPv6", { options: { fixedCidrV6: "fd00::/64" } }, ["options.ipv6"]],
  ["icc off without a firewall", { options: { icc: false, iptables: false } }, ["options.icc"]],
  [
    "ports that nobody forwards",
    { options: { userlandProxy: false, iptables: false } },
    ["options.userlandProxy"],
  ],
  [
    "rotation of a log that is elsewhere",
    { options: { logDriver: "journald", logOptions: { "max-size": "1m", tag: "x" } } },
    ['options.logOptions["max-size"]'],
  ],
  [
    "a runtime that nobody declared",
    { options: { defaultRuntime: "crun" } },
    ["options.defaultRuntime"],
  ],
  [
    "a runtime that is declared",
    { options: { defaultRuntime: "crun", runtimes: { crun: { path: "crun" } } } },
    [],
  ],
  [
    "the daemon's own name of a runtime",
    { options: { runtimes: { runc: { path: "x" } } } },
    ["options.runtimes.runc"],
  ],
  ["a soft limit below the hard one", limits(1, 2), []],
  ["a soft limit above the hard one", limits(3, 2), ['options.defaultUlimits["nofile"].soft']],
  ["no soft limit below a hard one", limits(-1, 2), ['options.defaultUlimits["nofile"].soft']],
  ["no limit at all", limits(-1, -1), []],
  ["TLS on an address", { listen: ["0.0.0.0:2376", "[::]:2376"], tls }, []],
  ["a plain TCP port", { listen: ["0.0.0.0:2375"] }, ["tls"]],
  ["TLS nowhere", { tls }, ["listen"]],
  [
    "no port",
    { listen: ["0.0.0.0", "0.0.0.0:0", "tcp://0.0.0.0:1"], tls },
    ["listen[0]", "listen[1]", "listen[2]"],
  ],
  [
    "several at once",
    { options: { bridge: "br0", ipv6: true, icc: false, iptables: false } },
    ["bridgeAddress", "options.fixedCidrV6", "options.icc"],
  ],
];
for (const [name, { options = {}, ...more }, places] of rules) {
  test(`${name}: ${places.length === 0 ? "taken" : `refused at ${places.join(", ")}`}`, () => {
    assert.equal(
      checkSpec({ options, ...more }).map(({ property }) => property),
      places,
    );
  });
}

const versions: readonly (readonly [string, DaemonOptions, string, RegExp | undefined])[] = [
  ["known from 27.0", { ip6tables: true }, "27.0.1", undefined],
  ["not known before", { ip6tables: true }, "26.1.5+dfsg1", /ip6tables needs Docker 27.0.*has 26/],
  ["or experimental", { ip6tables: true }, "20.10.24+dfsg1", /or experimental: true/],
  ["experimental", { ip6tables: true, experimental: true }, "20.10.24", undefined],
  [
    "by the environment where the file has none",
    { httpProxy: "http://p:1" },
    "20.10.24",
    undefined,
  ],
];
for (const [name, options, version, words] of versions) {
  test(`an option of later versions: ${name}`, () => {
    const said = checkVersion(options, version).map(
      ({ property, reason }) => `${property} ${reason}`,
    );
    if (words) assert.match(said.join().replace("options.", ""), words);
    else assert.equal(said, []);
  });
}

const order = [
  "18.9",
  "20.10.24+dfsg1-1+deb12u1",
  "5:23.0.6-1~debian",
  "26.1.5",
  "26.1.10",
  "29.0.0-rc1",
];
test("versions in their order, as numbers", () => {
  for (const [at, version] of order.entries()) {
    for (const [place, other] of order.entries()) {
      assert.is(isBefore(version, other), at < place, `${version} ${other}`);
    }
  }
  assert.equal(["20.10.24", "26.1.5", "28.3.1"].map(apiVersionOf), ["1.41", "1.45", "1.51"]);
});

const pinned: readonly (readonly [string, string, boolean])[] = [
  ["5:26.1.4-1~debian.12~bookworm", "26.1.4", true],
  ["5:26.1.4-1~debian.12~bookworm", "5:26.1.4-1~debian.12~bookworm", true],
  ["26.1.5+dfsg1-9", "26.1.5", true],
  ["26.1.5+dfsg1-9", "26.1", false],
  ["5:26.1.40-1", "26.1.4", false],
];
for (const [version, declared, is] of pinned) {
  test(`${version} is ${is ? "" : "not "}the declared ${declared}`, () => {
    assert.is(isVersion(version, declared), is);
  });
}

const subnet = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 30 }))
  .map(([a, b, c, d, bits]) => ({ text: `${a}.${b}.${c}.${d}/${bits}`, bits }));
test("subnets: the larger of two that overlap has the other in it", () => {
  fc.assert(
    fc.property(subnet, subnet, (one, two) => {
      const [a, b] = [parseSubnet(one.text), parseSubnet(two.text)];
      if (!a || !b) return false;
      const larger = one.bits <= two.bits ? contains(a, b) : contains(b, a);
      return overlaps(a, b) === larger && overlaps(a, b) === overlaps(b, a);
    }),
  );
});
test("a host's address is neither the subnet nor its broadcast address", () => {
  assert.is(checkHostAddress("10.0.0.1/30"), undefined);
  for (const bad of ["10.0.0.0/30", "10.0.0.3/30", "10.0.0.1/31", "10.0.0.1", "10.0.0.256/24"]) {
    assert.match(checkHostAddress(bad) ?? `${bad} was taken`, /with its prefix/);
  }
});

test.run();
