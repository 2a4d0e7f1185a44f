// The images that our own stacks use. Each runs with no capability, without new privileges and on a
// read-only root with /tmp as tmpfs (the proxy wants its runtime folder too), ends in good order on
// its own stop signal, and logs to stdout and stderr. Scripts are in scripts/, as text, so that
// they are part of the key, of a bundle and of the package.
import { healthScript } from "./scripts/health.ts";
import { mariadbConfig, mariadbEntrypoint, mariadbHealth } from "./scripts/mariadb.ts";
import {
  postgresConfig,
  postgresConfigPath,
  postgresEntrypoint,
  postgresHba,
  postgresHbaPath,
  postgresHealth,
} from "./scripts/postgres.ts";
import { pumaConfig } from "./scripts/rails.ts";
import { redisData, redisEntrypoint, redisHealth } from "./scripts/redis.ts";
import { nginxConfig, welcomePage } from "./scripts/web.ts";
import { apachePorts, apacheSite, phpSettings, wordpressConfig } from "./scripts/wordpress.ts";
import type { DebianFile, DebianImageSpec } from "./spec.ts";

const executable = (content: string): DebianFile => ({ content, mode: 0o755 });

/**
 * nginx on port 8080 as uid 65532, serving /srv/www. SIGQUIT lets requests in flight end.
 * Health: `dw-health 8080 /`.
 */
const webServer: DebianImageSpec = {
  packages: ["nginx"],
  extraFiles: {
    "/etc/dockwright/nginx.conf": { content: nginxConfig },
    "/srv/www/index.html": { content: welcomePage },
    "/usr/local/bin/dw-health": executable(healthScript),
  },
  cmd: ["nginx", "-e", "stderr", "-c", "/etc/dockwright/nginx.conf"],
  user: "65532:65532",
  exposedPorts: ["8080"],
  stopSignal: "SIGQUIT",
  labels: { "dockwright.image": "webServer" },
};

/**
 * HAProxy and perl, for the proxy component, which gives the command. SIGUSR1 lets connections end.
 */
const haproxy: DebianImageSpec = {
  packages: ["haproxy", "perl-base"],
  extraFiles: { "/usr/local/bin/dw-health": executable(healthScript) },
  setup: [
    "install -d -m 0700 /run/dw",
    "install -d -m 0755 /etc/dockwright",
    "install -d -m 0755 /var/lib/dockwright",
  ],
  stopSignal: "SIGUSR1",
  labels: { "dockwright.image": "haproxy" },
};

/**
 * WordPress with Apache and PHP on port 8080 as www-data (uid 33), wp-content in
 * /var/lib/wordpress/wp-content. SIGWINCH lets requests in flight end. Health:
 * `dw-health 8080 /wp-login.php`, which needs the database.
 * Environment: WORDPRESS_DB_HOST, _DB_NAME, _DB_USER, _DB_PASSWORD_FILE, _SALT_FILE, _URL.
 */
const wordpress: DebianImageSpec = {
  packages: [
    "apache2",
    "libapache2-mod-php",
    "php-mysql",
    "wordpress",
    "wordpress-theme-twentytwentythree",
  ],
  extraFiles: {
    "/etc/wordpress/config-default.php": { content: wordpressConfig },
    "/etc/apache2/ports.conf": { content: apachePorts },
    "/etc/apache2/sites-enabled/wordpress.conf": { content: apacheSite },
    "/etc/php/dockwright.ini": { content: phpSettings },
    "/usr/local/bin/dw-health": executable(healthScript),
  },
  setup: [
    "a2dissite -q 000-default",
    "a2disconf -q other-vhosts-access-log serve-cgi-bin",
    "a2dismod -q -f status autoindex",
    "a2enmod -q rewrite remoteip",
    "for dir in /etc/php/*/apache2/conf.d; do ln -s /etc/php/dockwright.ini $dir/99-dockwright.ini; done",
    "install -d -o www-data -g www-data /var/lib/wordpress/wp-content/uploads",
    "chown -R www-data:www-data /var/lib/wordpress/wp-content",
  ],
  env: {
    APACHE_RUN_USER: "www-data",
    APACHE_RUN_GROUP: "www-data",
    APACHE_RUN_DIR: "/tmp",
    APACHE_LOCK_DIR: "/tmp",
    APACHE_LOG_DIR: "/tmp",
    APACHE_PID_FILE: "/tmp/apache2.pid",
  },
  cmd: ["apache2", "-D", "FOREGROUND"],
  user: "33:33",
  exposedPorts: ["8080"],
  stopSignal: "SIGWINCH",
  labels: { "dockwright.image": "wordpress" },
};

/**
 * MariaDB on port 3306 as uid 3306, data in /var/lib/mysql. Health: `dw-health`.
 * Environment: MARIADB_DATABASE, MARIADB_USER, MARIADB_PASSWORD_FILE.
 */
