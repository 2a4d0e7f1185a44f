// Docker on a host, used over TCP with mutual TLS: the certificates of both sides are issued here.

import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { DockerDaemonResource } from "../sdk/resources/dockerdaemon.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import { type AuthorityLike, Certificate } from "./certificate.ts";
import { CertificateAuthority } from "./certificateauthority.ts";
import type { DaemonLike } from "./daemonlike.ts";
import { daemonArgs, type HostDaemonArgs, installEngine, inUrl, liveRestoreOf } from "./engine.ts";
import { lostArgs, onHost } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";

/** An authority whose clients are let in: a `CertificateAuthority`, or one from elsewhere. */
export interface TrustedAuthorityLike extends AuthorityLike {
  /** All that is to be trusted, as PEM: its certificate, and during a rotation the former ones. */
  readonly bundle: pulumi.Input<string>;
}

export interface TlsDaemonArgs extends HostDaemonArgs {
  /**
   * The authority of both sides' certificates. Whoever has a client's certificate of it is root on the
   * host: daemons that share an authority share their clients.
   * @defaultValue one of its own
   */
  readonly ca?: TrustedAuthorityLike;
  /**
   * The name or address under which the daemon is used.
   * @defaultValue the host's address
   */
  readonly address?: pulumi.Input<string>;
  /**
   * The port of the daemon. The host's firewall is not touched.
   * @defaultValue 2376
   */
  readonly port?: pulumi.Input<number>;
  /**
   * Further names and addresses in the server's certificate.
   * @defaultValue none
   */
  readonly names?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The addresses of the host on which it listens.
   * @defaultValue all of them
   */
  readonly listen?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** What is reached under these names, as a certificate has it. */
function reachedUnder(address: pulumi.Output<string>, names: TlsDaemonArgs["names"]) {
  const all = pulumi.all([address, pulumi.output(names ?? [])]);
  const unique = all.apply(([first, more]) => [...new Set([first, ...more])]);
  return {
    names: unique.apply((list) => list.filter((one) => isIP(one) === 0)),
    addresses: unique.apply((list) => list.filter((one) => isIP(one) !== 0)),
  };
}

function listeners(
  address: pulumi.Output<string>,
  port: pulumi.Output<number>,
  listen: TlsDaemonArgs["listen"],
): pulumi.Output<string[]> {
  return pulumi.all([address, port, pulumi.output(listen)]).apply(([used, number, given]) => {
    const wild = isIP(used) === 6 ? "::" : "0.0.0.0";
    return (given ?? [wild]).map((one) => `${inUrl(one)}:${number}`);
  });
}

/**
 * Docker on a host, installed, configured, and used over TCP with mutual TLS (1.2 and up). Containers go
 * on while the daemon restarts (`liveRestore`), gain no rights (`noNewPrivileges`) and have their logs
 * rotated, unless `options` says otherwise; `icc` is Docker's own default. A change is confirmed through
 * the very address and certificates that will be used; what cannot be confirmed, the host takes back.
 * Certificates are renewed by date; each renewal of the server's restarts the daemon, not its containers.
 */
export class TlsDaemon extends pulumi.ComponentResource implements DaemonLike {
  readonly provider: ProviderResource;
  /** Where it is, as in DOCKER_HOST: `tcp://HOST:PORT`. */
  readonly dockerHost: pulumi.Output<string>;
  /** What a client trusts, as PEM. */
  readonly ca: pulumi.Output<string>;
  /** A client's certificate, as PEM: the one that this program uses. */
  readonly cert: pulumi.Output<string>;
  /** Its private key, as PEM. Secret. */
  readonly key: pulumi.Output<string>;
  /** When the first of the two certificates ends, as ISO 8601. It is renewed before. */
  readonly expiry: pulumi.Output<string>;
  /** Whether its host is. */
  readonly lost: boolean;
  /** Whether its containers go on while it restarts, where the program says it in plain words. */
  readonly liveRestore?: boolean;
  /** Docker's version. */
  readonly version: pulumi.Output<string>;
  /** The authority: its own, or the given one. */
  readonly authority: TrustedAuthorityLike;

  constructor(name: string, args: TlsDaemonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:TlsDaemon", name, {}, opts);
    requirePlugin();
    const { liveRestore } = liveRestoreOf(args);
    if (liveRestore !== undefined) this.liveRestore = liveRestore;
    const own = { parent: this, provider: args.host.provider };
    this.lost = args.host.lost ?? false;
    const address = pulumi.output(args.address ?? args.host.address);
    const port = pulumi.output(args.port ?? 2376);
    const authority = args.ca ?? new CertificateAuthority(`${name}-ca`, {}, own);
    this.authority = authority;
    const under = reachedUnder(address, args.names);
    const server = new Certificate(`${name}-server`, { authority, kind: "server", ...under }, own);
    const client = new Certificate(`${name}-client`, { authority, kind: "client" }, own);
    const { certificate: cert, key } = client;
    const bundle = pulumi.output(authority.bundle);
    const daemon = new DockerDaemonResource(
      `${name}-daemon`,
      {
        ...daemonArgs(args, installEngine(name, args, this)),
        listen: listeners(address, port, args.listen),
        tlsCa: bundle,
        tlsCert: server.certificate,
        tlsKey: server.key,
        address: pulumi.interpolate`tcp://${address.apply(inUrl)}:${port}`,
        clientCa: bundle,
        clientCert: cert,
        clientKey: key,
      },
      onHost(args.host, { parent: this }),
    );
    this.dockerHost = daemon.endpoint;
    this.ca = bundle;
    this.cert = cert;
    this.key = pulumi.secret(key);
    this.version = daemon.serverVersion;
    const ends = pulumi.all([server.expiresAt, client.expiresAt]);
    this.expiry = ends.apply((dates) => [...dates].sort()[0] ?? "");
    // Through what is known once the daemon runs: whatever uses this provider comes after that.
    this.provider = new ProviderResource(
      `${name}-provider`,
      {
        host: this.dockerHost,
        ca: this.ca,
        cert,
        key,
        // Docker goes over TCP; the host asks its own containers whether they are ready.
        ...(args.host.ssh ? { ssh: args.host.ssh } : {}),
        ...lostArgs(args.host),
      },
      { parent: this },
    );
    const { dockerHost, ca, expiry, version } = this;
    this.registerOutputs({ dockerHost, ca, cert, key: this.key, expiry, version });
  }
}
