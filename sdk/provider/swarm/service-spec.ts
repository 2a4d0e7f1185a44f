// A declared service in the Engine's words, and back. Every default is written out, so that what is
// read back says what was meant. Times of the Engine are nanoseconds.

import { createHash } from "node:crypto";
import type {
  ContainerSpec,
  NodeResources,
  ServiceSpec,
  TaskTemplate,
  UpdateConfig,
} from "../../docker/swarm-types.ts";
import { healthConfig, readHealthCheck } from "../container/health.ts";
import { mountOf, readMount } from "../container/mounts.ts";
import { parseEnv } from "../container/process.ts";
import { specLabel } from "../names.ts";
import { canonicalJson, type Value } from "../values.ts";
import type { ServiceInputs } from "./service-fields.ts";

const nanosPerMs = 1e6;
const nano = 1e9;
const nanos = (ms: number) => ms * nanosPerMs;

/** The ids of what a service names: Swarm wants both. */
export interface References {
  readonly networks: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly configs: Readonly<Record<string, string>>;
}

/** Start first, unless two tasks cannot be there at once. */
export function updateOrder({ ports = [], mounts = [], mode, replicas = 1 }: ServiceInputs) {
  const clash = ports.some((port) => port.mode === "host" && port.publishedPort !== undefined);
  const shared =
    mode !== "global" &&
    replicas === 1 &&
    mounts.some(({ type = "volume", source }) => type === "volume" && source !== undefined);
  return clash || shared ? "stop-first" : "start-first";
}

type Config = NonNullable<ServiceInputs["update"]>;

function updateConfig(config: Config, order: string, failureAction: string): UpdateConfig {
  return {
    Parallelism: config.parallelism ?? 1,
    Delay: nanos(config.delayMs ?? 0),
    FailureAction: config.failureAction ?? failureAction,
    Monitor: nanos(config.monitorMs ?? 5000),
    MaxFailureRatio: config.maxFailureRatio ?? 0,
    Order: config.order ?? order,
  };
}

function resourcesOf(values: ServiceInputs["limits"]): NodeResources {
  const { cpus, memoryBytes, pids } = values ?? {};
  return {
    ...(cpus === undefined ? {} : { NanoCPUs: Math.round(cpus * nano) }),
    ...(memoryBytes === undefined ? {} : { MemoryBytes: memoryBytes }),
    ...(pids === undefined ? {} : { Pids: pids }),
  };
}

type Mounted = NonNullable<ServiceInputs["secrets"]>[number];

const fileOf = ({ name, target, uid = "0", gid = "0", mode = 0o444 }: Mounted, root: string) => ({
  Name: target ?? `${root}${name}`,
  UID: uid,
  GID: gid,
  Mode: mode,
});

/** The members that say something. */
function told<T extends object>(members: T): T {
  const kept = Object.entries(members).filter(([, value]) => {
    if (value === undefined || value === "") return false;
    return !Array.isArray(value) || value.length > 0;
  });
  return Object.fromEntries(kept) as T;
}