const mariadb: DebianImageSpec = {
  packages: ["mariadb-client-core", "mariadb-server-core"],
  extraFiles: {
    "/etc/mysql/mariadb.conf.d/99-dockwright.cnf": { content: mariadbConfig },
    "/usr/local/bin/dw-mariadb": executable(mariadbEntrypoint),
    "/usr/local/bin/dw-health": executable(mariadbHealth),
  },
  setup: [
    "echo 'mysql:x:3306:' >> /etc/group",
    "echo 'mysql:x:3306:3306:MariaDB:/var/lib/mysql:/usr/sbin/nologin' >> /etc/passwd",
    "echo 'mysql:!:19723::::::' >> /etc/shadow",
    "rm -rf /var/lib/mysql",
    "install -d -m 0750 -o mysql -g mysql /var/lib/mysql",
  ],
  entrypoint: ["dw-mariadb"],
  user: "3306:3306",
  exposedPorts: ["3306"],
  stopSignal: "SIGTERM",
  labels: { "dockwright.image": "mariadb" },
};

/**
 * PostgreSQL 15 on port 5432 as uid 5432, data below /var/lib/postgresql. Health: `dw-health`. SIGINT
 * ends it without waiting for its clients, SIGTERM would.
 * Environment: POSTGRES_DATABASE, POSTGRES_USER, POSTGRES_PASSWORD_FILE.
 */
const postgres: DebianImageSpec = {
  packages: ["postgresql-15"],
  extraFiles: {
    [postgresConfigPath]: { content: postgresConfig },
    [postgresHbaPath]: { content: postgresHba },
    "/usr/local/bin/dw-postgres": executable(postgresEntrypoint),
    "/usr/local/bin/dw-health": executable(postgresHealth),
  },
  setup: [
    // The cluster that the package makes.
    "rm -rf /var/lib/postgresql/15 /etc/postgresql/15",
    "groupmod -g 5432 postgres",
    "usermod -u 5432 postgres",
    "chown -R postgres:postgres /var/lib/postgresql",
    "chmod 0700 /var/lib/postgresql",
    // Half of the image, for compiling queries: without them the server does not try.
    "rm -rf /usr/lib/*-linux-gnu/libLLVM-* /usr/lib/*-linux-gnu/libz3.so.* /usr/lib/postgresql/15/lib/llvmjit* /usr/lib/postgresql/15/lib/bitcode",
  ],
  entrypoint: ["dw-postgres"],
  user: "5432:5432",
  exposedPorts: ["5432"],
  stopSignal: "SIGINT",
  labels: { "dockwright.image": "postgres" },
};

/**
 * Rails 6.1 (Action Pack, Active Record) with PostgreSQL's driver and Puma on port 8080 as uid 65532:
 * the base of an application that its Dockerfile copies to /srv/app. It has no Bundler to run: what it
 * needs is Debian's. SIGTERM lets requests in flight end. Health: `dw-health 8080 PATH`.
 */
const rails: DebianImageSpec = {
  packages: ["puma", "ruby-activerecord", "ruby-pg", "ruby-railties"],
  extraFiles: {
    "/etc/dockwright/puma.rb": { content: pumaConfig },
    "/usr/local/bin/dw-health": executable(healthScript),
  },
  env: { LANG: "C.UTF-8", RAILS_ENV: "production" },
  cmd: ["puma", "-C", "/etc/dockwright/puma.rb"],
  user: "65532:65532",
  workingDir: "/srv/app",
  exposedPorts: ["8080"],
  stopSignal: "SIGTERM",
  labels: { "dockwright.image": "rails" },
};

/**
 * Redis on port 6379 as uid 6379: a leader, or with REDIS_LEADER=HOST:PORT a replica. What it has is in
 * memory, and with REDIS_KEEP=yes in /var/lib/redis too. Health: `dw-health`.
 * Environment: REDIS_LEADER, REDIS_KEEP, REDIS_PASSWORD_FILE (/run/secrets/redis-password).
 */
const redis: DebianImageSpec = {
  packages: ["redis-server"],
  extraFiles: {
    "/usr/local/bin/dw-redis": executable(redisEntrypoint),
    "/usr/local/bin/dw-health": executable(redisHealth),
  },
  setup: [
    "groupmod -g 6379 redis",
    "usermod -u 6379 redis",
    `rm -rf ${redisData} /var/log/redis /etc/redis`,
    `install -d -m 0750 -o redis -g redis ${redisData}`,
  ],
  entrypoint: ["dw-redis"],
  user: "6379:6379",
  exposedPorts: ["6379"],
  stopSignal: "SIGTERM",
  labels: { "dockwright.image": "redis" },
};

/** Specifications of our own images, by name. */
export const catalog = {
  webServer,
  haproxy,
  wordpress,
  mariadb,
  postgres,
  rails,
  redis,
} as const satisfies Readonly<Record<string, DebianImageSpec>>;
export type CatalogName = keyof typeof catalog;
