// A port that a security group lets in, from one range of addresses.

import type * as pulumi from "@pulumi/pulumi";
import { vpc } from "./sdk.ts";

export interface Opening {
  readonly group: pulumi.Output<string>;
  readonly port: number;
  /** The last one, where it is a range. */
  readonly portEnd?: number | undefined;
  /** A CIDR of either family. */
  readonly from: string;
  readonly tags: { readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>> };
}

export function openPort(
  name: string,
  { group, port, portEnd = port, from, tags }: Opening,
  own: pulumi.CustomResourceOptions,
): void {
  const cidr = from.includes(":") ? { cidrIpv6: from } : { cidrIpv4: from };
  new vpc.SecurityGroupIngressRule(
    `${name}-${port}-${from}`,
    {
      securityGroupId: group,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: portEnd,
      ...cidr,
      ...tags,
    },
    own,
  );
}
