// A certificate authority of the stack, and what it issues.

import type * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthorityResource,
  type CertificateAuthorityResourceArgs,
} from "../sdk/resources/certificateauthority.ts";
import { type AuthorityLike, Certificate, type CertificateArgs } from "./certificate.ts";
import type { DaemonLike } from "./daemonlike.ts";

export interface CertificateAuthorityArgs extends CertificateAuthorityResourceArgs {
  /**
   * A daemon whose provider makes it; that saves a process. Nothing is done on the daemon.
   * @defaultValue a provider of its own
   */
  readonly daemon?: DaemonLike;
}

/** Arguments of {@link CertificateAuthority.serverCertificate}. */
export interface ServerCertificateArgs
  extends Omit<CertificateArgs, "authority" | "kind" | "daemon"> {}

/** Arguments of {@link CertificateAuthority.clientCertificate}. */
export interface ClientCertificateArgs
  extends Omit<CertificateArgs, "authority" | "kind" | "daemon" | "names" | "addresses"> {}

/** A certificate authority; `key` is a secret output, `bundle` is what its peers trust. */
export class CertificateAuthority extends CertificateAuthorityResource implements AuthorityLike {
  private readonly provider: pulumi.ProviderResource | undefined;

  constructor(
    name: string,
    args: CertificateAuthorityArgs = {},
    opts?: pulumi.CustomResourceOptions,
  ) {
    const { daemon, ...rest } = args;
    const provider = opts?.provider ?? daemon?.provider;
    super(name, rest, provider ? { ...opts, provider } : opts);
    this.provider = provider;
  }

  /** A server's certificate of this authority, for the names and addresses it is reached under. */
  serverCertificate(
    name: string,
    args: ServerCertificateArgs,
    opts?: pulumi.CustomResourceOptions,
  ): Certificate {
    return new Certificate(name, { ...args, kind: "server", authority: this }, this.within(opts));
  }

  /** A client's certificate of this authority: one for each person or program. */
  clientCertificate(
    name: string,
    args: ClientCertificateArgs = {},
    opts?: pulumi.CustomResourceOptions,
  ): Certificate {
    return new Certificate(name, { ...args, kind: "client", authority: this }, this.within(opts));
  }

  private within(opts: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
    return { parent: this, ...(this.provider ? { provider: this.provider } : {}), ...opts };
  }
}
