// What the callers of the Docker client name: endpoints, call options and the objects of the Engine
// API 1.45. Container objects live in container-types.ts because of their size.
// Specification: Docker Engine API 1.45.
import type { Duplex, Readable } from "node:stream";

export type {
  BindOptions,
  ContainerConfig,
  ContainerCreateBody,
  ContainerInspect,
  ContainerResources,
  ContainerState,
  ContainerSummary,
  ContainerUpdateBody,
  DeviceMapping,
  DeviceRequest,
  EndpointIpamConfig,
  EndpointSettings,
  Health,
  HealthConfig,
  HealthcheckResult,
  HostConfig,
  LogConfig,
  Mount,
  MountPoint,
  NetworkingConfig,
  NetworkSettings,
  PortBinding,
  PortMap,
  RestartPolicy,
  ThrottleDevice,
  TmpfsOptions,
  Ulimit,
  VolumeOptions,
  WeightDevice,
} from "./container-types.ts";

import type { ContainerConfig } from "./container-types.ts";

/** PEM texts for mutual TLS. `key` is secret. */
export interface TlsMaterials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Name the server's certificate must carry. @defaultValue the host */
  readonly serverName?: string;
}

/** Where a daemon listens. There is no plain TCP. */
export type DockerEndpoint =
  | { readonly kind: "unix"; readonly socketPath: string }
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      readonly tls: TlsMaterials;
    }
  | {
      readonly kind: "stream";
      readonly name: string;
      readonly connect: () => Promise<Duplex>;
    };

export interface CallOptions {
  /** Ends the call at once; it then fails with the code CANCELLED. */
  readonly signal?: AbortSignal;
  /** Milliseconds the whole call may take. @defaultValue 60 s; 30 min for pulls, builds, loads */
  readonly timeoutMs?: number;
}

/** Docker's filters: each key with the values any of which matches. */
export type Filters = Readonly<Record<string, readonly string[]>>;

export interface DaemonVersion {
  readonly version: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
  readonly os: string;
  readonly arch: string;
}

/** The part of GET /info that is used; the rest is there under its own names. */
export interface DaemonInfo {
  readonly ID: string;
  readonly Name: string;
  readonly ServerVersion: string;
  readonly Driver: string;
  readonly DockerRootDir: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly OSType: string;
  readonly Architecture: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly CgroupDriver: string;
  readonly CgroupVersion?: string;
  readonly DefaultRuntime?: string;
  readonly LoggingDriver?: string;
  readonly LiveRestoreEnabled: boolean;
  readonly SecurityOptions: readonly string[];
  readonly Labels: readonly string[] | null;
  readonly Runtimes: Readonly<Record<string, unknown>>;
  readonly Swarm?: { readonly LocalNodeState?: string };
  readonly [field: string]: unknown;
}

export interface DockerEvent {
  /** `container`, `image`, `network`, `volume`, `daemon`, ... */
  readonly Type: string;
  /** `start`, `die`, `health_status: healthy`, ... */
  readonly Action: string;
  readonly Actor: {
    readonly ID: string;
    readonly Attributes: Readonly<Record<string, string>>;
  };
  readonly scope?: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly timeNano: number;
}

export interface IpamPool {
  readonly Subnet?: string;
  readonly IPRange?: string;
  readonly Gateway?: string;
  readonly AuxiliaryAddresses?: Readonly<Record<string, string>> | null;
}

export interface Ipam {
  readonly Driver?: string;
  readonly Config?: readonly IpamPool[] | null;
  readonly Options?: Readonly<Record<string, string>> | null;
}

