// A machine that answers SSH, from bare to a page: a recipe of what belongs on it, Docker installed and
// served over mutual TLS, and a container with a page. Change pages/index.html and run `pulumi up` again.
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { Container, debianImages, Host, Image, type Recipe, TlsDaemon } from "dockwright";

const config = new pulumi.Config();
const hostKey = config.get("hostKey") ?? "";

const host = new Host("shop", {
  address: config.require("address"),
  user: config.require("user"),
  privateKey: config.requireSecret("privateKey"),
  ...(hostKey === "" ? {} : { hostKey }),
});

// Step after step; those of an inner list are made side by side.
const recipe: Recipe = [
  [{ package: "curl" }, { group: { name: "shop" } }],
  { user: { name: "clerk", group: "shop", shell: "/bin/bash" } },
  { sysctl: { name: "net.ipv4.tcp_syncookies", value: "1" } },
  { directory: { path: "/srv/shop", group: "shop", mode: "0750" } },
  {
    name: "motd",
    file: { path: "/etc/motd", content: "This is {{site}}.\n", values: { site: "shop" } },
  },
];
host.provision(recipe);

const daemon = new TlsDaemon("shop-docker", {
  host,
  options: { labels: { site: "shop" } },
});
const server = new Image("server", { daemon, debian: debianImages.webServer });
const web = new Container("web", {
  daemon,
  image: server,
  files: { "/srv/www/index.html": { content: readFileSync("pages/index.html", "utf8") } },
  ports: [{ containerPort: 8080, hostPort: config.requireNumber("port") }],
  healthCheck: { test: ["CMD", "dw-health", "8080", "/"], intervalMs: 500 },
});

export const url = pulumi.interpolate`http://${host.address}:${config.requireNumber("port")}/`;
export const container = web.name;
export const dockerHost = daemon.dockerHost;
export const certificatesUntil = daemon.expiry;
