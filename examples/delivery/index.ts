// One program, three stacks: `tools` has the registry, `qa` and `prod` run what was deployed from it.
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, LocalDaemon } from "dockwright";
import { stackLink } from "dockwright/config";
import { Delivered, DeliveryRegistry } from "dockwright/stacks/delivery";
import { settings, shopOutputs, toolsOutputs } from "./config.ts";

const { port, replicas, gateMs } = settings.load();
const daemon = new LocalDaemon("local");
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
  const passwords = registry.passwords.apply(({ ci = "" }) => ({ ci }));
  return toolsOutputs.export({ registry: address, base: baseRef, passwords });
}

function application() {
  const tools = stackLink({ stack: "tools" }, toolsOutputs);
  const shop = new Delivered("shop", {
    on: daemon,
    auth: { username: "ci", password: tools.get("passwords").ci },
    replicas,
    port,
    hostIp,
    health: { http: "/", timeoutMs: gateMs },
  });
  return shopOutputs.export({ url: shop.url, image: shop.image });
}

type Made = ReturnType<typeof tools> & ReturnType<typeof application>;
const made: Partial<Made> = pulumi.getStack() === "tools" ? tools() : application();
export const { registry, base, passwords, url, image } = made;
