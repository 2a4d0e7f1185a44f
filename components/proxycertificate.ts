// A certificate for sites behind a proxy, which may belong to another stack.

import type * as pulumi from "@pulumi/pulumi";
import {
  ProxyCertificateResource,
  type ProxyCertificateResourceArgs,
} from "../sdk/resources/proxycertificate.ts";
import type { DaemonLike } from "./daemonlike.ts";
import type { ProxyLike } from "./route.ts";

/** A server's certificate with its key: a `Certificate`, or one from elsewhere. */
export interface ServerCertificateLike {
  /** The server's certificate, then those that issued it, as PEM. */
  readonly certificate: pulumi.Input<string>;
  /** Its private key, as PEM without a passphrase. Secret. */
  readonly key: pulumi.Input<string>;
}

/** Arguments of {@link ProxyCertificate}. */
export interface ProxyCertificateArgs
  extends Omit<ProxyCertificateResourceArgs, "proxy" | "dataVolume" | keyof ServerCertificateLike> {
  /** The daemon that the proxy runs on. */
  readonly daemon: DaemonLike;
  /** The proxy, which must have `tls`. Another one replaces the entry. */
  readonly proxy: Pick<ProxyLike, "containerName" | "dataVolume">;
  /** The certificate. A change loses no request. */
  readonly certificate: ServerCertificateLike;
}

/** A certificate with which a proxy answers for host names of its sites. */
export class ProxyCertificate extends ProxyCertificateResource {
  constructor(name: string, args: ProxyCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { daemon, proxy, certificate, ...rest } = args;
    const own = { certificate: certificate.certificate, key: certificate.key };
    const place = { proxy: proxy.containerName, dataVolume: proxy.dataVolume };
    super(name, { ...rest, ...place, ...own }, { provider: daemon.provider, ...opts });
  }
}
