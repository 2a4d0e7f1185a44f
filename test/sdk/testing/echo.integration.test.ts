// Echo providers under the real engine: what the program declares is made, changes replace where the
// real provider's would, what shall fail fails, and the journal has every call.

import * as assert from "uvu/assert";
import { type TemporaryProject, temporaryProject } from "../../../sdk/testing/index.ts";
import { suite } from "../../support/suite.ts";

const test = suite("echo providers", { long: true, timeoutMs: 120_000 });

const program = (image: string, label: string) => `
import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { Service } from "@pulumi/aws/ecs/service.js";
import { Cluster } from "@pulumi/gcp/container/cluster.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/index.js";
const task = new TaskDefinition("task", { family: "shop", containerDefinitions: JSON.stringify([{ name: "shop", image: "${image}" }]) });
export const service = new Service("shop", { cluster: "arn:cluster", taskDefinition: task.arn, tags: { label: "${label}" } }).name;
export const endpoint = new Cluster("gke", { location: "europe-west3", deletionProtection: false }).endpoint;
export const config = new ConfigMap("settings", { data: { label: "${label}" } }).metadata.name;
`;

/** The changing calls, in order: operation, and the kind of resource. */
const changes = ({ echo }: TemporaryProject) =>
  (echo?.journal() ?? [])
    .filter(({ operation, preview }) => /create|update|delete/.test(operation) && !preview)
    .map(({ operation, type }) => `${operation} ${type.split(":").at(-1) ?? ""}`);

test("one script serves three packages: create, replace, update, silence, destroy", async () => {
  const project = await temporaryProject({
    program: program("one", "a"),
    echo: { packages: ["aws", "gcp", "kubernetes"] },
  });
  try {
    const stack = await project.stack();
    const first = await stack.up();
    assert.is(first.code, 0, first.stdout + first.stderr);
    assert.equal(changes(project).sort(), [
      "create Cluster",
      "create ConfigMap",
      "create Service",
      "create TaskDefinition",
    ]);
    assert.match(first.stdout, /endpoint: "203\.0\.113\.20"/);
    assert.match(first.stdout, /config +: "settings-[0-9a-f]{8}"/);
    project.echo?.forget();
    await project.write("index.ts", program("two", "b"));
    const second = await stack.up({ preview: true });
    assert.is(second.code, 0, second.stdout + second.stderr);
    const made = changes(project);
    const order = ["create TaskDefinition", "update Service", "delete TaskDefinition"];
    assert.equal(
      made.filter((one) => !one.includes("ConfigMap")),
      order,
      "the old one last",
    );
    assert.ok(made.indexOf("create ConfigMap") < made.indexOf("delete ConfigMap"));
    const tasks = project.echo?.things().filter(({ type }) => type.endsWith(":TaskDefinition"));
    assert.is(tasks?.length, 1, "the later revision is there, and has the id of the one that went");
    assert.match(JSON.stringify(tasks?.[0]?.inputs), /two/);
    project.echo?.forget();
    const third = await stack.up({ args: ["--expect-no-changes"] });
    assert.is(third.code, 0, third.stdout + third.stderr);
    assert.equal(changes(project), []);
    const gone = await stack.destroy();
    assert.is(gone.code, 0, gone.stdout + gone.stderr);
    assert.ok(
      changes(project).indexOf("delete Service") <
        changes(project).indexOf("delete TaskDefinition"),
    );
    assert.equal(project.echo?.things(), []);
  } finally {
    await project.close();
  }
});

test("what shall fail fails, with its words; what changed by hand shows", async () => {
  const project = await temporaryProject({
    program: program("one", "a"),
    echo: {
      packages: ["aws", "gcp", "kubernetes"],
      plan: { failures: [{ match: "::shop", operation: "create", message: "no capacity" }] },
    },
  });
  try {
    const stack = await project.stack();
    const failed = await stack.up();
    assert.is.not(failed.code, 0);
    assert.match(failed.stdout + failed.stderr, /no capacity/);
    project.echo?.plan({});
    assert.is((await stack.up()).code, 0);
    const cluster = project.echo
      ?.things()
      .find(({ type }) => type === "gcp:container/cluster:Cluster");
    if (cluster === undefined) throw new Error("there is no cluster");
    project.echo?.put({ ...cluster, inputs: { ...cluster.inputs, description: "by hand" } });
    const drift = await stack.preview({ args: ["--refresh", "--diff"] });
    assert.match(drift.stdout, /description: "by hand"/);
  } finally {
    await project.close();
  }
});

test.run();
