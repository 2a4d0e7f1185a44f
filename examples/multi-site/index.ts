// Three sites on two machines that answer SSH, with a proxy on each. Change a page below sites, or add a
// site or a host, and run `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { Daemon, Host, HostPool } from "dockwright";
import { MultiSite } from "dockwright/stacks/multi-site";

const config = new pulumi.Config();
const addresses = config.requireObject<Record<string, string>>("hosts");
const login = { user: config.require("user"), privateKey: config.requireSecret("privateKey") };

const hosts = Object.entries(addresses).map(([name, address]) => {
  const host = new Host(name, { address, ...login });
  return [name, { daemon: new Daemon(`${name}-docker`, { host }), address }] as const;
});
const web = new MultiSite("web", {
  on: new HostPool("pool", { hosts: Object.fromEntries(hosts) }),
  sites: {
    "shop.example.com": { folder: "./sites/shop" },
    "blog.example.com": { folder: "./sites/blog" },
    "docs.example.com": { folder: "./sites/docs", replicas: 1 },
  },
});

export const urls = web.urls;
export const containers = web.containers;
