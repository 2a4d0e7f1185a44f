// What answers from outside for a service's routes: an Ingress of a class, or entries of a Gateway that is
// there (HTTPRoute). Without routes there is neither.
// See gateway-api.sigs.k8s.io/reference/spec.

import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../serviceargs.ts";
import type { KubernetesGatewayArgs, KubernetesIngressArgs, KubernetesParts } from "./cluster.ts";
import { apiextensions, networking } from "./sdk.ts";

/** Labels by name. */
export type Labels = { readonly [name: string]: string };

/** What the objects of a service have in common. */
export interface Around {
  /** The service's name. */
  readonly name: string;
  /** What the names of its resources begin with. */
  readonly resource: string;
  /** The namespace of its objects. */
  readonly namespace: pulumi.Input<string>;
  /** Their labels. */
  readonly labels: Labels;
}

type Routes = NonNullable<ServiceSpec["routes"]>;

function makeIngress(
  routes: Routes,
  { className, tlsSecret, annotations }: KubernetesIngressArgs,
  { name, resource, namespace, labels }: Around,
  own: pulumi.CustomResourceOptions,
): void {
  const service = { name, port: { name: "main" } };
  const hosts = [...new Set(routes.map(({ host }) => host).filter((host) => host !== "*"))];
  new networking.Ingress(
    `${resource}-ingress`,
    {
      metadata: { name, namespace, labels, ...(annotations === undefined ? {} : { annotations }) },
      spec: {
        ...(className === undefined ? {} : { ingressClassName: className }),
        ...(tlsSecret === undefined ? {} : { tls: [{ hosts, secretName: tlsSecret }] }),
        rules: routes.map(({ host, path = "/" }) => ({
          ...(host === "*" ? {} : { host }),
          http: { paths: [{ path, pathType: "Prefix", backend: { service } }] },
        })),
      },
    },
    own,
  );
}

/** The most rules that an HTTPRoute has (gateway.networking.k8s.io/v1). */
const rulesMax = 16;

/** Paths by host, for an HTTPRoute each: all rules of one are for all of its hosts, and it has so many at most. */
function byHost(routes: Routes) {
  const hosts = [...new Set(routes.map(({ host }) => host))];
  return hosts.flatMap((host) => {
    const paths = routes.filter((one) => one.host === host).map(({ path = "/" }) => path);
    const count = Math.ceil(paths.length / rulesMax);
    return Array.from({ length: count }, (_, index) => ({
      host,
      paths: paths.slice(index * rulesMax, (index + 1) * rulesMax),
    }));
  });
}

function makeHttpRoutes(
  routes: Routes,
  port: number,
  gateway: KubernetesGatewayArgs,
  { name, resource, namespace, labels }: Around,
  own: pulumi.CustomResourceOptions,
): void {
  const { name: parent, namespace: where, listener } = gateway;
  const parentRef = {
    name: parent,
    ...(where === undefined ? {} : { namespace: where }),
    ...(listener === undefined ? {} : { sectionName: listener }),
  };
  for (const [index, { host, paths }] of byHost(routes).entries()) {
    new apiextensions.CustomResource(
      `${resource}-route-${index + 1}`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: `${name}-${index + 1}`, namespace, labels },
        spec: {
          parentRefs: [parentRef],
          ...(host === "*" ? {} : { hostnames: [host] }),
          rules: paths.map((value) => ({
            matches: [{ path: { type: "PathPrefix", value } }],
            backendRefs: [{ name, port }],
          })),
        },
      },
      own,
    );
  }
}

/** Makes what answers for the service's routes; nothing without routes. */
export function makeRoutes(
  { routes = [], port }: ServiceSpec,
  { ingress, gateway }: KubernetesParts,
  around: Around,
  own: pulumi.CustomResourceOptions,
): void {
  if (routes.length === 0) return;
  if (gateway !== undefined) makeHttpRoutes(routes, port, gateway, around, own);
  else if (ingress !== undefined) makeIngress(routes, ingress, around, own);
  else {
    const reason =
      'need an ingress or a gateway; give the cluster one, such as ingress: { className: "gce" }';
    throw new pulumi.InputPropertyError({ propertyPath: "routes", reason });
  }
}
