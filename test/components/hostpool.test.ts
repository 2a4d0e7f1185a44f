// What a pool registers, what it hands on from service to service, and what it refuses.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  Bridge,
  HostPool,
  type HostPoolArgs,
  LocalDaemon,
  type PerHost,
  type Placed,
  type PlaceRequest,
} from "../../components/index.ts";
import { named, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("hostpool");

function daemons() {
  return { first: new LocalDaemon("first"), second: new LocalDaemon("second") };
}

function pool(): HostPool {
  const { first, second } = daemons();
  return new HostPool("web", {
    hosts: {
      web2: { daemon: second, labels: { zone: "b" }, drain: true },
      web1: { daemon: first, labels: { zone: "a" }, cpus: 4, memoryBytes: 8, address: "10.0.0.1" },
    },
  });
}

const request = (hosts: HostPool, more: Partial<PlaceRequest> = {}): PlaceRequest => ({
  service: "shop",
  replicas: 2,
  parent: hosts,
  ...more,
});

test("a pool has a provider of its own that knows no daemon", async () => {
  const all = await register(() => void pool());
  assert.equal(named(all, "web-provider").inputs, {});
  assert.is(named(all, "web-provider").type, "pulumi:providers:dockwright");
});

test("hosts are told as they are, in the order of their names", async () => {
  let made: HostPool | undefined;
  await register(() => {
    made = pool();
  });
  assert.equal(Object.keys(made?.hosts ?? {}), ["web1", "web2"]);
  const { web1, web2 } = made?.hosts ?? {};
  assert.equal(web1?.labels, { zone: "a", host: "web1" });
  assert.equal([web1?.cpus, web1?.memoryBytes, web1?.drain, web2?.drain], [4, 8, false, true]);
  assert.equal(made?.lostHosts, []);
});

test("each makes one for each host that is there", async () => {
  let networks: PerHost<Bridge> | undefined;
  const all = await register(() => {
    networks = pool().each((daemon, { name }) => new Bridge(`front-${name}`, { daemon }));
  });
  assert.equal(Object.keys(networks?.perHost ?? {}), ["web1", "web2"]);
  assert.ok(named(all, "front-web2"));
});

test("a service is placed with all that it asks for, and those after it beside it", async () => {
  let placed: readonly Placed[] = [];
  const all = await register(
    () => {
      const hosts = pool();
      hosts
        .place(
          request(hosts, {
            cpus: 0.5,
            memoryBytes: 2,
            hostPorts: [80],
            volumes: { data: "web1" },
            placement: {
              require: [{ label: "zone", equals: "a" }],
              prefer: [{ label: "zone", exists: true, weight: 2 }],
              spread: ["zone"],
              conflicts: ["db*"],
              near: ["edge"],
              onePerHost: true,
            },
          }),
        )
        .apply((value) => {
          placed = value;
        });
      hosts.place(request(hosts, { service: "mail" }));
    },
    { Placement: { assignment: [{ replica: 1, host: "web1", reason: "kept" }] } },
  );
  assert.equal(named(all, "shop-placement").inputs, {
    service: "shop",
    replicas: 2,
    cpus: 0.5,
    memoryBytes: 2,
    hostPorts: [80],
    volumes: { data: "web1" },
    require: [{ label: "zone", equals: "a" }],
    prefer: [{ label: "zone", exists: true, weight: 2 }],
    spread: ["zone"],
    conflicts: ["db*"],
    near: ["edge"],
    onePerHost: true,
    hosts: {
      web1: { labels: { zone: "a" }, cpus: 4, memoryBytes: 8 },
      web2: { labels: { zone: "b" }, drain: true },
    },
    others: {},
  });
  assert.equal(placed, [{ replica: 1, host: "web1" }]);
  assert.equal(named(all, "mail-placement").inputs["others"], {
    shop: { hosts: ["web1"], cpus: 0.5, memoryBytes: 2, hostPorts: [80], conflicts: ["db*"] },
  });
});

test("two services of one name are refused", async () => {
  let error: unknown;
  await register(() => {
    const hosts = pool();
    hosts.place(request(hosts));
    try {
      hosts.place(request(hosts));
    } catch (thrown) {
      error = thrown;
    }
  });
  assert.match(String((error as pulumi.InputPropertyError | undefined)?.message), /shop/);
});

test("a lost host is left out without a word to it", async () => {
  let hosts: HostPool | undefined;
  const all = await register(() => {
    const { first, second } = daemons();
    const lost = { provider: second.provider, lost: true };
    hosts = new HostPool("web", { hosts: { web1: { daemon: first }, web2: { daemon: lost } } });
    hosts.place(request(hosts));
  });
  assert.equal(Object.keys(hosts?.hosts ?? {}), ["web1"]);
  assert.equal(hosts?.lostHosts, ["web2"]);
  assert.equal(named(all, "shop-placement").inputs["hosts"], { web1: {} });
});

test("all that is wrong is told at once, each at its place", async () => {
  let error: unknown;
  await register(() => {
    const { first, second } = daemons();
    const lost = { provider: second.provider, lost: true };
    const hosts: HostPoolArgs["hosts"] = {
      "web 1": { daemon: first, cpus: 0 },
      web2: { daemon: first, memoryBytes: 1.5, labels: { host: "x" } },
      web3: { daemon: lost, drain: true },
    };
    try {
      new HostPool("web", { hosts });
    } catch (thrown) {
      error = thrown;
    }
  });
  assert.instance(error, pulumi.InputPropertiesError);
  const errors = (error as pulumi.InputPropertiesError).errors;
  assert.equal(
    errors.map(({ propertyPath }) => propertyPath),
    [
      'hosts["web 1"]',
      'hosts["web 1"].cpus',
      'hosts["web2"].labels["host"]',
      'hosts["web2"].memoryBytes',
      'hosts["web3"].drain',
      'hosts["web2"].daemon',
    ],
  );
});

for (const [what, lost] of [
  ["a pool without hosts", false],
  ["a pool of lost hosts alone", true],
] as const) {
  test(`${what} is refused`, async () => {
    let error: unknown;
    await register(() => {
      const { provider } = new LocalDaemon("first");
      const hosts: HostPoolArgs["hosts"] = lost ? { web1: { daemon: { provider, lost } } } : {};
      try {
        new HostPool("web", { hosts });
      } catch (thrown) {
        error = thrown;
      }
    });
    assert.instance(error, pulumi.InputPropertiesError);
  });
}

test.run();
