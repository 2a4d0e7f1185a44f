// The pods of a service, as data: a PodTemplateSpec of the core/v1 API. Pure: plain values in, a plan
// out. Hardened as a container is: no root, no new privileges, no capability, a read-only root with a
// /tmp in memory. See kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1.

import { present } from "../present.ts";
import { type SpecFault, specFaults, tmpfsBytes } from "../specfaults.ts";

/** What pods are planned from: members of a service's spec, by their values. */
export interface PodValues {
  readonly name: string;
  readonly image: string;
  readonly port: number;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly workingDir?: string;
  readonly user?: string;
  readonly hostname?: string;
  readonly stopGraceMs?: number;
  readonly tty?: boolean;
  readonly openStdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly tmpfs?: { readonly [path: string]: string };
  readonly shmSizeBytes?: number;
  readonly healthCheck?: {
    readonly test: readonly string[];
    readonly intervalMs?: number;
    readonly timeoutMs?: number;
    readonly retries?: number;
    readonly startPeriodMs?: number;
  };
  readonly health?: {
    readonly http?: string;
    readonly intervalMs?: number;
    readonly timeoutMs?: number;
  };
  readonly memoryBytes?: number;
  readonly memoryReservationBytes?: number;
  readonly cpus?: number;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly readOnly?: boolean;
  readonly groupAdd?: readonly string[];
  readonly sysctls?: { readonly [name: string]: string };
  readonly runtime?: string;
  readonly platform?: string;
  readonly extraHosts?: { readonly [name: string]: string };
  readonly dns?: readonly string[];
  readonly dnsOptions?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly placement?: PodPlacement;
}

/** Which nodes: as a pool's placement says it. */
export interface PodPlacement {
  readonly require?: readonly {
    readonly label: string;
    readonly equals?: string;
    readonly oneOf?: readonly string[];
    readonly not?: string;
    readonly exists?: boolean;
  }[];
  readonly spread?: readonly string[];
  readonly onePerHost?: boolean;
}

/** What is mounted besides: objects of the cluster. */
export interface PodVolume {
  readonly name: string;
  /** The volume's source, as the API has it. */
  readonly source: { readonly [kind: string]: unknown };
  readonly mounts: readonly {
    readonly path: string;
    readonly subPath?: string;
    readonly readOnly: boolean;
  }[];
}

export interface PodPlace {
  readonly labels: { readonly [name: string]: string };
  readonly volumes: readonly PodVolume[];
  /** The Secret with the variables of `secretEnv`, and their names. */
  readonly secretEnv: { readonly name: string; readonly keys: readonly string[] } | undefined;
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
const sorted = <T>(map: { readonly [name: string]: T } = {}) => Object.entries(map).sort(byName);
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Bytes as a quantity: whole Mi where they are. */
export function quantity(bytes: number): string {
  const mib = 1024 * 1024;
  return bytes % mib === 0 ? `${bytes / mib}Mi` : String(bytes);
}

const cores = (cpus: number): string =>
  Number.isInteger(cpus) ? String(cpus) : `${Math.round(cpus * 1000)}m`;

function resourcesOf({ cpus, memoryBytes, memoryReservationBytes }: PodValues) {
  const memory = memoryBytes === undefined ? undefined : quantity(memoryBytes);
  const kept = memoryReservationBytes === undefined ? memory : quantity(memoryReservationBytes);
  const cpu = cpus === undefined ? undefined : cores(cpus);
  return { limits: present({ cpu, memory }), requests: present({ cpu, memory: kept }) };
}

/** `USER[:GROUP]`, as numbers. */
function userOf(user: string | undefined) {
  if (user === undefined) return {};
  const [uid = "", gid] = user.split(":");
  return present({
    runAsUser: Number(uid),
    runAsGroup: gid === undefined ? undefined : Number(gid),
  });
}

function securityOf(values: PodValues) {
  const { capAdd, capDrop = ["ALL"], readOnly = true } = values;
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: readOnly,
    capabilities: present({ add: capAdd, drop: capDrop }),
    ...userOf(values.user),
  };
}

