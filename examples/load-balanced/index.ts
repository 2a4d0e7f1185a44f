// Some copies of a web server behind HAProxy. Change the number and run `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, LocalDaemon } from "dockwright";
import { LoadBalanced } from "dockwright/stacks/load-balanced";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const server = new Image("server", { daemon, debian: debianImages.webServer });
const image = new Image("shop-image", {
  daemon,
  build: { context: "./site", args: { BASE: server.ref } },
});
const shop = new LoadBalanced("shop", {
  on: daemon,
  image,
  replicas: config.requireNumber("replicas"),
  port: config.requireNumber("port"),
});

export const url = shop.url;
export const containers = shop.containers;
