// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of ProxyCertificateResource. */
export interface ProxyCertificateResourceArgs {
  /** The name or id of the proxy's container. Changing it updates in place. */
  readonly proxy: pulumi.Input<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  readonly dataVolume: pulumi.Input<string>;
  /**
   * The server's certificate, then those that issued it, as PEM. A change loses no request;
   * open connections go on with the former one. Changing it updates in place.
   */
  readonly certificate: pulumi.Input<string>;
  /** Its private key, as PEM without a passphrase. Changing it updates in place. */
  readonly key: pulumi.Input<string>;
  /**
   * The host names to answer for with it; `*.example.com` for one label. Changing it updates in
   * place. Default: all DNS names that the certificate is for.
   */
  readonly names?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * A certificate with which a proxy answers for host names of its sites; who asks for another
 * name is not shown it. The chain and the key are checked before the proxy meets them. A change
 * loses no request. Two certificates for one name are refused.
 */
export class ProxyCertificateResource extends QuietResource {
  /** The name or id of the proxy's container. Changing it updates in place. */
  declare readonly proxy: pulumi.Output<string>;
  /**
   * The volume on which the proxy keeps its routes: the proxy's lasting identity. Changing it
   * replaces the resource.
   */
  declare readonly dataVolume: pulumi.Output<string>;
  /**
   * The server's certificate, then those that issued it, as PEM. A change loses no request;
   * open connections go on with the former one. Changing it updates in place.
   */
  declare readonly certificate: pulumi.Output<string>;
  /** Its private key, as PEM without a passphrase. Changing it updates in place. */
  declare readonly key: pulumi.Output<string>;
  /**
   * The host names to answer for with it; `*.example.com` for one label. Changing it updates in
   * place. Default: all DNS names that the certificate is for.
   */
  declare readonly names: pulumi.Output<readonly string[] | undefined>;
  /** The entry's name in the proxy. Changing it replaces the resource. */
  declare readonly entry: pulumi.Output<string>;
  /** The host names that are answered for with it. Changing it replaces the resource. */
  declare readonly servedNames: pulumi.Output<readonly string[]>;
  /** When it ends, as ISO 8601. Changing it replaces the resource. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** How the proxy differed when it was last looked at. Changing it replaces the resource. */
  declare readonly drift: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: ProxyCertificateResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      proxy: undefined,
      dataVolume: undefined,
      certificate: undefined,
      key: undefined,
      names: undefined,
      entry: undefined,
      servedNames: undefined,
      expiresAt: undefined,
      drift: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:ProxyCertificate", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["key"] }, opts));
  }
}
