// The life of each network option, through the real plugin on a real daemon: made, silent, changed,
// removed, remade behind its back, imported. An option without a row fails: nobody would have seen it.
import * as assert from "uvu/assert";
import { network } from "../../../../sdk/provider/resources/network.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, Plugin, type Recorded, refusal, textOf, urnOf } from "../plugin.ts";

const test = suite("provider/network, a life for each option");
const lab = new Fixture("provider-network");
const { networks, containers } = lab.client;
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;

interface Row {
  /** What it needs beside it. @defaultValue nothing */
  readonly base?: ValueMap;
  readonly value: Value;
  readonly other: Value;
  /** The place that a preview names for the change. @defaultValue the option */
  readonly place?: string;
}

/** Subnets of this run: a third byte for each, in a range that no other test uses. */
let third = process.pid % 50;
const next = (): number => {
  third = (third + 1) % 256;
  return third;
};
const four = (): string => `10.231.${next()}`;
const [a, b, c, d, e, g] = [four(), four(), four(), four(), four(), four()];
const six = (n: number) => `fd00:231:${(process.pid % 0xffff).toString(16)}:${n}::`;

const rows: { readonly [option: string]: Row } = {
  name: { value: `${lab.prefix}-n1`, other: `${lab.prefix}-n2` },
  subnet: { value: `${a}.0/24`, other: `${b}.0/24` },
  gateway: { base: { subnet: `${c}.0/24` }, value: `${c}.9`, other: `${c}.10` },
  ipRange: { base: { subnet: `${d}.0/24` }, value: `${d}.64/26`, other: `${d}.128/25` },
  ipv6: { base: {}, value: true, other: false },
  subnet6: { base: { ipv6: true }, value: `${six(1)}/64`, other: `${six(2)}/64` },
  gateway6: {
    base: { ipv6: true, subnet6: `${six(3)}/64` },
    value: `${six(3)}9`,
    other: `${six(3)}a`,
  },
  ipRange6: {
    base: { ipv6: true, subnet6: `${six(4)}/64` },
    value: `${six(4)}/80`,
    other: `${six(4)}/96`,
  },
  auxAddresses: {
    base: { subnet: `${e}.0/24`, ipv6: true, subnet6: `${six(5)}/64` },
    value: { router: `${e}.7`, six: `${six(5)}7` },
    other: { router: `${e}.8`, six: `${six(5)}7` },
    place: "auxAddresses.router",
  },
  internal: { value: true, other: false },
  attachable: { value: true, other: false },
  icc: { value: false, other: true },
  masquerade: { value: false, other: true },
  mtu: { value: 1400, other: 1300 },
  bridgeName: {
    value: `dw${process.pid.toString(36)}a`,
    other: `dw${process.pid.toString(36)}b`,
  },
  hostBinding: { value: "127.0.0.1", other: "127.0.0.2" },
  options: {
    value: { "com.docker.network.container_iface_prefix": "dw" },
    other: { "com.docker.network.container_iface_prefix": "xx" },
    place: 'options["com.docker.network.container_iface_prefix"]',
  },
  labels: { value: { "a.b": "1" }, other: { "a.b": "2" }, place: 'labels["a.b"]' },
};

test.before(async () => {
  if (reason) return;
  built = await bundle();
  plugin = await Plugin.start(built.path);
});
test.after(async () => {
  if (reason) return;
  await plugin.stop();
  await built?.remove();
  await lab.clean();
});

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

/** Overlays need a swarm: integration/swarm makes one that is encrypted, and sees no change after. */
const ofSwarms = ["driver", "encrypted"];

test("every option has its row", () => {
  const all = [...Object.keys(rows), ...ofSwarms];
  assert.equal(all.sort(), Object.keys(network.inputs).sort());
});

async function changesOf(urn: string, made: Recorded, declared: ValueMap) {
  const { inputs, failures } = await plugin.check(urn, declared, made.inputs);
  assert.equal(failures, []);
  return (await plugin.diff(urn, made, inputs)).changes;
}

async function refreshed(urn: string, made: Recorded): Promise<Recorded> {
  const read = await plugin.read(urn, made.id, made);
  if (!read) throw new Error(`${made.id} is gone`);
  return read;
}

/** A network of another run's making by the same name, with the labels of ours. */
async function remake(made: Recorded, change: (body: object) => object): Promise<void> {
  const { IPAM, Options, Labels, Internal, EnableIPv6, Attachable, Name } = await found(made.id);
  const body = {
    IPAM: { Config: IPAM.Config ?? [] },
    Options: Options ?? {},
    Labels: Labels ?? {},
  };
  await networks.remove(made.id);
  const same = { ...body, Internal, EnableIPv6, Attachable, Name, Driver: "bridge" };
  await networks.create({ ...same, ...change(same) });
}

async function found(id: string) {
  const network = await networks.inspect(id);
  if (!network) throw new Error(`there is no network ${id}`);
  return network;
}

/** The next run of the engine deletes: this one would not take away what it made. */
async function deleteLater(urn: string, ...all: readonly Recorded[]): Promise<void> {
  const later = await Plugin.start(built?.path ?? "");
  for (const made of all) await later.delete(urn, made);
  await later.stop();
}

