// A certificate with its key, issued by an authority of the stack.

import type * as pulumi from "@pulumi/pulumi";
import { CertificateResource, type CertificateResourceArgs } from "../sdk/resources/certificate.ts";
import type { DaemonLike } from "./daemonlike.ts";

/** An authority that signs: a `CertificateAuthority`, or one from elsewhere. */
export interface AuthorityLike {
  /** Its certificate, as PEM. */
  readonly certificate: pulumi.Input<string>;
  /** Its private key, as PEM; RSA. Secret. */
  readonly key: pulumi.Input<string>;
  /**
   * What is sent along with its certificates during a rotation, as PEM.
   * @defaultValue none
   */
  readonly crossCertificate?: pulumi.Input<string>;
}

/** Arguments of {@link Certificate}. */
export interface CertificateArgs
  extends Omit<CertificateResourceArgs, "caCertificate" | "caKey" | "crossCertificate"> {
  /** Who issues it. When it rotates, the certificate is issued anew in the same update. */
  readonly authority: AuthorityLike;
  /**
   * A daemon whose provider makes it; that saves a process. Nothing is done on the daemon.
   * @defaultValue a provider of its own
   */
  readonly daemon?: DaemonLike;
}

/** A certificate for a server or a client; `key` is a secret output. */
export class Certificate extends CertificateResource {
  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { authority, daemon, ...rest } = args;
    const issuer = {
      caCertificate: authority.certificate,
      caKey: authority.key,
      ...(authority.crossCertificate === undefined
        ? {}
        : { crossCertificate: authority.crossCertificate }),
    };
    super(name, { ...rest, ...issuer }, daemon ? { provider: daemon.provider, ...opts } : opts);
  }
}
