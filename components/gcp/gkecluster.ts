// A cluster of GKE: Autopilot, or standard with pools of nodes of its own. Its network is VPC-native, its
// nodes have no public address, who may reach its API is said range by range, and it refuses to be
// deleted. What Google fills in by itself is not declared: declaring it replaced clusters on every run.

import * as pulumi from "@pulumi/pulumi";
import {
  KubernetesCluster,
  type KubernetesGatewayArgs,
  type KubernetesIngressArgs,
} from "../kubernetes/index.ts";
import type { ClusterLike, ServiceRequest, ServiceRun } from "../platform.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { container } from "./sdk.ts";

/** Addresses that may reach the cluster's API. */
export interface AuthorizedNetwork {
  /** The range, as CIDR. */
  readonly cidr: string;
  /** What it is, for the person who reads the list. */
  readonly name: string;
}

/** Arguments of {@link GkeCluster}. */
export interface GkeClusterArgs {
  /** The region, `europe-west3`, or for standard clusters a zone. Another one replaces the cluster. */
  readonly location: pulumi.Input<string>;
  /** The project. A change replaces the cluster. */
  readonly project?: pulumi.Input<string>;
  /** The network. Another one replaces the cluster. */
  readonly network: pulumi.Input<string>;
  /** The subnetwork of the nodes. Another one replaces the cluster. */
  readonly subnetwork: pulumi.Input<string>;
  /** The names of the subnetwork's secondary ranges for pods and services. A change replaces the cluster. */
  readonly ranges: {
    /** The range of the pods. */
    readonly pods: pulumi.Input<string>;
    /** The range of the services. */
    readonly services: pulumi.Input<string>;
  };
  /** Who may reach the cluster's API. A change updates in place. */
  readonly authorizedNetworks: readonly AuthorizedNetwork[];
  /**
   * Whether Google runs the nodes. A change replaces the cluster.
   * @defaultValue true; with false it needs a `NodePool`
   */
  readonly autopilot?: boolean;
  /**
   * The addresses of the control plane, a /28. Standard clusters alone. A change replaces the cluster.
   * @defaultValue 172.16.0.0/28
   */
  readonly controlPlaneRange?: pulumi.Input<string>;
  /**
   * Which versions it is given: `RAPID`, `REGULAR`, `STABLE`, `EXTENDED`. A change updates in place.
   * @defaultValue REGULAR
   */
  readonly releaseChannel?: pulumi.Input<string>;
  /**
   * Whether it refuses to be deleted; a destroy needs an update with false before it.
   * @defaultValue true
   */
  readonly deletionProtection?: boolean;
  /**
   * The namespace of the services; it has to be there.
   * @defaultValue default
   */
  readonly namespace?: pulumi.Input<string>;
  /**
   * What answers from outside for the services' `routes`.
   * @defaultValue none: services are reached inside of the cluster alone
   */
  readonly ingress?: KubernetesIngressArgs;
  /**
   * The Gateway that answers from outside for the services' `routes`, in place of an `ingress`. Another
   * one replaces what stands for them.
   * @defaultValue none: `ingress` does, where it is given
   */
  readonly gateway?: KubernetesGatewayArgs;
  /**
   * Labels of the cluster and of all objects. A change updates in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: string };
}

function standardParts({ controlPlaneRange = "172.16.0.0/28", gateway }: GkeClusterArgs) {
  return {
    // Autopilot has the Gateway API from the start.
    ...(gateway === undefined ? {} : { gatewayApiConfig: { channel: "CHANNEL_STANDARD" } }),
    // A cluster cannot be made without a pool; this one goes at once, and NodePools come.
    initialNodeCount: 1,
    removeDefaultNodePool: true,
    datapathProvider: "ADVANCED_DATAPATH",
    masterIpv4CidrBlock: controlPlaneRange,
  };
}

function clusterArgs(args: GkeClusterArgs) {
  const { location, project, network, subnetwork, ranges, authorizedNetworks, labels } = args;
  const { autopilot = true, releaseChannel = "REGULAR", deletionProtection = true } = args;
  const { masterIpv4CidrBlock, ...standard } = standardParts(args);
  const projectId = project ?? configuredProject();
  return {
    location,
    ...(project === undefined ? {} : { project }),
    network,
    subnetwork,
    networkingMode: "VPC_NATIVE",
    ipAllocationPolicy: {
      clusterSecondaryRangeName: ranges.pods,
      servicesSecondaryRangeName: ranges.services,
    },
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: false,
      ...(autopilot ? {} : { masterIpv4CidrBlock }),
    },
    masterAuthorizedNetworksConfig: {
      cidrBlocks: authorizedNetworks.map(({ cidr, name }) => ({
        cidrBlock: cidr,
        displayName: name,
      })),
    },
    releaseChannel: { channel: releaseChannel },
    deletionProtection,
    ...(labels === undefined ? {} : { resourceLabels: labels }),
    // Autopilot has all of this, and refuses to be told.
    ...(autopilot
      ? { enableAutopilot: true }
      : {
          ...standard,
          ...(projectId === undefined
            ? {}
            : {
                workloadIdentityConfig: {
                  workloadPool: pulumi.interpolate`${projectId}.svc.id.goog`,
                },
              }),
        }),
  };
}

/** The project of the provider's configuration. */
function configuredProject(): string | undefined {
  return new pulumi.Config("gcp").get("project");
}

/** A cluster of GKE that services run on. */
export class GkeCluster extends pulumi.ComponentResource implements ClusterLike {
  readonly clusterKind = "kubernetes" as const;
  /** The cluster's name. */
  readonly clusterName: pulumi.Output<string>;
  /** Its region or zone. */
  readonly location: pulumi.Output<string>;
  /** How the cluster is reached: for `gke-gcloud-auth-plugin`, so that no credential stands in it. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly #kubernetes: KubernetesCluster;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:GkeCluster", name, {}, opts);
    if (args.authorizedNetworks.some(({ cidr }) => /^(0\.0\.0\.0|::)\/0$/.test(cidr))) {
      const reason = "lets everybody reach the cluster's API; name the ranges that administer it";
      throw new pulumi.InputPropertyError({ propertyPath: "authorizedNetworks", reason });
    }
    const cluster = new container.Cluster(`${name}-cluster`, clusterArgs(args), {
      parent: this,
      // Google moves them.
      ignoreChanges: ["nodeVersion", "nodeConfig"],
    });
    this.clusterName = cluster.name;
    this.location = cluster.location;
    this.kubeconfig = pulumi.secret(
      pulumi
        .all([cluster.name, cluster.endpoint, cluster.masterAuth])
        .apply(([context, endpoint, { clusterCaCertificate }]) =>
          kubeconfigOf({ context, endpoint, certificate: clusterCaCertificate }),
        ),
    );
    const { namespace, ingress, gateway, labels } = args;
    this.#kubernetes = new KubernetesCluster(
      `${name}-services`,
      {
        kubeconfig: this.kubeconfig,
        ...(namespace === undefined ? {} : { namespace }),
        ...(ingress === undefined ? {} : { ingress }),
        ...(gateway === undefined ? {} : { gateway }),
        ...(labels === undefined ? {} : { labels }),
      },
      { parent: this },
    );
    this.registerOutputs({ clusterName: this.clusterName });
  }

  /** A provider of @pulumi/kubernetes for this cluster. */
  get provider(): pulumi.ProviderResource {
    return this.#kubernetes.provider;
  }

  /**
   * What the services that are declared after this wait for, and end before, such as a namespace. A
   * `NodePool` of the cluster says it of itself.
   */
  waitFor(resource: pulumi.Resource): void {
    this.#kubernetes.waitFor(resource);
  }

  runService(request: ServiceRequest): ServiceRun {
    return this.#kubernetes.runService(request);
  }
}
