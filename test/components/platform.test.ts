// A service on a cluster: the whole spec goes to the platform, and what comes back are its outputs.
// What the platform cannot do is refused, all at once, and nothing is made.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  type ClusterKind,
  type ClusterLike,
  LocalDaemon,
  Service,
  type ServiceArgs,
  type ServiceRequest,
  type ServiceSpec,
} from "../../components/index.ts";
import { register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("platform");
const image = { ref: "shop@sha256:aa" };
const spec: ServiceSpec = { image, port: 8080 };

function cluster(clusterKind: ClusterKind, asked: ServiceRequest[] = []): ClusterLike {
  return {
    clusterKind,
    runService(request) {
      asked.push(request);
      return { names: [`the ${request.name}`], endpoints: ["shop.internal:8080"] };
    },
  };
}

test("a cluster gets the spec without on, and gives names and endpoints", async () => {
  const asked: ServiceRequest[] = [];
  let outputs: unknown;
  const all = await register(() => {
    const args = {
      ...spec,
      on: cluster("ecs", asked),
      env: { A: "1" },
      autoscale: { min: 1, max: 3 },
    };
    const { containerNames, endpoints, servers, rollout, release } = new Service("shop", args);
    const told = pulumi.all([containerNames, endpoints, servers]);
    told.apply((values) => {
      outputs = values;
    });
    assert.is(rollout, undefined);
    assert.is(release, undefined);
  });
  assert.equal(outputs, [["the shop"], ["shop.internal:8080"], []]);
  assert.equal(
    asked.map(({ name, spec: given }) => [name, given]),
    [["shop", { ...spec, env: { A: "1" }, autoscale: { min: 1, max: 3 } }]],
  );
  assert.equal(
    all.map(({ type }) => type).filter((type) => type !== "pulumi:pulumi:Stack"),
    ["dockwright:index:Service"],
  );
});

const edge = { containerName: "edge-1", dataVolume: "edge-data", network: "front" };
const refused: readonly (readonly [string, ServiceArgs, readonly (readonly [string, RegExp])[]])[] =
  [
    [
      "what a platform cannot do, with the nearest thing",
      { ...spec, on: cluster("ecs"), privileged: true, files: {}, ipcMode: "host" },
      [
        [
          "files",
          /^is not possible on ECS; the nearest thing is an image of your own that has the files$/,
        ],
        ["privileged", /^is not possible on ECS; the nearest thing is capAdd$/],
        ["ipcMode", /^is not possible on ECS; leave it out: tasks have their own$/],
      ],
    ],
    [
      "what ECS does not do with requests, and what it cannot do without routes",
      {
        ...spec,
        on: cluster("ecs"),
        health: { http: "/up" },
        rollout: { strategy: "rolling", drainTimeoutMs: 9, gateTimeoutMs: 9, hstsSeconds: 1 },
      },
      [
        [
          "health.http",
          /^is not possible on ECS without routes; the nearest thing is healthCheck$/,
        ],
        ["rollout.hstsSeconds", /^is not possible on ECS; leave it out: the load balancer passes/],
        ["rollout.drainTimeoutMs", /^is not possible on ECS without routes; .*stopGraceMs$/],
        [
          "rollout.gateTimeoutMs",
          /^is not possible on ECS; the nearest thing is health.timeoutMs$/,
        ],
      ],
    ],
    [
      "what Kubernetes leaves to its ingress, and to the scheduler",
      {
        ...spec,
        on: cluster("kubernetes"),
        rollout: { balance: "random", directives: ["http-reuse always"] },
        placement: { require: [], near: ["db"], conflicts: ["batch"], prefer: [{ label: "a" }] },
        routes: [{ host: "shop.test" }],
      },
      [
        ["rollout.balance", /the nearest thing is annotations of the cluster's ingress/],
        ["rollout.directives", /the nearest thing is annotations of the cluster's ingress/],
        ["placement.prefer", /^is not possible on Kubernetes; the nearest thing is require$/],
        ["placement.conflicts", /require, with nodes of another label$/],
        ["placement.near", /require, with nodes of one label$/],
      ],
    ],
    [
      "what Swarm's tasks have no gate for",
      {
        ...spec,
        on: cluster("swarm"),
        health: { http: "/up", timeoutMs: 9 },
        rollout: { limits: {} },
      },
      [
        [
          "health.http",
          /^is not possible on Swarm without routes; the nearest thing is healthCheck$/,
        ],
        [
          "health.timeoutMs",
          /^is not possible on Swarm; the nearest thing is rollout.gateTimeoutMs/,
        ],
        ["rollout.limits", /^is not possible on Swarm without routes; leave it out/],
      ],
    ],
    [
      "what Swarm has no word for in ports, files and networks, each by its place",
      {
        ...spec,
        on: cluster("swarm"),
        ports: [
          { containerPort: 8080, hostPort: 80 },
          { containerPort: 8081, hostPort: 81, hostIp: "127.0.0.1" },
          { containerPort: 8082, hostPort: 82, hostPortEnd: 89, keep: true },
        ],
        files: { "/etc/a": { content: "a", uid: 7 }, "/etc/b": { contentBase64: "YQ==" } },
        networks: [
          { networkName: "inside", aliases: ["a"] },
          { networkName: "b", ipv4Address: "10.0.0.7" },
        ],
      },
      [
        ["ports[1].hostIp", /^is not possible on Swarm; leave it out: a port is on every address/],
        ["ports[2].hostPortEnd", /the nearest thing is ports with one for each port$/],
        ["ports[2].keep", /the nearest thing is hostPort$/],
        ['files["/etc/b"].contentBase64', /the nearest thing is content$/],
        ["networks[1].ipv4Address", /leave it out: Swarm chooses the addresses of tasks$/],
      ],
    ],
    [
      "owners of files on Kubernetes",
      {
        ...spec,
        on: cluster("kubernetes"),
        files: { "/etc/a": { content: "a", mode: 0o400, uid: 7, gid: 7 } },
      },
      [
        ['files["/etc/a"].uid', /on Kubernetes; leave it out: files of a Secret are root's/],
        ['files["/etc/a"].gid', /on Kubernetes; leave it out: files of a Secret are root's/],
      ],
    ],
    [
      "scaling on Swarm",
      { ...spec, on: cluster("swarm"), autoscale: { min: 1, max: 2 } },
      [["autoscale", /on Swarm; the nearest thing is replicas/]],
    ],
    [
      "a proxy where the cluster has an ingress",
      { ...spec, on: cluster("kubernetes"), routes: [{ proxy: edge, host: "shop.test" }] },
      [["routes[0].proxy", /^is not possible on Kubernetes; leave it out/]],
    ],
    [
      "an image for each host",
      { ...spec, on: cluster("kubernetes"), image: { perHost: { web1: image } } },
      [["image", /is for the hosts of a pool, and Kubernetes takes one/]],
    ],
    [
      "scaling that makes no sense",
      { ...spec, on: cluster("ecs"), autoscale: { min: 0, max: -1, cpuPercent: 200 } },
      [
        ["autoscale.min", /is 0; write a whole number from 1/],
        ["autoscale.max", /is -1; write 0 or more/],
        ["autoscale.cpuPercent", /is 200; write a share in percent/],
      ],
    ],
  ];

for (const [rule, args, want] of refused) {
  test(`refused: ${rule}`, async () => {
    let caught: unknown;
    await register(() => {
      try {
        void new Service("shop", args);
      } catch (error) {
        caught = error;
      }
    });
    assert.instance(caught, pulumi.InputPropertiesError);
    const { errors } = caught as pulumi.InputPropertiesError;
    assert.equal(
      errors.map(({ propertyPath }) => propertyPath),
      want.map(([path]) => path),
    );
    errors.forEach(({ reason }, index) => {
      assert.match(reason, want[index]?.[1] ?? /^$/);
    });
  });
}

test("a cluster's rollout is rolling unless it says otherwise, so that a batch needs no strategy", async () => {
  const asked: ServiceRequest[] = [];
  await register(
    () => new Service("shop", { ...spec, on: cluster("ecs", asked), rollout: { batch: "50%" } }),
  );
  assert.is(asked.length, 1);
});

test("on a daemon: routes need a proxy, and only clusters scale", async () => {
  let caught: unknown;
  await register(() => {
    const on = new LocalDaemon("local");
    try {
      void new Service("shop", {
        ...spec,
        on,
        routes: [{ host: "a.test" }],
        autoscale: { min: 1, max: 2 },
      });
    } catch (error) {
      caught = error;
    }
  });
  const { errors } = caught as pulumi.InputPropertiesError;
  assert.equal(
    errors.map(({ propertyPath }) => propertyPath),
    ["routes[0].proxy", "autoscale"],
  );
});

test("on a daemon secret variables stand in the environment, secret", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("local");
    void new Service("shop", { ...spec, on, env: { A: "1" }, secretEnv: { TOKEN: "hush" } });
  });
  const env = all.find(({ type }) => type === "dockwright:index:Container")?.inputs["env"];
  assert.equal((env as { readonly value?: unknown }).value, { A: "1", TOKEN: "hush" });
});

test.run();
