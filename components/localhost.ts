// The machine that runs the program, as a host.

import * as pulumi from "@pulumi/pulumi";
import { FactsResource } from "../sdk/resources/facts.ts";
import { ProviderResource } from "../sdk/resources/provider.ts";
import type { HostLike } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";
import { type Provisioned, provision, type Recipe } from "./recipe.ts";

/** Arguments of {@link LocalHost}. */
export interface LocalHostArgs {
  /**
   * The address that others know it by.
   * @defaultValue 127.0.0.1
   */
  readonly address?: pulumi.Input<string>;
}

/** The machine that runs the program. Provisioning it needs root. */
export class LocalHost extends pulumi.ComponentResource implements HostLike {
  readonly provider: ProviderResource;
  readonly address: pulumi.Output<string>;
  /** What there is to know of it. */
  readonly facts: FactsResource;
  readonly #name: string;

  constructor(name: string, args: LocalHostArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:LocalHost", name, args, opts);
    requirePlugin();
    this.#name = name;
    this.provider = new ProviderResource(`${name}-provider`, {}, { parent: this });
    this.facts = new FactsResource(`${name}-facts`, {}, { parent: this, provider: this.provider });
    this.address = pulumi.output(args.address ?? "127.0.0.1");
    this.registerOutputs({ address: this.address });
  }

  /** Makes the steps of a recipe, one after the other; those of an inner list side by side. */
  provision(recipe: Recipe): Provisioned {
    const options = { prefix: this.#name, parent: this, dependsOn: [this.facts] };
    return provision(this, recipe, options);
  }
}