for (const [option, { base = {}, value, other, place = option }] of Object.entries(rows)) {
  rule(`${option}: made, silent, changed, removed, imported`, async () => {
    // IPv6 without a subnet of its own needs pools that a plain daemon lacks.
    const with6: ValueMap = option === "ipv6" ? { subnet6: `${six(6)}/64` } : {};
    const urn = urnOf("Network", lab.name());
    const declared: ValueMap = { ...base, ...with6, [option]: value };
    const made = await plugin.make(urn, declared);
    assert.equal(await changesOf(urn, made, declared), {}, "a second up");
    const seen = await refreshed(urn, made);
    assert.equal(seen.outputs.values, made.outputs.values);
    assert.equal(await changesOf(urn, seen, declared), {}, "an up after a refresh");
    if (option !== "ipv6") {
      const changed = await changesOf(urn, seen, { ...declared, [option]: other });
      assert.equal(changed, { [place]: "update_replace" });
    }
    const less = Object.fromEntries(
      Object.entries(declared).filter(([name]) => name !== option && !(name in with6)),
    );
    if (option !== "name") {
      const removed = Object.keys(await changesOf(urn, seen, less));
      assert.ok(
        removed.some((one) => one === option || one.startsWith(`${option}.`)),
        removed.join(),
      );
    }
    const read = await plugin.read(urn, made.id);
    assert.equal(read?.inputs.values[option], value, "imported");
    await deleteLater(urn, made);
    assert.is(await networks.inspect(made.id), undefined);
  });
}

rule(
  "the daemon's own choices are no change: pools, gateways, an IPv4 pool beside IPv6",
  async () => {
    const both: readonly ValueMap[] = [{}, { ipv6: true, subnet6: `${six(7)}/64` }];
    for (const declared of both) {
      const urn = urnOf("Network", lab.name());
      const made = await plugin.make(urn, declared);
      assert.ok(textOf(made.outputs.values, "usedSubnet").includes("/"));
      const seen = await refreshed(urn, made);
      assert.equal(await changesOf(urn, seen, declared), {});
      await deleteLater(urn, made);
    }
  },
);

rule("IPv6 in another spelling is the same", async () => {
  const urn = urnOf("Network", lab.name());
  const subnet6 = `${six(8).toUpperCase().replace("::", ":0:0:0:0")}/64`;
  const declared = { ipv6: true, subnet6, gateway6: `${six(8)}0:1` };
  const made = await plugin.make(urn, declared);
  assert.equal(await changesOf(urn, await refreshed(urn, made), declared), {});
  await deleteLater(urn, made);
});

rule(
  "made anew with another option behind its back: gone for the state, and put right",
  async () => {
    const urn = urnOf("Network", lab.name());
    const declared = { subnet: `${g}.0/24`, mtu: 1400 };
    const made = await plugin.make(urn, declared);
    const name = textOf(made.outputs.values, "networkName");
    await remake(made, () => ({ Internal: true }));
    assert.is(await plugin.read(urn, made.id, made), undefined);
    const { inputs } = await plugin.check(urn, declared, made.inputs);
    const again = await plugin.create(urn, inputs);
    const live = await found(name);
    assert.equal([live.Internal, live.Id], [false, again.id]);
    await deleteLater(urn, again);
  },
);

rule("left by a run that was killed: the next one takes it, and makes no second", async () => {
  const urn = urnOf("Network", lab.name());
  const made = await plugin.make(urn, { internal: true });
  const again = await plugin.make(urn, { internal: true });
  assert.is(again.id, made.id);
  await deleteLater(urn, made);
});

rule(
  "one of the same name that is another's is refused, with the import that would adopt it",
  async () => {
    const name = lab.name();
    await networks.create({ Name: name, Driver: "bridge" });
    const error = await refusal(plugin.make(urnOf("Network", "foreign"), { name }));
    assert.match(error, new RegExp(`network "${name}" exists and was not made by this resource`));
    assert.match(error, new RegExp(`import option \\(id "${name}"\\)`));
  },
);

rule("a delete waits for a container that is just going, and names one that stays", async () => {
  const urn = urnOf("Network", lab.name());
  const made = await plugin.make(urn, {});
  await lab.makeImage();
  const id = await lab.run({ HostConfig: { NetworkMode: made.id } });
  const going = deleteLater(urn, made);
  setTimeout(() => void containers.remove(id, { force: true }), 500);
  await going;
  assert.is(await networks.inspect(made.id), undefined);
});

const wrong: readonly [string, ValueMap, string, RegExp][] = [
  ["bits of a machine", { subnet: "172.30.0.5/24" }, "subnet", /bits set/],
  ["IPv6 as subnet", { subnet: "fd00::/64" }, "subnet", /IPv4 subnet/],
  ["a gateway elsewhere", { subnet: "10.9.0.0/24", gateway: "10.8.0.1" }, "gateway", /not within/],
  ["a gateway alone", { gateway: "10.8.0.1" }, "gateway", /needs subnet/],
  ["a range elsewhere", { subnet: "10.9.0.0/24", ipRange: "10.8.0.0/26" }, "ipRange", /not within/],
  ["IPv6 not asked for", { subnet6: "fd00::/64" }, "subnet6", /needs ipv6/],
  ["an option twice", { options: { "com.docker.network.driver.mtu": "9" } }, "options", /as mtu/],
  ["a label of ours", { labels: { "dockwright.urn": "x" } }, "labels", /provider's own/],
  ["a long interface", { bridgeName: "a-name-of-16-sig" }, "bridgeName", /15/],
  [
    "an auxiliary address elsewhere",
    { subnet: "10.9.0.0/24", auxAddresses: { r: "10.8.0.1" } },
    "auxAddresses.r",
    /address of subnet/,
  ],
];
for (const [name, values, property, words] of wrong) {
  rule(`refused: ${name}`, async () => {
    const { failures } = await plugin.check(urnOf("Network", "wrong"), values);
    assert.is(failures.map((failure) => failure.property).join(), property);
    assert.match(failures[0]?.reason ?? "", words);
  });
}

test.run();
