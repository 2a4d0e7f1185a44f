// What a delivery loop stands on: a private registry with the image that others build on, and an
// application that runs what was deployed from there, by its digest. The loop itself is the CI
// server's: build, test, push, `dockwright deploy`; examples/delivery has one.

import * as pulumi from "@pulumi/pulumi";
import { deployedImage, Image, type ImageLike, ImagePush } from "../../components/index.ts";
import { LoadBalanced, type LoadBalancedArgs } from "../load-balanced/index.ts";
import { Registry, type RegistryArgs } from "../registry/index.ts";

export interface DeliveryRegistryArgs extends RegistryArgs {
  /** The image that applications are built on, which CI finds as `base:1`. Another one moves the tag. */
  readonly base: ImageLike;
}

/** A registry, and in it the image that applications are built on. */
export class DeliveryRegistry extends pulumi.ComponentResource {
  /** The registry itself: its users, its authority, what it keeps. */
  readonly registry: Registry;
  /** What stands before the first slash of its images' references. */
  readonly address: pulumi.Output<string>;
  /** The base image, by its digest: `FROM` of an application's Dockerfile. */
  readonly base: pulumi.Output<string>;

  constructor(name: string, args: DeliveryRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:DeliveryRegistry", name, {}, opts);
    const { base, ...rest } = args;
    const parent = { parent: this };
    this.registry = new Registry(name, rest, parent);
    this.address = this.registry.address;
    const pushed = new ImagePush(
      `${name}-base`,
      {
        daemon: args.on,
        image: base.ref,
        to: pulumi.interpolate`${this.address}/base:1`,
        auth: this.registry.auth(),
      },
      parent,
    );
    this.base = pushed.ref;
    this.registerOutputs({ address: this.address, base: this.base });
  }
}

/** What `Delivered` is made of: a load balancer's arguments, with the image left to the deploy. */
export interface DeliveredArgs extends Omit<LoadBalancedArgs, "image"> {
  /** Who pulls from the registry. */
  readonly auth: {
    /** The name of a user of the registry. */
    readonly username: pulumi.Input<string>;
    /** Its password; a secret. */
    readonly password: pulumi.Input<string>;
  };
}

/** An application behind a load balancer that runs what `dockwright deploy --image NAME=REF` said. */
export class Delivered extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The image that runs, by its digest. */
  readonly image: pulumi.Output<string>;
  /** The names of the containers that answer now. */
  readonly containers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: DeliveredArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Delivered", name, {}, opts);
    const { auth, ...rest } = args;
    const parent = { parent: this };
    const pull = { ref: deployedImage(name), auth };
    const image = new Image(`${name}-image`, { daemon: args.on, pull }, parent);
    const site = new LoadBalanced(name, { ...rest, image }, parent);
    this.url = site.url;
    this.image = image.ref;
    this.containers = site.containers;
    this.registerOutputs({ url: this.url, image: this.image, containers: this.containers });
  }
}
