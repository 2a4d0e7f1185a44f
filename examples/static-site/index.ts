// The pages in ./site, on this machine's own Docker. Change a page and run `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { LocalDaemon } from "dockwright";
import { StaticSite } from "dockwright/stacks/static-site";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const site = new StaticSite("site", {
  on: daemon,
  folder: "./site",
  replicas: config.requireNumber("replicas"),
  port: config.requireNumber("port"),
});

export const url = site.url;
export const containers = site.containers;
