// The leaves of @pulumi/gcp that are used here. Their classes load when they are first named.

import { loadPeer } from "../../sdk/peer.ts";

const leaf = <T>(name: string): T =>
  loadPeer<T>("@pulumi/gcp", `${name}/index.js`, "dockwright/gcp");

export const artifactregistry =
  leaf<typeof import("@pulumi/gcp/artifactregistry/index.js")>("artifactregistry");
export const compute = leaf<typeof import("@pulumi/gcp/compute/index.js")>("compute");
export const container = leaf<typeof import("@pulumi/gcp/container/index.js")>("container");
export const projects = leaf<typeof import("@pulumi/gcp/projects/index.js")>("projects");
export const serviceaccount =
  leaf<typeof import("@pulumi/gcp/serviceaccount/index.js")>("serviceaccount");
