// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** As it is: FormerAuthority. */
export interface FormerAuthority {
  /** Its certificate, as PEM. */
  readonly certificate: string;
  /** The certificate of its successor, signed by it, as PEM. */
  readonly crossCertificate: string;
  /** When its successor took over. */
  readonly rotatedAt: string;
}

/** Arguments of CertificateAuthorityResource. */
export interface CertificateAuthorityResourceArgs {
  /**
   * What the authority is called; its generation is added, so that two in a row have different
   * names. A change rotates. Changing it updates in place. Default: the resource's name.
   */
  readonly commonName?: pulumi.Input<string>;
  /**
   * How long a certificate of the authority lasts, in days. A change counts from the next
   * rotation on. Changing it updates in place. Default: 3650.
   */
  readonly lifeDays?: pulumi.Input<number>;
  /**
   * How many days before its end it rotates by itself, in the first update from then on.
   * Changing it updates in place. Default: 365.
   */
  readonly renewBeforeDays?: pulumi.Input<number>;
  /**
   * How many days the former authority stays trusted after a rotation. It is dropped by the
   * first update from then on. 0 drops it at once, as after a theft of its key: who holds only
   * old certificates is then refused. Changing it updates in place. Default: 30.
   */
  readonly overlapDays?: pulumi.Input<number>;
  /**
   * Any text, such as a date. A change rotates now. Changing it updates in place. Default:
   * none.
   */
  readonly rotate?: pulumi.Input<string>;
}

/**
 * A certificate authority, kept in the state with its key as a secret. It rotates by date or
 * when asked, in stages of an update each: a new authority signs while both are trusted, then
 * the former one is dropped.
 */
export class CertificateAuthorityResource extends QuietResource {
  /**
   * What the authority is called; its generation is added, so that two in a row have different
   * names. A change rotates. Changing it updates in place. Default: the resource's name.
   */
  declare readonly commonName: pulumi.Output<string | undefined>;
  /**
   * How long a certificate of the authority lasts, in days. A change counts from the next
   * rotation on. Changing it updates in place. Default: 3650.
   */
  declare readonly lifeDays: pulumi.Output<number | undefined>;
  /**
   * How many days before its end it rotates by itself, in the first update from then on.
   * Changing it updates in place. Default: 365.
   */
  declare readonly renewBeforeDays: pulumi.Output<number | undefined>;
  /**
   * How many days the former authority stays trusted after a rotation. It is dropped by the
   * first update from then on. 0 drops it at once, as after a theft of its key: who holds only
   * old certificates is then refused. Changing it updates in place. Default: 30.
   */
  declare readonly overlapDays: pulumi.Output<number | undefined>;
  /**
   * Any text, such as a date. A change rotates now. Changing it updates in place. Default:
   * none.
   */
  declare readonly rotate: pulumi.Output<string | undefined>;
  /** The certificate, as PEM. Changing it replaces the resource. */
  declare readonly certificate: pulumi.Output<string>;
  /** The private key, as PEM. Changing it replaces the resource. */
  declare readonly key: pulumi.Output<string>;
  /**
   * All that is to be trusted, as PEM: the certificate, and during an overlap the former ones.
   * Changing it replaces the resource.
   */
  declare readonly bundle: pulumi.Output<string>;
  /**
   * What is sent along with a certificate during an overlap, as PEM, so that those who trust
   * only the former authority accept it. Empty outside of an overlap. Changing it replaces the
   * resource.
   */
  declare readonly crossCertificate: pulumi.Output<string>;
  /** SHA-256 of the certificate. Changing it replaces the resource. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Counts the rotations, from 1. Changing it replaces the resource. */
  declare readonly generation: pulumi.Output<number>;
  /** When the certificate ends, as ISO 8601. Changing it replaces the resource. */
  declare readonly expiresAt: pulumi.Output<string>;
  /**
   * When the oldest former authority is dropped, as ISO 8601. Empty outside of an overlap.
   * Changing it replaces the resource.
   */
  declare readonly overlapEndsAt: pulumi.Output<string>;
  /** Former authorities that are trusted on. Changing it replaces the resource. */
  declare readonly previous: pulumi.Output<readonly FormerAuthority[]>;

  constructor(
    name: string,
    args: CertificateAuthorityResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      commonName: undefined,
      lifeDays: undefined,
      renewBeforeDays: undefined,
      overlapDays: undefined,
      rotate: undefined,
      certificate: undefined,
      key: undefined,
      bundle: undefined,
      crossCertificate: undefined,
      fingerprint: undefined,
      generation: undefined,
      expiresAt: undefined,
      overlapEndsAt: undefined,
      previous: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:CertificateAuthority", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["key"] }, opts));
  }
}
