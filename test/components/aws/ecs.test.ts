// The graph that a service on ECS is: what is there, what depends on what, what is open, encrypted and
// allowed. Under mocks: what the engine makes of it is in ecs.integration.test.ts.

import type * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { EcrRepository, EfsVolume } from "../../../components/aws/index.ts";
import { Service, type ServiceSpec } from "../../../components/index.ts";
import { named, ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { suite } from "../../support/suite.ts";
import { fargate, full, image, ingress, machines, network } from "./lab.ts";

const test = suite("aws/ecs");
type Inputs = Registered["inputs"];

const spec: ServiceSpec = { image, port: 8080 };
const graphOf = (program: () => unknown) => register(program);

const containerOf = (all: readonly Registered[], name = "shop-ecs-task"): Inputs =>
  (JSON.parse(String(named(all, name).inputs["containerDefinitions"])) as Inputs[])[0] ?? {};

test("Fargate: a task by digest, hardened, with a size that Fargate has", async () => {
  const all = await graphOf(() => new Service("shop", { on: fargate(), ...spec, cpus: 0.3 }));
  const task = named(all, "shop-ecs-task").inputs;
  assert.is(task["cpu"], "512");
  assert.is(task["memory"], "1024");
  assert.equal(task["requiresCompatibilities"], ["FARGATE"]);
  assert.is(task["skipDestroy"], true);
  assert.is.not(task["executionRoleArn"], task["taskRoleArn"]);
  const container = containerOf(all);
  assert.is(container["image"], image.ref);
  assert.is(container["readonlyRootFilesystem"], true);
  assert.equal(container["linuxParameters"], { capabilities: { drop: ["ALL"] } });
  assert.equal(container["mountPoints"], [
    { sourceVolume: "tmp-tmp", containerPath: "/tmp", readOnly: false },
  ]);
});

test("the deployment waits, and is taken back when it fails", async () => {
  const all = await graphOf(() => new Service("shop", { on: fargate(), ...full }));
  const service = named(all, "shop-ecs-service");
  assert.equal(service.inputs["deploymentCircuitBreaker"], { enable: true, rollback: true });
  assert.is(service.inputs["waitForSteadyState"], true);
  assert.is(service.inputs["deploymentMinimumHealthyPercent"], 100);
  assert.is(service.inputs["healthCheckGracePeriodSeconds"], 60);
  assert.equal(service.ignoreChanges, ["desiredCount"], "scaling moves it");
  for (const name of ["shop-ecs-route-1", "main-capacity", "shop-ecs-start-policy"]) {
    const urns = all.filter((one) => one.name === name).map(({ urn }) => urn);
    assert.ok(
      urns.some((urn) => service.dependsOn.includes(urn)),
      `${name} comes before`,
    );
  }
  assert.equal(
    ofType(all, "Policy")
      .map(({ name }) => name)
      .sort(),
    ["shop-ecs-by-cpu", "shop-ecs-by-memory"],
  );
});

test("EC2: service, association, provider, group and cluster depend in that order", async () => {
  const all = await graphOf(() => new Service("shop", { on: machines(), ...spec }));
  const before = (name: string, type: string) =>
    all.find((one) => one.name === name && one.type.endsWith(type)) ??
    named(all, `${name} (${type})`);
  const chain = [
    before("shop-ecs-service", ":Service"),
    before("main-capacity", ":ClusterCapacityProviders"),
    before("main-machines", ":CapacityProvider"),
    before("main-machines", ":Group"),
    before("main-machine", ":LaunchTemplate"),
    before("main-cluster", ":Cluster"),
  ];
  for (const [index, one] of chain.slice(0, -1).entries()) {
    const next = chain[index + 1];
    assert.ok(
      one.dependsOn.includes(next?.urn ?? ""),
      `${one.name} depends on ${next?.name ?? ""}`,
    );
  }
  const provider = chain[2]?.inputs["autoScalingGroupProvider"] as Inputs;
  assert.is(provider["managedTerminationProtection"], "DISABLED");
  assert.is(provider["managedDraining"], "ENABLED");
  assert.equal(chain[4]?.inputs["metadataOptions"], {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
  });
  assert.equal(named(all, "shop-ecs-service").inputs["capacityProviderStrategies"], [
    { capacityProvider: chain[2]?.inputs["name"] ?? "main-machines", weight: 1 },
  ]);
});

/** Everything of a stack with every part. */
const everything = () =>
  graphOf(() => {
    const cluster = fargate({ ingress: { ...ingress, public: true, allowFrom: ["0.0.0.0/0"] } });
    const data = new EfsVolume("data", {
      ...network,
      securityGroupId: cluster.tasksSecurityGroupId,
    });
    void new EcrRepository("images");
    const volumes = [{ volume: data, target: "/data" }];
    const on = cluster.with({
      exec: true,
      secretArns: { API_KEY: "arn:aws:ssm:eu-central-1:123456789012:parameter/key" },
    });
    void new Service("shop", { on, ...full, volumes });
    void new Service("blue", {
      on: cluster,
      ...spec,
      routes: [{ host: "b.test" }],
      rollout: { strategy: "blueGreen" },
    });
  });

let whole: Promise<readonly Registered[]> | undefined;
const everythingOnce = () => {
  whole ??= everything();
  return whole;
};

test("nobody may come who was not named", async () => {
  const inside = await graphOf(() => new Service("shop", { on: fargate(), ...spec }));
  const open = ofType(inside, "SecurityGroupIngressRule").filter(({ inputs }) =>
    [inputs["cidrIpv4"], inputs["cidrIpv6"]].some(
      (from) => from === "0.0.0.0/0" || from === "::/0",
    ),
  );
  assert.equal(open, []);
  assert.equal(
    ofType(inside, "SecurityGroupIngressRule")
      .map(({ inputs }) => inputs["cidrIpv4"])
      .filter(Boolean),
    ["10.0.0.0/8", "10.0.0.0/8"],
  );
  const groups = ofType(inside, "SecurityGroup");
  assert.ok(groups.every(({ inputs }) => inputs["ingress"] === undefined));
  assert.is(named(inside, "main-ingress").inputs["internal"] ?? true, true);
  const { networkConfiguration } = named(inside, "shop-ecs-service").inputs;
  assert.is((networkConfiguration as Inputs)["assignPublicIp"], undefined);
});

test("no role may do everything, and each statement names its actions", async () => {
  const all = await everythingOnce();
  const policies = ofType(all, "RolePolicy");
  assert.ok(policies.length >= 3);
  for (const { name, inputs } of policies) {
    const { Statement } = JSON.parse(String(inputs["policy"])) as {
      readonly Statement: readonly {
        readonly Action: readonly string[];
        readonly Resource: readonly string[];
      }[];
    };
    for (const { Action, Resource } of Statement) {
      assert.equal(
        Action.filter((action) => action.includes("*")),
        [],
        name,
      );
      const everywhere = Resource.includes("*");
      const known = /^(ssmmessages:|ecr:GetAuthorizationToken)/;
      assert.ok(
        !everywhere || Action.every((action) => known.test(action)),
        `${name}: ${Action.join()}`,
      );
    }
  }
});

test("what is stored is encrypted, and secrets are in no task definition", async () => {
  const all = await everythingOnce();
  assert.is(named(all, "data-data").inputs["encrypted"], true);
  assert.is(named(all, "data-data").retainOnDelete, true);
  const [{ efsVolumeConfiguration }] = named(all, "shop-ecs-task").inputs["volumes"] as [Inputs];
  assert.is((efsVolumeConfiguration as Inputs)["transitEncryption"], "ENABLED");
  const [repository] = ofType(all, "Repository");
  assert.equal(repository?.inputs["encryptionConfigurations"], [{ encryptionType: "AES256" }]);
  assert.is(repository?.inputs["imageTagMutability"], "IMMUTABLE");
  assert.is(named(all, "main-https").inputs["protocol"], "HTTPS");
  const text = JSON.stringify(named(all, "shop-ecs-task").inputs);
  assert.not.ok(text.includes("hush"));
  const secrets = containerOf(all)["secrets"] as readonly Inputs[];
  assert.equal(
    secrets.map(({ name }) => name),
    ["API_KEY", "DB_PASSWORD"],
  );
  assert.match(
    String(secrets[1]?.["valueFrom"]),
    /:secret:shop-ecs-db-password-.*:::[0-9a-f]{32}$/,
  );
});

test("blue/green has a second group, and a role that moves the rule", async () => {
  const all = await everythingOnce();
  const { inputs } = named(all, "blue-ecs-service");
  assert.equal(inputs["deploymentConfiguration"], {
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: "0",
  });
  const [balancer] = inputs["loadBalancers"] as [Inputs];
  const advanced = balancer["advancedConfiguration"] as Inputs;
  assert.match(String(advanced["alternateTargetGroupArn"]), /targetgroup\/blue-ecs-b/);
  assert.match(String(advanced["productionListenerRule"]), /listener-rule/);
  assert.equal(named(all, "blue-ecs-route-1").ignoreChanges, ["actions"]);
});

const balances = [
  ["roundrobin", "round_robin"],
  ["leastconn", "least_outstanding_requests"],
  ["random", "weighted_random"],
  [undefined, undefined],
] as const;
for (const [balance, algorithm] of balances) {
  test(`requests are spread by ${algorithm ?? "what a group does by itself"} where balance is ${balance ?? "not given"}`, async () => {
    const rollout = balance === undefined ? {} : { balance, drainTimeoutMs: 1500 };
    const routes = [{ host: "b.test" }];
    const all = await graphOf(() => {
      const on = fargate();
      void new Service("shop", { on, ...spec, routes, rollout });
      const given = { ...rollout, strategy: "blueGreen" } as const;
      return new Service("blue", { on, ...spec, routes, rollout: given });
    });
    const groups = ["shop-ecs-a", "blue-ecs-a", "blue-ecs-b"].map((one) => named(all, one).inputs);
    assert.equal(
      groups.map(({ loadBalancingAlgorithmType, deregistrationDelay }) => [
        loadBalancingAlgorithmType,
        deregistrationDelay,
      ]),
      groups.map(() => [algorithm, balance === undefined ? 30 : 2]),
    );
  });
}

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "a tag",
    () => new Service("shop", { on: fargate(), ...spec, image: { ref: "shop:1" } }),
    /give it by digest/,
  ],
  [
    "routes without an ingress",
    () =>
      new Service("shop", {
        on: fargate({ ingress: undefined }),
        ...spec,
        routes: [{ host: "a" }],
      }),
    /routes|ingress/,
  ],
  [
    "a balance of requests that come by no route",
    () => new Service("shop", { on: fargate(), ...spec, rollout: { balance: "leastconn" } }),
    /is not possible on ECS without routes; leave it out/,
  ],
  [
    "more than Fargate has",
    () => new Service("shop", { on: fargate(), ...spec, cpus: 64 }),
    /largest Fargate task/,
  ],
  [
    "a path of the host on Fargate",
    () =>
      new Service("shop", { on: fargate(), ...spec, volumes: [{ hostPath: "/d", target: "/d" }] }),
    /EfsVolume/,
  ],
  [
    "a volume of a daemon",
    () =>
      new Service("shop", {
        on: fargate(),
        ...spec,
        volumes: [{ volume: { volumeName: "d" }, target: "/d" }],
      }),
    /EfsVolume/,
  ],
  [
    "a retention that loses the way back",
    () => new EcrRepository("images", { keepImages: 1 }),
    /release before needs/,
  ],
];
for (const [rule, program, words] of refused) {
  test(`refused: ${rule}`, async () => {
    let said = "";
    const tell = (error: unknown) => {
      const { errors = [], message } = error as pulumi.InputPropertiesError;
      said = `${message} ${errors.map(({ reason }) => reason).join()}`;
    };
    await graphOf(() => {
      try {
        program();
      } catch (error) {
        tell(error);
      }
    }).catch(tell);
    assert.match(said, words);
  });
}

test.run();
