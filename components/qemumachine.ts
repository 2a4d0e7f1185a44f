// A virtual machine on the machine that runs the program, as a host. Its host key and its user's key
// were made before its first boot, so nothing is learned on first contact.

import * as pulumi from "@pulumi/pulumi";
import type { FactsResource } from "../sdk/resources/facts.ts";
import type { ProviderResource, SshArgs } from "../sdk/resources/provider.ts";
import { QemuMachineResource, type QemuMachineResourceArgs } from "../sdk/resources/qemumachine.ts";
import { Host, type HostWaitArgs } from "./host.ts";
import type { HostLike } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";
import type { Provisioned, Recipe } from "./recipe.ts";

export interface QemuMachineArgs extends QemuMachineResourceArgs {
  /**
   * How its first boot is waited for.
   * @defaultValue as its members say
   */
  readonly wait?: HostWaitArgs;
}

/** A virtual machine by qemu, ready to be provisioned. */
export class QemuMachine extends QemuMachineResource implements HostLike {
  readonly provider: ProviderResource;
  readonly address: pulumi.Output<string>;
  readonly ssh: SshArgs;
  /** The fingerprint of its key, to be compared by eye: `SHA256:...`. */
  readonly fingerprint: pulumi.Output<string>;
  /** What there is to know of it. */
  readonly facts: FactsResource;
  /** Itself: what lies on its disk goes with it, and is made again on a new one. */
  readonly deletedWith: pulumi.Resource = this;
  readonly #host: Host;

  constructor(name: string, args: QemuMachineArgs, opts?: pulumi.CustomResourceOptions) {
    requirePlugin();
    const { wait, ...machine } = args;
    super(name, machine, opts);
    const login = {
      address: this.host,
      port: this.sshPort,
      user: this.loginUser,
      privateKey: this.privateKey,
      hostKey: this.hostKey,
    };
    const own: pulumi.ResourceTransformation = ({ props, opts: given }) => ({
      props,
      opts: pulumi.mergeOptions(given, { deletedWith: this }),
    });
    const host = new Host(
      name,
      { ...login, ...(wait ? { wait } : {}) },
      { parent: this, transformations: [own] },
    );
    this.#host = host;
    this.provider = host.provider;
    this.address = host.address;
    this.ssh = host.ssh;
    this.fingerprint = host.fingerprint;
    this.facts = host.facts;
  }

  /** Makes the steps of a recipe, one after the other; those of an inner list side by side. */
  provision(recipe: Recipe): Provisioned {
    return this.#host.provision(recipe);
  }
}
