// What holds for everything that is made in a cloud, whichever it is: nobody may come who was not
// named, what is stored is encrypted, no role may do everything, and another label replaces nothing.

import * as assert from "uvu/assert";
import { EfsVolume } from "../../components/aws/index.ts";
import { ArtifactRepository, GkeCluster, NodePool } from "../../components/gcp/index.ts";
import { Service } from "../../components/index.ts";
import { compare } from "../../sdk/testing/echo/rules.ts";
import { ofType, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";
import { machine as awsMachine, fargate, ingress, network } from "./aws/lab.ts";
import { machine as gcpMachine } from "./gcp/lab.ts";

const test = suite("clouds");
type Map = Registered["inputs"];

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };
const spec = { image, port: 8080, replicas: 2, secretEnv: { TOKEN: "hush" } };
const routes = [{ host: "shop.test" }];

const gke = (label: string, autopilot: boolean): GkeCluster =>
  new GkeCluster("main", {
    location: "europe-west3",
    project: "demo",
    network: "net",
    subnetwork: "sub",
    ranges: { pods: "pods", services: "services" },
    authorizedNetworks: [{ cidr: "192.0.2.0/24", name: "office" }],
    labels: { team: label },
    autopilot,
  });

/** A program of each cloud, with a label on all that takes one; nothing in it is for the public. */
const programs: { readonly [what: string]: (label: string) => unknown } = {
  "ECS on Fargate": (label) => {
    const cluster = fargate({ ingress, tags: { team: label } });
    const securityGroupId = cluster.tasksSecurityGroupId;
    const volume = new EfsVolume("data", { ...network, securityGroupId, tags: { team: label } });
    const volumes = [{ volume, target: "/data" }];
    return new Service("shop", { on: cluster, ...spec, routes, volumes });
  },
  "ECS on EC2": (label) => {
    const capacity = { instanceType: "t3.medium", max: 4 };
    return new Service("shop", { on: fargate({ capacity, tags: { team: label } }), ...spec });
  },
  "GKE Autopilot": (label) => {
    const place = { location: "europe-west3", project: "demo", labels: { team: label } };
    void new ArtifactRepository("images", place);
    return new Service("shop", { on: gke(label, true), ...spec });
  },
  "GKE standard": (label) => {
    const cluster = gke(label, false);
    const machine = { machineType: "e2-standard-4", min: 1, max: 3, labels: { disk: label } };
    void new NodePool("web", { cluster, project: "demo", ...machine });
    return new Service("shop", { on: cluster, ...spec });
  },
  "a machine of EC2": (label) => awsMachine("web1", { open: [], tags: { team: label } }),
  "a machine of Google's": (label) => gcpMachine("web1", { open: [], labels: { team: label } }),
};

const texts = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

/** Ranges of addresses that something lets in. */
function letIn({ type, inputs }: Registered): readonly string[] {
  const { cidrIpv4, cidrIpv6, sourceRanges, masterAuthorizedNetworksConfig, ingress: own } = inputs;
  if (/EgressRule$/.test(type)) return [];
  const all = [cidrIpv4, cidrIpv6, sourceRanges, masterAuthorizedNetworksConfig, own];
  return all.flatMap(texts).filter((one) => one.includes("/"));
}

/** Whether a thing that stores says itself that it is encrypted; Google's have no other way. */
function encryptionOf({ type, inputs }: Registered): boolean {
  const { rootBlockDevice, blockDeviceMappings, encrypted } = inputs;
  if (type === "aws:ec2/instance:Instance") return (rootBlockDevice as Map)["encrypted"] === true;
  if (type === "aws:efs/fileSystem:FileSystem") return encrypted === true;
  if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return true;
  const mappings = (blockDeviceMappings ?? []) as readonly { readonly ebs?: Map }[];
  return (
    mappings.length > 0 && mappings.every(({ ebs }) => /^true$/.test(String(ebs?.["encrypted"])))
  );
}

const fewRoles =
  /^roles\/(logging\.logWriter|monitoring\.(metricWriter|viewer)|stackdriver\.resourceMetadata\.writer|artifactregistry\.reader)$/;

/** What an identity may do: each action of its policies, and each role of the project. */
function rightsOf(all: readonly Registered[]): readonly string[] {
  const actions = ofType(all, "RolePolicy").flatMap(({ inputs }) => {
    const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: readonly Map[] };
    return Statement.flatMap(({ Action }) => texts(Action));
  });
  const roles = all
    .filter(({ type }) => /IAM/.test(type))
    .map(({ inputs }) => String(inputs["role"]));
  return [...actions, ...roles];
}

for (const [what, program] of Object.entries(programs)) {
  test(`${what}: nobody may come who was not named`, async () => {
    const all = await register(() => program("a"));
    const ranges = all.flatMap(letIn);
    const declared = /^(192\.0\.2\.|10\.)/;
    assert.equal(
      ranges.filter((range) => !declared.test(range)),
      [],
    );
    const objects = all.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.equal(
      objects.filter(({ type }) => /:Ingress$|Gateway|Route$/.test(type)),
      [],
    );
    const services = ofType(objects, "kubernetes:core/v1:Service");
    assert.ok(services.every(({ inputs }) => (inputs["spec"] as Map)["type"] === "ClusterIP"));
    const balancers = ofType(all, "LoadBalancer");
    assert.ok(balancers.every(({ inputs }) => inputs["internal"] === true));
  });

  test(`${what}: what is stored is encrypted, and no role may do everything`, async () => {
    const all = await register(() => program("a"));
    assert.equal(
      all.filter((one) => !encryptionOf(one)).map(({ name }) => name),
      [],
    );
    const rights = rightsOf(all);
    assert.equal(
      rights.filter((one) => (one.startsWith("roles/") ? !fewRoles.test(one) : /\*/.test(one))),
      [],
    );
  });

  test(`${what}: another label replaces nothing`, async () => {
    const [before, after] = [
      await register(() => program("a")),
      await register(() => program("b")),
    ];
    const keyOf = ({ type, name }: Registered) => `${type} ${name}`;
    assert.equal(after.map(keyOf).sort(), before.map(keyOf).sort());
    const changes = after.map((one) => {
      const old = before.find((other) => keyOf(other) === keyOf(one));
      return { name: keyOf(one), ...compare(one.type, old?.inputs ?? {}, one.inputs, {}) };
    });
    assert.ok(
      changes.some(({ diffs }) => diffs.length > 0),
      "it does change something",
    );
    const replaced = changes.filter(({ replaces }) => replaces.length > 0);
    assert.equal(
      replaced.map(({ name, replaces }) => `${name} ${replaces.join()}`),
      [],
    );
  });
}

test.run();
