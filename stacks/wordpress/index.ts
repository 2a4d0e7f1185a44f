// WordPress with Apache and PHP, and MariaDB with a volume that is kept, on a bridge of their own.
// Passwords are made once, kept as secrets in the state, and reach the containers as files.

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
  Volume,
} from "../../components/index.ts";

export interface WordPressArgs {
  /** The daemon to run on. */
  readonly on: DaemonLike;
  /**
   * The host name that it answers on.
   * @defaultValue every one
   */
  readonly host?: string;
  /**
   * The port of the machine that it answers on. A change interrupts it.
   * @defaultValue 80
   */
  readonly port?: number;
  /**
   * The address of the machine that it answers on. A change interrupts it.
   * @defaultValue all of them
   */
  readonly hostIp?: string;
  /**
   * Labels of WordPress's container. A change replaces it; its content stays.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: string };
}

const databaseName = "wordpress";
const databaseUid = 3306;
const webUid = 33;

/** A WordPress site: its web server, its database, and a proxy in front. */
export class WordPress extends pulumi.ComponentResource {
  /** Where it answers. */
  readonly url: pulumi.Output<string>;
  /** The name of WordPress's container. */
  readonly webContainer: pulumi.Output<string>;
  /** The name of the database's container. */
  readonly databaseContainer: pulumi.Output<string>;
  /** The volumes that are kept when the stack is destroyed. */
  readonly volumes: pulumi.Output<readonly string[]>;

  constructor(name: string, args: WordPressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:WordPress", name, {}, opts);
    const { on, host = "*", port = 80, hostIp } = args;
    const parent = { parent: this };
    const network = new Bridge(`${name}-bridge`, { daemon: on }, parent);
    const password = new RandomSecret(`${name}-db-password`, { daemon: on }, parent);
    const data = new Volume(`${name}-db-data`, { daemon: on }, parent);
    const database = makeDatabase(this, name, on, { network, password, data });
    const content = new Volume(`${name}-content`, { daemon: on }, parent);
    const web = makeWeb(this, name, args, { network, password, content, database });
    const address = hostIp === undefined ? {} : { hostIp };
    new Proxy(
      `${name}-edge`,
      { on, networks: [network], port, ...address, routes: [{ host, service: web }] },
      parent,
    );
    this.url = pulumi.output(`http://${host === "*" ? (hostIp ?? "127.0.0.1") : host}:${port}/`);
    this.webContainer = web.containerNames.apply(([one = ""]) => one);
    this.databaseContainer = database.name;
    this.volumes = pulumi.all([data.volumeName, content.volumeName]);
    this.registerOutputs({
      url: this.url,
      webContainer: this.webContainer,
      databaseContainer: this.databaseContainer,
      volumes: this.volumes,
    });
  }
}

function makeDatabase(
  parent: pulumi.Resource,
  name: string,
  daemon: DaemonLike,
  parts: { readonly network: Bridge; readonly password: RandomSecret; readonly data: Volume },
): Container {
  const { network, password, data } = parts;
  const image = new Image(`${name}-db-image`, { daemon, debian: debianImages.mariadb }, { parent });
  return new Container(
    `${name}-db`,
    {
      daemon,
      image,
      networks: [{ networkName: network.networkName, aliases: ["db"] }],
      volumes: [{ volume: data, target: "/var/lib/mysql" }],
      env: { MARIADB_DATABASE: databaseName, MARIADB_USER: databaseName },
      files: {
        "/run/secrets/db-password": {
          content: password.value,
          mode: 0o400,
          uid: databaseUid,
          gid: databaseUid,
        },
      },
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
  args: WordPressArgs,
  parts: {
    readonly network: Bridge;
    readonly password: RandomSecret;
    readonly content: Volume;
    readonly database: Container;
  },
): Service {
  const { on, labels } = args;
  const { network, password, content, database } = parts;
  const salt = new RandomSecret(`${name}-salt`, { daemon: on, length: 64 }, { parent });
  const image = new Image(
    `${name}-image`,
    { daemon: on, debian: debianImages.wordpress },
    { parent },
  );
  const owner = { mode: 0o400, uid: webUid, gid: webUid };
  return new Service(
    `${name}-web`,
    {
      on,
      image,
      port: 8080,
      networks: [network],
      volumes: [{ volume: content, target: "/var/lib/wordpress/wp-content" }],
      env: {
        WORDPRESS_DB_HOST: "db",
        WORDPRESS_DB_NAME: databaseName,
        WORDPRESS_DB_USER: databaseName,
      },
      files: {
        "/run/secrets/db-password": { content: password.value, ...owner },
        "/run/secrets/salt": { content: salt.value, ...owner },
      },
      ...(labels === undefined ? {} : { labels }),
      health: { http: "/wp-login.php", intervalMs: 5000, timeoutMs: 120_000 },
    },
    { parent, dependsOn: [database] },
  );
}
