// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of CertificateResource. */
export interface CertificateResourceArgs {
  /**
   * The certificate of the authority that issues it, as PEM. A change issues it anew. Changing
   * it updates in place.
   */
  readonly caCertificate: pulumi.Input<string>;
  /** The private key of that authority, as PEM. Changing it updates in place. */
  readonly caKey: pulumi.Input<string>;
  /**
   * What is sent along with it so that those who trust a former authority accept it, as PEM.
   * Changing it updates in place. Default: none.
   */
  readonly crossCertificate?: pulumi.Input<string>;
  /**
   * What it is used for. A change issues it anew. One of server, client. Changing it updates in
   * place.
   */
  readonly kind: pulumi.Input<"server" | "client">;
  /**
   * The DNS names under which the server is reached. A change issues it anew. Changing it
   * updates in place. Default: none.
   */
  readonly names?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The addresses, IPv4 or IPv6, under which the server is reached. A change issues it anew.
   * Changing it updates in place. Default: none.
   */
  readonly addresses?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whose it is: the client's name; of a server, nobody looks at it. A change issues it anew.
   * Changing it updates in place. Default: of a server its first name or address, of a client
   * the resource's name.
   */
  readonly commonName?: pulumi.Input<string>;
  /**
   * How long it lasts, in days; never longer than its authority. A change issues it anew.
   * Changing it updates in place. Default: 365 for a server, 90 for a client.
   */
  readonly lifeDays?: pulumi.Input<number>;
  /**
   * How many days before its end the next update issues it anew. Changing it updates in place.
   * Default: a third of its life.
   */
  readonly renewBeforeDays?: pulumi.Input<number>;
}

/**
 * A certificate with its key, issued by an authority for a server or a client, and issued anew
 * in place when its authority, its names or its date ask for it.
 */
export class CertificateResource extends QuietResource {
  /**
   * The certificate of the authority that issues it, as PEM. A change issues it anew. Changing
   * it updates in place.
   */
  declare readonly caCertificate: pulumi.Output<string>;
  /** The private key of that authority, as PEM. Changing it updates in place. */
  declare readonly caKey: pulumi.Output<string>;
  /**
   * What is sent along with it so that those who trust a former authority accept it, as PEM.
   * Changing it updates in place. Default: none.
   */
  declare readonly crossCertificate: pulumi.Output<string | undefined>;
  /**
   * What it is used for. A change issues it anew. One of server, client. Changing it updates in
   * place.
   */
  declare readonly kind: pulumi.Output<"server" | "client">;
  /**
   * The DNS names under which the server is reached. A change issues it anew. Changing it
   * updates in place. Default: none.
   */
  declare readonly names: pulumi.Output<readonly string[] | undefined>;
  /**
   * The addresses, IPv4 or IPv6, under which the server is reached. A change issues it anew.
   * Changing it updates in place. Default: none.
   */
  declare readonly addresses: pulumi.Output<readonly string[] | undefined>;
  /**
   * Whose it is: the client's name; of a server, nobody looks at it. A change issues it anew.
   * Changing it updates in place. Default: of a server its first name or address, of a client
   * the resource's name.
   */
  declare readonly commonName: pulumi.Output<string | undefined>;
  /**
   * How long it lasts, in days; never longer than its authority. A change issues it anew.
   * Changing it updates in place. Default: 365 for a server, 90 for a client.
   */
  declare readonly lifeDays: pulumi.Output<number | undefined>;
  /**
   * How many days before its end the next update issues it anew. Changing it updates in place.
   * Default: a third of its life.
   */
  declare readonly renewBeforeDays: pulumi.Output<number | undefined>;
  /**
   * The certificate, followed by what is sent along with it, as PEM. Changing it replaces the
   * resource.
   */
  declare readonly certificate: pulumi.Output<string>;
  /** The private key, as PEM. Changing it replaces the resource. */
  declare readonly key: pulumi.Output<string>;
  /** SHA-256 of the certificate. Changing it replaces the resource. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** When it ends, as ISO 8601. Changing it replaces the resource. */
  declare readonly expiresAt: pulumi.Output<string>;

  constructor(
    name: string,
    args: CertificateResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      caCertificate: undefined,
      caKey: undefined,
      crossCertificate: undefined,
      kind: undefined,
      names: undefined,
      addresses: undefined,
      commonName: undefined,
      lifeDays: undefined,
      renewBeforeDays: undefined,
      certificate: undefined,
      key: undefined,
      fingerprint: undefined,
      expiresAt: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Certificate", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["caKey", "key"] }, opts));
  }
}
