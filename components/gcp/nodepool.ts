// Nodes of a standard cluster. A pool is named by what would replace it: such a change makes another
// pool beside the old one, and only then takes that away. Google drains its nodes as it goes, and is
// told to keep to the disruption budgets meanwhile, which it else does not when a pool is deleted.

import * as pulumi from "@pulumi/pulumi";
import { accountIdOf, hashOf } from "./names.ts";
import { container, projects, serviceaccount } from "./sdk.ts";

/** The cluster: a `GkeCluster`, or its name and place. */
export interface GkeClusterLike {
  /** The cluster's name. */
  readonly clusterName: pulumi.Input<string>;
  /** Its region or zone. */
  readonly location: pulumi.Input<string>;
  /**
   * Told of each pool, so that services wait for their nodes, and end before them.
   * @defaultValue what runs on the nodes says so itself, by `dependsOn`
   */
  waitFor?(pool: pulumi.Resource): void;
}

/** Arguments of {@link NodePool}. */
export interface NodePoolArgs {
  /**
   * The cluster: a standard one. Services of a `GkeCluster` that are declared after the pool wait for it.
   * Another one replaces the pool.
   */
  readonly cluster: GkeClusterLike;
  /** The project of the nodes' account: `my-project`. */
  readonly project: pulumi.Input<string>;
  /** The kind of machine, `e2-standard-4`. A change makes another pool. */
  readonly machineType: string;
  /** The fewest nodes, in each zone. A change updates in place. */
  readonly min: pulumi.Input<number>;
  /** The most nodes, in each zone. A change updates in place. */
  readonly max: pulumi.Input<number>;
  /**
   * The size of a node's disk, in GB. A change makes another pool.
   * @defaultValue 100
   */
  readonly diskSizeGb?: number;
  /**
   * Whether Google may take the nodes away. A change makes another pool.
   * @defaultValue false
   */
  readonly spot?: boolean;
  /**
   * Labels of the nodes, for `placement` of services. A change updates in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: pulumi.Input<string> };
}

/** What a pool's name is made of: what cannot be changed in place. */
const poolName = (name: string, fixed: { readonly [name: string]: unknown }): string =>
  `${name.slice(0, 31)}-${hashOf(fixed)}`;

const roles = [
  "roles/logging.logWriter",
  "roles/monitoring.metricWriter",
  "roles/monitoring.viewer",
  "roles/stackdriver.resourceMetadata.writer",
  "roles/artifactregistry.reader",
];

/** Nodes of a standard cluster of GKE. */
export class NodePool extends pulumi.ComponentResource {
  /** The pool's name: made of what would replace it. */
  readonly poolName: pulumi.Output<string>;
  /** The account that the nodes are, which may pull images and write logs, and no more. */
  readonly serviceAccountEmail: pulumi.Output<string>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:NodePool", name, {}, opts);
    const { cluster, project, machineType, min, max, labels } = args;
    const { diskSizeGb = 100, spot = false } = args;
    const own = { parent: this };
    const account = new serviceaccount.Account(
      `${name}-nodes`,
      { accountId: accountIdOf(name), displayName: `nodes of ${name}`, project },
      own,
    );
    const grants = roles.map(
      (role) =>
        new projects.IAMMember(
          `${name}-${role.split("/")[1] ?? role}`,
          { project, role, member: account.member },
          own,
        ),
    );
    const pool = new container.NodePool(
      `${name}-pool`,
      {
        name: pulumi
          .output(cluster.clusterName)
          .apply((one) => poolName(name, { cluster: one, machineType, diskSizeGb, spot })),
        cluster: cluster.clusterName,
        location: cluster.location,
        project,
        autoscaling: { minNodeCount: min, maxNodeCount: max },
        management: { autoRepair: true, autoUpgrade: true },
        nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        nodeConfig: {
          machineType,
          diskSizeGb,
          diskType: "pd-balanced",
          spot,
          serviceAccount: account.email,
          oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
          imageType: "COS_CONTAINERD",
          shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
          workloadMetadataConfig: { mode: "GKE_METADATA" },
          metadata: { "disable-legacy-endpoints": "true" },
          ...(labels === undefined ? {} : { labels }),
        },
      },
      // The autoscaler moves the counts.
      { ...own, dependsOn: grants, ignoreChanges: ["initialNodeCount", "nodeCount"] },
    );
    cluster.waitFor?.(pool);
    this.poolName = pool.name;
    this.serviceAccountEmail = account.email;
    this.registerOutputs({ poolName: this.poolName });
  }
}
