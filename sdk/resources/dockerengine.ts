// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: DockerRepository. */
export interface DockerRepositoryArgs {
  /** Its address, such as `https://download.docker.com/linux/debian`. */
  readonly url: pulumi.Input<string>;
  /** The suite. Default: the system's codename. */
  readonly suite?: pulumi.Input<string>;
  /** The component. Default: stable. */
  readonly component?: pulumi.Input<string>;
  /** The OpenPGP key that signs it, as armored text. */
  readonly key: pulumi.Input<string>;
  /** The key's fingerprint, from another source than the key. Another key is refused. */
  readonly fingerprint: pulumi.Input<string>;
}

/** As it is: DockerRepository. */
export interface DockerRepository {
  /** Its address, such as `https://download.docker.com/linux/debian`. */
  readonly url: string;
  /** The suite. Default: the system's codename. */
  readonly suite?: string;
  /** The component. Default: stable. */
  readonly component?: string;
  /** The OpenPGP key that signs it, as armored text. */
  readonly key: string;
  /** The key's fingerprint, from another source than the key. Another key is refused. */
  readonly fingerprint: string;
}

/** Arguments of DockerEngineResource. */
export interface DockerEngineResourceArgs {
  /**
   * A repository of Docker's own packages. Changing it updates in place. Default: the
   * distribution's package docker.io.
   */
  readonly repository?: pulumi.Input<DockerRepositoryArgs>;
  /**
   * The version: as apt writes it, or Docker's own part of it, such as `26.1.5`. A daemon that
   * runs is restarted by its DockerDaemon. Changing it updates in place. Default: the newest
   * that is offered when it is installed.
   */
  readonly version?: pulumi.Input<string>;
  /**
   * Whether apt leaves the version as it is when it upgrades the system. Changing it updates in
   * place. Default: true.
   */
  readonly hold?: pulumi.Input<boolean>;
  /**
   * Whether an engine that is there already is taken over. Changing it alone changes nothing.
   * Default: false.
   */
  readonly adopt?: pulumi.Input<boolean>;
}

/**
 * Docker on a host, installed by apt at a version and held there. Deleting it leaves packages
 * and data where they are, and lets apt change them again.
 */
export class DockerEngineResource extends QuietResource {
  /**
   * A repository of Docker's own packages. Changing it updates in place. Default: the
   * distribution's package docker.io.
   */
  declare readonly repository: pulumi.Output<DockerRepository | undefined>;
  /**
   * The version: as apt writes it, or Docker's own part of it, such as `26.1.5`. A daemon that
   * runs is restarted by its DockerDaemon. Changing it updates in place. Default: the newest
   * that is offered when it is installed.
   */
  declare readonly version: pulumi.Output<string | undefined>;
  /**
   * Whether apt leaves the version as it is when it upgrades the system. Changing it updates in
   * place. Default: true.
   */
  declare readonly hold: pulumi.Output<boolean | undefined>;
  /**
   * Whether an engine that is there already is taken over. Changing it alone changes nothing.
   * Default: false.
   */
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  /** Docker's version. Changing it replaces the resource. */
  declare readonly engineVersion: pulumi.Output<string>;
  /** The package that has the daemon. Changing it replaces the resource. */
  declare readonly packageName: pulumi.Output<string>;
  /** That package's version, as apt writes it. Changing it replaces the resource. */
  declare readonly packageVersion: pulumi.Output<string>;
  /** The newest API that this version speaks. Changing it replaces the resource. */
  declare readonly apiVersion: pulumi.Output<string>;

  constructor(
    name: string,
    args: DockerEngineResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      repository: undefined,
      version: undefined,
      hold: undefined,
      adopt: undefined,
      engineVersion: undefined,
      packageName: undefined,
      packageVersion: undefined,
      apiVersion: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:DockerEngine", name, props, opts);
  }
}
