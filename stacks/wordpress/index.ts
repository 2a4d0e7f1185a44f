/**
 * WordPress with Apache and PHP, and MariaDB with a volume that is kept, on a bridge of their own.
 * Passwords are made once, kept as secrets in the state, and reach the containers as files.
 *
 * @module dockwright/stacks/wordpress
 */

import * as pulumi from "@pulumi/pulumi";
import {
  Bridge,
  Container,
  type DaemonLike,
  debianImages,
  type HostPool,
  Image,
  type OnEach,
  Proxy,
  RandomSecret,
  Service,
  type ServiceArgs,
  Volume,
} from "../../components/index.ts";
import { type FrontArgs, frontOf } from "../front.ts";
import { allOf, isHostPool, onEach, urlsOf } from "../pool.ts";

/** Where the database runs, when not beside WordPress. */
export interface WordPressDatabase {
  /** Its daemon, of the pool or not. A change makes an empty database on another one. */
  readonly on: DaemonLike;
  /**
   * The address of its machine at which WordPress reaches it, of a network that is private: what they
   * say to each other is not encrypted. A change replaces all containers, the database's with an outage.
   */
  readonly address: pulumi.Input<string>;
}

export interface WordPressArgs
  extends FrontArgs,
    Pick<ServiceArgs, "placement" | "rollout" | "volumes"> {
  /** The daemon to run on, or the pool of hosts: each of them has a proxy then. */
  readonly on: DaemonLike | HostPool;
  /**
   * How many containers of WordPress.
   * @defaultValue 1
   */
  readonly replicas?: number;
  /**
   * Where the database runs. Needed on a pool.
   * @defaultValue on the same daemon, on a bridge that only WordPress shares
   */
  readonly database?: WordPressDatabase;
  /**
   * What WordPress's containers have mounted, with what visitors upload at
   * /var/lib/wordpress/wp-content. On a pool: a folder that all hosts share (`hostPath`), or a volume
   * whose driver does, such as NFS.
   * @defaultValue a volume, on a pool one of each host: what is uploaded on one is not on the others
   */
  readonly volumes?: ServiceArgs["volumes"];
  /**
   * Labels of WordPress's containers. A change replaces them; their content stays.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: string };
}

const databaseName = "wordpress";
const databaseUid = 3306;
const webUid = 33;
const passwordFile = "/run/secrets/db-password";
const contentFolder = "/var/lib/wordpress/wp-content";

/** What WordPress has to know of its database. */
type Connection = Pick<ServiceArgs, "env" | "extraHosts">;

/** A WordPress site: its web server, its database, and a proxy in front. */
export class WordPress extends pulumi.ComponentResource {
  /** Where it answers; on a pool, the first of its hosts. */
  readonly url: pulumi.Output<string>;
  /** Where each proxy answers. */
  readonly urls: pulumi.Output<readonly string[]>;
  /** The name of WordPress's container, the first of several. */
  readonly webContainer: pulumi.Output<string>;
  /** The names of all of WordPress's containers. */
  readonly webContainers: pulumi.Output<readonly string[]>;
  /** The name of the database's container. */
  readonly databaseContainer: pulumi.Output<string>;
  /** The volumes that are kept when the stack is destroyed. */
  readonly volumes: pulumi.Output<readonly string[]>;

  constructor(name: string, args: WordPressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:WordPress", name, {}, opts);
    const { on } = args;
    const { host, bind } = frontOf(args);
    const parent = { parent: this };
    const home = homeOf(args);
    const network = onEach(
      on,
      `${name}-bridge`,
      ({ daemon, name: own }) => new Bridge(own, { daemon }, parent),
    );
    const password = new RandomSecret(`${name}-db-password`, { daemon: home }, parent);
    const data = new Volume(`${name}-db-data`, { daemon: home }, parent);
    const beside = args.database === undefined ? allOf(network)[0] : undefined;
    const database = makeDatabase(this, name, args, { home, beside, password, data });
    const content = contentOf(this, name, args);
    const proxy = onEach(on, `${name}-edge`, ({ daemon, name: own, of }) => {
      return new Proxy(own, { on: daemon, networks: [of(network)], ...bind }, parent);
    });
    const web = makeWeb(this, name, args, {
      ...{ network, password, content, database },
      routes: [{ proxy, host }],
    });
    this.urls = urlsOf(on, args);
    this.url = this.urls.apply(([first = ""]) => first);
    this.webContainers = web.containerNames;
    this.webContainer = web.containerNames.apply(([one = ""]) => one);
    this.databaseContainer = database.name;
    const kept = content === undefined ? [] : allOf(content);
    this.volumes = pulumi.all([data, ...kept].map(({ volumeName }) => volumeName));
    const { url, urls, webContainer, webContainers, databaseContainer, volumes } = this;
    this.registerOutputs({ url, urls, webContainer, webContainers, databaseContainer, volumes });
  }
}

/** The daemon of the database, and of the secrets. */
function homeOf({ on, database }: WordPressArgs): DaemonLike {
  if (database !== undefined) return database.on;
  if (!isHostPool(on)) return on;
  throw new pulumi.InputPropertyError({
    propertyPath: "database",
    reason: "is not given, and WordPress is on a pool of hosts; say where its one database runs",
  });
}

function contentOf(
  parent: pulumi.Resource,
  name: string,
  { on, volumes }: WordPressArgs,
): OnEach<Volume> | undefined {
  if (volumes !== undefined) return undefined;
  return onEach(
    on,
    `${name}-content`,
    ({ daemon, name: own }) => new Volume(own, { daemon }, { parent }),
  );
}

function makeDatabase(
  parent: pulumi.Resource,
  name: string,
  { database }: WordPressArgs,
  parts: {
    readonly home: DaemonLike;
    /** The bridge that WordPress is on as well. */
    readonly beside: Bridge | undefined;
    readonly password: RandomSecret;
    readonly data: Volume;
  },
): Container {
  const { home: daemon, beside, password, data } = parts;
  const image = new Image(`${name}-db-image`, { daemon, debian: debianImages.mariadb }, { parent });
  const network = beside ?? new Bridge(`${name}-db-bridge`, { daemon }, { parent });
  const published = { containerPort: 3306, hostIp: database?.address ?? "", keep: true };
  return new Container(
    `${name}-db`,
    {
      daemon,
      image,
      networks: [{ networkName: network.networkName, aliases: ["db"] }],
      ...(database === undefined ? {} : { ports: [published] }),
      volumes: [{ volume: data, target: "/var/lib/mysql" }],
      env: { MARIADB_DATABASE: databaseName, MARIADB_USER: databaseName },
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

const ownedBy = (uid: number) => ({ mode: 0o400, uid, gid: uid });

/** By its name on the bridge, or by where the state says that it is published. */
function connectionTo(database: Container, { database: elsewhere }: WordPressArgs): Connection {
  const env = { WORDPRESS_DB_NAME: databaseName, WORDPRESS_DB_USER: databaseName };
  if (elsewhere === undefined) return { env: { WORDPRESS_DB_HOST: "db", ...env } };
  const place = database.published.apply((places) => places["3306/tcp"] ?? "");
  const [address, port] = [/^\[?(.*?)\]?:\d+$/, /:(\d+)$/].map((part) =>
    place.apply((text) => part.exec(text)?.[1] ?? ""),
  );
  return {
    env: { WORDPRESS_DB_HOST: pulumi.interpolate`db:${port}`, ...env },
    extraHosts: { db: address ?? "" },
  };
}

function makeWeb(
  parent: pulumi.Resource,
  name: string,
  args: WordPressArgs,
  parts: {
    readonly network: OnEach<Bridge>;
    readonly password: RandomSecret;
    readonly content: OnEach<Volume> | undefined;
    readonly database: Container;
    readonly routes: NonNullable<ServiceArgs["routes"]>;
  },
): Service {
  const { on, labels, replicas = 1, placement, rollout } = args;
  const { network, password, content, database, routes } = parts;
  const daemon = homeOf(args);
  const salt = new RandomSecret(`${name}-salt`, { daemon, length: 64 }, { parent });
  const image = onEach(on, `${name}-image`, ({ daemon: each, name: own }) => {
    return new Image(own, { daemon: each, debian: debianImages.wordpress }, { parent });
  });
  const volumes =
    content === undefined ? args.volumes : [{ volume: content, target: contentFolder }];
  return new Service(
    `${name}-web`,
    {
      on,
      image,
      port: 8080,
      replicas,
      networks: [network],
      ...(volumes === undefined ? {} : { volumes }),
      ...connectionTo(database, args),
      files: {
        [passwordFile]: { content: password.value, ...ownedBy(webUid) },
        "/run/secrets/salt": { content: salt.value, ...ownedBy(webUid) },
      },
      ...(labels === undefined ? {} : { labels }),
      ...(placement === undefined ? {} : { placement }),
      ...(rollout === undefined ? {} : { rollout }),
      health: { http: "/wp-login.php", intervalMs: 5000, timeoutMs: 120_000 },
      routes,
    },
    { parent, dependsOn: [database] },
  );
}
