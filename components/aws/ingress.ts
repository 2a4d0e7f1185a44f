// What answers from outside: one load balancer for all services of a cluster. HTTPS with a certificate
// of ACM; plain HTTP answers with the way to it. Who may come is said address range by address range.

import type * as pulumi from "@pulumi/pulumi";
import { openPort } from "./openport.ts";
import { ec2, lb, vpc } from "./sdk.ts";

/** The load balancer of a cluster. */
export interface IngressArgs {
  /** The subnets of the load balancer, of at least two zones: public ones where `public` is true. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether it has public addresses. A change replaces the load balancer.
   * @defaultValue false: it is reached from inside of the VPC
   */
  readonly public?: boolean;
  /** Who may come, as CIDRs: `["0.0.0.0/0"]` is everybody. A change updates in place. */
  readonly allowFrom: readonly string[];
  /** The certificate in ACM, as an ARN. A change updates in place. */
  readonly certificateArn: pulumi.Input<string>;
  /**
   * Whether it refuses to be deleted. A change updates in place.
   * @defaultValue false
   */
  readonly deletionProtection?: pulumi.Input<boolean>;
}

/** A load balancer that is made. */
export interface Ingress {
  /** Its name in DNS. */
  readonly dnsName: pulumi.Output<string>;
  /** Its ARN. */
  readonly arn: pulumi.Output<string>;
  /** The ARN of its listener, which rules belong to. */
  readonly listenerArn: pulumi.Output<string>;
  /** The security group of the load balancer. */
  readonly group: pulumi.Output<string>;
}

interface Around {
  readonly vpcId: pulumi.Input<string>;
  readonly tasks: pulumi.Output<string>;
  readonly tags: { readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> };
}

function makeGroup(name: string, args: IngressArgs & Around, own: pulumi.CustomResourceOptions) {
  const { vpcId, tasks, tags, allowFrom } = args;
  const group = new ec2.SecurityGroup(
    `${name}-ingress`,
    { vpcId, description: "who may come to the load balancer", ...tags },
    own,
  );
  for (const cidr of allowFrom) {
    for (const port of [80, 443]) {
      openPort(`${name}-ingress`, { group: group.id, port, from: cidr, tags }, own);
    }
  }
  new vpc.SecurityGroupEgressRule(
    `${name}-ingress-to-tasks`,
    { securityGroupId: group.id, referencedSecurityGroupId: tasks, ipProtocol: "-1", ...tags },
    own,
  );
  const ports = { ipProtocol: "tcp", fromPort: 0, toPort: 65_535 };
  new vpc.SecurityGroupIngressRule(
    `${name}-tasks-from-ingress`,
    { securityGroupId: tasks, referencedSecurityGroupId: group.id, ...ports, ...tags },
    own,
  );
  return group;
}

/** Makes the load balancer and its listeners; a path that no service has is answered with 404. */
export function makeIngress(
  name: string,
  args: IngressArgs & Around,
  own: pulumi.CustomResourceOptions,
): Ingress {
  const { subnetIds, certificateArn, tags, deletionProtection = false } = args;
  const group = makeGroup(name, args, own);
  const balancer = new lb.LoadBalancer(
    `${name}-ingress`,
    {
      loadBalancerType: "application",
      internal: args.public !== true,
      subnets: subnetIds,
      securityGroups: [group.id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: deletionProtection,
      ...tags,
    },
    own,
  );
  const nothing = { contentType: "text/plain", messageBody: "not found", statusCode: "404" };
  const listener = new lb.Listener(
    `${name}-https`,
    {
      loadBalancerArn: balancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultActions: [{ type: "fixed-response", fixedResponse: nothing }],
      ...tags,
    },
    own,
  );
  new lb.Listener(
    `${name}-http`,
    {
      loadBalancerArn: balancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
      ...tags,
    },
    own,
  );
  return {
    dnsName: balancer.dnsName,
    arn: balancer.arn,
    listenerArn: listener.arn,
    group: group.id,
  };
}
