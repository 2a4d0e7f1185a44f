// What a swarm's components register, and what they refuse.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  LocalDaemon,
  Overlay,
  SwarmCluster,
  type SwarmClusterArgs,
  SwarmConfig,
  type SwarmNodeArgs,
  SwarmRoute,
  SwarmSecret,
  SwarmService,
  type SwarmServiceArgs,
} from "../../components/index.ts";
import { named, ofType, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("swarm");

const image = { ref: `shop@sha256:${"a".repeat(64)}` };

function node(name: string, more: Partial<SwarmNodeArgs> = {}): SwarmNodeArgs {
  return { daemon: new LocalDaemon(name), address: `10.0.0.${name.slice(1)}`, ...more };
}

function cluster(more: Partial<SwarmClusterArgs> = {}): SwarmCluster {
  return new SwarmCluster("crew", {
    nodes: {
      n2: node("n2", { labels: { disk: "ssd" }, availability: "drain" }),
      n1: node("n1", { role: "manager" }),
    },
    ...more,
  });
}

test("the swarm gets its nodes without their daemons, and how each is reached", async () => {
  const all = await register(() => void cluster({ addressPools: ["10.7.0.0/16"] }));
  const { inputs } = named(all, "crew-swarm");
  assert.equal(inputs["nodes"], {
    n1: { address: "10.0.0.1", role: "manager" },
    n2: { address: "10.0.0.2", labels: { disk: "ssd" }, availability: "drain" },
  });
  assert.equal(inputs["addressPools"], ["10.7.0.0/16"]);
  assert.equal(Object.keys(inputs["connections"] as object), ["n1", "n2"]);
});

test("the provider of its services knows the managers alone", async () => {
  const all = await register(() => void cluster());
  const text = JSON.stringify(named(all, "crew-provider").inputs);
  assert.match(text, /n1/);
  assert.not.match(text, /n2/);
});

test("a daemon that is lost is no node, nor a manager", async () => {
  let made: SwarmCluster | undefined;
  const all = await register(() => {
    const lost = { daemon: { provider: new LocalDaemon("x").provider, lost: true } };
    made = cluster({
      nodes: { n1: node("n1", { role: "manager" }), n2: node("n2", { ...lost, role: "manager" }) },
    });
  });
  assert.equal(Object.keys(made?.nodes ?? {}), ["n1"]);
  const { connections } = named(all, "crew-swarm").inputs as { connections: object };
  assert.equal(Object.keys(connections), ["n1"]);
});

const refused: readonly [string, () => unknown, string, RegExp][] = [
  [
    "a swarm without a manager",
    () => cluster({ nodes: { n1: node("n1") } }),
    "nodes",
    /no manager/,
  ],
  [
    "a daemon with liveRestore",
    () => {
      const { provider } = new LocalDaemon("x");
      return cluster({
        nodes: { n1: node("n1", { role: "manager", daemon: { provider, liveRestore: true } }) },
      });
    },
    'nodes["n1"].daemon',
    /liveRestore: false/,
  ],
  [
    "a name that is none",
    () => cluster({ nodes: { "a b": node("n1", { role: "manager" }) } }),
    'nodes["a b"]',
    /is not a node's name/,
  ],
];
for (const [name, run, path, reason] of refused) {
  test(`${name} is refused`, async () => {
    let said: { readonly propertyPath: string; readonly reason: string }[] = [];
    await register(() => {
      try {
        run();
      } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
        said = (error as pulumi.InputPropertiesError).errors;
      }
    });
    assert.is(said[0]?.propertyPath, path);
    assert.match(said[0]?.reason ?? "", reason);
  });
}

function service(on: SwarmCluster, more: Partial<SwarmServiceArgs> = {}): SwarmService {
  return new SwarmService("shop", { on, image, ...more });
}

test("an image is made on one node, and copied to the others from there", async () => {
  const all = await register(() => void cluster().image("shop", { build: { context: "./shop" } }));
  const [made, copied] = ["shop", "shop-n2"].map((name) => named(all, name).inputs);
  assert.equal(made, { build: { context: "./shop" } });
  const { image: from } = (copied?.["copy"] ?? {}) as { readonly image?: string };
  assert.is(from, "sha256:0");
  assert.is(ofType(all, "dockwright:index:Image").length, 2);
});

test("a service is hardened, and found by its program's name on its networks", async () => {
  const all = await register(() => {
    const on = cluster();
    const inside = new Overlay("inside", { on, name: "inside-1", encrypted: true });
    service(on, { networks: [inside] });
  });
  const { inputs } = named(all, "shop");
  assert.equal(inputs["capDrop"], ["ALL"]);
  assert.is(inputs["readOnly"], true);
  assert.equal((inputs["mounts"] as { target: string }[])[0]?.target, "/tmp");
  assert.equal((inputs["networks"] as { aliases: string[] }[])[0]?.aliases, ["shop"]);
  assert.is(inputs["image"], image.ref);
  assert.is(named(all, "inside").inputs["driver"], "overlay");
});

test("secrets and configs go by the name that their content gives them", async () => {
  const all = await register(() => {
    const on = cluster();
    const secret = new SwarmSecret("tls", { on, name: "tls-1", data: "x" });
    const config = new SwarmConfig("conf", { on, name: "conf-1", data: "y" });
    service(on, {
      secrets: [{ secret: { objectName: secret.name }, target: "key" }],
      configs: [{ config: { objectName: config.name }, target: "/c" }],
    });
  });
  const { inputs } = named(all, "shop");
  assert.equal(inputs["secrets"], [{ name: "tls-1", target: "key" }]);
  assert.equal(inputs["configs"], [{ name: "conf-1", target: "/c" }]);
});

test("an image without a digest goes by its id, which is the same on all nodes", async () => {
  const one = { ref: "shop:1", imageId: "sha256:1" };
  const all = await register(
    () => void service(cluster(), { image: { perHost: { n1: one, n2: one } } }),
  );
  assert.is(named(all, "shop").inputs["image"], "sha256:1");
});

test("a route leads to the port of each node", async () => {
  const all = await register(() => {
    const on = cluster();
    const { daemon } = node("n9");
    const proxy = { containerName: "edge", dataVolume: "edge-data", network: "front" };
    const shop = { serviceId: "s1" };
    new SwarmRoute("way", { daemon, proxy, host: "*", service: shop, port: 8081, nodes: on.nodes });
  });
  assert.equal(named(all, "way").inputs["servers"], [
    { name: "10.0.0.1", address: "10.0.0.1", port: 8081 },
    { name: "10.0.0.2", address: "10.0.0.2", port: 8081 },
  ]);
  assert.is(named(all, "way").inputs["gateTimeoutMs"], 60_000, "Swarm starts tasks by and by");
});

test.run();
