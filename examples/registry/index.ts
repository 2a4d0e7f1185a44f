// A private registry on this machine's own Docker; an image is built, pushed to it and pulled from it.
import * as pulumi from "@pulumi/pulumi";
import { Image, ImagePush, LocalDaemon } from "dockwright";
import { Registry } from "dockwright/stacks/registry";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const registry = new Registry("registry", {
  on: daemon,
  // Docker trusts any registry on the loopback; elsewhere, `registry.trustOn(name, host)` is needed.
  address: "127.0.0.1",
  hostIp: "127.0.0.1",
  port: config.requireNumber("port"),
});

const page = new Image("page", { daemon, build: { context: "./page" } });
const pushed = new ImagePush("page-push", {
  daemon,
  image: page.ref,
  to: pulumi.interpolate`${registry.address}/page:1`,
  auth: registry.auth(),
});
const pulled = new Image("page-pulled", {
  daemon,
  pull: { ref: pushed.ref, auth: registry.auth() },
});

export const address = registry.address;
export const passwords = registry.passwords;
export const volume = registry.volume;
export const pushedRef = pushed.ref;
export const pulledRef = pulled.ref;
export const sameImage = pulumi.all([page.imageId, pulled.imageId]).apply(([a, b]) => a === b);
