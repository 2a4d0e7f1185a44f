// Services on ECS under the real engine, with echo providers in place of the cloud: another digest, each
// way to scale and to label, a deployment that ECS took back, and the order of the end.
// DOCKWRIGHT_ECS=all has EC2 capacity too, each argument that replaces, scales, and tries again after a failure.

import * as assert from "uvu/assert";
import {
  type EchoCall,
  type TemporaryProject,
  temporaryProject,
} from "../../../sdk/testing/index.ts";
import { suite } from "../../support/suite.ts";

const test = suite("aws/ecs with the engine", { timeoutMs: 900_000 });

const all = process.env["DOCKWRIGHT_ECS"] === "all";

interface Given {
  readonly digit?: string;
  readonly replicas?: number;
  readonly label?: string;
  readonly capacity?: boolean;
  /** Of the cluster: its VPC, whether its load balancer is public, and how full of machines it is. */
  readonly vpcId?: string;
  readonly isPublic?: boolean;
  readonly instanceType?: string;
  readonly insights?: string;
  readonly port?: number;
  readonly secret?: string;
  readonly host?: string;
  /** Of ten tasks, on spot capacity; -1 leaves it out. */
  readonly spot?: number;
}

const usual = {
  digit: "a",
  replicas: 2,
  label: "x",
  capacity: false,
  vpcId: "vpc-1",
  isPublic: false,
  instanceType: "t3.medium",
  insights: "enabled",
  port: 8080,
  secret: "hush",
  host: "shop.test",
  spot: -1,
};

const programOf = (given: typeof usual) => {
  const { digit, replicas, label, capacity, vpcId, isPublic, instanceType, insights } = given;
  const { port, secret, host, spot } = given;
  return `
import { Service } from "dockwright";
import { EcsCluster } from "dockwright/aws";
const cluster = new EcsCluster("main", {
  vpcId: "${vpcId}", containerInsights: "${insights}", subnetIds: ["subnet-a", "subnet-b"], tags: { label: "${label}" },
  ${capacity ? `capacity: { instanceType: "${instanceType}", max: 3 },` : ""}
  ingress: { public: ${isPublic}, subnetIds: ["subnet-c", "subnet-d"], allowFrom: ["10.0.0.0/8"], certificateArn: "arn:aws:acm:eu-central-1:1:certificate/1" },
});
const image = { ref: "registry.example.com/shop@sha256:${"0".repeat(63)}${digit}" };
export const { endpoints, containerNames } = new Service("shop", {
  on: ${spot < 0 ? "cluster" : `cluster.with({ spotOfTen: ${spot} })`}, image, port: ${port}, replicas: ${replicas}, health: { http: "/up" },
  secretEnv: { PASSWORD: "${secret}" }, routes: [{ host: "${host}" }],
});
`;
};
const program = (given: Given) => programOf({ ...usual, ...given });

const kind = ({ type }: EchoCall) => type.split(":").at(-1) ?? "";
const changes = ({ echo }: TemporaryProject) =>
  (echo?.journal() ?? [])
    .filter(({ operation, preview }) => /create|update|delete/.test(operation) && !preview)
    .map((call) => `${call.operation} ${kind(call)}`);

interface Ecs {
  readonly project: TemporaryProject;
  /** An update to the program as it was, but for this. */
  up(next: Given): Promise<{ readonly code: number; readonly said: string }>;
  /** What a preview of it would replace, by the kind of resource. */
  replaced(next: Given): Promise<readonly string[]>;
}

async function onEcs(given: Given, run: (ecs: Ecs) => Promise<void>) {
  const project = await temporaryProject({
    name: "ecs",
    program: program(given),
    echo: { packages: ["aws"] },
  });
  try {
    const stack = await project.stack();
    const begin = (next: Given) => {
      project.echo?.forget();
      return project.write("index.ts", program({ ...given, ...next }));
    };
    const up = async (next: Given) => {
      await begin(next);
      const { code, stdout, stderr } = await stack.up();
      return { code, said: stdout + stderr };
    };
    const first = await up({});
    assert.is(first.code, 0, first.said);
    const replaced = async (next: Given) => {
      await begin(next);
      const { code, stdout, stderr } = await stack.preview();
      assert.is(code, 0, stdout + stderr);
      const diffs = project.echo?.journal().filter(({ operation }) => operation === "diff") ?? [];
      return [
        ...new Set(diffs.filter(({ replaces = [] }) => replaces.length > 0).map(kind)),
      ].sort();
    };
    await run({ project, up, replaced });
    project.echo?.forget();
    const end = await stack.destroy();
    assert.is(end.code, 0, end.stdout + end.stderr);
    const order = changes(project);
    const chain = given.capacity
      ? [
          "Service",
          "ClusterCapacityProviders",
          "CapacityProvider",
          "Group",
          "LaunchTemplate",
          "Cluster",
        ]
      : ["Service", "ClusterCapacityProviders", "Cluster"];
    const at = chain.map((one) => order.indexOf(`delete ${one}`));
    assert.equal(
      at,
      [...at].sort((a, b) => a - b),
      `${chain.join(" before ")}: ${order.join(", ")}`,
    );
    assert.ok(!at.includes(-1));
    assert.equal(
      project.echo?.things().map(({ type }) => type),
      [],
    );
  } finally {
    await project.close();
  }
}

