// What the real providers do with a change, of the types that Dockwright makes: properties that
// replace, as the providers' documentation says ("Forces new resource"), and the names that they make
// up. A type that is not here is updated in place.

import { createHash } from "node:crypto";
import { bare, type EchoPlan, type Properties, text } from "./plan.ts";

const aws: { readonly [type: string]: readonly string[] } = {
  "appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  "appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "autoscaling/group:Group": ["name", "namePrefix"],
  "cloudwatch/logGroup:LogGroup": ["name", "namePrefix"],
  "ec2/instance:Instance": [
    "ami",
    "availabilityZone",
    "keyName",
    "privateIp",
    "subnetId",
    "userDataReplaceOnChange",
  ],
  "ec2/keyPair:KeyPair": ["keyName", "publicKey"],
  "ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "ec2/securityGroup:SecurityGroup": ["name", "namePrefix", "description", "vpcId"],
  "ecr/lifecyclePolicy:LifecyclePolicy": ["repository"],
  "ecr/repository:Repository": ["name", "encryptionConfigurations"],
  "ecs/capacityProvider:CapacityProvider": ["name", "autoScalingGroupProvider.autoScalingGroupArn"],
  "ecs/cluster:Cluster": ["name"],
  "ecs/clusterCapacityProviders:ClusterCapacityProviders": ["clusterName"],
  "ecs/service:Service": [
    "cluster",
    "name",
    "launchType",
    "schedulingStrategy",
    "loadBalancers.0.containerName",
    "capacityProviderStrategies",
  ],
  "ecs/taskDefinition:TaskDefinition": ["*"],
  "efs/accessPoint:AccessPoint": ["fileSystemId", "posixUser", "rootDirectory"],
  "efs/fileSystem:FileSystem": ["creationToken", "encrypted", "kmsKeyId", "performanceMode"],
  "efs/mountTarget:MountTarget": ["fileSystemId", "subnetId", "ipAddress"],
  "iam/instanceProfile:InstanceProfile": ["name", "namePrefix"],
  "iam/role:Role": ["name", "namePrefix"],
  "iam/rolePolicy:RolePolicy": ["name", "role"],
  "iam/rolePolicyAttachment:RolePolicyAttachment": ["*"],
  "lb/listener:Listener": ["loadBalancerArn"],
  "lb/listenerRule:ListenerRule": ["listenerArn"],
  "lb/loadBalancer:LoadBalancer": ["name", "internal", "loadBalancerType"],
  "lb/targetGroup:TargetGroup": ["name", "namePrefix", "port", "protocol", "targetType", "vpcId"],
  "secretsmanager/secret:Secret": ["name", "namePrefix"],
  "secretsmanager/secretVersion:SecretVersion": ["secretId", "secretString", "secretBinary"],
  "servicediscovery/httpNamespace:HttpNamespace": ["name", "description"],
  "vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
};

const gcp: { readonly [type: string]: readonly string[] } = {
  "artifactregistry/repository:Repository": ["format", "location", "repositoryId", "kmsKeyName"],
  "compute/address:Address": ["name", "region", "addressType", "networkTier", "subnetwork"],
  "compute/firewall:Firewall": ["name", "network", "direction"],
  "compute/instance:Instance": [
    "name",
    "zone",
    "bootDisk",
    "metadataStartupScript",
    "networkInterfaces",
  ],
  "compute/network:Network": ["name", "autoCreateSubnetworks"],
  "compute/subnetwork:Subnetwork": ["name", "network", "region"],
  "container/cluster:Cluster": [
    "name",
    "location",
    "network",
    "subnetwork",
    "enableAutopilot",
    "initialNodeCount",
    "networkingMode",
    "ipAllocationPolicy",
    "privateClusterConfig.enablePrivateNodes",
    "privateClusterConfig.masterIpv4CidrBlock",
    "nodeConfig",
    "datapathProvider",
  ],
  "container/nodePool:NodePool": [
    "name",
    "cluster",
    "location",
    "initialNodeCount",
    "nodeConfig.machineType",
    "nodeConfig.serviceAccount",
    "nodeConfig.spot",
    "nodeConfig.diskType",
    "nodeConfig.metadata",
  ],
  "serviceaccount/account:Account": ["accountId"],
  "projects/iAMMember:IAMMember": ["*"],
};

const always = ["metadata.name", "metadata.namespace"];
const kubernetes: { readonly [type: string]: readonly string[] } = {
  "apps/v1:Deployment": [...always, "spec.selector"],
  "core/v1:ConfigMap": [...always, "data", "binaryData", "immutable"],
  "core/v1:Secret": [...always, "type", "data", "stringData", "immutable"],
  "core/v1:Service": [...always, "spec.clusterIP", "spec.type"],
  "core/v1:PersistentVolumeClaim": [...always, "spec.accessModes", "spec.storageClassName"],
  "batch/v1:Job": [...always, "spec.selector", "spec.template"],
};

