// One program, three stacks: `tools` has the registry, `qa` and `prod` run what was deployed from it.
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, LocalDaemon } from "dockwright";
import { Delivered, DeliveryRegistry } from "dockwright/stacks/delivery";

const config = new pulumi.Config();
const daemon = new LocalDaemon("local");
const port = config.requireNumber("port");
const hostIp = "127.0.0.1";

function tools() {
  const base = new Image("base", { daemon, debian: debianImages.webServer });
  // Docker trusts any registry on the loopback; elsewhere, `registry.trustOn(name, host)` is needed.
  const { registry, ...rest } = new DeliveryRegistry("registry", {
    on: daemon,
    address: hostIp,
    hostIp,
    port,
    base,
    users: ["ci"],
  });
  const { address, base: baseRef } = rest;
  return { registry: address, base: baseRef, passwords: registry.passwords };
}

function application() {
  const built = new pulumi.StackReference(`organization/${pulumi.getProject()}/tools`);
  const made = built.requireOutput("outputs") as pulumi.Output<{ passwords: { ci: string } }>;
  const shop = new Delivered("shop", {
    on: daemon,
    auth: { username: "ci", password: made.passwords.ci },
    replicas: config.getNumber("replicas") ?? 1,
    port,
    hostIp,
    health: { http: "/", timeoutMs: config.getNumber("gateMs") ?? 20_000 },
  });
  return { url: shop.url, image: shop.image };
}

export const outputs = pulumi.getStack() === "tools" ? tools() : application();