/** The body of POST /networks/create. */
export interface NetworkCreateBody {
  readonly Name: string;
  /** Always sent as true unless given: without it daemons before 1.44 allow doubles. */
  readonly CheckDuplicate?: boolean;
  readonly Driver?: string;
  readonly Scope?: string;
  readonly Internal?: boolean;
  readonly Attachable?: boolean;
  readonly Ingress?: boolean;
  readonly ConfigOnly?: boolean;
  readonly ConfigFrom?: { readonly Network: string };
  readonly IPAM?: Ipam;
  readonly EnableIPv6?: boolean;
  readonly Options?: Readonly<Record<string, string>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface NetworkContainer {
  readonly Name: string;
  readonly EndpointID: string;
  readonly MacAddress: string;
  readonly IPv4Address: string;
  readonly IPv6Address: string;
}

export interface NetworkInspect {
  readonly Name: string;
  readonly Id: string;
  readonly Created: string;
  readonly Scope: string;
  readonly Driver: string;
  readonly EnableIPv6: boolean;
  readonly IPAM: Ipam;
  readonly Internal: boolean;
  readonly Attachable: boolean;
  readonly Ingress: boolean;
  readonly ConfigFrom?: { readonly Network: string };
  readonly ConfigOnly?: boolean;
  /** By container id; running ones only. Absent in lists. */
  readonly Containers?: Readonly<Record<string, NetworkContainer>> | null;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** The body of POST /volumes/create. */
export interface VolumeCreateBody {
  readonly Name?: string;
  readonly Driver?: string;
  readonly DriverOpts?: Readonly<Record<string, string>>;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface VolumeInspect {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly CreatedAt?: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Scope: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Status?: Readonly<Record<string, unknown>>;
}

export interface ImageInspect {
  /** `sha256:...` */
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Parent?: string;
  readonly Comment?: string;
  readonly Created?: string;
  readonly Author?: string;
  /** Null for an image that was imported without changes. */
  readonly Config?: ContainerConfig | null;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Os: string;
  readonly Size: number;
  /** When it was last given a tag on this daemon, as ISO 8601. */
  readonly Metadata?: { readonly LastTagTime?: string };
  readonly RootFS?: { readonly Type: string; readonly Layers?: readonly string[] | null };
}

export interface ImageSummary {
  readonly Id: string;
  readonly ParentId: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Created: number;
  readonly Size: number;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export interface ImageHistoryItem {
  readonly Id: string;
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Tags: readonly string[] | null;
  readonly Size: number;
  readonly Comment: string;
}

/** Registry credentials for one call; never kept. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** One step of a pull, push, load or build. */
export interface ImageProgress {
  /** Layer or build step, where the daemon names one. */
  readonly id?: string;
  /** One line with no line break. */
  readonly text: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
}

export type OnImageProgress = (progress: ImageProgress) => void;

export interface BuildOptions extends CallOptions {
  /** Opens the context as a tar stream, once for each try; see `packContext`. */
  readonly context: () => Readable;
  /** Path in the context. @defaultValue Dockerfile */
  readonly dockerfile?: string;
  readonly tags?: readonly string[];
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly noCache?: boolean;
  /** Asks the registry for a newer base. @defaultValue false */
  readonly pull?: boolean;
  /** @defaultValue buildkit, where the daemon has it as its default; else classic */
  readonly version?: "classic" | "buildkit";
  readonly networkMode?: string;
  /** Secrets by id, for BuildKit's `--mount=type=secret`. The classic builder has none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Images whose layers may be reused. */
  readonly cacheFrom?: readonly string[];
  /**
   * Credentials by registry host, for bases that are not there yet. BuildKit asks for others when
   * it needs them, and gets those of Docker's own configuration.
   */
  readonly registryAuths?: Readonly<Record<string, RegistryAuth>>;
  readonly onProgress?: OnImageProgress;
}

export interface ExecCommand {
  readonly cmd: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly env?: readonly string[];
  readonly privileged?: boolean;
  /** Gives the process a terminal: its two outputs are then one. @defaultValue false */
  readonly tty?: boolean;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A stretch of a container's log, or an exec's output, in order. */
export interface LogChunk {
  readonly stream: "stdout" | "stderr";
  readonly data: Buffer;
  /** Whether a message of the log begins here. A TTY's output has no messages. */
  readonly starts?: boolean;
}
