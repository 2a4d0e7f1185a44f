// Services on ECS under the real engine, with echo providers in place of the cloud: another digest, each
// way to scale and to label, a deployment that ECS took back, and the order of the end.
// DOCKWRIGHT_ECS=all has EC2 capacity too, scales, and tries again after a failure.

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
}

const program = ({ digit = "a", replicas = 2, label = "x", capacity = false }: Given) => `
import { Service } from "dockwright";
import { EcsCluster } from "dockwright/aws";
const cluster = new EcsCluster("main", {
  vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"], tags: { label: "${label}" },
  ${capacity ? 'capacity: { instanceType: "t3.medium", max: 3 },' : ""}
  ingress: { subnetIds: ["subnet-c", "subnet-d"], allowFrom: ["10.0.0.0/8"], certificateArn: "arn:aws:acm:eu-central-1:1:certificate/1" },
});
const image = { ref: "registry.example.com/shop@sha256:${"0".repeat(63)}${digit}" };
export const { endpoints, containerNames } = new Service("shop", {
  on: cluster, image, port: 8080, replicas: ${replicas}, health: { http: "/up" },
  secretEnv: { PASSWORD: "hush" }, routes: [{ host: "shop.test" }],
});
`;

const kind = ({ type }: EchoCall) => type.split(":").at(-1) ?? "";
const changes = ({ echo }: TemporaryProject) =>
  (echo?.journal() ?? [])
    .filter(({ operation, preview }) => /create|update|delete/.test(operation) && !preview)
    .map((call) => `${call.operation} ${kind(call)}`);

async function onEcs(
  given: Given,
  run: (
    project: TemporaryProject,
    up: (next: Given) => Promise<{ readonly code: number; readonly said: string }>,
  ) => Promise<void>,
) {
  const project = await temporaryProject({
    name: "ecs",
    program: program(given),
    echo: { packages: ["aws"] },
  });
  try {
    const stack = await project.stack();
    const up = async (next: Given) => {
      project.echo?.forget();
      await project.write("index.ts", program({ ...given, ...next }));
      const { code, stdout, stderr } = await stack.up();
      return { code, said: stdout + stderr };
    };
    const first = await up({});
    assert.is(first.code, 0, first.said);
    await run(project, up);
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
  onEcs({}, async (project, up) => {
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

if (all) {
  test("EC2: service, association, provider, group and cluster end in that order", () =>
    onEcs({ capacity: true }, () => Promise.resolve()));
}

test.run();
