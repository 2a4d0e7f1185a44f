// The guestbook from its one description: on a daemon, a pool, a swarm, ECS and Kubernetes it has the same
// three services, which find each other as the platform has it.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  type ClusterLike,
  HostPool,
  LocalDaemon,
  type ServiceRequest,
  SwarmCluster,
} from "../../components/index.ts";
import { KubernetesCluster } from "../../components/kubernetes/index.ts";
import { named, ofType, type Registered, register } from "../../sdk/testing/recorder.ts";
import { Guestbook, type GuestbookArgs } from "../../stacks/guestbook/index.ts";
import { suite } from "../support/suite.ts";

const test = suite("stacks/guestbook");
const digest = `@sha256:${"ab".repeat(32)}`;
const images = { redis: { ref: `redis${digest}` }, frontend: { ref: `web${digest}` } };
type Inputs = Registered["inputs"];

const crew = () =>
  new SwarmCluster("crew", {
    nodes: {
      n1: { daemon: new LocalDaemon("n1"), address: "10.0.0.1", role: "manager" },
      n2: { daemon: new LocalDaemon("n2"), address: "10.0.0.2" },
    },
  });
const graph = (make: () => GuestbookArgs, outputs: Parameters<typeof register>[1] = {}) =>
  register(() => new Guestbook("book", make()), outputs);
const envOf = (inputs: Inputs) => inputs["env"] as Readonly<Record<string, string>>;
const namesOf = (all: readonly Registered[], type: string) =>
  ofType(all, `dockwright:index:${type}`).map(({ name }) => name);

test("on a daemon its parts are containers that find each other by name", async () => {
  const all = await graph(() => ({ on: new LocalDaemon("here"), title: "Letters" }));
  const made = namesOf(all, "Container").filter((name) => !name.startsWith("book-edge"));
  assert.equal(made.sort(), [
    ...["book-leader-1", "book-replicas-1", "book-replicas-2", "book-web-1", "book-web-2"],
  ]);
  assert.is(envOf(named(all, "book-replicas-1").inputs)["REDIS_LEADER"], "leader:6379");
  assert.equal(envOf(named(all, "book-web-1").inputs), {
    GUESTBOOK_TITLE: "Letters",
    REDIS_LEADER: "leader:6379",
    REDIS_REPLICAS: "replicas:6379",
    REDIS_REPLICA_COUNT: "2",
  });
  const [network] = named(all, "book-leader-1").inputs["networks"] as readonly Inputs[];
  assert.equal(network?.["aliases"], ["leader"]);
  assert.ok(namesOf(all, "Volume").includes("book-data"));
});

test("over a pool they find each other where they are published", async () => {
  const published = { "6379/tcp": "10.0.0.1:20123", "8080/tcp": "10.0.0.1:20456" };
  const all = await graph(
    () => {
      const daemon = new LocalDaemon("one");
      const on = new HostPool("pool", { hosts: { web1: { daemon, address: "10.0.0.1" } } });
      return { on };
    },
    { Container: { published } },
  );
  assert.is(envOf(named(all, "book-replicas-1").inputs)["REDIS_LEADER"], "10.0.0.1:20123");
  const both = "10.0.0.1:20123,10.0.0.1:20123";
  assert.is(envOf(named(all, "book-web-1").inputs)["REDIS_REPLICAS"], both);
});

test("on a swarm they are its services on an encrypted network, behind the managers' proxies", async () => {
  const all = await graph(() => ({ on: crew() }));
  assert.equal(namesOf(all, "SwarmService").sort(), [
    ...["book-leader-swarm", "book-replicas-swarm", "book-web-swarm"],
  ]);
  assert.is(named(all, "book-inside").inputs["encrypted"], true);
  assert.is(envOf(named(all, "book-replicas-swarm").inputs)["REDIS_LEADER"], "leader:6379");
  const web = named(all, "book-web-swarm").inputs;
  assert.is(web["mode"], "global");
  assert.equal(web["ports"], [{ mode: "host", publishedPort: 8081, port: 8080 }]);
  assert.equal(namesOf(all, "Route"), ["book-web-n1-1"]);
  // Made on one node, copied to the other.
  const copied = namesOf(all, "Image").filter((name) => name.endsWith("-n2"));
  assert.equal(copied.sort(), ["book-frontend-image-n2", "book-redis-image-n2"]);
});

test("on Kubernetes they are deployments that find each other by their services' endpoints", async () => {
  const on = () =>
    new KubernetesCluster("main", { kubeconfig: "secret words", ingress: { className: "gce" } });
  const all = await graph(() => ({ on: on(), images }));
  const deployments = ofType(all, "kubernetes:apps/v1:Deployment").map(({ name }) => name);
  assert.is(deployments.length, 3, deployments.join());
  const pod = (part: string) => {
    const { template } = named(all, `book-${part}-kubernetes-deployment`).inputs["spec"] as {
      readonly template: { readonly spec: { readonly containers: readonly Inputs[] } };
    };
    return JSON.stringify(template.spec.containers[0]);
  };
  assert.match(pod("replicas"), /"name":"REDIS_LEADER","value":"[^"]*leader[^"]*:6379"/);
  assert.match(pod("web"), /"name":"REDIS_REPLICAS","value":"[^"]*replicas[^"]*:6379"/);
  assert.equal(namesOf(all, "Image"), []);
});

test("on ECS the password is a variable, elsewhere a file", async () => {
  const asked: ServiceRequest[] = [];
  const cluster = (clusterKind: ClusterLike["clusterKind"]): ClusterLike => ({
    clusterKind,
    runService(request) {
      asked.push(request);
      return { names: [request.name], endpoints: [`${request.name}:1`] };
    },
  });
  for (const kind of ["ecs", "kubernetes"] as const) {
    await graph(() => ({ on: cluster(kind), images }));
  }
  assert.equal(
    asked.map(({ spec: { secrets, secretEnv } }) => [
      Object.keys(secrets ?? {}).join(),
      Object.keys(secretEnv ?? {}).join(),
    ]),
    [...Array(3).fill(["", "REDIS_PASSWORD"]), ...Array(3).fill(["redis-password", ""])],
  );
});

const refused: readonly [string, () => GuestbookArgs, RegExp][] = [
  ["no replica", () => ({ on: new LocalDaemon("here"), replicas: 0 }), /^replicas is 0/],
  ["web servers of a swarm", () => ({ on: crew(), frontends: 3 }), /^frontends is given/],
  [
    "a cluster without images",
    () => ({ on: new KubernetesCluster("main", { kubeconfig: "words" }) }),
    /^images is not given/,
  ],
];
for (const [name, make, words] of refused) {
  test(`refused: ${name}`, async () => {
    let said = "";
    await register(() => {
      try {
        new Guestbook("book", make());
      } catch (error) {
        if (!(error instanceof pulumi.InputPropertyError)) throw error;
        said = `${error.propertyPath} ${error.reason}`;
      }
    });
    assert.match(said, words);
  });
}

test.run();
