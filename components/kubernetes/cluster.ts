// A cluster of Kubernetes that services run on, reached by a kubeconfig. Who makes the cluster is another
// matter: a GkeCluster of `dockwright/gcp` is one, and so is any other whose kubeconfig is at hand.

import * as pulumi from "@pulumi/pulumi";
import type { ClusterLike, ServiceRequest, ServiceRun } from "../platform.ts";
import { provider } from "./sdk.ts";
import { KubernetesService } from "./service.ts";

/** What answers from outside for the services of a cluster. */
export interface KubernetesIngressArgs {
  /**
   * The class of Ingress that answers, such as `gce` or `nginx`. A change updates in place.
   * @defaultValue the cluster's default class
   */
  readonly className?: pulumi.Input<string>;
  /**
   * The Secret with the certificate and key for the routes' hosts.
   * @defaultValue none: what the class does by itself
   */
  readonly tlsSecret?: pulumi.Input<string>;
  /**
   * Annotations of each Ingress, by which its class is told more.
   * @defaultValue none
   */
  readonly annotations?: { readonly [name: string]: pulumi.Input<string> };
}

/** A Gateway that is there, and answers for the services of a cluster. */
export interface KubernetesGatewayArgs {
  /** Its name. A change updates the routes in place. */
  readonly name: pulumi.Input<string>;
  /**
   * Its namespace; it has to let routes of the services' namespace in. A change updates in place.
   * @defaultValue that of the services
   */
  readonly namespace?: pulumi.Input<string>;
  /**
   * Its listener for the routes, by name. A change updates in place.
   * @defaultValue every one that takes their hosts
   */
  readonly listener?: pulumi.Input<string>;
}

/** Arguments of {@link KubernetesCluster}. */
export interface KubernetesClusterArgs {
  /** How the cluster is reached. It is kept secret in the state. */
  readonly kubeconfig: pulumi.Input<string>;
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
   * Labels of all objects. A change updates in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: string };
}

/** What a service has to know of its cluster. */
export interface KubernetesParts {
  /** The provider of its objects. */
  readonly provider: pulumi.ProviderResource;
  /** The namespace of its objects. */
  readonly namespace: pulumi.Input<string>;
  /** What answers from outside; undefined where none was declared. */
  readonly ingress: KubernetesIngressArgs | undefined;
  /** The Gateway that answers; undefined where none was declared. */
  readonly gateway: KubernetesGatewayArgs | undefined;
  /** Labels of all its objects. */
  readonly labels: { readonly [name: string]: string };
  /** What its objects wait for, and end before: nodes, a namespace. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** A cluster of Kubernetes. */
export class KubernetesCluster extends pulumi.ComponentResource implements ClusterLike {
  readonly clusterKind = "kubernetes" as const;
  /** A provider of @pulumi/kubernetes for this cluster, for what is declared with that package. */
  readonly provider: pulumi.ProviderResource;
  readonly #parts: Omit<KubernetesParts, "dependsOn">;
  readonly #waitedFor: pulumi.Resource[] = [];

  constructor(name: string, args: KubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:KubernetesCluster", name, {}, opts);
    const { namespace = "default", ingress, gateway, labels = {} } = args;
    if (ingress !== undefined && gateway !== undefined) {
      const reason = "is given, and ingress is too; give one: it answers for all routes";
      throw new pulumi.InputPropertyError({ propertyPath: "gateway", reason });
    }
    this.provider = new provider.Provider(
      `${name}-kubernetes`,
      { kubeconfig: pulumi.secret(args.kubeconfig), namespace, enableServerSideApply: true },
      { parent: this },
    );
    this.#parts = { provider: this.provider, namespace, ingress, gateway, labels };
    this.registerOutputs({});
  }

  /** What the services that are declared after this wait for, and end before: nodes, a namespace. */
  waitFor(resource: pulumi.Resource): void {
    this.#waitedFor.push(resource);
  }

  runService({ name, spec, parent }: ServiceRequest): ServiceRun {
    const cluster = { ...this.#parts, dependsOn: [...this.#waitedFor] };
    const args = { name, spec, cluster };
    const service = new KubernetesService(`${name}-kubernetes`, args, { parent });
    return { names: service.deploymentName.apply((one) => [one]), endpoints: service.endpoints };
  }
}
