// The pages in ./pages on GKE: built by this machine's own Docker, pushed to Artifact Registry, run by
// digest on an Autopilot cluster in a network of its own. Change a page and run `pulumi up` again: a
// release whose pods do not get ready fails the update, and the old pods serve on.
import * as compute from "@pulumi/gcp/compute/index.js";
import * as organizations from "@pulumi/gcp/organizations/index.js";
import * as pulumi from "@pulumi/pulumi";
import { debianImages, Image, ImagePush, LocalDaemon, Service } from "dockwright";
import { ArtifactRepository, type AuthorizedNetwork, GkeCluster } from "dockwright/gcp";

const config = new pulumi.Config();
const google = new pulumi.Config("gcp");
const [project, location] = [google.require("project"), google.require("region")];

const daemon = new LocalDaemon("local");
const server = new Image("server", { daemon, debian: debianImages.webServer });
const pages = new Image("pages", {
  daemon,
  build: { context: "./pages", args: { BASE: server.ref } },
});
const repository = new ArtifactRepository(pulumi.getProject(), { location, project });
// Tags of the repository cannot be moved: each content has its own, the one that the image has here.
const tag = pages.ref.apply((ref) => ref.slice(ref.lastIndexOf(":") + 1));
const password = organizations.getClientConfigOutput().accessToken;
const pushed = new ImagePush("pushed", {
  daemon,
  image: pages.ref,
  to: pulumi.interpolate`${repository.repositoryUrl}/pages:${tag}`,
  auth: { username: "oauth2accesstoken", password: pulumi.secret(password) },
});

const network = new compute.Network("main", { autoCreateSubnetworks: false });
const subnetwork = new compute.Subnetwork("main", {
  network: network.id,
  region: location,
  ipCidrRange: "10.0.0.0/20",
  privateIpGoogleAccess: true,
  secondaryIpRanges: [
    { rangeName: "pods", ipCidrRange: "10.4.0.0/14" },
    { rangeName: "services", ipCidrRange: "10.8.0.0/20" },
  ],
});
const cluster = new GkeCluster("main", {
  location,
  network: network.id,
  subnetwork: subnetwork.id,
  ranges: { pods: "pods", services: "services" },
  authorizedNetworks: config.requireObject<AuthorizedNetwork[]>("authorizedNetworks"),
  ingress: { className: "gce" },
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

export const url = `http://${host}/`;
export const endpoints = web.endpoints;
