// WordPress with its database on the clouds: the graph that each makes of the same two containers.

import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { Service } from "../../components/index.ts";
import { named, ofType, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";
import { fargate, image } from "./aws/lab.ts";
import { wordpressOnEcs, wordpressOnGke } from "./wordpress.ts";

const test = suite("wordpress on clouds");
type Map = Registered["inputs"];

test("ECS: one task of two containers, the second behind the first's health, each with its volume", async () => {
  const all = await register(wordpressOnEcs);
  const task = named(all, "blog-ecs-task").inputs;
  const [blog = {}, db = {}, ...others] = JSON.parse(String(task["containerDefinitions"])) as Map[];
  assert.equal(others, []);
  assert.equal([blog["name"], db["name"]], ["blog", "db"]);
  assert.equal(blog["dependsOn"], [{ containerName: "db", condition: "HEALTHY" }]);
  assert.equal([blog["essential"], db["essential"]], [true, true]);
  assert.equal(db["portMappings"], [], "nobody reaches it but its own task");
  assert.equal([task["cpu"], task["memory"]], ["1024", "2048"], "what both take together");
  const sourcesOf = ({ mountPoints }: Map) =>
    (mountPoints as readonly Map[]).map(({ sourceVolume }) => sourceVolume);
  assert.equal(sourcesOf(blog), ["volume-1", "tmp-tmp"]);
  assert.equal(sourcesOf(db), ["db-volume-1", "db-tmp-run-mysqld", "db-tmp-tmp"]);
  const volumes = (task["volumes"] as readonly Map[]).map(({ name }) => name).sort();
  assert.equal(volumes, [...sourcesOf(blog), ...sourcesOf(db)].sort());
  for (const [container, variable] of [
    [blog, "WORDPRESS_DB_PASSWORD"],
    [db, "MARIADB_PASSWORD"],
  ] as const) {
    const secrets = container["secrets"] as readonly Map[];
    assert.equal(
      secrets.map(({ name }) => name),
      [variable],
    );
  }
  const policy = String(named(all, "blog-ecs-start-policy").inputs["policy"]);
  for (const [secret] of ofType(all, "SecretVersion").map(({ inputs }) => [inputs["secretId"]])) {
    assert.ok(policy.includes(String(secret)), String(secret));
  }
  assert.is(ofType(all, "Secret").filter(({ type }) => type.startsWith("aws:")).length, 2);
  const service = named(all, "blog-ecs-service");
  assert.is(service.inputs["deploymentMinimumHealthyPercent"], 0, "the old task ends first");
  const targets = all.filter(({ type }) => type === "aws:efs/mountTarget:MountTarget");
  assert.is(targets.length, 4);
  for (const { urn, name } of targets) assert.ok(service.dependsOn.includes(urn), name);
});

test("GKE: two services, of which one answers outside; passwords and data in objects of their own", async () => {
  const all = await register(wordpressOnGke);
  const deployments = ofType(all, "kubernetes:apps/v1:Deployment");
  assert.equal(deployments.map(({ name }) => name).sort(), [
    "blog-db-kubernetes-deployment",
    "blog-kubernetes-deployment",
  ]);
  const hosts = ofType(all, "Ingress").map(({ inputs }) => (inputs["spec"] as Map)["rules"]);
  assert.is(hosts.length, 1);
  assert.match(JSON.stringify(hosts), /blog\.test/);
  for (const { inputs, name } of deployments) {
    const { template, strategy } = inputs["spec"] as { template: Map; strategy: Map };
    const text = JSON.stringify(template);
    assert.not.match(text, /hush/);
    assert.match(text, /secretKeyRef/);
    assert.match(text, name.startsWith("blog-db") ? /"claimName":"blog-db"/ : /"blog-content"/);
    assert.is(strategy["type"], name.startsWith("blog-db") ? "Recreate" : "RollingUpdate");
  }
  const text = JSON.stringify(named(all, "blog-kubernetes-deployment").inputs);
  assert.match(text, /"WORDPRESS_DB_HOST","value":"blog-db"/);
  const names = ofType(all, "kubernetes:core/v1:Service").map(
    ({ inputs }) => (inputs["metadata"] as Map)["name"],
  );
  assert.equal(names.sort(), ["blog", "blog-db"]);
});

const refused: readonly (readonly [string, object, RegExp])[] = [
  ["a tag", { db: { image: { ref: "mariadb:11" } } }, /sidecars\.db\.image .*by digest/],
  ["the service's own name", { blog: { image } }, /sidecars\.blog .*take another name/],
  [
    "a path of the host on Fargate",
    { db: { image, volumes: [{ hostPath: "/d", target: "/d" }] } },
    /sidecars\.db\.volumes\[0\] .*EfsVolume/,
  ],
];
for (const [rule, sidecars, words] of refused) {
  test(`refused beside the service's container: ${rule}`, async () => {
    let said = "";
    await register(() => {
      try {
        new Service("blog", { on: fargate().with({ sidecars } as object), image, port: 8080 });
      } catch (error) {
        const faults =
          error instanceof pulumi.InputPropertiesError
            ? error.errors
            : [error as pulumi.InputPropertyError];
        said = faults.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`).join();
      }
    });
    assert.match(said, words);
  });
}

test.run();