function probesOf({ health = {}, port, healthCheck: check }: PodValues) {
  const { http, intervalMs = 10_000, timeoutMs = 60_000 } = health;
  const asked = http === undefined ? { tcpSocket: { port } } : { httpGet: { path: http, port } };
  const startupPeriod = 2;
  return present({
    readinessProbe: { ...asked, periodSeconds: seconds(intervalMs), failureThreshold: 3 },
    // Until it has passed, nothing else is asked.
    startupProbe: {
      ...asked,
      periodSeconds: startupPeriod,
      failureThreshold: Math.ceil(seconds(timeoutMs) / startupPeriod),
    },
    // The check of an image is not Kubernetes': NONE has nothing to switch off.
    livenessProbe: check === undefined || check.test[0] === "NONE" ? undefined : livenessOf(check),
  });
}

function livenessOf({
  test,
  intervalMs,
  timeoutMs,
  retries,
  startPeriodMs,
}: NonNullable<PodValues["healthCheck"]>) {
  const [kind, ...words] = test;
  const command = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  return present({
    exec: { command },
    initialDelaySeconds: startPeriodMs === undefined ? undefined : seconds(startPeriodMs),
    periodSeconds: intervalMs === undefined ? undefined : seconds(intervalMs),
    timeoutSeconds: timeoutMs === undefined ? undefined : seconds(timeoutMs),
    failureThreshold: retries,
  });
}

const sizeIn = (options: string): string | undefined => {
  const bytes = tmpfsBytes(options);
  return bytes === undefined ? undefined : quantity(bytes);
};

function memoryVolumes({ tmpfs, readOnly = true, shmSizeBytes }: PodValues): readonly PodVolume[] {
  const folders = sorted(tmpfs ?? (readOnly ? { "/tmp": "size=64m" } : {})).map(
    ([path, options]) => [path, sizeIn(options)] as const,
  );
  const shared = shmSizeBytes === undefined ? [] : [["/dev/shm", quantity(shmSizeBytes)] as const];
  return [...folders, ...shared].map(([path, sizeLimit]) => ({
    name: `memory${path.toLowerCase().replaceAll(/[^a-z0-9]/g, "-")}`,
    source: { emptyDir: present({ medium: "Memory", sizeLimit }) },
    mounts: [{ path, readOnly: false }],
  }));
}

function environmentOf({ env }: PodValues, { secretEnv }: PodPlace) {
  const plain = sorted(env).map(([name, value]) => ({ name, value }));
  if (secretEnv === undefined) return plain;
  const { name: secret, keys } = secretEnv;
  const kept = [...keys].sort().map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: secret, key } },
  }));
  return [...plain, ...kept];
}

function affinityOf({ placement = {}, platform }: PodValues) {
  const { require = [] } = placement;
  const arch = platform?.split("/")[1];
  const rules = require.map(({ label, equals, oneOf, not, exists }) => {
    if (exists !== undefined) return { key: label, operator: exists ? "Exists" : "DoesNotExist" };
    if (not !== undefined) return { key: label, operator: "NotIn", values: [not] };
    return { key: label, operator: "In", values: oneOf ?? [equals ?? ""] };
  });
  const wanted =
    arch === undefined ? [] : [{ key: "kubernetes.io/arch", operator: "In", values: [arch] }];
  const matchExpressions = [...rules, ...wanted];
  if (matchExpressions.length === 0) return undefined;
  const terms = { nodeSelectorTerms: [{ matchExpressions }] };
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } };
}

/** Over zones and hosts; as hard as one a host is, as soft as it can be otherwise. */
function spreadOf({ placement = {} }: PodValues, { labels }: PodPlace) {
  const { spread = ["topology.kubernetes.io/zone"], onePerHost = false } = placement;
  const rule = (topologyKey: string, whenUnsatisfiable: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: labels },
  });
  return [
    ...spread.map((key) => rule(key, "ScheduleAnyway")),
    rule("kubernetes.io/hostname", onePerHost ? "DoNotSchedule" : "ScheduleAnyway"),
  ];
}

