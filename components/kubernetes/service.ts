// A service's spec as objects of Kubernetes: Deployment, Service, objects named by content for what is
// mounted, disruption budget, autoscaler, and its routes (routes.ts). The Deployment's name is fixed: its pods are exchanged
// by the cluster, and the update waits for the rollout, which the provider reports.

import * as pulumi from "@pulumi/pulumi";
import { isPerHost } from "../perhost.ts";
import { plainMembers } from "../plain.ts";
import type { ServiceSpec } from "../serviceargs.ts";
import type { KubernetesParts } from "./cluster.ts";
import { fileItems, makeSecret, modesOf } from "./objects.ts";
import { type PodValues, type PodVolume, podFaults, podTemplate } from "./podplan.ts";
import { type Around, type Labels, makeRoutes } from "./routes.ts";
import { apps, autoscaling, core, policy } from "./sdk.ts";

/** Arguments of {@link KubernetesService}. */
export interface KubernetesServiceArgs {
  /** The service's name: of its Deployment and its Service. */
  readonly name: string;
  /** The parts of the cluster that it runs on. */
  readonly cluster: KubernetesParts;
  /** The service's description, the same on all platforms. */
  readonly spec: ServiceSpec;
}

type Own = pulumi.CustomResourceOptions;

function refuseFaults(values: PodValues): void {
  const errors = podFaults(values);
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({
    message: "the pods cannot be made",
    errors: [...errors],
  });
}

/** What is plain is judged when the program runs; outputs once they are known. */
function refusePlain({ name, spec }: KubernetesServiceArgs): void {
  const ref = isPerHost(spec.image) ? undefined : spec.image.ref;
  const image = typeof ref === "string" ? ref : `unknown@sha256:${"0".repeat(64)}`;
  refuseFaults({ ...plainMembers(spec), name, image } as PodValues);
  const { strategy } = spec.rollout ?? {};
  if (strategy !== "blueGreen") return;
  throw new pulumi.InputPropertyError({
    propertyPath: "rollout.strategy",
    reason: "is blueGreen, which is not possible on Kubernetes; the nearest thing is rolling",
  });
}

function claims({ volumes = [] }: ServiceSpec) {
  return volumes.map(({ volume, hostPath, target, readOnly }, index) => {
    const propertyPath = `volumes[${index}]`;
    if (hostPath !== undefined || volume === undefined || isPerHost(volume)) {
      const reason =
        "is no claim of the cluster; on Kubernetes the nearest thing is { volume: { volumeName: CLAIM } }";
      throw new pulumi.InputPropertyError({ propertyPath, reason });
    }
    return pulumi.all([volume.volumeName, target, readOnly ?? false]).apply(
      ([claimName, path, only]): PodVolume => ({
        name: `volume-${index + 1}`,
        source: { persistentVolumeClaim: { claimName } },
        mounts: [{ path, readOnly: only }],
      }),
    );
  });
}

/** Each file stands under a key of a Secret, and is mounted at its own path, with its own mode. */
function fileVolume(files: NonNullable<ServiceSpec["files"]>, asked: Around, own: Own) {
  const all = pulumi.output(files).apply(fileItems);
  const content = all.apply((items) =>
    Object.fromEntries(items.map(({ key, base64 }) => [key, base64])),
  );
  // Contents may be secret; paths and modes stand in the pod.
  const places = pulumi.unsecret(
    all.apply((items) => items.map(({ path, key, mode }) => ({ path, key, mode }))),
  );
  const name = `${asked.name}-files`;
  const secretName = makeSecret(
    `${asked.resource}-files`,
    { ...asked, name, content, base64: true },
    own,
  );
  return pulumi.all([secretName, places]).apply(
    ([secret, items]): PodVolume => ({
      name: "files",
      source: { secret: { secretName: secret, defaultMode: 0o444, ...modesOf(items) } },
      mounts: items.map(({ path, key }) => ({ path, subPath: key, readOnly: true })),
    }),
  );
}

/** What pods mount, and the Secret of their variables. */
function makeMounts(spec: ServiceSpec, around: Around, own: Own) {
  const { secrets, files, secretEnv } = spec;
  const { name, resource } = around;
  const volumes: pulumi.Output<PodVolume>[] = claims(spec);
  if (files !== undefined) volumes.push(fileVolume(files, around, own));
  if (secrets !== undefined) {
    const asked = { ...around, name: `${name}-secrets`, content: secrets };
    const secretName = makeSecret(`${resource}-secrets`, asked, own);
    volumes.push(
      secretName.apply(
        (secret): PodVolume => ({
          name: "secrets",
          source: { secret: { secretName: secret, defaultMode: 0o444 } },
          mounts: [{ path: "/run/secrets", readOnly: true }],
        }),
      ),
    );
  }
  if (secretEnv === undefined) return { volumes, secretEnv: undefined };
  const asked = { ...around, name: `${name}-env`, content: secretEnv };
  const keys = Object.keys(secretEnv);
  const made = makeSecret(`${resource}-env`, asked, own);
  return { volumes, secretEnv: made.apply((secret) => ({ name: secret, keys })) };
}

