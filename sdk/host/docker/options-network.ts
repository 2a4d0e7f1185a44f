// dockerd's options of addresses, bridges, name servers and firewalls.

import { element, f } from "../../provider/fields.ts";
import {
  checkAddress,
  checkAddresses,
  checkAnySubnet,
  checkHostAddress,
  checkSubnet,
  checkSubnet6,
} from "./addresses.ts";
import { DaemonChange, isJsonList, isJsonMap, type Json, memberOfInfo, row } from "./option.ts";

const { Restart } = DaemonChange;

interface Pool {
  readonly base: string;
  readonly size: number;
}

function toPools(list: unknown, base: string, size: string): readonly Pool[] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return (list as readonly unknown[]).map((pool) => ({
    base: String(memberOfInfo(pool, base)),
    size: Number(memberOfInfo(pool, size)),
  }));
}

const pools = f.list(
  f.object(
    "AddressPool",
    {
      base: f.string({
        doc: "The range, as CIDR.",
        required: true,
        check: checkAnySubnet,
      }),
      size: f.integer({ doc: "The prefix length of each subnet out of it.", required: true }),
    },
    element,
  ),
  {
    doc: "The ranges from which networks that name no subnet get theirs.",
    default: "172.17.0.0/12 in parts of /16, then 192.168.0.0/16 in parts of /20",
  },
);

const flag = (doc: string, value: string) => f.boolean({ doc, default: value });

export const networkRows = {
  bridge: row(
    "bridge",
    Restart,
    f.string({
      doc: "The default bridge instead of docker0: it is made, addressed by `bridgeAddress`, and made again after a reboot. `none`: there is no default bridge.",
      default: "docker0",
      check: (value) =>
        /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$/.test(value)
          ? undefined
          : "write an interface's name: up to 15 letters, digits, ., _ and -",
    }),
  ),
  bip: row(
    "bip",
    Restart,
    f.string({
      doc: "The address of docker0, with the prefix of its subnet.",
      default: "a free one of the default address pools",
      check: checkHostAddress,
    }),
  ),
  fixedCidr: row(
    "fixed-cidr",
    Restart,
    f.string({
      doc: "The part of the default bridge's subnet from which containers get addresses.",
      default: "all of it",
      check: checkSubnet,
    }),
  ),
  fixedCidrV6: row(
    "fixed-cidr-v6",
    Restart,
    f.string({
      doc: "The IPv6 subnet of the default bridge.",
      default: "none",
      check: checkSubnet6,
    }),
  ),
  defaultGateway: row(
    "default-gateway",
    Restart,
    f.string({
      doc: "The gateway of containers on the default bridge.",
      default: "the bridge's own address",
      check: checkAddress,
    }),
  ),
  defaultAddressPools: row("default-address-pools", Restart, pools, {
    fromJson: (json) => toPools(json, "base", "size"),
    live: (info) => toPools(info["DefaultAddressPools"], "Base", "Size"),
  }),
  icc: row(
    "icc",
    Restart,
    flag(
      "Whether containers on the default bridge reach each other on ports that are not published.",
      "true",
    ),
  ),
  ipMasq: row("ip-masq", Restart, flag("Whether what leaves carries the host's address.", "true")),
  ip: row(
    "ip",
    Restart,
    f.string({
      doc: "The address of the host on which ports are published that name none.",
      default: "0.0.0.0",
      check: checkAddress,
    }),
  ),
  ipForward: row(
    "ip-forward",
    Restart,
    flag("Whether the daemon switches the kernel's forwarding on.", "true"),
    // Others may have switched it on.
    { live: (info, declared) => (declared ? info["IPv4Forwarding"] === true : undefined) },
  ),
  iptables: row("iptables", Restart, flag("Whether the daemon writes firewall rules.", "true")),
  ip6tables: row(
    "ip6tables",
    Restart,
    flag("Whether the daemon writes firewall rules for IPv6.", "true from 27.0, false before"),
    { since: "27.0", experimentalSince: "20.10" },
  ),
  ipv6: row("ipv6", Restart, flag("Whether the default bridge has IPv6.", "false")),
  dns: row(
    "dns",
    Restart,
    f.list(f.string(element), {
      doc: "Name servers of containers.",
      default: "the host's",
      check: checkAddresses,
    }),
  ),
  dnsSearch: row(
    "dns-search",
    Restart,
    f.list(f.string(element), { doc: "Search domains of containers.", default: "the host's" }),
  ),
  dnsOptions: row(
    "dns-opts",
    Restart,
    f.list(f.string(element), {
      doc: "Options of the resolver in containers, as in resolv.conf.",
      default: "the host's",
    }),
  ),
  mtu: row(
    "mtu",
    Restart,
    f.integer({
      doc: "The largest packet on the default bridge, in bytes.",
      default: "1500",
      check: (value) =>
        value >= 68 && value <= 65_535 ? undefined : "write a number from 68 to 65535",
    }),
  ),
  userlandProxy: row(
    "userland-proxy",
    Restart,
    flag("Whether a process forwards published ports where the firewall cannot.", "true"),
  ),
} as const;

/** daemon.json's form of a map that Docker keeps as a list of `key=value`. */
export function pairsToJson(map: { readonly [key: string]: string }): Json {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${value}`)
    .sort();
}

export function pairsFromJson(json: unknown): { readonly [key: string]: string } | undefined {
  if (!Array.isArray(json)) return undefined;
  const pairs = (json as readonly unknown[]).map((text) => {
    const [key = "", ...value] = String(text).split("=");
    return [key, value.join("=")] as const;
  });
  return Object.fromEntries(pairs);
}

/** Options that go to a log driver or runtime are texts; numbers in the file mean the same. */
export function textsFromJson(json: Json): { readonly [key: string]: string } | undefined {
  if (!isJsonMap(json)) return undefined;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, plainText(value)]));
}

function plainText(value: Json): string {
  return isJsonMap(value) || isJsonList(value) ? JSON.stringify(value) : String(value);
}
