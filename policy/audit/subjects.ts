// A live host in the shapes that rules look at, each with a name for people. Pure.
import { X509Certificate } from "node:crypto";
import { Inputs } from "../inputs.ts";
import type { DaemonSubject, Declared, HostSubject, Subject } from "../subjects.ts";
import type { HostFacts } from "./facts.ts";
import { liveContainer } from "./live-container.ts";

export interface NamedSubject {
  /** `container web`, `file /etc/docker`, `daemon`. */
  readonly name: string;
  readonly subject: Subject;
}

const dayMs = 86_400_000;

function certificateDays(pem: string, now: Date): number | undefined {
  if (pem === "") return undefined;
  try {
    const { validTo } = new X509Certificate(pem);
    return Math.floor((Date.parse(validTo) - now.getTime()) / dayMs);
  } catch {
    return 0;
  }
}

/** What the daemon says of itself counts; its options say the rest. */
function liveDaemon({ daemon, info }: HostFacts): DaemonSubject {
  const options = new Inputs(daemon);
  const security = info.SecurityOptions;
  const told = <T>(path: string, value: T | undefined): Declared<T> => ({ path, value });
  const tls = ["tlscacert", "tlscert", "tlskey"].every((name) => options.raw(name) !== undefined);
  const driver = info.LoggingDriver;
  const options_ = options.raw("log-opts");
  const remapped = security.some((one) => one.startsWith("name=userns"));
  return {
    kind: "daemon",
    icc: options.flag("icc"),
    logLevel: options.text("log-level"),
    iptables: options.flag("iptables"),
    insecureRegistries: options.texts("insecure-registries"),
    storageDriver: told("storage-driver", info.Driver),
    storageOptions: options.texts("storage-opts"),
    listen: options.texts("hosts"),
    tls: told("tlsverify", tls && options.raw("tlsverify") === true),
    defaultUlimits: options.names("default-ulimits"),
    usernsRemap: told("userns-remap", remapped ? "on" : undefined),
    cgroupParent: options.text("cgroup-parent"),
    authorizationPlugins: options.texts("authorization-plugins"),
    logging: told("log-driver", {
      driver,
      options: typeof options_ === "object" && options_ !== null ? { ...options_ } : {},
    }),
    noNewPrivileges: options.flag("no-new-privileges"),
    liveRestore: told("live-restore", info.LiveRestoreEnabled),
    userlandProxy: options.flag("userland-proxy"),
    seccompProfile: options.text("seccomp-profile"),
    experimental: told("experimental", info["ExperimentalBuild"] === true),
  };
}

function liveHost(facts: HostFacts, now: Date): HostSubject {
  const { info, auditRules, auditable } = facts;
  const security = info.SecurityOptions;
  const swarm = (info.Swarm ?? {}) as {
    LocalNodeState?: string;
    Managers?: number;
    Nodes?: number;
  };
  return {
    kind: "host",
    ownPartition: { path: info.DockerRootDir, value: facts.ownPartition },
    unaudited: { path: "audit rules", value: auditable.filter((one) => !auditRules.includes(one)) },
    rootless: { path: "dockerd", value: security.includes("name=rootless") },
    seccomp: { path: "seccomp", value: security.some((one) => one.startsWith("name=seccomp")) },
    mandatoryAccess: {
      path: "security modules",
      value: security.some((one) => /^name=(apparmor|selinux)/.test(one)),
    },
    swarmNodes: {
      path: "swarm",
      value: swarm.LocalNodeState === "active" ? (swarm.Nodes ?? 1) : undefined,
    },
    swarmManagers: {
      path: "swarm managers",
      value: swarm.LocalNodeState === "active" ? swarm.Managers : undefined,
    },
    unusedImages: { path: "images", value: facts.unusedImages },
    stoppedContainers: {
      path: "containers",
      value: facts.containers.filter(({ State }) => !State.Running).length,
    },
    certificateDays: {
      path: "the daemon's certificate",
      value: certificateDays(facts.certificate, now),
    },
  };
}

/** Everything of a host that there are rules about. */
export function subjectsOfHost(facts: HostFacts, now: Date): readonly NamedSubject[] {
  const { info, files, dockerUsers, containers } = facts;
  const declared = <T>(path: string, value: T) => ({ path, value });
  return [
    { name: "host", subject: liveHost(facts, now) },
    { name: "daemon", subject: liveDaemon(facts) },
    {
      name: "docker",
      subject: {
        kind: "package",
        name: declared("name", "docker"),
        version: declared("version", info.ServerVersion),
      },
    },
    ...files.map(({ path, folder, owner, group, mode }) => ({
      name: `${folder ? "folder" : "file"} ${path}`,
      subject: {
        kind: "file" as const,
        folder,
        file: declared("path", path),
        mode: declared("mode", mode),
        owner: declared("owner", owner),
        group: declared("group", group),
      },
    })),
    ...dockerUsers.map((user) => ({
      name: `user ${user}`,
      subject: {
        kind: "user" as const,
        name: declared("name", user),
        groups: declared("groups", ["docker"]),
      },
    })),
    ...containers.map((one) => ({
      name: `container ${one.Name.replace(/^\//, "")}`,
      subject: liveContainer(one),
    })),
  ];
}
