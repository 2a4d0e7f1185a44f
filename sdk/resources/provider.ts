// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";

/** Arguments of ProviderResource. */
export interface ProviderResourceArgs {
  /**
   * The daemon's address, as in DOCKER_HOST: `unix:///PATH`, or `tcp://HOST:PORT` with mutual
   * TLS. Changing it updates in place. Default: DOCKER_HOST of the environment, else
   * unix:///var/run/docker.sock.
   */
  readonly host?: pulumi.Input<string>;
  /**
   * The certificate of the authority that signed the daemon's certificate, as PEM. Required for
   * tcp. Changing it updates in place.
   */
  readonly ca?: pulumi.Input<string>;
  /** The client's certificate, as PEM. Required for tcp. Changing it updates in place. */
  readonly cert?: pulumi.Input<string>;
  /** The client's private key, as PEM. Required for tcp. Changing it updates in place. */
  readonly key?: pulumi.Input<string>;
}

/** A Docker daemon, and the credentials for it. Credentials stand in the state once, as secrets. */
export class ProviderResource extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderResourceArgs, opts?: pulumi.ResourceOptions) {
    const key = args.key === undefined ? {} : { key: pulumi.secret(args.key) };
    super("dockwright", name, { ...args, ...key }, opts);
  }
}
