// The pages in ./pages, in containers behind HAProxy on this machine's own Docker. Change a page and run
// `pulumi up` again: new containers get ready beside the old ones, and no request is lost.
import * as pulumi from "@pulumi/pulumi";
import { Bridge, debianImages, Image, LocalDaemon, Proxy, Service } from "dockwright";

const config = new pulumi.Config();
const port = config.requireNumber("port");

const daemon = new LocalDaemon("local");
const front = new Bridge("front", { daemon });
const server = new Image("server", { daemon, debian: debianImages.webServer });
const pages = new Image("pages", {
  daemon,
  build: { context: "./pages", args: { BASE: server.ref } },
});
const web = new Service("web", {
  on: daemon,
  image: pages,
  replicas: config.requireNumber("replicas"),
  networks: [front],
  port: 8080,
  health: { http: "/" },
});
new Proxy("edge", { on: daemon, networks: [front], port, routes: [{ host: "*", service: web }] });

export const url = `http://127.0.0.1:${port}/`;
export const containers = web.containerNames;
