// WordPress on this machine's own Docker. The database's data and the uploads are on volumes that a
// destroy leaves, and the next `pulumi up` takes back.
import * as pulumi from "@pulumi/pulumi";
import { LocalDaemon } from "dockwright";
import { WordPress } from "dockwright/stacks/wordpress";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const blog = new WordPress("blog", { on: daemon, port: config.requireNumber("port") });

export const url = blog.url;
export const webContainers = blog.webContainers;
export const volumes = blog.volumes;
