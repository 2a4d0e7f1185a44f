// A running container, as its daemon tells of it, in the shape that rules look at. What the image
// says (user, health check) is in it already.
import type { ContainerInspect } from "../../sdk/docker/types.ts";
import { bindMounts, environmentList, securityOptions } from "../adapters/docker-words.ts";
import type { ContainerSubject, Declared, HostMount, PublishedPlace } from "../subjects.ts";

function host<T>(name: string, value: T | null | undefined): Declared<T> {
  return { path: `HostConfig.${name}`, value: value ?? undefined };
}

/** Zero and the empty text are Docker's words for "not given". */
function given<T>(name: string, value: T | null | undefined): Declared<T> {
  return host(name, value === 0 || value === "" ? undefined : value);
}

function mountsOf({ HostConfig }: ContainerInspect): readonly HostMount[] {
  const binds = (HostConfig.Binds ?? []).map((value) => ({ path: "HostConfig.Binds", value }));
  const long = (HostConfig.Mounts ?? []).flatMap((mount) =>
    mount.Type === "bind" && mount.Source !== undefined
      ? [
          {
            path: "HostConfig.Mounts",
            source: mount.Source,
            readOnly: mount.ReadOnly ?? false,
            propagation: mount.BindOptions?.Propagation,
          },
        ]
      : [],
  );
  return [...bindMounts(binds), ...long];
}

function portsOf({ HostConfig }: ContainerInspect): readonly PublishedPlace[] {
  return Object.entries(HostConfig.PortBindings ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => ({
      path: `HostConfig.PortBindings.${port}`,
      hostPort: HostPort ? Number(HostPort) : undefined,
      hostIp: HostIp,
    })),
  );
}

function capabilities(name: string, list: readonly string[] | null | undefined) {
  return host(
    name,
    list?.map((one) => one.replace(/^CAP_/, "")),
  );
}

function rightsOf({ HostConfig }: ContainerInspect) {
  const mode = HostConfig.NetworkMode;
  return {
    privileged: host("Privileged", HostConfig.Privileged),
    capAdd: capabilities("CapAdd", HostConfig.CapAdd),
    capDrop: capabilities("CapDrop", HostConfig.CapDrop),
    readOnlyRoot: host("ReadonlyRootfs", HostConfig.ReadonlyRootfs),
    ...securityOptions(host("SecurityOpt", HostConfig.SecurityOpt)),
    network: host("NetworkMode", mode === "default" ? "bridge" : mode),
    pid: given("PidMode", HostConfig.PidMode),
    ipc: given("IpcMode", HostConfig.IpcMode),
    uts: given("UTSMode", HostConfig.UTSMode),
    userns: given("UsernsMode", HostConfig.UsernsMode),
    cgroupParent: given("CgroupParent", HostConfig.CgroupParent),
  };
}

export function liveContainer(container: ContainerInspect): ContainerSubject {
  const { Config, HostConfig } = container;
  const { RestartPolicy, LogConfig } = HostConfig;
  const cpu = HostConfig.NanoCpus || HostConfig.CpuQuota || HostConfig.CpuShares;
  return {
    kind: "container",
    ...rightsOf(container),
    image: { path: "Config.Image", value: Config.Image },
    user: { path: "Config.User", value: Config.User },
    memoryBytes: given("Memory", HostConfig.Memory),
    cpu: given("NanoCpus", cpu),
    pidsLimit: given("PidsLimit", HostConfig.PidsLimit),
    ulimits: host(
      "Ulimits",
      HostConfig.Ulimits?.map((one) => one.Name ?? ""),
    ),
    ports: portsOf(container),
    publishAll: host("PublishAllPorts", HostConfig.PublishAllPorts),
    hostMounts: mountsOf(container),
    devices: host(
      "Devices",
      HostConfig.Devices?.map((one) => one.PathOnHost ?? ""),
    ),
    restart: given("RestartPolicy.Name", RestartPolicy?.Name),
    restartMaxRetries: host("RestartPolicy.MaximumRetryCount", RestartPolicy?.MaximumRetryCount),
    health: { path: "Config.Healthcheck", value: Config.Healthcheck ? true : undefined },
    env: environmentList((Config.Env ?? []).map((value) => ({ path: "Config.Env", value }))),
    logging: host(
      "LogConfig.Type",
      LogConfig ? { driver: LogConfig.Type, options: LogConfig.Config ?? {} } : undefined,
    ),
  };
}