function containerSpec(values: ServiceInputs, refs: References): ContainerSpec {
  const env = Object.entries(values.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const hosts = Object.entries(values.extraHosts ?? {}).map(([name, at]) => `${at} ${name}`);
  return told({
    Image: values.image,
    Command: values.entrypoint ?? [],
    Args: values.command ?? [],
    Env: env.sort(),
    Dir: values.workingDir ?? "",
    User: values.user ?? "",
    Hostname: values.hostname ?? "",
    Init: values.init ?? false,
    ReadOnly: values.readOnly ?? false,
    StopSignal: values.stopSignal ?? "",
    StopGracePeriod: nanos(values.stopGraceMs ?? 10_000),
    CapabilityAdd: values.capAdd ?? [],
    CapabilityDrop: values.capDrop ?? [],
    Hosts: hosts.sort(),
    Mounts: (values.mounts ?? []).map(mountOf),
    ...(values.healthCheck ? { Healthcheck: healthConfig(values.healthCheck) } : {}),
    ...(values.sysctls ? { Sysctls: values.sysctls } : {}),
    Secrets: (values.secrets ?? []).map((secret) => ({
      SecretID: refs.secrets[secret.name] ?? "",
      SecretName: secret.name,
      File: fileOf(secret, ""),
    })),
    Configs: (values.configs ?? []).map((config) => ({
      ConfigID: refs.configs[config.name] ?? "",
      ConfigName: config.name,
      File: fileOf(config, "/"),
    })),
    Labels: values.containerLabels ?? {},
  });
}

function taskTemplate(values: ServiceInputs, refs: References): TaskTemplate {
  const { restart = {}, placement = {}, logDriver, logOptions } = values;
  return {
    ContainerSpec: containerSpec(values, refs),
    Resources: {
      Limits: resourcesOf(values.limits),
      Reservations: resourcesOf(values.reservations),
    },
    RestartPolicy: {
      Condition: restart.condition ?? "any",
      Delay: nanos(restart.delayMs ?? 1000),
      MaxAttempts: restart.maxAttempts ?? 0,
      Window: nanos(restart.windowMs ?? 0),
    },
    Placement: {
      Constraints: placement.constraints ?? [],
      Preferences: (placement.spread ?? []).map((label) => ({
        Spread: { SpreadDescriptor: label },
      })),
      ...(placement.maxPerNode === undefined ? {} : { MaxReplicas: placement.maxPerNode }),
    },
    Networks: (values.networks ?? []).map(({ network, aliases = [] }) => ({
      Target: refs.networks[network] ?? network,
      Aliases: aliases,
    })),
    ...(logDriver === undefined
      ? {}
      : { LogDriver: { Name: logDriver, ...(logOptions ? { Options: logOptions } : {}) } }),
    ForceUpdate: 0,
  };
}

/** The hash of all that makes Swarm exchange a task; where tasks may be placed is no part of it. */
function hashOf({ TaskTemplate: { Placement: _, ...task }, EndpointSpec }: ServiceSpec): string {
  const text = canonicalJson({ task, ports: EndpointSpec?.Ports } as unknown as Value);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The whole spec. Tasks carry its hash, so that those of this release can be told from others. */
export function serviceSpec(
  values: ServiceInputs,
  refs: References,
  labels: Readonly<Record<string, string>>,
): ServiceSpec {
  const order = updateOrder(values);
  const spec: ServiceSpec = {
    Name: values.name ?? "",
    Labels: { ...values.labels, ...labels },
    TaskTemplate: taskTemplate(values, refs),
    Mode:
      values.mode === "global"
        ? { Global: {} }
        : { Replicated: { Replicas: values.replicas ?? 1 } },
    UpdateConfig: updateConfig(values.update ?? {}, order, "rollback"),
    RollbackConfig: updateConfig(values.rollback ?? {}, order, "pause"),
    EndpointSpec: {
      Mode: values.endpointMode ?? "vip",
      Ports: (values.ports ?? []).map(({ port, publishedPort, mode, protocol }) => ({
        Protocol: protocol ?? "tcp",
        TargetPort: port,
        ...(publishedPort === undefined ? {} : { PublishedPort: publishedPort }),
        PublishMode: mode ?? "ingress",
      })),
    },
  };
  const { TaskTemplate: task } = spec;
  const marked = { ...task.ContainerSpec.Labels, [specLabel]: hashOf(spec) };
  return {
    ...spec,
    TaskTemplate: { ...task, ContainerSpec: { ...task.ContainerSpec, Labels: marked } },
  };
}

/** The release that a task, or a service, is of. */
export function releaseOf({ ContainerSpec }: TaskTemplate): string {
  return ContainerSpec.Labels?.[specLabel] ?? "";
}

const ms = (nanoseconds: number | null | undefined) => (nanoseconds ?? 0) / nanosPerMs;

function readConfig(config: UpdateConfig | null | undefined) {
  return {
    parallelism: config?.Parallelism ?? 1,
    delayMs: ms(config?.Delay),
    order: config?.Order ?? "stop-first",
    failureAction: config?.FailureAction ?? "pause",
    monitorMs: ms(config?.Monitor),
    maxFailureRatio: config?.MaxFailureRatio ?? 0,
  };
}

function readResources(resources: NodeResources | null | undefined) {
  return {
    ...(resources?.NanoCPUs ? { cpus: resources.NanoCPUs / nano } : {}),
    ...(resources?.MemoryBytes ? { memoryBytes: resources.MemoryBytes } : {}),
    ...(resources?.Pids ? { pids: resources.Pids } : {}),
  };
}

const own = (labels: Readonly<Record<string, string>> | null | undefined) =>
  Object.fromEntries(
    Object.entries(labels ?? {}).filter(([name]) => !name.startsWith("dockwright.")),
  );

const readFile = (name: string, { Name, UID, GID, Mode }: ReturnType<typeof fileOf>) => ({
  name,
  target: Name,
  uid: UID,
  gid: GID,
  mode: Mode,
});

function readContainer(spec: ContainerSpec) {
  const hosts = (spec.Hosts ?? []).map((line) => line.split(" "));
  return {
    image: spec.Image,
    command: spec.Args ?? [],
    entrypoint: spec.Command ?? [],
    env: parseEnv(spec.Env),
    workingDir: spec.Dir ?? "",
    user: spec.User ?? "",
    hostname: spec.Hostname ?? "",
    init: spec.Init ?? false,
    readOnly: spec.ReadOnly ?? false,
    stopSignal: spec.StopSignal ?? "",
    stopGraceMs: ms(spec.StopGracePeriod ?? 10_000 * nanosPerMs),
    capAdd: spec.CapabilityAdd ?? [],
    capDrop: spec.CapabilityDrop ?? [],
    extraHosts: Object.fromEntries(hosts.map(([at = "", name = ""]) => [name, at])),
    mounts: (spec.Mounts ?? []).map(readMount),
    healthCheck: spec.Healthcheck ? readHealthCheck(spec.Healthcheck) : {},
    sysctls: spec.Sysctls ?? {},
    secrets: (spec.Secrets ?? []).map(({ SecretName, File }) => readFile(SecretName, File)),
    configs: (spec.Configs ?? []).map(({ ConfigName, File }) => readFile(ConfigName, File)),
    containerLabels: own(spec.Labels),
  };
}

/** All of a service in the words of the declaration; `names` has the networks' names by id. */
export function readSpec(spec: ServiceSpec, names: Readonly<Record<string, string>>) {
  const { TaskTemplate: task, Mode, EndpointSpec } = spec;
  const { RestartPolicy: restart, Placement: placement } = task;
  return {
    name: spec.Name ?? "",
    labels: own(spec.Labels),
    ...readContainer(task.ContainerSpec),
    mode: Mode.Global ? "global" : "replicated",
    replicas: Mode.Global ? 1 : (Mode.Replicated?.Replicas ?? 1),
    limits: readResources(task.Resources?.Limits),
    reservations: readResources(task.Resources?.Reservations),
    restart: {
      condition: restart?.Condition ?? "any",
      delayMs: ms(restart?.Delay),
      maxAttempts: restart?.MaxAttempts ?? 0,
      windowMs: ms(restart?.Window),
    },
    placement: {
      constraints: placement?.Constraints ?? [],
      spread: (placement?.Preferences ?? []).map(({ Spread }) => Spread.SpreadDescriptor),
      maxPerNode: placement?.MaxReplicas ?? 0,
    },
    update: readConfig(spec.UpdateConfig),
    rollback: readConfig(spec.RollbackConfig),
    networks: (task.Networks ?? []).map(({ Target, Aliases }) => ({
      network: names[Target] ?? Target,
      aliases: Aliases ?? [],
    })),
    endpointMode: EndpointSpec?.Mode ?? "vip",
    ports: (EndpointSpec?.Ports ?? []).map((port) => ({
      port: port.TargetPort,
      ...(port.PublishedPort ? { publishedPort: port.PublishedPort } : {}),
      mode: port.PublishMode ?? "ingress",
      protocol: port.Protocol ?? "tcp",
    })),
    logDriver: task.LogDriver?.Name ?? "",
    logOptions: task.LogDriver?.Options ?? {},
  };
}
