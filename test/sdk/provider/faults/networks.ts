// The faults about networks, absent.
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { refusal } from "../plugin.ts";
import type { FaultRow, FaultSite } from "./site.ts";

const byte = 1 + (process.pid % 250);
const four = (third: number) => `10.233.${(byte + third) % 256}`;
const six = (number: number) => `fd00:233:${byte.toString(16)}:${number}::`;

/** Declared so, it is silent, also after a refresh. */
function quiet(rule: string, program: ValueMap): FaultRow {
  return {
    kind: 24,
    rule: `${rule}: no change in the second preview, nor after a refresh`,
    run: async (site) => {
      const urn = site.urn("Network");
      const made = await site.plugin.make(urn, program);
      assert.equal(await site.places(urn, made, program), {}, "the second preview");
      const seen = await site.reread(urn, made);
      assert.equal(await site.places(urn, seen, program), {}, "after a refresh");
      await site.removed(urn, made);
    },
  };
}

/** One of our URN, with a word of another state. */
async function ofAnotherBackend(site: FaultSite): Promise<void> {
  const name = site.lab.name();
  const urn = site.urn("Network");
  const labels = { "dockwright.urn": urn, "dockwright.owner": "another" };
  await site.lab.client.networks.create({ Name: name, Driver: "bridge", Labels: labels });
  const plugin = await site.start({ __owner: "mine" });
  try {
    const said = await refusal(plugin.make(urn, { name }));
    assert.match(said, new RegExp(`network "${name}" exists .*another backend`));
    assert.ok(await site.lab.client.networks.inspect(name), "it was left as it was");
  } finally {
    await plugin.stop();
  }
}

async function withContainers(site: FaultSite): Promise<void> {
  const urn = site.urn("Network");
  const made = await site.plugin.make(urn, {});
  await site.lab.run({ HostConfig: { NetworkMode: made.id } });
  const seen = await site.reread(urn, made);
  assert.equal(await site.places(urn, seen, {}), {}, "who is on it is no change of it");
}

export const networkRows: readonly FaultRow[] = [
  quiet("nothing said of addresses", {}),
  quiet("a subnet, whose gateway the daemon fills in", { subnet: `${four(0)}.0/24` }),
  quiet("a subnet, gateway, range and addresses left out", {
    subnet: `${four(1)}.0/24`,
    gateway: `${four(1)}.9`,
    ipRange: `${four(1)}.64/26`,
    auxAddresses: { router: `${four(1)}.7` },
  }),
  quiet("IPv6 with a subnet, and none of IPv4, which the daemon adds", {
    ipv6: true,
    subnet6: `${six(1)}/64`,
  }),
  quiet("IPv6 in another spelling", {
    ipv6: true,
    subnet6: `${six(2).toUpperCase().replace("::", ":0:0:0:0")}/64`,
  }),
  quiet("both subnets, and an address of each left out", {
    subnet: `${four(2)}.0/24`,
    ipv6: true,
    subnet6: `${six(3)}/64`,
    auxAddresses: { four: `${four(2)}.7`, six: `${six(3)}7` },
  }),
  { kind: 24, rule: "a container that joins it is no change of it", run: withContainers },
  {
    rule: "a network of the same project and stack in another backend is refused, not adopted",
    run: ofAnotherBackend,
  },
];
