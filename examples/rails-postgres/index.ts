// A Rails application with PostgreSQL on this machine's own Docker. Change a file in app, or add a
// migration, and run `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { LocalDaemon } from "dockwright";
import { RailsPostgres } from "dockwright/stacks/rails-postgres";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const harbour = new RailsPostgres("harbour", {
  on: daemon,
  folder: "./app",
  replicas: config.requireNumber("replicas"),
  port: config.requireNumber("port"),
});

export const url = harbour.url;
export const containers = harbour.containers;
export const databaseContainer = harbour.databaseContainer;
export const volume = harbour.volume;
