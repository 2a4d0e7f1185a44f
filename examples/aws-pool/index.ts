// Three machines of EC2, one in each zone: Docker behind mutual TLS on each, a service spread over them,
// and HAProxy on each that answers for all of it. Add a subnet, or change site/index.html, and run
// `pulumi up` again.
import * as pulumi from "@pulumi/pulumi";
import { Bridge, debianImages, HostPool, Image, Proxy, Service, TlsDaemon } from "dockwright";
import { AwsMachine } from "dockwright/aws";

const config = new pulumi.Config();
const subnetIds = config.requireObject<readonly string[]>("subnetIds");
/** Where this program runs. */
const admin = config.require("admin");
const inside = config.require("vpcRange");

const hosts = subnetIds.map((subnetId, index) => {
  const name = `web${index + 1}`;
  const host = new AwsMachine(name, {
    instanceType: config.require("instanceType"),
    imageId: config.require("imageId"),
    vpcId: config.require("vpcId"),
    subnetId,
    publicKey: config.require("publicKey"),
    privateKey: config.requireSecret("privateKey"),
    sshFrom: [admin],
    open: [
      { port: 2376, from: admin },
      { port: 80, from: "0.0.0.0/0" },
      // Where the proxies of the other machines reach the containers.
      { port: 20_000, portEnd: 29_999, from: inside },
    ],
    tags: { Name: name },
  });
  const daemon = new TlsDaemon(`${name}-docker`, { host });
  return { name, host, daemon };
});
const pool = new HostPool("pool", {
  hosts: Object.fromEntries(
    hosts.map(({ name, host, daemon }) => [name, { daemon, address: host.privateAddress }]),
  ),
});

const front = pool.each((daemon, { name }) => new Bridge(`front-${name}`, { daemon }));
const site = pool.each((daemon, { name }) => {
  const server = new Image(`server-${name}`, { daemon, debian: debianImages.webServer });
  const build = { context: "./site", args: { BASE: server.ref } };
  return new Image(`site-${name}`, { daemon, build });
});
const edge = pool.each((daemon, { name }) => {
  const own = front.perHost[name];
  return new Proxy(`edge-${name}`, { on: daemon, networks: own === undefined ? [] : [own] });
});
const web = new Service("web", {
  on: pool,
  image: site,
  replicas: config.requireNumber("replicas"),
  networks: [front],
  port: 8080,
  health: { http: "/" },
  routes: [{ proxy: edge, host: "*" }],
});

export const urls = hosts.map(({ host }) => pulumi.interpolate`http://${host.address}/`);
export const containers = web.containerNames;
