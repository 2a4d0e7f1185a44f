// The pages in ./pages on ECS: built by this machine's own Docker, pushed to a repository of ECR, run on
// Fargate by digest behind a load balancer with HTTPS. Change a page and run `pulumi up` again: a
// deployment that ECS takes back fails the update.
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, ImagePush, LocalDaemon, Service } from "dockwright";
import { EcrRepository, EcsCluster } from "dockwright/aws";

const config = new pulumi.Config();

const daemon = new LocalDaemon("local");
const server = new Image("server", { daemon, debian: debianImages.webServer });
const pages = new Image("pages", {
  daemon,
  build: { context: "./pages", args: { BASE: server.ref } },
});
const repository = new EcrRepository(pulumi.getProject());
// Tags of the repository cannot be moved: each content has its own, the one that the image has here.
const tag = pages.ref.apply((ref) => ref.slice(ref.lastIndexOf(":") + 1));
const pushed = new ImagePush("pushed", {
  daemon,
  image: pages.ref,
  to: pulumi.interpolate`${repository.repositoryUrl}:${tag}`,
  auth: repository.auth,
});

const cluster = new EcsCluster("main", {
  vpcId: config.require("vpcId"),
  subnetIds: config.requireObject<string[]>("privateSubnetIds"),
  ingress: {
    subnetIds: config.requireObject<string[]>("publicSubnetIds"),
    public: true,
    allowFrom: config.requireObject<string[]>("allowFrom"),
    certificateArn: config.require("certificateArn"),
  },
});
const host = config.require("host");
const web = new Service("web", {
  on: cluster,
  image: pushed,
  replicas: config.requireNumber("replicas"),
  port: 8080,
  cpus: 0.25,
  memoryBytes: 512 * 1024 ** 2,
  health: { http: "/" },
  routes: [{ host }],
});

export const url = `https://${host}/`;
/** What the host's name has to lead to. */
export const loadBalancer = cluster.ingressDnsName;
export const endpoints = web.endpoints;
