// A cluster of ECS that services run on: Fargate, or instances of EC2 behind a capacity provider. What
// answers from outside is one load balancer for all its services, and there is none unless declared.
// What goes is taken apart in the order that AWS wants: service, association, provider, group, cluster.

import * as pulumi from "@pulumi/pulumi";
import type { ClusterLike, ServiceRequest, ServiceRun } from "../platform.ts";
import { type CapacityArgs, makeCapacity } from "./ecscapacity.ts";
import type { EcsClusterParts, EcsServiceOptions } from "./ecsparts.ts";
import { EcsService } from "./ecsservice.ts";
import { type IngressArgs, makeIngress } from "./ingress.ts";
import { ec2, ecs, servicediscovery, vpc } from "./sdk.ts";

/** Arguments of {@link EcsCluster}. */
export interface EcsClusterArgs {
  /** The VPC. Another one replaces nearly everything. */
  readonly vpcId: pulumi.Input<string>;
  /** The subnets that tasks run in: private ones, with a way out to the registry. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Machines of EC2 to run on, in place of Fargate. A change from one to the other replaces the
   * services.
   * @defaultValue none: Fargate
   */
  readonly capacity?: CapacityArgs;
  /**
   * What answers from outside for the services' `routes`.
   * @defaultValue none: services are reached inside of the cluster alone
   */
  readonly ingress?: IngressArgs;
  /**
   * Container Insights: `enhanced` has figures of each task. A change updates in place.
   * @defaultValue enabled
   */
  readonly containerInsights?: pulumi.Input<"enhanced" | "enabled" | "disabled">;
  /**
   * Tags of all that is made. A change updates in place.
   * @defaultValue none
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A cluster of ECS. */
export class EcsCluster extends pulumi.ComponentResource implements ClusterLike {
  readonly clusterKind = "ecs" as const;
  /** The cluster's ARN. */
  readonly clusterArn: pulumi.Output<string>;
  /** The cluster's name. */
  readonly clusterName: pulumi.Output<string>;
  /** The security group of the tasks: what they may reach has to let it in. */
  readonly tasksSecurityGroupId: pulumi.Output<string>;
  /** The name of the load balancer in DNS; none without `ingress`. */
  readonly ingressDnsName: pulumi.Output<string> | undefined;
  readonly #parts: EcsClusterParts;

  constructor(name: string, args: EcsClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:EcsCluster", name, {}, opts);
    const { vpcId, containerInsights = "enabled" } = args;
    const tags = args.tags === undefined ? {} : { tags: args.tags };
    const own = { parent: this };
    const namespace = new servicediscovery.HttpNamespace(`${name}-namespace`, { ...tags }, own);
    const cluster = new ecs.Cluster(
      `${name}-cluster`,
      {
        settings: [{ name: "containerInsights", value: containerInsights }],
        serviceConnectDefaults: { namespace: namespace.arn },
        ...tags,
      },
      own,
    );
    const tasks = this.makeTaskGroup(name, vpcId, tags);
    const ingress =
      args.ingress && makeIngress(name, { vpcId, tasks: tasks.id, tags, ...args.ingress }, own);
    const capacity = makeCapacity(
      name,
      {
        args: args.capacity,
        cluster: cluster.name,
        subnetIds: args.subnetIds,
        tasks: tasks.id,
        tags,
      },
      own,
    );
    this.clusterArn = cluster.arn;
    this.clusterName = cluster.name;
    this.tasksSecurityGroupId = tasks.id;
    this.ingressDnsName = ingress?.dnsName;
    this.#parts = {
      args,
      arn: cluster.arn,
      name: cluster.name,
      tasks: tasks.id,
      namespace: namespace.arn,
      capacity,
      ingress,
    };
    this.registerOutputs({ clusterArn: this.clusterArn });
  }

  /** Tasks reach each other, and what is outside; nobody else reaches them. */
  private makeTaskGroup(
    name: string,
    vpcId: pulumi.Input<string>,
    tags: Pick<EcsClusterArgs, "tags">,
  ) {
    const own = { parent: this };
    const description = "tasks of the cluster";
    const group = new ec2.SecurityGroup(`${name}-tasks`, { vpcId, description, ...tags }, own);
    new vpc.SecurityGroupIngressRule(
      `${name}-tasks-own`,
      { securityGroupId: group.id, referencedSecurityGroupId: group.id, ipProtocol: "-1", ...tags },
      own,
    );
    new vpc.SecurityGroupEgressRule(
      `${name}-tasks-out`,
      { securityGroupId: group.id, cidrIpv4: "0.0.0.0/0", ipProtocol: "-1", ...tags },
      own,
    );
    return group;
  }

  /** The cluster with what is ECS's alone, for `on` of a service: `cluster.with({ exec: true })`. */
  with(options: EcsServiceOptions): ClusterLike {
    const parts = this.#parts;
    return { clusterKind: "ecs", runService: (request) => runOn(parts, request, options) };
  }

  runService(request: ServiceRequest): ServiceRun {
    return runOn(this.#parts, request, {});
  }
}

function runOn(
  cluster: EcsClusterParts,
  { name, spec, parent }: ServiceRequest,
  options: EcsServiceOptions,
): ServiceRun {
  const service = new EcsService(`${name}-ecs`, { name, cluster, spec, options }, { parent });
  return { names: service.serviceName.apply((one) => [one]), endpoints: service.endpoints };
}
