// A machine of a cloud as a host: what its instance is, each cloud says; how it is logged in on, learned
// and worked on is the same for all. What is on it goes with it.

import * as pulumi from "@pulumi/pulumi";
import type { FactsResource } from "../sdk/resources/facts.ts";
import type { ProviderResource, SshArgs } from "../sdk/resources/provider.ts";
import { Host } from "./host.ts";
import type { HostLike } from "./hostlike.ts";
import type { Provisioned, Recipe } from "./recipe.ts";

/** A port that is open, and to whom. */
export interface OpenPort {
  /** Its number, of TCP. */
  readonly port: number;
  /**
   * The last one, where it is a range. What a pool publishes between its hosts is 20000 to 29999.
   * @defaultValue `port`: it is one
   */
  readonly portEnd?: number;
  /** Who may come, as a CIDR. */
  readonly from: string;
}

/** What a machine of any cloud is told of who may reach it. */
export interface CloudMachineArgs {
  /** The private half of the key that may log in, as PEM or OpenSSH. It is kept secret. */
  readonly privateKey: pulumi.Input<string>;
  /** Who may log in, as CIDRs: where the program runs. A change updates in place. */
  readonly sshFrom: readonly string[];
  /**
   * Further ports that are open. A change updates in place.
   * @defaultValue none
   */
  readonly open?: readonly OpenPort[];
}

/** All ports that are open, that of sshd among them. */
export function openPortsOf({ sshFrom, open = [] }: CloudMachineArgs): readonly OpenPort[] {
  return [...sshFrom.map((from) => ({ port: 22, from })), ...open];
}

/** What a cloud made. */
export interface CloudInstance {
  /** The machine itself. */
  readonly instance: pulumi.Resource;
  /** Where the program reaches it. */
  readonly address: pulumi.Output<string>;
  /** Where other machines of its network reach it. */
  readonly privateAddress: pulumi.Output<string>;
  /** The user that logs in. */
  readonly user: pulumi.Input<string>;
  /** The key that the user logs in with. */
  readonly privateKey: pulumi.Input<string>;
}

/** A machine of a cloud, ready to be provisioned. */
export abstract class CloudMachine extends pulumi.ComponentResource implements HostLike {
  readonly provider: ProviderResource;
  readonly address: pulumi.Output<string>;
  readonly ssh: SshArgs;
  /** Its address inside of its network: where other hosts of a pool reach it. */
  readonly privateAddress: pulumi.Output<string>;
  /** What was found out about the machine, and how it is reached. */
  readonly facts: FactsResource;
  /** The machine: what lies on its disk goes with it. */
  readonly deletedWith: pulumi.Resource;
  readonly #host: Host;

  constructor(
    type: string,
    name: string,
    make: (own: pulumi.CustomResourceOptions) => CloudInstance,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    const { instance, address, privateAddress, user, privateKey } = make({ parent: this });
    const own: pulumi.ResourceTransformation = ({ props, opts: given }) => ({
      props,
      opts: pulumi.mergeOptions(given, { deletedWith: instance }),
    });
    const login = { address, user, privateKey: pulumi.secret(privateKey) };
    const host = new Host(name, login, { parent: this, transformations: [own] });
    this.#host = host;
    this.provider = host.provider;
    this.address = host.address;
    this.ssh = host.ssh;
    this.facts = host.facts;
    this.privateAddress = privateAddress;
    this.deletedWith = instance;
    this.registerOutputs({ address: this.address });
  }

  /** Makes the steps of a recipe, one after the other; those of an inner list side by side. */
  provision(recipe: Recipe): Provisioned {
    return this.#host.provision(recipe);
  }
}