/** AWS and Google resources whose names the provider does not make up. */
const unnamed =
  /:(TaskDefinition|ClusterCapacityProviders|SecretVersion|RolePolicyAttachment|Listener|ListenerRule|MountTarget|AccessPoint|FileSystem|LifecyclePolicy|ec2\/instance:Instance|KeyPair|Vpc|Subnet|Target|SecurityGroup(In|E)gressRule|IAMMember|Account|Repository)$/;

function tableOf(type: string): readonly string[] {
  const [name = "", ...rest] = type.split(":");
  const token = rest.join(":");
  if (name === "kubernetes") return kubernetes[token] ?? always;
  return (name === "aws" ? aws : gcp)[token] ?? [];
}

function at(properties: Properties, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as { readonly [key: string]: unknown })[key];
  }, properties);
}

/** JSON with sorted keys; of nothing it is empty. */
export function canonical(value: unknown): string {
  if (value === undefined) return "";
  return JSON.stringify(bare(value), (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** What no type is replaced for. */
const inPlace = new Set(["tags", "tagsAll", "skipDestroy"]);

/** Properties that replace, unless another one is true. */
const unless: { readonly [type: string]: { readonly [path: string]: string } } = {
  "aws:ecs/service:Service": { capacityProviderStrategies: "forceNewDeployment" },
};

/** What changed, and what of that replaces. */
export function compare(type: string, olds: Properties, news: Properties, plan: EchoPlan) {
  const differs = (path: string) => canonical(at(olds, path)) !== canonical(at(news, path));
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  const diffs = names.filter((name) => !name.startsWith("__") && differs(name));
  const rules = plan.replaces?.[type] ?? tableOf(type);
  const all = diffs.filter((name) => !inPlace.has(name));
  const stays = unless[type] ?? {};
  const replaces = rules
    .flatMap((rule) => (rule === "*" ? all : [rule]))
    .filter((path) => differs(path) && news[stays[path] ?? ""] !== true);
  return { diffs, replaces };
}

export const short = (seed: string, length = 7): string =>
  createHash("sha256").update(seed).digest("hex").slice(0, length);

/** The mark by which the provider of Kubernetes knows a name that it made up. */
const autonamed = "pulumi.com/autonamed";

/** Why the real provider would not delete it; undefined where it would. */
export function refusal(type: string, outputs: Properties): string | undefined {
  const { deletionProtection, enableDeletionProtection } = bare(outputs) as Properties;
  const isKept =
    type === "gcp:container/cluster:Cluster"
      ? deletionProtection !== false
      : deletionProtection === true || enableDeletionProtection === true;
  if (!/^(aws|gcp):/.test(type) || !isKept) return undefined;
  const member =
    enableDeletionProtection === true ? "enableDeletionProtection" : "deletionProtection";
  return `cannot be deleted while ${member} is on; an update that sets it to false has to come first`;
}

/** The cluster that a kubeconfig is for: another one replaces the provider, and all its objects. */
function clusterOf({ kubeconfig }: Properties): string {
  const words = text(bare(kubeconfig));
  try {
    return canonical((JSON.parse(words ?? "{}") as Properties)["clusters"]);
  } catch {
    return "";
  }
}

/** What of a provider's configuration replaces it. Unknown ones do not, as long as they are that. */
export function replacesProvider(pack: string, olds: Properties, news: Properties) {
  if (pack !== "kubernetes") return [];
  const [before, after] = [clusterOf(olds), clusterOf(news)];
  return before !== "" && after !== "" && before !== after ? ["kubeconfig"] : [];
}

/** What the providers of AWS and Google note in the inputs: which of them they made up. */
export const defaults = "__defaults";

/** Whether the new one would have the old one's name, and cannot stand beside it. */
export function sameName(type: string, olds: Properties, news: Properties): boolean {
  const same = (path: string) => canonical(at(olds, path)) === canonical(at(news, path));
  if (/^(aws|gcp):/.test(type)) {
    const given = news["name"] !== undefined && !unnamed.test(type) && news[defaults] === undefined;
    return given && same("name");
  }
  if (!type.startsWith("kubernetes:")) return false;
  const made = at(news, "metadata.annotations") as Properties | undefined;
  if (made?.[autonamed] === "true") return false;
  return same("metadata.name");
}

/** The inputs with the name that the provider makes up where none is given. */
export function named(
  { type, name, seed }: { readonly type: string; readonly name: string; readonly seed: string },
  olds: Properties | undefined,
  news: Properties,
): Properties {
  if (type.startsWith("kubernetes:")) {
    const metadata = (news["metadata"] ?? {}) as Properties;
    if (metadata["name"] !== undefined) return news;
    const old = (olds?.["metadata"] as Properties | undefined)?.["name"];
    const made = old ?? `${name}-${short(seed, 8)}`;
    const annotations = {
      ...(metadata["annotations"] as Properties | undefined),
      [autonamed]: "true",
    };
    return { ...news, metadata: { ...metadata, name: made, annotations } };
  }
  if (!/^(aws|gcp):/.test(type) || unnamed.test(type)) return news;
  if (news["name"] !== undefined || news["namePrefix"] !== undefined) return news;
  return { ...news, name: olds?.["name"] ?? `${name}-${short(seed)}`, [defaults]: ["name"] };
}
