// A container in a form in which what Dockwright made and what docker-compose made can be compared.
import type { ContainerInspect } from "../../../sdk/docker/types.ts";

/** Names of Compose's own, and of the two projects, taken out. */
function plainKey(name: string, key: string): string {
  return name.replace(/^.*?[-_](?=[^-_]*$)/, "") === key ? key : name;
}

function sorted(list: readonly string[] | null | undefined): readonly string[] {
  return [...(list ?? [])].sort();
}

function labelsOf(container: ContainerInspect): object {
  const own = Object.entries(container.Config.Labels ?? {}).filter(
    ([key]) => !/^(com\.docker\.compose|dockwright)\./.test(key),
  );
  return Object.fromEntries(own.sort());
}

/** Secrets and configurations are mounts of Compose's, and files of ours. */
const given = /^\/(run\/secrets\/|app_config|etc\/(app\.ini|shop)(\/|$))/;

function mountsOf({ Mounts, HostConfig }: ContainerInspect): readonly string[] {
  const tmpfs = (HostConfig.Mounts ?? []).filter(({ Type }) => Type === "tmpfs");
  return [
    ...Mounts.filter(
      ({ Destination }) => !given.test(Destination ?? "") && Destination !== "/run/secrets",
    ).map(
      ({ Type, Source, Destination, RW, Propagation }) =>
        `${Type} ${Type === "bind" ? Source : ""} ${Destination} ${RW ? "rw" : "ro"} ${Propagation ?? ""}`,
    ),
    ...tmpfs.map(({ Target, TmpfsOptions }) => `tmpfs ${Target} ${TmpfsOptions?.SizeBytes ?? 0}`),
  ].sort();
}

interface Networked {
  readonly [network: string]: { readonly aliases: readonly string[]; readonly ip: string };
}

function networksOf(
  container: ContainerInspect,
  keys: readonly string[],
  own: readonly string[],
): Networked {
  const pairs = Object.entries(container.NetworkSettings.Networks).map(([name, endpoint]) => {
    const key = keys.find((one) => name === one || name.includes(one)) ?? plainKey(name, name);
    const aliases = sorted(endpoint.Aliases).filter(
      (alias) => !own.includes(alias) && !container.Id.startsWith(alias),
    );
    return [
      key,
      { aliases, ip: endpoint.IPAMConfig?.IPv4Address?.split(".").at(-1) ?? "" },
    ] as const;
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => a.localeCompare(b)));
}

/** What is compared of a container, in a form that both have. */
export function told(container: ContainerInspect, keys: readonly string[], own: readonly string[]) {
  const { Config, HostConfig } = container;
  const mode = HostConfig.NetworkMode ?? "";
  const fields = [
    ...["Privileged", "ReadonlyRootfs", "PidMode", "UTSMode", "UsernsMode", "CgroupParent"],
    ...["Memory", "MemoryReservation", "MemorySwap", "MemorySwappiness", "NanoCpus", "CpuShares"],
    ...["CpuQuota", "CpuPeriod", "CpusetCpus", "PidsLimit", "OomScoreAdj", "OomKillDisable"],
    ...["ShmSize", "RestartPolicy", "Sysctls", "Devices", "DeviceCgroupRules", "Tmpfs"],
    ...["IpcMode", "Init", "Runtime", "PublishAllPorts", "AutoRemove", "Dns", "DnsOptions"],
    ...["DnsSearch", "GroupAdd", "PortBindings", "LogConfig", "StorageOpt", "CgroupnsMode"],
  ] as const;
  const orNone = (value: unknown): unknown => {
    if (typeof value !== "object") return value;
    return Object.keys(value ?? {}).length === 0 ? undefined : value;
  };
  const host = HostConfig as Readonly<Record<string, unknown>>;
  return {
    image: Config.Image,
    cmd: Config.Cmd,
    entrypoint: Config.Entrypoint,
    // A name without a value takes a variable of the image away, and none of these images has it.
    env: sorted(Config.Env?.filter((one) => one.includes("="))),
    user: Config.User,
    workingDir: Config.WorkingDir,
    hostname: Config.Hostname && container.Id.startsWith(Config.Hostname) ? "" : Config.Hostname,
    domainname: Config.Domainname,
    tty: Config.Tty,
    openStdin: Config.OpenStdin,
    stopSignal: Config.StopSignal,
    stopTimeout: Config.StopTimeout,
    // How often nothing is asked is nobody's business.
    healthcheck: Config.Healthcheck?.Test?.[0] === "NONE" ? "none" : Config.Healthcheck,
    exposed: sorted([
      ...new Set(Object.keys(Config.ExposedPorts ?? {}).map((one) => one.replace("/tcp", ""))),
    ]),
    ulimits: sorted((HostConfig.Ulimits ?? []).map((one) => JSON.stringify(one))),
    labels: labelsOf(container),
    mounts: mountsOf(container),
    extraHosts: sorted(HostConfig.ExtraHosts),
    capAdd: sorted(HostConfig.CapAdd),
    capDrop: sorted(HostConfig.CapDrop),
    securityOpt: sorted(HostConfig.SecurityOpt),
    mode: /^(host|none|container)/.exec(mode)?.[0] ?? "",
    networks: networksOf(container, keys, own),
    ...Object.fromEntries(fields.map((name) => [name, orNone(host[name])])),
  };
}
