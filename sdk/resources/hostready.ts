// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  Ssh,
  SshArgs,
} from "./types.ts";

/** Arguments of HostReadyResource. */
export interface HostReadyResourceArgs {
  /** The host, and how to log in. Changing it updates in place. */
  readonly ssh: pulumi.Input<SshArgs>;
  /**
   * What a cloud-init that failed means: an error, or a warning. One of fail, continue.
   * Changing it alone changes nothing. Default: fail.
   */
  readonly onCloudInitError?: pulumi.Input<"fail" | "continue">;
}

/**
 * Waits until a host can be worked on: sshd answers, the user is let in and may become root,
 * cloud-init has ended. What follows goes through its outputs. `customTimeouts` bounds it; 15
 * minutes unless said otherwise.
 */
export class HostReadyResource extends QuietResource {
  /** The host, and how to log in. Changing it updates in place. */
  declare readonly ssh: pulumi.Output<Ssh>;
  /**
   * What a cloud-init that failed means: an error, or a warning. One of fail, continue.
   * Changing it alone changes nothing. Default: fail.
   */
  declare readonly onCloudInitError: pulumi.Output<"fail" | "continue" | undefined>;
  /**
   * The key that the host has shown, which is the pinned one. Changing it replaces the
   * resource.
   */
  declare readonly hostKey: pulumi.Output<string>;
  /** The key's fingerprint: `SHA256:...`. Changing it replaces the resource. */
  declare readonly fingerprint: pulumi.Output<string>;
  /**
   * How cloud-init ended; degraded: with errors that it recovered from. One of absent, done,
   * degraded, failed. Changing it replaces the resource.
   */
  declare readonly cloudInit: pulumi.Output<"absent" | "done" | "degraded" | "failed">;

  constructor(
    name: string,
    args: HostReadyResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      ssh: undefined,
      onCloudInitError: undefined,
      hostKey: undefined,
      fingerprint: undefined,
      cloudInit: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:HostReady", name, props, opts);
  }
}
