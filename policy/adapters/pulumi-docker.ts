// The resources of @pulumi/docker: containers, Swarm services, images, networks and the provider.
import type { Inputs } from "../inputs.ts";
import type {
  ConnectionSubject,
  ContainerSubject,
  Declared,
  HostMount,
  ImageSubject,
  NetworkSubject,
} from "../subjects.ts";
import {
  capabilities,
  environmentList,
  firstOf,
  hasAny,
  loggingOf,
  namesOf,
  ofNodes,
  securityOptions,
  swarmNetwork,
  typedMounts,
} from "./docker-words.ts";

function mounts(inputs: Inputs): readonly HostMount[] {
  const long = typedMounts(inputs);
  const short = inputs.items("volumes").flatMap((item) => {
    const source = item.text("hostPath")?.value;
    const readOnly = item.flag("readOnly")?.value ?? false;
    if (source === undefined) return [];
    return [{ path: item.path("hostPath"), source, readOnly, propagation: undefined }];
  });
  return [...long, ...short];
}

function network(inputs: Inputs): Declared<string> | undefined {
  const mode = inputs.text("networkMode");
  if (mode === undefined || inputs.isUnknown("networksAdvanced") || mode.value !== undefined) {
    return mode;
  }
  return { path: mode.path, value: hasAny(inputs, "networksAdvanced") ? "attached" : "bridge" };
}

function ports(inputs: Inputs, list: string, ip: string, external: string) {
  return inputs.items(list).flatMap((item) => {
    const [port, address] = [item.number(external), item.text(ip)];
    if (port === undefined || address === undefined) return [];
    return [{ path: item.path(external), hostPort: port.value, hostIp: address.value }];
  });
}

/** A number that this provider takes as text. */
function cpus(inputs: Inputs): Declared<number> | undefined {
  const text = inputs.text("cpus");
  return text && { path: text.path, value: text.value === undefined ? undefined : +text.value };
}

export function dockerContainer(inputs: Inputs): ContainerSubject {
  const memory = inputs.number("memory");
  const mib = 1024 * 1024;
  return {
    kind: "container",
    image: inputs.text("image"),
    user: inputs.text("user"),
    privileged: inputs.flag("privileged"),
    capAdd: capabilities(inputs.inner("capabilities").texts("adds")),
    capDrop: capabilities(inputs.inner("capabilities").texts("drops")),
    readOnlyRoot: inputs.flag("readOnly"),
    ...securityOptions(inputs.texts("securityOpts")),
    network: network(inputs),
    pid: inputs.text("pidMode"),
    ipc: inputs.text("ipcMode"),
    userns: inputs.text("usernsMode"),
    cgroupParent: inputs.text("cgroupParent"),
    memoryBytes: memory && { path: memory.path, value: memory.value && memory.value * mib },
    cpu: firstOf(cpus(inputs), inputs.number("cpuQuota"), inputs.number("cpuShares")),
    ulimits: namesOf(inputs, "ulimits", "name"),
    ports: ports(inputs, "ports", "ip", "external"),
    publishAll: inputs.flag("publishAllPorts"),
    hostMounts: mounts(inputs),
    devices: namesOf(inputs, "devices", "hostPath"),
    restart: inputs.text("restart"),
    restartMaxRetries: inputs.number("maxRetryCount"),
    health: inputs.present("healthcheck"),
    env: environmentList(inputs.textItems("envs")),
    logging: loggingOf(inputs, "logDriver", "logOpts"),
  };
}

/** `disable`, where labels are switched off. */
function selinux(context: Inputs): Declared<string> | undefined {
  const flag = context.flag("disable");
  return flag && { path: flag.path, value: flag.value === true ? "disable" : undefined };
}

/** A Swarm service: what Swarm has no words for stays undecided, and whom it keeps up is its own matter. */
export function dockerService(inputs: Inputs): ContainerSubject {
  const task = inputs.inner("taskSpec");
  const spec = task.inner("containerSpec");
  const limits = task.inner("resources").inner("limits");
  return {
    kind: "container",
    image: spec.text("image"),
    user: spec.text("user"),
    capAdd: capabilities(spec.texts("capAdds")),
    capDrop: capabilities(spec.texts("capDrops")),
    readOnlyRoot: spec.flag("readOnly"),
    selinux: selinux(spec.inner("privileges").inner("seLinuxContext")),
    network: swarmNetwork(task, "networksAdvanceds", "name"),
    memoryBytes: limits.number("memoryBytes"),
    cpu: limits.number("nanoCpus"),
    hostMounts: typedMounts(spec),
    health: spec.present("healthcheck"),
    env: spec.textMembers("env"),
    logging: loggingOf(task.inner("logDriver"), "name", "options"),
    ports: ofNodes(inputs.inner("endpointSpec")),
  };
}

export function dockerImage(inputs: Inputs): ImageSubject {
  return { kind: "image", buildArgs: inputs.inner("build").textMembers("args") };
}

/** An image of `@pulumi/docker-build`. */
export function dockerBuildImage(inputs: Inputs): ImageSubject {
  return { kind: "image", buildArgs: inputs.textMembers("buildArgs") };
}

/** `docker.RemoteImage` names its build arguments otherwise. */
export function dockerRemoteImage(inputs: Inputs): ImageSubject {
  const build = inputs.inner("build");
  const all = [...build.textMembers("buildArgs"), ...build.textMembers("buildArg")];
  return { kind: "image", buildArgs: all };
}

export function dockerNetwork(inputs: Inputs): NetworkSubject {
  const options = inputs.inner("options");
  // With whatever text: `docker network create --opt encrypted` gives an empty one.
  const given = options.raw("encrypted");
  const value = given !== undefined && given !== "false";
  return {
    kind: "network",
    driver: inputs.text("driver"),
    ...(options.isUnknown("encrypted")
      ? {}
      : { encrypted: { path: options.path("encrypted"), value } }),
  };
}

/** A provider's list comes as JSON text. */
function sshOptions(inputs: Inputs): readonly string[] {
  const given = inputs.raw("sshOpts");
  if (Array.isArray(given)) return given.filter((item) => typeof item === "string");
  return typeof given === "string" ? [given] : [];
}

export function dockerProvider(inputs: Inputs): ConnectionSubject {
  const [material, certPath] = [inputs.present("certMaterial"), inputs.present("certPath")];
  const address = inputs.text("host");
  const unchecked = sshOptions(inputs).some((option) =>
    /StrictHostKeyChecking[=\s"',]*(no|off|accept-new)\b/i.test(option),
  );
  const ssh = address?.value?.startsWith("ssh://") === true;
  return {
    kind: "connection",
    daemonAddress: address,
    mutualTls: {
      path: inputs.path("certMaterial"),
      value: material.value === true || certPath.value === true,
    },
    ...(ssh ? { hostKeyChecked: { path: inputs.path("sshOpts"), value: !unchecked } } : {}),
  };
}
