// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments of UserResource. */
export interface UserResourceArgs {
  /** The user's name. Changing it replaces the resource. */
  readonly name: pulumi.Input<string>;
  /** The user's number. Changing it updates in place. Default: a free one. */
  readonly uid?: pulumi.Input<number>;
  /**
   * The primary group, by name. It must be there. Changing it updates in place. Default: one of
   * the user's name.
   */
  readonly group?: pulumi.Input<string>;
  /**
   * All further groups, by name: the user is taken out of others. Changing it updates in place.
   * Default: left as they are.
   */
  readonly groups?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The home folder. Changing it updates in place. Default: the system's choice, /home/NAME.
   */
  readonly home?: pulumi.Input<string>;
  /**
   * The login shell. Changing it updates in place. Default: /bin/bash; of a system user
   * /usr/sbin/nologin.
   */
  readonly shell?: pulumi.Input<string>;
  /** The full name. Changing it updates in place. Default: none. */
  readonly comment?: pulumi.Input<string>;
  /**
   * All public keys that open a session as the user, in the form of authorized_keys: others are
   * removed. Changing it updates in place. Default: left as they are.
   */
  readonly authorizedKeys?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether it is an account of the system: a low number, no home. Changing it alone changes
   * nothing. Default: false.
   */
  readonly system?: pulumi.Input<boolean>;
  /**
   * Whether deleting the resource deletes the home folder of a user that was made here.
   * Changing it updates in place. Default: false.
   */
  readonly deleteHome?: pulumi.Input<boolean>;
}

/**
 * A user of a host. Only what is declared is compared and changed. Deleting the resource
 * removes a user that was made here; one that was there before stays, and gets its former
 * authorized keys back.
 */
export class UserResource extends QuietResource {
  /** The user's name. Changing it replaces the resource. */
  declare readonly name: pulumi.Output<string>;
  /** The user's number. Changing it updates in place. Default: a free one. */
  declare readonly uid: pulumi.Output<number | undefined>;
  /**
   * The primary group, by name. It must be there. Changing it updates in place. Default: one of
   * the user's name.
   */
  declare readonly group: pulumi.Output<string | undefined>;
  /**
   * All further groups, by name: the user is taken out of others. Changing it updates in place.
   * Default: left as they are.
   */
  declare readonly groups: pulumi.Output<readonly string[] | undefined>;
  /**
   * The home folder. Changing it updates in place. Default: the system's choice, /home/NAME.
   */
  declare readonly home: pulumi.Output<string | undefined>;
  /**
   * The login shell. Changing it updates in place. Default: /bin/bash; of a system user
   * /usr/sbin/nologin.
   */
  declare readonly shell: pulumi.Output<string | undefined>;
  /** The full name. Changing it updates in place. Default: none. */
  declare readonly comment: pulumi.Output<string | undefined>;
  /**
   * All public keys that open a session as the user, in the form of authorized_keys: others are
   * removed. Changing it updates in place. Default: left as they are.
   */
  declare readonly authorizedKeys: pulumi.Output<readonly string[] | undefined>;
  /**
   * Whether it is an account of the system: a low number, no home. Changing it alone changes
   * nothing. Default: false.
   */
  declare readonly system: pulumi.Output<boolean | undefined>;
  /**
   * Whether deleting the resource deletes the home folder of a user that was made here.
   * Changing it updates in place. Default: false.
   */
  declare readonly deleteHome: pulumi.Output<boolean | undefined>;
  /** The user's number. Changing it replaces the resource. */
  declare readonly usedUid: pulumi.Output<number>;
  /** The user's home folder. Changing it replaces the resource. */
  declare readonly usedHome: pulumi.Output<string>;

  constructor(
    name: string,
    args: UserResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      uid: undefined,
      group: undefined,
      groups: undefined,
      home: undefined,
      shell: undefined,
      comment: undefined,
      authorizedKeys: undefined,
      system: undefined,
      deleteHome: undefined,
      usedUid: undefined,
      usedHome: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:User", name, props, opts);
  }
}
