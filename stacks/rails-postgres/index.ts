/**
 * A Rails application and its PostgreSQL on a bridge of their own. The application's own folder makes
 * its image; a release migrates the database once, and exchanges the containers side by side.
 * Passwords are made once, kept as secrets in the state, and reach the containers as files.
 *
 * @module dockwright/stacks/rails-postgres
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  Container,
  type DaemonLike,
  debianImages,
  Image,
  Proxy,
  RandomSecret,
  Service,
  type ServiceArgs,
  Volume,
} from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";

export interface RailsPostgresArgs
  extends FrontArgs,
    Pick<ServiceArgs, "env" | "keepReleases" | "rollout"> {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /**
   * The folder of the application, relative to the program, with a Dockerfile that begins with
   * `ARG BASE` and `FROM ${BASE}` and copies it to /srv/app. A change of any file in it is a release.
   */
  readonly folder: string;
  /**
   * How many containers serve it.
   * @defaultValue 2
   */
  readonly replicas?: number;
  /**
   * What migrates the database: once for a release, before its containers are made. When it fails, the
   * release does not happen. What serves meanwhile has to live with what it does.
   * @defaultValue ["bin/rails", "db:migrate"]
   */
  readonly migrate?: readonly string[];
  /**
   * The path that answers 200 once the application can serve.
   * @defaultValue /up
   */
  readonly health?: string;
}

const databaseName = "app";
const databaseUid = 5432;
const webUid = 65532;
const passwordFile = "/run/secrets/db-password";

const ownedBy = (uid: number) => ({ mode: 0o400, uid, gid: uid });

/** What the parts share. */
interface Parts {
  readonly network: Bridge;
  readonly password: RandomSecret;
}

/** A Rails application with its database, behind a proxy. */
export class RailsPostgres extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The names of the containers that answer now. */
  readonly containers: pulumi.Output<readonly string[]>;
  /** The name of the database's container. */
  readonly databaseContainer: pulumi.Output<string>;
  /** The volume that is kept when the stack is destroyed. */
  readonly volume: pulumi.Output<string>;

  constructor(name: string, args: RailsPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:RailsPostgres", name, {}, opts);
    const { on } = args;
    const parent = { parent: this };
    const { host, bind, url } = frontOf(args);
    const network = new Bridge(`${name}-bridge`, { daemon: on }, parent);
    const password = new RandomSecret(`${name}-db-password`, { daemon: on }, parent);
    const parts = { network, password };
    const data = new Volume(`${name}-db-data`, { daemon: on }, parent);
    const database = makeDatabase(this, name, on, { ...parts, data });
    const proxy = new Proxy(`${name}-edge`, { on, networks: [network], ...bind }, parent);
    const routes = [{ proxy, host }];
    const web = makeWeb(this, name, args, { ...parts, database, routes });
    this.url = pulumi.output(url);
    this.containers = web.containerNames;
    this.databaseContainer = database.name;
    this.volume = data.volumeName;
    const { containers, databaseContainer, volume } = this;
    this.registerOutputs({ url: this.url, containers, databaseContainer, volume });
  }
}

function makeDatabase(
  parent: pulumi.Resource,
  name: string,
  daemon: DaemonLike,
  { network, password, data }: Parts & { readonly data: Volume },
): Container {
  const debian = debianImages.postgres;
  return new Container(
    `${name}-db`,
    {
      daemon,
      image: new Image(`${name}-db-image`, { daemon, debian }, { parent }),
      networks: [{ networkName: network.networkName, aliases: ["db"] }],
      volumes: [{ volume: data, target: "/var/lib/postgresql" }],
      env: { POSTGRES_DATABASE: databaseName, POSTGRES_USER: databaseName },
      files: { [passwordFile]: { content: password.value, ...ownedBy(databaseUid) } },
      healthCheck: { test: ["CMD", "dw-health"], intervalMs: 2000, timeoutMs: 10_000, retries: 30 },
      restart: "unless-stopped",
      stopGraceMs: 60_000,
      ready: { timeoutMs: 120_000 },
    },
    // Two servers must never write to one data folder.
    { parent, deleteBeforeReplace: true },
  );
}

function makeWeb(
  parent: pulumi.Resource,
  name: string,
  args: RailsPostgresArgs,
  parts: Parts & { readonly database: Container } & Pick<ServiceArgs, "routes">,
): Service {
  const { on, folder, env = {}, replicas = 2, health = "/up", keepReleases, rollout } = args;
  const { network, password, database, routes } = parts;
  const base = new Image(`${name}-rails`, { daemon: on, debian: debianImages.rails }, { parent });
  const build = { context: folder, args: { BASE: base.ref } };
  const key = new RandomSecret(`${name}-secret-key`, { daemon: on, length: 64 }, { parent });
  const command = args.migrate ?? ["bin/rails", "db:migrate"];
  return new Service(
    name,
    {
      on,
      image: new Image(`${name}-image`, { daemon: on, build }, { parent }),
      port: 8080,
      replicas,
      networks: [network],
      env: pulumi.output(env).apply((given) => ({
        DATABASE_HOST: "db",
        DATABASE_NAME: databaseName,
        DATABASE_USER: databaseName,
        DATABASE_PASSWORD_FILE: passwordFile,
        ...given,
      })),
      files: {
        [passwordFile]: { content: password.value, ...ownedBy(webUid) },
        "/run/secrets/secret-key-base": { content: key.value, ...ownedBy(webUid) },
      },
      health: { http: health, intervalMs: 5000, timeoutMs: 120_000 },
      tasks: { before: [{ name: "migrate", command }] },
      stopGraceMs: 30_000,
      ...(routes === undefined ? {} : { routes }),
      ...(rollout === undefined ? {} : { rollout }),
      ...(keepReleases === undefined ? {} : { keepReleases }),
    },
    { parent, dependsOn: [database] },
  );
}
