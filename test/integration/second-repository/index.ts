// A repository of its own: a stack and components of the package, and a service that it adds.
import * as pulumi from "@pulumi/pulumi";
import { Bridge, debianImages, Image, LocalDaemon, Service } from "dockwright";
import { StaticSite } from "dockwright/stacks/static-site";
import { WordPress } from "dockwright/stacks/wordpress";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const site = new StaticSite("site", {
  on: daemon,
  folder: "./pages",
  port: config.requireNumber("port"),
  hostIp: "127.0.0.1",
});

const inside = new Bridge("inside", { daemon });
const image = new Image("api", { daemon, debian: debianImages.webServer });
const api = new Service("api", {
  on: daemon,
  image,
  networks: [inside],
  port: 8080,
  health: { http: "/" },
});

export const url: pulumi.Output<string> = site.url;
export const containers: pulumi.Output<readonly string[]> = api.containerNames;
/** That it loads, under each way to resolve it. */
export const other = WordPress.name;
