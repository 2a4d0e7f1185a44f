/**
 * A folder of files on the web: some copies of a small web server, and HAProxy in front of them.
 *
 * @module dockwright/stacks/static-site
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  type DaemonLike,
  debianImages,
  Image,
  Proxy,
  Service,
} from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";

export interface StaticSiteArgs extends FrontArgs {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /**
   * The folder of the site, relative to the program, with a Dockerfile that begins with `ARG BASE`
   * and `FROM ${BASE}` and copies the pages to /srv/www. A change of any file in it replaces the
   * containers, one set beside the other.
   */
  readonly folder: string;
  /**
   * How many containers serve it.
   * @defaultValue 2
   */
  readonly replicas?: number;
}

/** A static site behind a proxy. */
export class StaticSite extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The names of the containers that serve it now. */
  readonly containers: pulumi.Output<readonly string[]>;

  constructor(name: string, args: StaticSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:StaticSite", name, {}, opts);
    const { on, folder, replicas = 2 } = args;
    const { host, bind, url } = frontOf(args);
    const parent = { parent: this };
    const front = new Bridge(`${name}-front`, { daemon: on }, parent);
    const server = new Image(
      `${name}-server`,
      { daemon: on, debian: debianImages.webServer },
      parent,
    );
    const pages = new Image(
      `${name}-pages`,
      { daemon: on, build: { context: folder, args: { BASE: server.ref } } },
      parent,
    );
    const service = new Service(
      name,
      { on, image: pages, replicas, networks: [front], port: 8080, health: { http: "/" } },
      parent,
    );
    new Proxy(
      `${name}-edge`,
      {
        on,
        networks: [front],
        ...bind,
        routes: [{ host, service }],
      },
      parent,
    );
    this.url = pulumi.output(url);
    this.containers = service.containerNames;
    this.registerOutputs({ url: this.url, containers: this.containers });
  }
}
