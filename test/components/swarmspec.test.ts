// What a service becomes on a swarm, and what of it a swarm cannot do.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  LocalDaemon,
  Proxy,
  Service,
  type ServiceSpec,
  SwarmCluster,
} from "../../components/index.ts";
import { named, ofType, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("a service on a swarm");
const spec: ServiceSpec = { image: { ref: `shop@sha256:${"a".repeat(64)}` }, port: 8080 };
const front = { networkName: "front" };

function crew(): SwarmCluster {
  return new SwarmCluster("crew", {
    nodes: {
      n1: { daemon: new LocalDaemon("n1"), address: "10.0.0.1", role: "manager" },
      n2: { daemon: new LocalDaemon("n2"), address: "10.0.0.2", labels: { disk: "ssd" } },
    },
  });
}

const made = (more: Partial<ServiceSpec>) =>
  register(() => void new Service("shop", { on: crew(), ...spec, ...more }));

async function inputsOf(more: Partial<ServiceSpec>) {
  const {
    image: _i,
    mounts: _m,
    capDrop: _c,
    readOnly: _r,
    ...rest
  } = named(await made(more), "shop-swarm").inputs;
  return rest;
}

const usual = { endpointMode: "dnsrr", replicas: 1, update: { parallelism: 1 } };

const rows: readonly [string, Partial<ServiceSpec>, Record<string, unknown>][] = [
  ["one task, found by its name on any kernel", {}, {}],
  ["replicas", { replicas: 3 }, { replicas: 3 }],
  ["labels are those of containers", { labels: { team: "a" } }, { containerLabels: { team: "a" } }],
  [
    "limits and what is kept",
    { cpus: 0.5, memoryBytes: 2 ** 26, pidsLimit: 9, memoryReservationBytes: 2 ** 25 },
    {
      limits: { cpus: 0.5, memoryBytes: 2 ** 26, pids: 9 },
      reservations: { memoryBytes: 2 ** 25 },
    },
  ],
  [
    "a restart by another name",
    { restart: "on-failure", restartMaxRetries: 2 },
    { restart: { condition: "on-failure", maxAttempts: 2 } },
  ],
  ["never again", { restart: "no" }, { restart: { condition: "none" } }],
  ["always", { restart: "unless-stopped" }, { restart: { condition: "any" } }],
  [
    "a log",
    { logging: { driver: "local", options: { "max-file": "2" } } },
    { logDriver: "local", logOptions: { "max-file": "2" } },
  ],
  [
    "ports of the nodes",
    { ports: [{ containerPort: 53, hostPort: 5353, protocol: "udp" }] },
    { ports: [{ mode: "host", publishedPort: 5353, port: 53, protocol: "udp" }] },
  ],
  [
    "nodes by label",
    {
      placement: {
        require: [
          { label: "disk", equals: "ssd" },
          { label: "zone", not: "b" },
        ],
        spread: ["zone"],
        onePerHost: true,
      },
    },
    {
      placement: {
        constraints: ["node.labels.disk==ssd", "node.labels.zone!=b"],
        spread: ["node.labels.zone"],
        maxPerNode: 1,
      },
    },
  ],
  ["batches", { rollout: { strategy: "rolling", batch: 2 } }, { update: { parallelism: 2 } }],
  [
    "all of them at once, the old ones first",
    { rollout: { strategy: "recreate" }, replicas: 3 },
    { update: { parallelism: 3, order: "stop-first" }, replicas: 3 },
  ],
];

for (const [name, given, wanted] of rows) {
  test(name, async () => {
    assert.equal(await inputsOf(given), { ...usual, ...wanted });
  });
}

test("secrets and files are objects of the swarm, variables with secret values are secret", async () => {
  const all = await made({
    secrets: { token: "hush" },
    files: { "/etc/app.conf": { content: "a=1", mode: 0o400, uid: 5 } },
    env: { A: "1" },
    secretEnv: { B: "2" },
  });
  assert.is(named(all, "shop-token").inputs["data"], "hush");
  assert.is(named(all, "shop-etc-app.conf").inputs["data"], "a=1");
  const { secrets, configs, env } = named(all, "shop-swarm").inputs;
  assert.equal((secrets as { target: string }[])[0]?.target, "token");
  const [config] = configs as Record<string, unknown>[];
  assert.equal(
    [config?.["target"], config?.["mode"], config?.["uid"]],
    ["/etc/app.conf", 256, "5"],
  );
  // As a secret: its value stands beside the mark.
  assert.equal((env as { value: unknown }).value, { A: "1", B: "2" });
});

test("a route makes it one task on each node that fits, behind the proxies of nodes", async () => {
  const all = await register(() => {
    const on = crew();
    const proxy = on.each(
      (daemon, name) => new Proxy(`edge-${name}`, { on: daemon, networks: [front] }),
    );
    new Service("shop", {
      on,
      ...spec,
      ports: [{ containerPort: 8080, hostPort: 8081 }],
      health: { http: "/healthz" },
      placement: { require: [{ label: "disk", equals: "ssd" }] },
      routes: [{ proxy, host: "shop.test", path: "/a" }],
    });
  });
  const { mode, replicas, update } = named(all, "shop-swarm").inputs;
  assert.equal([mode, replicas, update], ["global", undefined, { parallelism: 1, delayMs: 3000 }]);
  const routes = ofType(all, "Route").map(({ inputs }) => inputs);
  assert.is(routes.length, 2);
  for (const { servers, sites, check } of routes) {
    assert.equal(servers, [{ name: "10.0.0.2", address: "10.0.0.2", port: 8081 }]);
    assert.equal(sites, [{ host: "shop.test", path: "/a" }]);
    assert.equal(check, { path: "/healthz" });
  }
});

const refused: readonly [string, Partial<ServiceSpec>, string][] = [
  ["blue and green", { rollout: { strategy: "blueGreen" } }, "rollout.strategy"],
  ["a share", { rollout: { strategy: "rolling", batch: "25%" } }, "rollout.batch"],
  ["a port without one of the nodes", { ports: [{ containerPort: 80 }] }, "ports"],
  ["routes without a port", { routes: [{ host: "shop.test" }] }, "routes[0].proxy"],
  ["a number with routes", { replicas: 2, routes: [{ host: "shop.test" }] }, "replicas"],
  [
    "labels that are one of several",
    { placement: { require: [{ label: "zone", oneOf: ["a", "b"] }] } },
    "placement.require[0]",
  ],
  ["what is preferred", { placement: { conflicts: ["db"] } }, "placement.conflicts"],
  ["a volume of each host", { volumes: [{ volume: { perHost: {} }, target: "/d" }] }, "volumes[0]"],
  ["bytes", { files: { "/x": { contentBase64: "AA==" } } }, 'files["/x"].contentBase64'],
  ["a file of nothing", { files: { "/x": {} } }, 'files["/x"]'],
  ["secrets that are unknown by name", { secrets: pulumi.output({}) }, "secrets"],
];

for (const [name, given, path] of refused) {
  test(`${name}: refused at ${path}`, async () => {
    let property = "";
    await register(() => {
      try {
        new Service("shop", { on: crew(), ...spec, ...given });
      } catch (error) {
        if (error instanceof pulumi.InputPropertyError) property = error.propertyPath;
        else if (error instanceof pulumi.InputPropertiesError) {
          property = error.errors[0]?.propertyPath ?? "";
        } else throw error;
      }
    });
    assert.is(property, path);
  });
}

test.run();
