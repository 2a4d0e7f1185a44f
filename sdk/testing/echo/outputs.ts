// Outputs that a cloud would have given: of the right form, and the same for the same resource. A
// member that is not made up would be undefined in the program, and what is made of it would
// silently be missing; so each type gives what programs commonly take from it.

import { bare, type EchoPlan, type EchoResource, type Properties, text } from "./plan.ts";
import { short } from "./rules.ts";

const account = "123456789012";
const region = "eu-central-1";
const arnOf = (service: string, rest: string): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;

interface Made {
  readonly id: string;
  readonly more: Properties;
}

interface Asked {
  readonly type: string;
  readonly name: string;
  readonly hex: string;
  readonly inputs: Properties;
}

type Maker = (asked: Asked) => Made;

const byArn = (arn: string, more: Properties = {}): Made => ({ id: arn, more: { arn, ...more } });

const aws: { readonly [kind: string]: Maker } = {
  Cluster: ({ name }) => byArn(arnOf("ecs", `cluster/${name}`), { name }),
  Service: ({ name, inputs }) => {
    const cluster = (text(inputs["cluster"]) ?? "default").split("/").at(-1);
    return byArn(arnOf("ecs", `service/${cluster}/${name}`), { name });
  },
  TaskDefinition: ({ inputs, hex }) => {
    const family = String(inputs["family"]);
    const revision = 1 + (Number.parseInt(hex.slice(0, 4), 16) % 900);
    const arn = arnOf("ecs", `task-definition/${family}:${revision}`);
    const arnWithoutRevision = arnOf("ecs", `task-definition/${family}`);
    return { id: family, more: { arn, revision, arnWithoutRevision } };
  },
  CapacityProvider: ({ name }) => byArn(arnOf("ecs", `capacity-provider/${name}`), { name }),
  LogGroup: ({ name }) => ({ id: name, more: { arn: arnOf("logs", `log-group:${name}`) } }),
  Role: ({ name, hex }) => ({
    id: name,
    more: { arn: `arn:aws:iam::${account}:role/${name}`, uniqueId: `AROA${hex.toUpperCase()}` },
  }),
  InstanceProfile: ({ name }) => ({
    id: name,
    more: { arn: `arn:aws:iam::${account}:instance-profile/${name}` },
  }),
  LoadBalancer: ({ name, hex }) =>
    byArn(arnOf("elasticloadbalancing", `loadbalancer/app/${name}/${hex.slice(0, 16)}`), {
      dnsName: `${name}-${hex.slice(0, 8)}.${region}.elb.amazonaws.com`,
      zoneId: "Z215JYRZR1TBD5",
      arnSuffix: `app/${name}/${hex.slice(0, 16)}`,
    }),
  TargetGroup: ({ name, hex }) =>
    byArn(arnOf("elasticloadbalancing", `targetgroup/${name}/${hex.slice(0, 16)}`), {
      arnSuffix: `targetgroup/${name}/${hex.slice(0, 16)}`,
    }),
  Listener: ({ hex }) =>
    byArn(
      arnOf("elasticloadbalancing", `listener/app/lb/${hex.slice(0, 16)}/${hex.slice(16, 32)}`),
    ),
  ListenerRule: ({ hex }) =>
    byArn(
      arnOf(
        "elasticloadbalancing",
        `listener-rule/app/lb/${hex.slice(0, 16)}/${hex.slice(16, 32)}/1`,
      ),
    ),
  Secret: ({ name, hex }) => byArn(arnOf("secretsmanager", `secret:${name}-${hex.slice(0, 6)}`)),
  SecretVersion: ({ inputs, hex }) => ({
    id: `${String(inputs["secretId"])}|${hex.slice(0, 32)}`,
    more: { arn: inputs["secretId"], versionId: hex.slice(0, 32) },
  }),
  Repository: ({ inputs, name }) => {
    const repository = text(inputs["name"]) ?? name;
    return {
      id: repository,
      more: {
        name: repository,
        arn: arnOf("ecr", `repository/${repository}`),
        registryId: account,
        repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${repository}`,
      },
    };
  },
  SecurityGroup: ({ hex }) => {
    const id = `sg-${hex.slice(0, 17)}`;
    return { id, more: { arn: arnOf("ec2", `security-group/${id}`) } };
  },
  FileSystem: ({ hex }) => {
    const id = `fs-${hex.slice(0, 17)}`;
    const dnsName = `${id}.efs.${region}.amazonaws.com`;
    return { id, more: { arn: arnOf("elasticfilesystem", `file-system/${id}`), dnsName } };
  },
  AccessPoint: ({ hex }) => {
    const id = `fsap-${hex.slice(0, 17)}`;
    return { id, more: { arn: arnOf("elasticfilesystem", `access-point/${id}`) } };
  },
  LaunchTemplate: ({ hex }) => ({
    id: `lt-${hex.slice(0, 17)}`,
    more: {
      latestVersion: 1,
      defaultVersion: 1,
      arn: arnOf("ec2", `launch-template/lt-${hex.slice(0, 17)}`),
    },
  }),
  Group: ({ name, hex }) => ({
    id: name,
    more: {
      arn: arnOf("autoscaling", `autoScalingGroup:${hex.slice(0, 8)}:autoScalingGroupName/${name}`),
    },
  }),
  Instance: ({ hex }) => ({
    id: `i-${hex.slice(0, 17)}`,
    more: {
      publicIp: "203.0.113.10",
      privateIp: "10.0.0.10",
      publicDns: "",
      arn: arnOf("ec2", `instance/i-${hex.slice(0, 17)}`),
    },
  }),
  Target: ({ inputs }) => ({ id: String(inputs["resourceId"]), more: {} }),
};

const gcp: { readonly [kind: string]: Maker } = {
  Cluster: ({ name, inputs }) => ({
    id: `projects/demo/locations/${String(inputs["location"])}/clusters/${name}`,
    more: {
      name,
      endpoint: "203.0.113.20",
      masterAuth: { clusterCaCertificate: "Q0EgT0YgVEhFIENMVVNURVI=" },
    },
  }),
  NodePool: ({ name, inputs }) => ({
    id: `${String(inputs["cluster"])}/nodePools/${name}`,
    more: { name },
  }),
  Account: ({ inputs }) => {
    const email = `${String(inputs["accountId"])}@demo.iam.gserviceaccount.com`;
    return {
      id: `projects/demo/serviceAccounts/${email}`,
      more: { email, member: `serviceAccount:${email}` },
    };
  },
  Address: ({ name, inputs }) => ({
    id: `projects/demo/regions/${String(inputs["region"])}/addresses/${name}`,
    more: { name, address: "203.0.113.30" },
  }),
  Repository: ({ inputs }) => ({
    id: `projects/demo/locations/${String(inputs["location"])}/repositories/${String(inputs["repositoryId"])}`,
    more: { name: inputs["repositoryId"], project: "demo" },
  }),
  Instance: ({ name, inputs }) => ({
    id: `projects/demo/zones/${String(inputs["zone"])}/instances/${name}`,
    more: {
      name,
      networkInterfaces: [{ networkIp: "10.0.0.20", accessConfigs: [{ natIp: "203.0.113.30" }] }],
    },
  }),
};

function kubernetesMade({ type, inputs, hex }: Asked): Made {
  const metadata = (inputs["metadata"] ?? {}) as Properties;
  const { name = "", namespace } = metadata;
  const space = typeof namespace === "string" ? namespace : "default";
  const status = type.endsWith(":Service")
    ? { status: { loadBalancer: { ingress: [{ ip: "203.0.113.40" }] } } }
    : type.endsWith(":Ingress")
      ? { status: { loadBalancer: { ingress: [{ ip: "203.0.113.41" }] } } }
      : {};
  return {
    id: `${space}/${String(name)}`,
    more: { metadata: { ...metadata, namespace: space, uid: hex.slice(0, 32) }, ...status },
  };
}

/** The resource as it is once it is made. `inputs` may hold marks of secrets: they stay. */
export function madeUp(
  {
    type,
    name: logical,
    urn,
    seed,
    inputs,
  }: Omit<EchoResource, "id" | "outputs"> & { readonly name: string; readonly seed: string },
  plan: EchoPlan,
): EchoResource {
  const plain = bare(inputs) as Properties;
  const hex = short(seed, 64);
  const name = text(plain["name"]) ?? logical;
  const asked = { type, name, hex, inputs: plain };
  const [pack = "", , kind = ""] = type.split(":");
  const fallback: Made = { id: `${name}-${hex.slice(0, 8)}`, more: { name } };
  const maker = pack === "kubernetes" ? kubernetesMade : (pack === "gcp" ? gcp : aws)[kind];
  const { id, more } = maker?.(asked) ?? fallback;
  return { type, urn, id, inputs, outputs: { ...inputs, ...more, ...plan.outputs?.[type] } };
}