test("Fargate: another digest is another revision, in place; labels replace nothing; a taken back deployment fails", () =>
  onEcs({}, async ({ project, up }) => {
    const silent = await up({});
    assert.is(silent.code, 0, silent.said);
    assert.equal(changes(project), [], "a second update does nothing");
    const released = await up({ digit: "b" });
    assert.is(released.code, 0, released.said);
    assert.equal(changes(project), [
      "create TaskDefinition",
      "update Service",
      "delete TaskDefinition",
    ]);
    const labelled = await up({ digit: "b", replicas: 5, label: "y" });
    assert.is(labelled.code, 0, labelled.said);
    const replaced = changes(project).filter((one) => !one.startsWith("update "));
    assert.equal(replaced, [], "neither a tag nor another number replaces anything");
    project.echo?.plan({
      failures: [
        {
          match: "ecs/service:Service",
          operation: "update",
          effect: "rolledBack",
          message: "tasks failed to start",
        },
      ],
    });
    const failed = await up({ digit: "c", replicas: 5, label: "y" });
    assert.is.not(failed.code, 0, failed.said);
    assert.match(failed.said, /was planned: ECS took the deployment back/);
    assert.match(failed.said, /tasks failed to start/);
    project.echo?.plan({});
    if (!all) return;
    const again = await up({ digit: "c", replicas: 5, label: "y" });
    assert.is.not(again.code, 0, "it is not forgotten by the next update");
    const next = await up({ digit: "d", replicas: 5, label: "y" });
    assert.is(next.code, 0, next.said);
    await up({ digit: "d", replicas: 6, label: "y" });
    assert.equal(changes(project), ["update Service"]);
  }));

const openings = ["SecurityGroup", "SecurityGroupEgressRule", "SecurityGroupIngressRule"];
/** What a change replaces; nothing is replaced by the others, and nothing ever the cluster. */
const replacing: readonly (readonly [Given, readonly string[]])[] = [
  [{ digit: "b" }, ["TaskDefinition"]],
  [{ secret: "other" }, ["SecretVersion", "TaskDefinition"]],
  [{ port: 9090 }, ["TargetGroup", "TaskDefinition"]],
  [{ isPublic: true }, ["Listener", "ListenerRule", "LoadBalancer"]],
  [{ vpcId: "vpc-2" }, [...openings, "TargetGroup"]],
  [{ replicas: 5, label: "y", insights: "enhanced", host: "other.test" }, []],
];

if (all) {
  test("Fargate: which arguments replace what", () =>
    onEcs({}, async ({ replaced }) => {
      for (const [one, kinds] of replacing)
        assert.equal(await replaced(one), kinds, JSON.stringify(one));
      const moved = await replaced({ capacity: true });
      assert.equal(moved, ["Service", "TaskDefinition"], "from Fargate to machines");
    }));

  test("Fargate: another share of spot capacity is a deployment, and no other service", () =>
    onEcs({}, async ({ up, project }) => {
      for (const spot of [5, 3, 0]) {
        const { code, said } = await up({ spot });
        assert.is(code, 0, said);
        assert.equal(changes(project), ["update Service"], `${spot} of ten`);
      }
    }));

  test("EC2: which arguments replace what; service, association, provider, group and cluster end in that order", () =>
    onEcs({ capacity: true }, async ({ replaced, up, project }) => {
      for (const [one, kinds] of replacing)
        assert.equal(await replaced(one), kinds, JSON.stringify(one));
      const { code, said } = await up({ instanceType: "t3.large" });
      assert.is(code, 0, said);
      const others = changes(project).filter((one) => !one.startsWith("update "));
      assert.equal(others, [], "other machines are another version of the template");
    }));
}

test.run();