function dnsOf({ dns, dnsOptions, dnsSearch }: PodValues) {
  if (dns === undefined && dnsOptions === undefined && dnsSearch === undefined) return undefined;
  const options = dnsOptions?.map((text) => {
    const [name = "", value] = text.split(":");
    return present({ name, value });
  });
  return present({ nameservers: dns, searches: dnsSearch, options });
}

function containerOf(values: PodValues, place: PodPlace, volumes: readonly PodVolume[]) {
  const mounts = volumes.flatMap(({ name, mounts: each }) =>
    each.map(({ path, subPath, readOnly }) =>
      present({ name, mountPath: path, subPath, readOnly }),
    ),
  );
  return present({
    name: values.name,
    image: values.image,
    command: values.entrypoint,
    args: values.command,
    env: environmentOf(values, place),
    workingDir: values.workingDir,
    ports: [{ name: "main", containerPort: values.port, protocol: "TCP" }],
    tty: values.tty,
    stdin: values.openStdin,
    stdinOnce: values.stdinOnce,
    resources: resourcesOf(values),
    securityContext: securityOf(values),
    volumeMounts: mounts,
    ...probesOf(values),
  });
}

/** The pod template of a Deployment. */
export function podTemplate(values: PodValues, place: PodPlace) {
  const { labels } = place;
  const volumes = [...place.volumes, ...memoryVolumes(values)];
  const { sysctls, groupAdd, extraHosts, stopGraceMs } = values;
  const spec = present({
    containers: [containerOf(values, place, volumes)],
    volumes: volumes.map(({ name, source }) => ({ name, ...source })),
    // Nothing in it speaks to the cluster's API unless it brings an account of its own.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    hostname: values.hostname,
    terminationGracePeriodSeconds: stopGraceMs === undefined ? undefined : seconds(stopGraceMs),
    securityContext: present({
      runAsNonRoot: values.user === undefined ? undefined : !/^0(:|$)/.test(values.user),
      seccompProfile: { type: "RuntimeDefault" },
      supplementalGroups: groupAdd?.map(Number),
      sysctls: sysctls && sorted(sysctls).map(([name, value]) => ({ name, value })),
    }),
    runtimeClassName: values.runtime,
    hostAliases: extraHosts && sorted(extraHosts).map(([name, ip]) => ({ ip, hostnames: [name] })),
    dnsConfig: dnsOf(values),
    affinity: affinityOf(values),
    topologySpreadConstraints: spreadOf(values, place),
  });
  return { metadata: { labels }, spec };
}

/** What the cluster would refuse, or what would only show once the pods run. */
export function podFaults(values: PodValues): readonly SpecFault[] {
  const { name, image, user, groupAdd = [], stopGraceMs } = values;
  const fault = (propertyPath: string, reason: string) => [{ propertyPath, reason }];
  const numeric = user === undefined || /^\d+(:\d+)?$/.test(user);
  return [
    ...(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
      ? []
      : fault("name", `is "${name}"; Kubernetes takes a DNS label: a-z, 0-9 and -, at most 63`)),
    ...(/@sha256:[0-9a-f]{64}$/.test(image)
      ? []
      : fault(
          "image",
          `is "${image}"; give it by digest (NAME@sha256:...): a tag may be another image tomorrow`,
        )),
    ...(numeric ? [] : fault("user", `is "${user}"; Kubernetes takes numbers, such as 1000:1000`)),
    ...groupAdd.flatMap((group, index) =>
      /^\d+$/.test(group)
        ? []
        : fault(`groupAdd[${index}]`, `is "${group}"; Kubernetes takes numbers`),
    ),
    ...(stopGraceMs === undefined || stopGraceMs >= 0
      ? []
      : fault("stopGraceMs", `is ${stopGraceMs}; write 0 or more`)),
    ...specFaults(values, { on: "Kubernetes", mountOptions: false }),
  ];
}
