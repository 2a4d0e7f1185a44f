// What no single option can tell: combinations that dockerd refuses at its start, or takes and then does
// something else than was meant. Pure; all at once, each with its path. What depends on the version
// is judged once that is known.

import { contains, overlaps, parseSubnet } from "./addresses.ts";
import type { DaemonSpec } from "./files.ts";
import type { DaemonOptions } from "./options.ts";
import { rows } from "./render.ts";
import { isBefore } from "./versions.ts";

export interface SpecFailure {
  /** The place in the specification: `options.bip`. */
  readonly property: string;
  readonly reason: string;
}

type Rule = (spec: DaemonSpec) => readonly (SpecFailure | undefined | false)[];

const fail = (property: string, reason: string): SpecFailure => ({ property, reason });

const bridgeRules: Rule = ({ options, bridgeAddress }) => {
  const { bridge, bip, fixedCidr } = options;
  const own = bridge !== undefined && bridge !== "none" && bridge !== "docker0";
  return [
    bridge !== undefined &&
      bip !== undefined &&
      fail(
        "options.bip",
        "dockerd refuses it beside bridge; write bridgeAddress, or leave bridge out",
      ),
    own &&
      bridgeAddress === undefined &&
      fail("bridgeAddress", `is required for the bridge "${bridge}", such as 172.30.0.1/24`),
    !own &&
      bridgeAddress !== undefined &&
      fail("bridgeAddress", "goes with options.bridge; docker0 gets its address by options.bip"),
    bridge === "none" &&
      fixedCidr !== undefined &&
      fail("options.fixedCidr", 'there is no default bridge with bridge "none"'),
  ];
};

const subnetRules: Rule = ({ options, bridgeAddress }) => {
  const address = options.bip ?? bridgeAddress;
  const subnet = address === undefined ? undefined : parseSubnet(address);
  const fixed = options.fixedCidr === undefined ? undefined : parseSubnet(options.fixedCidr);
  const gateway =
    options.defaultGateway === undefined ? undefined : parseSubnet(`${options.defaultGateway}/32`);
  const pools = (options.defaultAddressPools ?? []).map(({ base, size }) => ({
    base,
    size,
    range: parseSubnet(base),
  }));
  return [
    fixed &&
      subnet &&
      !contains(subnet, fixed) &&
      fail("options.fixedCidr", `lies outside of ${address ?? ""}, the default bridge's subnet`),
    fixed &&
      !subnet &&
      fail("options.fixedCidr", "needs the bridge's address beside it: bip, or bridgeAddress"),
    gateway &&
      subnet &&
      !contains(subnet, gateway) &&
      fail(
        "options.defaultGateway",
        `lies outside of ${address ?? ""}, the default bridge's subnet`,
      ),
    ...pools.flatMap(({ base, size, range }, index) => [
      range !== undefined &&
        (size < range.bits || size > 30) &&
        fail(
          `options.defaultAddressPools[${index}].size`,
          `is ${size}; write a prefix length from ${range.bits} (that of ${base}) to 30`,
        ),
      range !== undefined &&
        subnet !== undefined &&
        overlaps(range, subnet) &&
        fail(
          `options.defaultAddressPools[${index}].base`,
          `${base} overlaps ${address ?? ""}, the default bridge's subnet`,
        ),
      ...pools
        .slice(0, index)
        .map(
          (other) =>
            range !== undefined &&
            other.range !== undefined &&
            overlaps(range, other.range) &&
            fail(
              `options.defaultAddressPools[${index}].base`,
              `${base} overlaps ${other.base}, another pool`,
            ),
        ),
    ]),
  ];
};

const ipv6Rules: Rule = ({ options }) => [
  options.ipv6 === true &&
    options.fixedCidrV6 === undefined &&
    fail("options.fixedCidrV6", "is required with ipv6, such as fd00:30::/64"),
  options.fixedCidrV6 !== undefined &&
    options.ipv6 !== true &&
    fail("options.ipv6", "must be true for fixedCidrV6 to have an effect"),
];

const firewallRules: Rule = ({ options }) => [
  options.icc === false &&
    options.iptables === false &&
    fail("options.icc", "is false, which needs the firewall rules that iptables: false forbids"),
  options.userlandProxy === false &&
    options.iptables === false &&
    fail("options.userlandProxy", "is false, and with iptables: false nothing would publish ports"),
];

const logRules: Rule = ({ options: { logDriver, logOptions = {} } }) =>
  Object.keys(logOptions).map(
    (name) =>
      (logDriver === "none" || logDriver === "journald" || logDriver === "syslog") &&
      ["max-size", "max-file", "compress"].includes(name) &&
      fail(`options.logOptions["${name}"]`, `the log driver ${logDriver} has no such option`),
  );

const runtimeRules: Rule = ({ options: { defaultRuntime, runtimes, defaultUlimits } }) => [
  defaultRuntime !== undefined &&
    defaultRuntime !== "runc" &&
    !/^io\.containerd\./.test(defaultRuntime) &&
    !Object.hasOwn(runtimes ?? {}, defaultRuntime) &&
    fail("options.defaultRuntime", `is "${defaultRuntime}", which runtimes does not have`),
  Object.hasOwn(runtimes ?? {}, "runc") &&
    fail("options.runtimes.runc", "dockerd keeps this name for itself; use another"),
  ...Object.entries(defaultUlimits ?? {}).map(
    ([name, { soft, hard }]) =>
      hard !== -1 &&
      (soft > hard || soft === -1) &&
      fail(
        `options.defaultUlimits["${name}"].soft`,
        `is ${soft}, above the hard limit ${hard}; write ${hard} or less`,
      ),
  ),
];

function checkListen(address: string): string | undefined {
  const match = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:[\]/]+):(\d{1,5})$/.exec(address);
  const port = Number(match?.[1]);
  return match && port >= 1 && port <= 65_535
    ? undefined
    : `is "${address}"; write ADDRESS:PORT, such as 0.0.0.0:2376`;
}

const connectionRules: Rule = ({ listen = [], tls }) => [
  ...listen.map((address, index) => {
    const reason = checkListen(address);
    return reason !== undefined && fail(`listen[${index}]`, reason);
  }),
  listen.length > 0 &&
    tls === undefined &&
    fail("tls", "is required with listen: a plain TCP port gives root to anybody who reaches it"),
  tls !== undefined &&
    listen.length === 0 &&
    fail("listen", "has no address; write where TLS is served, such as 0.0.0.0:2376"),
];

const rules = [
  bridgeRules,
  subnetRules,
  ipv6Rules,
  firewallRules,
  logRules,
  runtimeRules,
  connectionRules,
];

/** All that is wrong with a specification whose single values are right. */
export function checkSpec(spec: DaemonSpec): readonly SpecFailure[] {
  return rules.flatMap((rule) => rule(spec)).filter((failure) => typeof failure === "object");
}

/** Options that the daemon of this version does not know. */
export function checkVersion(options: DaemonOptions, version: string): readonly SpecFailure[] {
  const values = options as Readonly<Record<string, unknown>>;
  const experimental = options.experimental === true;
  return rows.flatMap(([name, { since, experimentalSince, key }]) => {
    // Proxies go by the environment where the file does not take them.
    if (since === undefined || values[name] === undefined || key[0] === "proxies") return [];
    const needed = experimental ? (experimentalSince ?? since) : since;
    if (!isBefore(version, needed)) return [];
    const other =
      experimentalSince !== undefined && !isBefore(version, experimentalSince)
        ? ", or experimental: true"
        : "";
    return [fail(`options.${name}`, `needs Docker ${needed}${other}; the host has ${version}`)];
  });
}