/** How pods are exchanged. */
function strategyOf({ rollout = {} }: ServiceSpec) {
  const { strategy = "rolling", batch = "25%" } = rollout;
  if (strategy === "recreate") return { type: "Recreate" };
  return { type: "RollingUpdate", rollingUpdate: { maxSurge: batch, maxUnavailable: 0 } };
}

function makeScaling(args: KubernetesServiceArgs, around: Around, own: Own): void {
  const { autoscale, replicas = 1 } = args.spec;
  const { name, resource, namespace, labels } = around;
  const metadata = { name, namespace, labels };
  if (autoscale !== undefined) {
    const { min, max, cpuPercent, memoryPercent } = autoscale;
    const cpu = cpuPercent ?? (memoryPercent === undefined ? 60 : undefined);
    const aims = Object.entries({ cpu, memory: memoryPercent }).flatMap(([metric, aim]) =>
      aim === undefined ? [] : [{ metric, aim }],
    );
    new autoscaling.HorizontalPodAutoscaler(
      `${resource}-scale`,
      {
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          minReplicas: min,
          maxReplicas: max,
          metrics: aims.map(({ metric, aim }) => ({
            type: "Resource",
            resource: { name: metric, target: { type: "Utilization", averageUtilization: aim } },
          })),
        },
      },
      own,
    );
  }
  // One replica that may not go would keep a node from being drained for ever.
  if ((autoscale?.min ?? replicas) < 2) return;
  const matchLabels = selectorOf(name);
  new policy.PodDisruptionBudget(
    `${resource}-budget`,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels } } },
    own,
  );
}

const selectorOf = (name: string): Labels => ({ "app.kubernetes.io/name": name });

/** A service on Kubernetes. */
export class KubernetesService extends pulumi.ComponentResource {
  /** The name of its Deployment. */
  readonly deploymentName: pulumi.Output<string>;
  /** `NAME.NAMESPACE.svc:PORT` inside of the cluster, and the URLs of its routes. */
  readonly endpoints: pulumi.Output<readonly string[]>;

  constructor(name: string, args: KubernetesServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:KubernetesService", name, {}, opts);
    const { cluster, spec } = args;
    refusePlain(args);
    const dependsOn = [...cluster.dependsOn];
    const own = { parent: this, provider: cluster.provider, dependsOn };
    const selector = selectorOf(args.name);
    const labels = { ...cluster.labels, ...selector, "app.kubernetes.io/managed-by": "dockwright" };
    const around = { name: args.name, resource: name, namespace: cluster.namespace, labels };
    makeRoutes(spec, cluster, around, own);
    const deployment = this.makeDeployment(args, around, own);
    const service = new core.Service(
      `${name}-service`,
      {
        metadata: { name: args.name, namespace: cluster.namespace, labels },
        spec: {
          type: "ClusterIP",
          selector,
          ports: [{ name: "main", port: spec.port, targetPort: "main", protocol: "TCP" }],
        },
      },
      own,
    );
    makeScaling(args, around, own);
    this.deploymentName = deployment.metadata.name;
    const urls = (spec.routes ?? []).map(({ host, path = "/" }) => `https://${host}${path}`);
    this.endpoints = pulumi
      .all([service.metadata.name, cluster.namespace, this.deploymentName])
      .apply(([one, namespace]) => [`${one}.${namespace}.svc:${spec.port}`, ...urls]);
    this.registerOutputs({ deploymentName: this.deploymentName });
  }

  private makeDeployment(args: KubernetesServiceArgs, around: Around, own: Own) {
    const { spec } = args;
    const { name, namespace, labels, resource } = around;
    const { volumes, secretEnv } = makeMounts(spec, around, own);
    const matchLabels = selectorOf(name);
    const { image, networks: _n, volumes: _v, routes: _r, secretEnv: _s, ...rest } = spec;
    const { secrets: _e, files: _f, tasks: _t, labels: podLabels, annotations, ...plain } = rest;
    if (isPerHost(image)) throw new Error("an image for each host was let through");
    const values = pulumi.output({ ...plain, image: image.ref, name }) as pulumi.Output<PodValues>;
    const template = pulumi
      .all([
        values,
        pulumi.all(volumes),
        pulumi.output(secretEnv),
        pulumi.output(podLabels),
        pulumi.output(annotations),
      ])
      .apply(([known, mounted, variables, more, notes]) => {
        refuseFaults(known);
        const place = {
          labels: matchLabels,
          volumes: mounted as PodVolume[],
          secretEnv: variables,
        };
        const pod = podTemplate(known, place);
        const metadata = {
          labels: { ...more, ...labels },
          ...(notes === undefined ? {} : { annotations: notes }),
        };
        return { ...pod, metadata };
      });
    const { replicas = 1, autoscale, health = {} } = spec;
    const timeoutSeconds = Math.ceil((health.timeoutMs ?? 60_000) / 1000);
    return new apps.Deployment(
      `${resource}-deployment`,
      {
        metadata: { name, namespace, labels },
        spec: {
          ...(autoscale === undefined ? { replicas } : {}),
          selector: { matchLabels },
          strategy: strategyOf(spec),
          progressDeadlineSeconds: Math.max(60, timeoutSeconds * 2),
          template: template as pulumi.Output<object>,
        },
      },
      own,
    );
  }
}
