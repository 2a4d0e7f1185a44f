/**
 * Several sites on several hosts: each host has a proxy, and every proxy answers for all of the sites,
 * whichever host their containers are on.
 *
 * @module dockwright/stacks/multi-site
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  debianImages,
  type HostPool,
  Image,
  Proxy,
  Service,
} from "../../components/index.ts";
import type { FrontArgs } from "../front.ts";
import { onEach, urlsOf } from "../pool.ts";

/** One of the sites. */
export interface MultiSiteSite {
  /**
   * The folder of the site, relative to the program, with a Dockerfile that begins with `ARG BASE`
   * and `FROM ${BASE}` and copies the pages to /srv/www. A change of any file in it replaces the
   * site's containers, one set beside the other; those of other sites stay.
   */
  readonly folder: string;
  /**
   * How many containers serve it, over all hosts.
   * @defaultValue one for each host
   */
  readonly replicas?: number;
}

/** Arguments of {@link MultiSite}. */
export interface MultiSiteArgs extends Pick<FrontArgs, "port"> {
  /** The hosts; each needs an `address`, at which the others reach what its containers publish. */
  readonly on: HostPool;
  /** The sites by host name: what visitors ask for. One that is new or goes loses no request of the others. */
  readonly sites: { readonly [host: string]: MultiSiteSite };
}

/** Sites behind a proxy on each host. */
export class MultiSite extends pulumi.ComponentResource {
  /** Where the proxies answer. Each site is asked for by its own host name. */
  readonly urls: pulumi.Output<readonly string[]>;
  /** The names of the containers that answer now, by site. */
  readonly containers: pulumi.Output<{ readonly [host: string]: readonly string[] }>;

  constructor(name: string, args: MultiSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:MultiSite", name, {}, opts);
    const { on, sites, port = 80 } = args;
    checkSites(sites);
    const parent = { parent: this };
    const front = onEach(
      on,
      `${name}-front`,
      ({ daemon, name: own }) => new Bridge(own, { daemon }, parent),
    );
    const server = onEach(
      on,
      `${name}-server`,
      ({ daemon, name: own }) => new Image(own, { daemon, debian: debianImages.webServer }, parent),
    );
    const proxy = onEach(
      on,
      `${name}-edge`,
      ({ daemon, name: own, of }) =>
        new Proxy(own, { on: daemon, networks: [of(front)], port }, parent),
    );
    const made = Object.entries(sites).map(([host, { folder, replicas }]) => {
      const image = onEach(on, `${name}-${host}-pages`, ({ daemon, name: own, of }) => {
        const build = { context: folder, args: { BASE: of(server).ref } };
        return new Image(own, { daemon, build }, parent);
      });
      const service = new Service(
        `${name}-${host}`,
        {
          on,
          image,
          networks: [front],
          port: 8080,
          replicas: replicas ?? Object.keys(on.hosts).length,
          health: { http: "/" },
          routes: [{ proxy, host }],
        },
        parent,
      );
      return [host, service.containerNames] as const;
    });
    this.urls = urlsOf(on, { port });
    this.containers = pulumi.output(Object.fromEntries(made));
    this.registerOutputs({ urls: this.urls, containers: this.containers });
  }
}

function checkSites(sites: MultiSiteArgs["sites"]): void {
  const wrong = Object.keys(sites).find((host) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host));
  if (wrong === undefined) return;
  throw new pulumi.InputPropertyError({
    propertyPath: `sites[${JSON.stringify(wrong)}]`,
    reason: "is no host name; write small letters, digits, dots and hyphens: shop.example.com",
  });
}
