// WordPress and its database as a program declares them on the clouds: on ECS two containers of one
// task, on GKE two services, the data on volumes of the cloud.

import { EfsVolume } from "../../components/aws/index.ts";
import { GkeCluster } from "../../components/gcp/index.ts";
import { Service } from "../../components/index.ts";
import { fargate, network } from "./aws/lab.ts";

const digest = `sha256:${"ab".repeat(32)}`;
const wordpress = { ref: `registry.example.com/wordpress@${digest}` };
const mariadb = { ref: `registry.example.com/mariadb@${digest}` };
const gib = 1024 ** 3;
const password = "hush";
const database = { WORDPRESS_DB_NAME: "wordpress", WORDPRESS_DB_USER: "wordpress" };
const health = { test: ["CMD", "healthcheck.sh", "--connect"], intervalMs: 10_000 };

/** One task with both: they reach each other at 127.0.0.1. */
export function wordpressOnEcs(): Service {
  const cluster = fargate();
  const at = { ...network, securityGroupId: cluster.tasksSecurityGroupId };
  const [content, data] = [new EfsVolume("content", at), new EfsVolume("data", at)];
  const db = {
    image: mariadb,
    env: { MARIADB_DATABASE: "wordpress", MARIADB_USER: "wordpress" },
    secretEnv: { MARIADB_PASSWORD: password },
    volumes: [{ volume: data, target: "/var/lib/mysql" }],
    tmpfs: { "/run/mysqld": "", "/tmp": "" },
    healthCheck: health,
    cpus: 0.5,
    memoryBytes: gib,
  };
  return new Service("blog", {
    on: cluster.with({ sidecars: { db } }),
    image: wordpress,
    port: 8080,
    env: { WORDPRESS_DB_HOST: "127.0.0.1", ...database },
    secretEnv: { WORDPRESS_DB_PASSWORD: password },
    volumes: [{ volume: content, target: "/var/www/html/wp-content" }],
    cpus: 0.5,
    memoryBytes: gib,
    // The database's files are one task's.
    rollout: { strategy: "recreate" },
    health: { http: "/wp-login.php" },
    routes: [{ host: "blog.test" }],
  });
}

/** Two services: the database by its name in the cluster, on a claim. */
export function wordpressOnGke(): Service {
  const cluster = new GkeCluster("main", {
    location: "europe-west3",
    network: "net",
    subnetwork: "sub",
    ranges: { pods: "pods", services: "services" },
    authorizedNetworks: [{ cidr: "192.0.2.0/24", name: "office" }],
    ingress: { className: "gce" },
  });
  void new Service("blog-db", {
    on: cluster,
    image: mariadb,
    port: 3306,
    user: "999:999",
    env: { MARIADB_DATABASE: "wordpress", MARIADB_USER: "wordpress" },
    secretEnv: { MARIADB_PASSWORD: password },
    volumes: [{ volume: { volumeName: "blog-db" }, target: "/var/lib/mysql" }],
    tmpfs: { "/run/mysqld": "", "/tmp": "" },
    healthCheck: health,
    rollout: { strategy: "recreate" },
  });
  return new Service("blog", {
    on: cluster,
    image: wordpress,
    port: 8080,
    user: "33:33",
    env: { WORDPRESS_DB_HOST: "blog-db", ...database },
    secretEnv: { WORDPRESS_DB_PASSWORD: password },
    volumes: [{ volume: { volumeName: "blog-content" }, target: "/var/www/html/wp-content" }],
    health: { http: "/wp-login.php" },
    routes: [{ host: "blog.test" }],
  });
}
