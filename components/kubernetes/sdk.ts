// The leaves of @pulumi/kubernetes that are used here. Their classes load when they are first named.

import { loadPeer } from "../../sdk/peer.ts";

const leaf = <T>(name: string): T =>
  loadPeer<T>("@pulumi/kubernetes", name, "dockwright/kubernetes");

export const apiextensions =
  leaf<typeof import("@pulumi/kubernetes/apiextensions/index.js")>("apiextensions/index.js");
export const apps = leaf<typeof import("@pulumi/kubernetes/apps/v1/index.js")>("apps/v1/index.js");
export const autoscaling =
  leaf<typeof import("@pulumi/kubernetes/autoscaling/v2/index.js")>("autoscaling/v2/index.js");
export const core = leaf<typeof import("@pulumi/kubernetes/core/v1/index.js")>("core/v1/index.js");
export const networking =
  leaf<typeof import("@pulumi/kubernetes/networking/v1/index.js")>("networking/v1/index.js");
export const policy =
  leaf<typeof import("@pulumi/kubernetes/policy/v1/index.js")>("policy/v1/index.js");
export const provider = leaf<typeof import("@pulumi/kubernetes/provider.js")>("provider.js");
