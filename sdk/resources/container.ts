// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  ConsoleSize,
  ConsoleSizeArgs,
  Device,
  DeviceArgs,
  DeviceRequest,
  DeviceRequestArgs,
  FileUpload,
  FileUploadArgs,
  HealthCheck,
  HealthCheckArgs,
  Logging,
  LoggingArgs,
  Mount,
  MountArgs,
  NetworkAttachment,
  NetworkAttachmentArgs,
  PortMapping,
  PortMappingArgs,
  Ready,
  ReadyArgs,
  Ulimit,
  UlimitArgs,
} from "./types.ts";

/** Arguments of ContainerResource. */
export interface ContainerResourceArgs {
  /**
   * The container's name on the daemon. With one of your own, a replacement stops the old
   * container before it starts the new one. Changing it replaces the resource. Default: the
   * resource's name and a hash of its inputs.
   */
  readonly name?: pulumi.Input<string>;
  /**
   * The image: a tag, a digest or an id that the daemon has. Changing it replaces the resource.
   */
  readonly image: pulumi.Input<string>;
  /**
   * The platform that the image must have, `OS[/ARCH[/VARIANT]]`, where the daemon could take
   * several. Changing it replaces the resource. Default: the daemon's.
   */
  readonly platform?: pulumi.Input<string>;
  /**
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it replaces the resource. Default: the image's.
   */
  readonly command?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The entry point (ENTRYPOINT). Changing it replaces the resource. Default: the image's. */
  readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `secrets`. Changing it replaces the resource. Default: none.
   */
  readonly env?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The working directory, as an absolute path. Changing it replaces the resource. Default: the
   * image's.
   */
  readonly workingDir?: pulumi.Input<string>;
  /**
   * The user, and group, of the process: `NAME`, `UID`, `UID:GID`. Changing it replaces the
   * resource. Default: the image's.
   */
  readonly user?: pulumi.Input<string>;
  /**
   * The host name inside the container. Changing it replaces the resource. Default: the first
   * 12 digits of its id.
   */
  readonly hostname?: pulumi.Input<string>;
  /** The domain name inside the container. Changing it replaces the resource. Default: none. */
  readonly domainname?: pulumi.Input<string>;
  /**
   * The shell of shell-form commands, such as a health check's `CMD-SHELL`. Changing it
   * replaces the resource. Default: the image's.
   */
  readonly shell?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Runs a small init as process 1, which passes signals on and reaps what is left behind.
   * Changing it replaces the resource. Default: what the daemon says (usually false).
   */
  readonly init?: pulumi.Input<boolean>;
  /**
   * The signal that asks the process to end, by name: `SIGTERM`, `SIGQUIT`. Changing it
   * replaces the resource. Default: the image's, else SIGTERM.
   */
  readonly stopSignal?: pulumi.Input<string>;
  /**
   * How long the process may take to end before it is killed, in milliseconds, whoever stops
   * it; the Engine counts whole seconds. Changing it replaces the resource. Default: 10000.
   */
  readonly stopGraceMs?: pulumi.Input<number>;
  /**
   * Notes for the runtime (OCI annotations), by name. Needs API 1.43. Changing it replaces the
   * resource. Default: none.
   */
  readonly annotations?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Labels by name, added to the image's. Names that start with `dockwright.` are taken.
   * Changing it replaces the resource. Default: none.
   */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Gives the process a terminal; its log is then one stream. Changing it replaces the
   * resource. Default: false.
   */
  readonly tty?: pulumi.Input<boolean>;
  /**
   * Keeps standard input open although nobody is attached. Changing it replaces the resource.
   * Default: false.
   */
  readonly openStdin?: pulumi.Input<boolean>;
  /**
   * Closes standard input once the first client has left. Changing it replaces the resource.
   * Default: false.
   */
  readonly stdinOnce?: pulumi.Input<boolean>;
  /**
   * Marks standard input as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  readonly attachStdin?: pulumi.Input<boolean>;
  /**
   * Marks standard output as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  readonly attachStdout?: pulumi.Input<boolean>;
  /**
   * Marks standard error as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  readonly attachStderr?: pulumi.Input<boolean>;
  /**
   * The terminal's first size, in characters. Needs API 1.42. Changing it replaces the
   * resource. Default: none.
   */
  readonly consoleSize?: pulumi.Input<ConsoleSizeArgs>;
  /**
   * Where the log goes. Changing it replaces the resource. Default: what the daemon says
   * (usually json-file, unlimited).
   */
  readonly logging?: pulumi.Input<LoggingArgs>;
  /**
   * The networks to join, in this order. Those after the first are joined and left in place;
   * another first one replaces the container. Changing it updates in place. Default: the
   * daemon's default bridge.
   */
  readonly networks?: pulumi.Input<readonly pulumi.Input<NetworkAttachmentArgs>[]>;
  /**
   * In place of networks of its own: `host`, `none`, or `container:NAME` to share those of
   * another container. Changing it replaces the resource. Default: networks of its own.
   */
  readonly networkMode?: pulumi.Input<string>;
  /**
   * Gives the container no network at all, not even localhost's. Changing it replaces the
   * resource. Default: false.
   */
  readonly networkDisabled?: pulumi.Input<boolean>;
  /**
   * The MAC address on its first network. Changing it replaces the resource. Default: one that
   * the daemon makes.
   */
  readonly macAddress?: pulumi.Input<string>;
  /**
   * Lines of /etc/hosts: an address by name; `host-gateway` stands for the host's. Changing it
   * replaces the resource. Default: none.
   */
  readonly extraHosts?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Addresses of name servers. Changing it replaces the resource. Default: the daemon's. */
  readonly dns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Options of the resolver: `ndots:2`. Changing it replaces the resource. Default: the
   * daemon's.
   */
  readonly dnsOptions?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Domains to look names up in. Changing it replaces the resource. Default: the daemon's. */
  readonly dnsSearch?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Names for other containers on the default bridge: "CONTAINER:ALIAS". Networks of one's own
   * need none. Changing it replaces the resource. Default: none.
   */
  readonly links?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Ports published on the host. A fixed host port can belong to one container at a time, so a
   * replacement then stops the old one first. Changing it replaces the resource. Default: none.
   */
  readonly ports?: pulumi.Input<readonly pulumi.Input<PortMappingArgs>[]>;
  /**
   * Ports published on the host, as the docker CLI writes them:
   * `[[HOSTIP:]HOSTPORT:]CONTAINERPORT[/PROTOCOL]`, ranges too, such as
   * "127.0.0.1:8000-8010:8000-8010/udp". An import tells them as `ports`, which means the same.
   * Changing it replaces the resource. Default: none.
   */
  readonly publish?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Publishes every exposed port at a free port of the host. Changing it replaces the resource.
   * Default: false.
   */
  readonly publishAllPorts?: pulumi.Input<boolean>;
  /**
   * Ports that the container has, beyond the image's and the published ones: `80`, `53/udp`.
   * They are told to others, and published by publishAllPorts alone. Changing it replaces the
   * resource. Default: none.
   */
  readonly exposedPorts?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Volumes, host paths and memory that the container sees. A host path has to be there.
   * Changing it replaces the resource. Default: none.
   */
  readonly mounts?: pulumi.Input<readonly pulumi.Input<MountArgs>[]>;
  /**
   * Mounts in the docker CLI's short form, "SOURCE:TARGET[:OPTIONS]", with options such as
   * `ro`, `z` and `Z` (SELinux labels), `nocopy`, `rshared`. A path of the host that is not
   * there is made. Changing it replaces the resource. Default: none.
   */
  readonly binds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Containers whose volumes and binds it shares: "CONTAINER[:ro]". Changing it replaces the
   * resource. Default: none.
   */
  readonly volumesFrom?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Paths that become anonymous volumes, which start with what the image has there and go with
   * the container (see removeVolumes). Changing it replaces the resource. Default: none.
   */
  readonly anonymousVolumes?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The driver of volumes that have to be made for `binds`. Changing it replaces the resource.
   * Default: local.
   */
  readonly volumeDriver?: pulumi.Input<string>;
  /**
   * Options of the storage driver, such as `{ size: "10G" }` where it has quotas. Changing it
   * replaces the resource. Default: none.
   */
  readonly storageOpt?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * File systems in memory by path, with Docker's mount options: `{ "/run":
   * "mode=0755,size=16m" }`. Changing it replaces the resource. Default: none.
   */
  readonly tmpfs?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Files put into the container before it starts, by absolute path. They live in its own layer
   * and go with it. A refresh reads them back: one that was changed inside the container counts
   * as changed. Changing it replaces the resource. Default: none.
   */
  readonly files?: pulumi.Input<{ readonly [name: string]: pulumi.Input<FileUploadArgs> }>;
  /**
   * Secrets as files below /run/secrets, by file name, readable by every process of the
   * container. They lie in the memory of the daemon's host (/dev/shm, behind a folder that only
   * root enters), and are in no image, environment, label or disk. They outlive a restart of
   * the container and of the daemon; after a reboot of the host the container stays stopped
   * until the next update, which puts them back and starts it. Changing it replaces the
   * resource. Default: none.
   */
  readonly secrets?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The health check that the daemon runs inside the container. Changing it replaces the
   * resource. Default: the image's.
   */
  readonly healthCheck?: pulumi.Input<HealthCheckArgs>;
  /**
   * When a new container counts as ready: until then the update waits, and if it never is, the
   * container is removed and the old one stays. A health check, where there is one, must always
   * be passed too. Changing it updates in place. Default: the health check, else running for 1
   * s.
   */
  readonly ready?: pulumi.Input<ReadyArgs>;
  /**
   * Whether it is started when it is made. With false, something else starts it, such as the
   * rollout of its service: it then passes no gate, and is not seen as changed when it does not
   * run. Changing it updates in place. Default: true.
   */
  readonly start?: pulumi.Input<boolean>;
  /**
   * When the daemon starts the container again by itself. One of no, always, unless-stopped,
   * on-failure. Changing it updates in place. Default: no.
   */
  readonly restart?: pulumi.Input<"no" | "always" | "unless-stopped" | "on-failure">;
  /**
   * How often the daemon starts it again after failures, with restart `on-failure`. Changing it
   * updates in place. Default: without end.
   */
  readonly restartMaxRetries?: pulumi.Input<number>;
  /**
   * Removes the container as soon as it ends: what it wrote, and its log, are then gone, and
   * the next update makes a new one. For work that ends, take a task. Changing it replaces the
   * resource. Default: false.
   */
  readonly autoRemove?: pulumi.Input<boolean>;
  /**
   * Whether its anonymous volumes are removed with it. Changing it updates in place. Default:
   * true.
   */
  readonly removeVolumes?: pulumi.Input<boolean>;
  /**
   * The most memory, in bytes; beyond it the process is killed. Changing it updates in place.
   * Taking it away replaces the resource. Default: no limit.
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /**
   * The most memory and swap together, in bytes; -1 is no limit of swap. Needs memoryBytes.
   * Changing it updates in place. Default: memoryBytes, so no swap.
   */
  readonly memorySwapBytes?: pulumi.Input<number>;
  /**
   * The memory that it should keep under when the host runs short, in bytes. Changing it
   * updates in place. Taking it away replaces the resource. Default: none.
   */
  readonly memoryReservationBytes?: pulumi.Input<number>;
  /**
   * How readily its memory is swapped out, 0 to 100. Only hosts with cgroup v1 know it.
   * Changing it replaces the resource. Default: the host's.
   */
  readonly memorySwappiness?: pulumi.Input<number>;
  /**
   * Stops the process, in place of killing it, when there is no memory left. Needs memoryBytes;
   * only hosts with cgroup v1 know it. Changing it replaces the resource. Default: false.
   */
  readonly oomKillDisable?: pulumi.Input<boolean>;
  /**
   * How readily the kernel kills it when the host runs out of memory, -1000 to 1000. Changing
   * it replaces the resource. Default: 0.
   */
  readonly oomScoreAdj?: pulumi.Input<number>;
  /** The size of /dev/shm, in bytes. Changing it replaces the resource. Default: 67108864. */
  readonly shmSizeBytes?: pulumi.Input<number>;
  /**
   * The most processor time, in processors: 0.5 is half of one. Changing it updates in place.
   * Taking it away replaces the resource. Default: no limit.
   */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Its weight when processors are short; 1024 is that of a container without one. Changing it
   * updates in place. Taking it away replaces the resource. Default: 1024.
   */
  readonly cpuShares?: pulumi.Input<number>;
  /**
   * The period of cpuQuotaUs, in microseconds. Changing it updates in place. Taking it away
   * replaces the resource. Default: 100000.
   */
  readonly cpuPeriodUs?: pulumi.Input<number>;
  /**
   * The processor time in each period, in microseconds. `cpus` says the same in processors.
   * Changing it updates in place. Taking it away replaces the resource. Default: no limit.
   */
  readonly cpuQuotaUs?: pulumi.Input<number>;
  /**
   * The period of cpuRealtimeRuntimeUs, in microseconds. Changing it updates in place. Taking
   * it away replaces the resource. Default: the host's.
   */
  readonly cpuRealtimePeriodUs?: pulumi.Input<number>;
  /**
   * The time of real-time tasks in each period, in microseconds. Needs a kernel and a daemon
   * set up for it. Changing it updates in place. Taking it away replaces the resource. Default:
   * none.
   */
  readonly cpuRealtimeRuntimeUs?: pulumi.Input<number>;
  /**
   * The processors it may run on, by number: "0-2,5". Changing it updates in place. Taking it
   * away replaces the resource. Default: all.
   */
  readonly cpusetCpus?: pulumi.Input<string>;
  /**
   * The memory nodes it may use, by number: "0,1". Changing it updates in place. Taking it away
   * replaces the resource. Default: all.
   */
  readonly cpusetMems?: pulumi.Input<string>;
  /**
   * Its weight at block devices, 10 to 1000. Changing it updates in place. Taking it away
   * replaces the resource. Default: none.
   */
  readonly blkioWeight?: pulumi.Input<number>;
  /**
   * Its weight at single block devices, 10 to 1000, by the device's path on the host. Changing
   * it replaces the resource. Default: none.
   */
  readonly blkioWeightDevice?: pulumi.Input<{ readonly [name: string]: pulumi.Input<number> }>;
  /**
   * Bytes a second that it may read, by the block device's path on the host. Changing it
   * replaces the resource. Default: none.
   */
  readonly deviceReadBps?: pulumi.Input<{ readonly [name: string]: pulumi.Input<number> }>;
  /**
   * Bytes a second that it may write, by the block device's path on the host. Changing it
   * replaces the resource. Default: none.
   */
  readonly deviceWriteBps?: pulumi.Input<{ readonly [name: string]: pulumi.Input<number> }>;
  /**
   * Reads a second, by the block device's path on the host. Changing it replaces the resource.
   * Default: none.
   */
  readonly deviceReadIops?: pulumi.Input<{ readonly [name: string]: pulumi.Input<number> }>;
  /**
   * Writes a second, by the block device's path on the host. Changing it replaces the resource.
   * Default: none.
   */
  readonly deviceWriteIops?: pulumi.Input<{ readonly [name: string]: pulumi.Input<number> }>;
  /** The most processes and threads. Changing it updates in place. Default: no limit. */
  readonly pidsLimit?: pulumi.Input<number>;
  /**
   * Limits of the process by name, such as `nofile` (open files); -1 is no limit. Changing it
   * replaces the resource. Default: the daemon's.
   */
  readonly ulimits?: pulumi.Input<{ readonly [name: string]: pulumi.Input<UlimitArgs> }>;
  /**
   * Capabilities to add, in capitals and without `CAP_`. Changing it replaces the resource.
   * Default: none.
   */
  readonly capAdd?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Capabilities to take away, in capitals and without `CAP_`; `ALL` takes all. Changing it
   * replaces the resource. Default: none.
   */
  readonly capDrop?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Gives the container every right on its host. Changing it replaces the resource. Default:
   * false.
   */
  readonly privileged?: pulumi.Input<boolean>;
  /**
   * Security options as the docker CLI writes them, such as `no-new-privileges:true`,
   * `seccomp=unconfined`, `label=disable`, `systempaths=unconfined`. Changing it replaces the
   * resource. Default: what the daemon says.
   */
  readonly securityOpt?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Paths of /proc and /sys that are hidden. In place of the daemon's own list; to have none,
   * write `securityOpt: ["systempaths=unconfined"]`. Changing it replaces the resource.
   * Default: the daemon's list.
   */
  readonly maskedPaths?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Paths of /proc and /sys that can only be read. In place of the daemon's own list; to have
   * none, write `securityOpt: ["systempaths=unconfined"]`. Changing it replaces the resource.
   * Default: the daemon's list.
   */
  readonly readonlyPaths?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Mounts the root file system read-only. Changing it replaces the resource. Default: false.
   */
  readonly readOnly?: pulumi.Input<boolean>;
  /**
   * Further groups of the process, by name in the image or by number. Changing it replaces the
   * resource. Default: none.
   */
  readonly groupAdd?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Kernel parameters of the container's namespaces. Changing it replaces the resource.
   * Default: none.
   */
  readonly sysctls?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Shared memory and semaphores: `private`, `shareable`, `none`, `host`, or `container:NAME`
   * (better: its id) of a shareable one. Changing it replaces the resource. Default: what the
   * daemon says (usually private).
   */
  readonly ipcMode?: pulumi.Input<string>;
  /**
   * Processes of others in sight: `host`, or `container:NAME` (better: its id). Changing it
   * replaces the resource. Default: its own alone.
   */
  readonly pidMode?: pulumi.Input<string>;
  /**
   * Whose host name it has: `host` shares the host's. One of host. Changing it replaces the
   * resource. Default: a name of its own.
   */
  readonly utsMode?: pulumi.Input<"host">;
  /**
   * Whose users it has: `host` switches the daemon's remapping off for this container. One of
   * host. Changing it replaces the resource. Default: what the daemon says.
   */
  readonly usernsMode?: pulumi.Input<"host">;
  /**
   * Whether the container sees the host's control groups or its own alone. One of private,
   * host. Changing it replaces the resource. Default: what the daemon says: host with cgroup
   * v1, private with v2.
   */
  readonly cgroupnsMode?: pulumi.Input<"private" | "host">;
  /**
   * The control group below which the container's is made. Changing it replaces the resource.
   * Default: docker.
   */
  readonly cgroupParent?: pulumi.Input<string>;
  /**
   * The OCI runtime, by the name under which the daemon knows it. Changing it replaces the
   * resource. Default: what the daemon says (usually runc).
   */
  readonly runtime?: pulumi.Input<string>;
  /** Devices of the host. Changing it replaces the resource. Default: none. */
  readonly devices?: pulumi.Input<readonly pulumi.Input<DeviceArgs>[]>;
  /**
   * Devices that a driver of the daemon gives, such as all GPUs: `[{ count: -1, capabilities:
   * [["gpu"]] }]`. Changing it replaces the resource. Default: none.
   */
  readonly deviceRequests?: pulumi.Input<readonly pulumi.Input<DeviceRequestArgs>[]>;
  /**
   * Rules of the control group about devices, such as "c 42:* rmw". Changing it replaces the
   * resource. Default: none.
   */
  readonly deviceCgroupRules?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * A container that is ready: a create returns once its gate is passed, and a container that
 * does not pass is removed. Any change of what it runs makes a new container beside the old
 * one, which is stopped with grace only after everything that depends on it has moved on.
 */
export class ContainerResource extends QuietResource {
  /**
   * The container's name on the daemon. With one of your own, a replacement stops the old
   * container before it starts the new one. Changing it replaces the resource. Default: the
   * resource's name and a hash of its inputs.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * The image: a tag, a digest or an id that the daemon has. Changing it replaces the resource.
   */
  declare readonly image: pulumi.Output<string>;
  /**
   * The platform that the image must have, `OS[/ARCH[/VARIANT]]`, where the daemon could take
   * several. Changing it replaces the resource. Default: the daemon's.
   */
  declare readonly platform: pulumi.Output<string | undefined>;
  /**
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it replaces the resource. Default: the image's.
   */
  declare readonly command: pulumi.Output<readonly string[] | undefined>;
  /** The entry point (ENTRYPOINT). Changing it replaces the resource. Default: the image's. */
  declare readonly entrypoint: pulumi.Output<readonly string[] | undefined>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `secrets`. Changing it replaces the resource. Default: none.
   */
  declare readonly env: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * The working directory, as an absolute path. Changing it replaces the resource. Default: the
   * image's.
   */
  declare readonly workingDir: pulumi.Output<string | undefined>;
  /**
   * The user, and group, of the process: `NAME`, `UID`, `UID:GID`. Changing it replaces the
   * resource. Default: the image's.
   */
  declare readonly user: pulumi.Output<string | undefined>;
  /**
   * The host name inside the container. Changing it replaces the resource. Default: the first
   * 12 digits of its id.
   */
  declare readonly hostname: pulumi.Output<string | undefined>;
  /** The domain name inside the container. Changing it replaces the resource. Default: none. */
  declare readonly domainname: pulumi.Output<string | undefined>;
  /**
   * The shell of shell-form commands, such as a health check's `CMD-SHELL`. Changing it
   * replaces the resource. Default: the image's.
   */
  declare readonly shell: pulumi.Output<readonly string[] | undefined>;
  /**
   * Runs a small init as process 1, which passes signals on and reaps what is left behind.
   * Changing it replaces the resource. Default: what the daemon says (usually false).
   */
  declare readonly init: pulumi.Output<boolean | undefined>;
  /**
   * The signal that asks the process to end, by name: `SIGTERM`, `SIGQUIT`. Changing it
   * replaces the resource. Default: the image's, else SIGTERM.
   */
  declare readonly stopSignal: pulumi.Output<string | undefined>;
  /**
   * How long the process may take to end before it is killed, in milliseconds, whoever stops
   * it; the Engine counts whole seconds. Changing it replaces the resource. Default: 10000.
   */
  declare readonly stopGraceMs: pulumi.Output<number | undefined>;
  /**
   * Notes for the runtime (OCI annotations), by name. Needs API 1.43. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly annotations: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Labels by name, added to the image's. Names that start with `dockwright.` are taken.
   * Changing it replaces the resource. Default: none.
   */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Gives the process a terminal; its log is then one stream. Changing it replaces the
   * resource. Default: false.
   */
  declare readonly tty: pulumi.Output<boolean | undefined>;
  /**
   * Keeps standard input open although nobody is attached. Changing it replaces the resource.
   * Default: false.
   */
  declare readonly openStdin: pulumi.Output<boolean | undefined>;
  /**
   * Closes standard input once the first client has left. Changing it replaces the resource.
   * Default: false.
   */
  declare readonly stdinOnce: pulumi.Output<boolean | undefined>;
  /**
   * Marks standard input as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  declare readonly attachStdin: pulumi.Output<boolean | undefined>;
  /**
   * Marks standard output as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  declare readonly attachStdout: pulumi.Output<boolean | undefined>;
  /**
   * Marks standard error as to be attached to. It matters to clients that attach before the
   * start. Changing it replaces the resource. Default: false.
   */
  declare readonly attachStderr: pulumi.Output<boolean | undefined>;
  /**
   * The terminal's first size, in characters. Needs API 1.42. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly consoleSize: pulumi.Output<ConsoleSize | undefined>;
  /**
   * Where the log goes. Changing it replaces the resource. Default: what the daemon says
   * (usually json-file, unlimited).
   */
  declare readonly logging: pulumi.Output<Logging | undefined>;
  /**
   * The networks to join, in this order. Those after the first are joined and left in place;
   * another first one replaces the container. Changing it updates in place. Default: the
   * daemon's default bridge.
   */
  declare readonly networks: pulumi.Output<readonly NetworkAttachment[] | undefined>;
  /**
   * In place of networks of its own: `host`, `none`, or `container:NAME` to share those of
   * another container. Changing it replaces the resource. Default: networks of its own.
   */
  declare readonly networkMode: pulumi.Output<string | undefined>;
  /**
   * Gives the container no network at all, not even localhost's. Changing it replaces the
   * resource. Default: false.
   */
  declare readonly networkDisabled: pulumi.Output<boolean | undefined>;
  /**
   * The MAC address on its first network. Changing it replaces the resource. Default: one that
   * the daemon makes.
   */
  declare readonly macAddress: pulumi.Output<string | undefined>;
  /**
   * Lines of /etc/hosts: an address by name; `host-gateway` stands for the host's. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly extraHosts: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Addresses of name servers. Changing it replaces the resource. Default: the daemon's. */
  declare readonly dns: pulumi.Output<readonly string[] | undefined>;
  /**
   * Options of the resolver: `ndots:2`. Changing it replaces the resource. Default: the
   * daemon's.
   */
  declare readonly dnsOptions: pulumi.Output<readonly string[] | undefined>;
  /** Domains to look names up in. Changing it replaces the resource. Default: the daemon's. */
  declare readonly dnsSearch: pulumi.Output<readonly string[] | undefined>;
  /**
   * Names for other containers on the default bridge: "CONTAINER:ALIAS". Networks of one's own
   * need none. Changing it replaces the resource. Default: none.
   */
  declare readonly links: pulumi.Output<readonly string[] | undefined>;
  /**
   * Ports published on the host. A fixed host port can belong to one container at a time, so a
   * replacement then stops the old one first. Changing it replaces the resource. Default: none.
   */
  declare readonly ports: pulumi.Output<readonly PortMapping[] | undefined>;
  /**
   * Ports published on the host, as the docker CLI writes them:
   * `[[HOSTIP:]HOSTPORT:]CONTAINERPORT[/PROTOCOL]`, ranges too, such as
   * "127.0.0.1:8000-8010:8000-8010/udp". An import tells them as `ports`, which means the same.
   * Changing it replaces the resource. Default: none.
   */
  declare readonly publish: pulumi.Output<readonly string[] | undefined>;
  /**
   * Publishes every exposed port at a free port of the host. Changing it replaces the resource.
   * Default: false.
   */
  declare readonly publishAllPorts: pulumi.Output<boolean | undefined>;
  /**
   * Ports that the container has, beyond the image's and the published ones: `80`, `53/udp`.
   * They are told to others, and published by publishAllPorts alone. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly exposedPorts: pulumi.Output<readonly string[] | undefined>;
  /**
   * Volumes, host paths and memory that the container sees. A host path has to be there.
   * Changing it replaces the resource. Default: none.
   */
  declare readonly mounts: pulumi.Output<readonly Mount[] | undefined>;
  /**
   * Mounts in the docker CLI's short form, "SOURCE:TARGET[:OPTIONS]", with options such as
   * `ro`, `z` and `Z` (SELinux labels), `nocopy`, `rshared`. A path of the host that is not
   * there is made. Changing it replaces the resource. Default: none.
   */
  declare readonly binds: pulumi.Output<readonly string[] | undefined>;
  /**
   * Containers whose volumes and binds it shares: "CONTAINER[:ro]". Changing it replaces the
   * resource. Default: none.
   */
  declare readonly volumesFrom: pulumi.Output<readonly string[] | undefined>;
  /**
   * Paths that become anonymous volumes, which start with what the image has there and go with
   * the container (see removeVolumes). Changing it replaces the resource. Default: none.
   */
  declare readonly anonymousVolumes: pulumi.Output<readonly string[] | undefined>;
  /**
   * The driver of volumes that have to be made for `binds`. Changing it replaces the resource.
   * Default: local.
   */
  declare readonly volumeDriver: pulumi.Output<string | undefined>;
  /**
   * Options of the storage driver, such as `{ size: "10G" }` where it has quotas. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly storageOpt: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * File systems in memory by path, with Docker's mount options: `{ "/run":
   * "mode=0755,size=16m" }`. Changing it replaces the resource. Default: none.
   */
  declare readonly tmpfs: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Files put into the container before it starts, by absolute path. They live in its own layer
   * and go with it. A refresh reads them back: one that was changed inside the container counts
   * as changed. Changing it replaces the resource. Default: none.
   */
  declare readonly files: pulumi.Output<{ readonly [name: string]: FileUpload } | undefined>;
  /**
   * Secrets as files below /run/secrets, by file name, readable by every process of the
   * container. They lie in the memory of the daemon's host (/dev/shm, behind a folder that only
   * root enters), and are in no image, environment, label or disk. They outlive a restart of
   * the container and of the daemon; after a reboot of the host the container stays stopped
   * until the next update, which puts them back and starts it. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly secrets: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * The health check that the daemon runs inside the container. Changing it replaces the
   * resource. Default: the image's.
   */
  declare readonly healthCheck: pulumi.Output<HealthCheck | undefined>;
  /**
   * When a new container counts as ready: until then the update waits, and if it never is, the
   * container is removed and the old one stays. A health check, where there is one, must always
   * be passed too. Changing it updates in place. Default: the health check, else running for 1
   * s.
   */
  declare readonly ready: pulumi.Output<Ready | undefined>;
  /**
   * Whether it is started when it is made. With false, something else starts it, such as the
   * rollout of its service: it then passes no gate, and is not seen as changed when it does not
   * run. Changing it updates in place. Default: true.
   */
  declare readonly start: pulumi.Output<boolean | undefined>;
  /**
   * When the daemon starts the container again by itself. One of no, always, unless-stopped,
   * on-failure. Changing it updates in place. Default: no.
   */
  declare readonly restart: pulumi.Output<"no" | "always" | "unless-stopped" | "on-failure" | undefined>;
  /**
   * How often the daemon starts it again after failures, with restart `on-failure`. Changing it
   * updates in place. Default: without end.
   */
  declare readonly restartMaxRetries: pulumi.Output<number | undefined>;
  /**
   * Removes the container as soon as it ends: what it wrote, and its log, are then gone, and
   * the next update makes a new one. For work that ends, take a task. Changing it replaces the
   * resource. Default: false.
   */
  declare readonly autoRemove: pulumi.Output<boolean | undefined>;
  /**
   * Whether its anonymous volumes are removed with it. Changing it updates in place. Default:
   * true.
   */
  declare readonly removeVolumes: pulumi.Output<boolean | undefined>;
  /**
   * The most memory, in bytes; beyond it the process is killed. Changing it updates in place.
   * Taking it away replaces the resource. Default: no limit.
   */
  declare readonly memoryBytes: pulumi.Output<number | undefined>;
  /**
   * The most memory and swap together, in bytes; -1 is no limit of swap. Needs memoryBytes.
   * Changing it updates in place. Default: memoryBytes, so no swap.
   */
  declare readonly memorySwapBytes: pulumi.Output<number | undefined>;
  /**
   * The memory that it should keep under when the host runs short, in bytes. Changing it
   * updates in place. Taking it away replaces the resource. Default: none.
   */
  declare readonly memoryReservationBytes: pulumi.Output<number | undefined>;
  /**
   * How readily its memory is swapped out, 0 to 100. Only hosts with cgroup v1 know it.
   * Changing it replaces the resource. Default: the host's.
   */
  declare readonly memorySwappiness: pulumi.Output<number | undefined>;
  /**
   * Stops the process, in place of killing it, when there is no memory left. Needs memoryBytes;
   * only hosts with cgroup v1 know it. Changing it replaces the resource. Default: false.
   */
  declare readonly oomKillDisable: pulumi.Output<boolean | undefined>;
  /**
   * How readily the kernel kills it when the host runs out of memory, -1000 to 1000. Changing
   * it replaces the resource. Default: 0.
   */
  declare readonly oomScoreAdj: pulumi.Output<number | undefined>;
  /** The size of /dev/shm, in bytes. Changing it replaces the resource. Default: 67108864. */
  declare readonly shmSizeBytes: pulumi.Output<number | undefined>;
  /**
   * The most processor time, in processors: 0.5 is half of one. Changing it updates in place.
   * Taking it away replaces the resource. Default: no limit.
   */
  declare readonly cpus: pulumi.Output<number | undefined>;
  /**
   * Its weight when processors are short; 1024 is that of a container without one. Changing it
   * updates in place. Taking it away replaces the resource. Default: 1024.
   */
  declare readonly cpuShares: pulumi.Output<number | undefined>;
  /**
   * The period of cpuQuotaUs, in microseconds. Changing it updates in place. Taking it away
   * replaces the resource. Default: 100000.
   */
  declare readonly cpuPeriodUs: pulumi.Output<number | undefined>;
  /**
   * The processor time in each period, in microseconds. `cpus` says the same in processors.
   * Changing it updates in place. Taking it away replaces the resource. Default: no limit.
   */
  declare readonly cpuQuotaUs: pulumi.Output<number | undefined>;
  /**
   * The period of cpuRealtimeRuntimeUs, in microseconds. Changing it updates in place. Taking
   * it away replaces the resource. Default: the host's.
   */
  declare readonly cpuRealtimePeriodUs: pulumi.Output<number | undefined>;
  /**
   * The time of real-time tasks in each period, in microseconds. Needs a kernel and a daemon
   * set up for it. Changing it updates in place. Taking it away replaces the resource. Default:
   * none.
   */
  declare readonly cpuRealtimeRuntimeUs: pulumi.Output<number | undefined>;
  /**
   * The processors it may run on, by number: "0-2,5". Changing it updates in place. Taking it
   * away replaces the resource. Default: all.
   */
  declare readonly cpusetCpus: pulumi.Output<string | undefined>;
  /**
   * The memory nodes it may use, by number: "0,1". Changing it updates in place. Taking it away
   * replaces the resource. Default: all.
   */
  declare readonly cpusetMems: pulumi.Output<string | undefined>;
  /**
   * Its weight at block devices, 10 to 1000. Changing it updates in place. Taking it away
   * replaces the resource. Default: none.
   */
  declare readonly blkioWeight: pulumi.Output<number | undefined>;
  /**
   * Its weight at single block devices, 10 to 1000, by the device's path on the host. Changing
   * it replaces the resource. Default: none.
   */
  declare readonly blkioWeightDevice: pulumi.Output<{ readonly [name: string]: number } | undefined>;
  /**
   * Bytes a second that it may read, by the block device's path on the host. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly deviceReadBps: pulumi.Output<{ readonly [name: string]: number } | undefined>;
  /**
   * Bytes a second that it may write, by the block device's path on the host. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly deviceWriteBps: pulumi.Output<{ readonly [name: string]: number } | undefined>;
  /**
   * Reads a second, by the block device's path on the host. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly deviceReadIops: pulumi.Output<{ readonly [name: string]: number } | undefined>;
  /**
   * Writes a second, by the block device's path on the host. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly deviceWriteIops: pulumi.Output<{ readonly [name: string]: number } | undefined>;
  /** The most processes and threads. Changing it updates in place. Default: no limit. */
  declare readonly pidsLimit: pulumi.Output<number | undefined>;
  /**
   * Limits of the process by name, such as `nofile` (open files); -1 is no limit. Changing it
   * replaces the resource. Default: the daemon's.
   */
  declare readonly ulimits: pulumi.Output<{ readonly [name: string]: Ulimit } | undefined>;
  /**
   * Capabilities to add, in capitals and without `CAP_`. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly capAdd: pulumi.Output<readonly string[] | undefined>;
  /**
   * Capabilities to take away, in capitals and without `CAP_`; `ALL` takes all. Changing it
   * replaces the resource. Default: none.
   */
  declare readonly capDrop: pulumi.Output<readonly string[] | undefined>;
  /**
   * Gives the container every right on its host. Changing it replaces the resource. Default:
   * false.
   */
  declare readonly privileged: pulumi.Output<boolean | undefined>;
  /**
   * Security options as the docker CLI writes them, such as `no-new-privileges:true`,
   * `seccomp=unconfined`, `label=disable`, `systempaths=unconfined`. Changing it replaces the
   * resource. Default: what the daemon says.
   */
  declare readonly securityOpt: pulumi.Output<readonly string[] | undefined>;
  /**
   * Paths of /proc and /sys that are hidden. In place of the daemon's own list; to have none,
   * write `securityOpt: ["systempaths=unconfined"]`. Changing it replaces the resource.
   * Default: the daemon's list.
   */
  declare readonly maskedPaths: pulumi.Output<readonly string[] | undefined>;
  /**
   * Paths of /proc and /sys that can only be read. In place of the daemon's own list; to have
   * none, write `securityOpt: ["systempaths=unconfined"]`. Changing it replaces the resource.
   * Default: the daemon's list.
   */
  declare readonly readonlyPaths: pulumi.Output<readonly string[] | undefined>;
  /**
   * Mounts the root file system read-only. Changing it replaces the resource. Default: false.
   */
  declare readonly readOnly: pulumi.Output<boolean | undefined>;
  /**
   * Further groups of the process, by name in the image or by number. Changing it replaces the
   * resource. Default: none.
   */
  declare readonly groupAdd: pulumi.Output<readonly string[] | undefined>;
  /**
   * Kernel parameters of the container's namespaces. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly sysctls: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Shared memory and semaphores: `private`, `shareable`, `none`, `host`, or `container:NAME`
   * (better: its id) of a shareable one. Changing it replaces the resource. Default: what the
   * daemon says (usually private).
   */
  declare readonly ipcMode: pulumi.Output<string | undefined>;
  /**
   * Processes of others in sight: `host`, or `container:NAME` (better: its id). Changing it
   * replaces the resource. Default: its own alone.
   */
  declare readonly pidMode: pulumi.Output<string | undefined>;
  /**
   * Whose host name it has: `host` shares the host's. One of host. Changing it replaces the
   * resource. Default: a name of its own.
   */
  declare readonly utsMode: pulumi.Output<"host" | undefined>;
  /**
   * Whose users it has: `host` switches the daemon's remapping off for this container. One of
   * host. Changing it replaces the resource. Default: what the daemon says.
   */
  declare readonly usernsMode: pulumi.Output<"host" | undefined>;
  /**
   * Whether the container sees the host's control groups or its own alone. One of private,
   * host. Changing it replaces the resource. Default: what the daemon says: host with cgroup
   * v1, private with v2.
   */
  declare readonly cgroupnsMode: pulumi.Output<"private" | "host" | undefined>;
  /**
   * The control group below which the container's is made. Changing it replaces the resource.
   * Default: docker.
   */
  declare readonly cgroupParent: pulumi.Output<string | undefined>;
  /**
   * The OCI runtime, by the name under which the daemon knows it. Changing it replaces the
   * resource. Default: what the daemon says (usually runc).
   */
  declare readonly runtime: pulumi.Output<string | undefined>;
  /** Devices of the host. Changing it replaces the resource. Default: none. */
  declare readonly devices: pulumi.Output<readonly Device[] | undefined>;
  /**
   * Devices that a driver of the daemon gives, such as all GPUs: `[{ count: -1, capabilities:
   * [["gpu"]] }]`. Changing it replaces the resource. Default: none.
   */
  declare readonly deviceRequests: pulumi.Output<readonly DeviceRequest[] | undefined>;
  /**
   * Rules of the control group about devices, such as "c 42:* rmw". Changing it replaces the
   * resource. Default: none.
   */
  declare readonly deviceCgroupRules: pulumi.Output<readonly string[] | undefined>;
  /** The container's id. Changing it replaces the resource. */
  declare readonly containerId: pulumi.Output<string>;
  /** The id of the image it runs. Changing it replaces the resource. */
  declare readonly imageId: pulumi.Output<string>;
  /** Whether it ran when it was last looked at. Changing it replaces the resource. */
  declare readonly running: pulumi.Output<boolean>;
  /**
   * Whether it was held by `docker pause` when it was last looked at. An update lets it go on.
   * Changing it replaces the resource.
   */
  declare readonly paused: pulumi.Output<boolean>;
  /** Its address on its first network; empty without one. Changing it replaces the resource. */
  declare readonly address: pulumi.Output<string>;
  /** Its address on each network, by the network's name. Changing it replaces the resource. */
  declare readonly addresses: pulumi.Output<{ readonly [name: string]: string }>;
  /**
   * Where its ports are published, as ADDRESS:PORT, by the container's port, such as
   * `8080/tcp`. Those that the daemon chooses at each start are there only while it runs.
   * Changing it replaces the resource.
   */
  declare readonly published: pulumi.Output<{ readonly [name: string]: string }>;

  constructor(
    name: string,
    args: ContainerResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      image: undefined,
      platform: undefined,
      command: undefined,
      entrypoint: undefined,
      env: undefined,
      workingDir: undefined,
      user: undefined,
      hostname: undefined,
      domainname: undefined,
      shell: undefined,
      init: undefined,
      stopSignal: undefined,
      stopGraceMs: undefined,
      annotations: undefined,
      labels: undefined,
      tty: undefined,
      openStdin: undefined,
      stdinOnce: undefined,
      attachStdin: undefined,
      attachStdout: undefined,
      attachStderr: undefined,
      consoleSize: undefined,
      logging: undefined,
      networks: undefined,
      networkMode: undefined,
      networkDisabled: undefined,
      macAddress: undefined,
      extraHosts: undefined,
      dns: undefined,
      dnsOptions: undefined,
      dnsSearch: undefined,
      links: undefined,
      ports: undefined,
      publish: undefined,
      publishAllPorts: undefined,
      exposedPorts: undefined,
      mounts: undefined,
      binds: undefined,
      volumesFrom: undefined,
      anonymousVolumes: undefined,
      volumeDriver: undefined,
      storageOpt: undefined,
      tmpfs: undefined,
      files: undefined,
      secrets: undefined,
      healthCheck: undefined,
      ready: undefined,
      start: undefined,
      restart: undefined,
      restartMaxRetries: undefined,
      autoRemove: undefined,
      removeVolumes: undefined,
      memoryBytes: undefined,
      memorySwapBytes: undefined,
      memoryReservationBytes: undefined,
      memorySwappiness: undefined,
      oomKillDisable: undefined,
      oomScoreAdj: undefined,
      shmSizeBytes: undefined,
      cpus: undefined,
      cpuShares: undefined,
      cpuPeriodUs: undefined,
      cpuQuotaUs: undefined,
      cpuRealtimePeriodUs: undefined,
      cpuRealtimeRuntimeUs: undefined,
      cpusetCpus: undefined,
      cpusetMems: undefined,
      blkioWeight: undefined,
      blkioWeightDevice: undefined,
      deviceReadBps: undefined,
      deviceWriteBps: undefined,
      deviceReadIops: undefined,
      deviceWriteIops: undefined,
      pidsLimit: undefined,
      ulimits: undefined,
      capAdd: undefined,
      capDrop: undefined,
      privileged: undefined,
      securityOpt: undefined,
      maskedPaths: undefined,
      readonlyPaths: undefined,
      readOnly: undefined,
      groupAdd: undefined,
      sysctls: undefined,
      ipcMode: undefined,
      pidMode: undefined,
      utsMode: undefined,
      usernsMode: undefined,
      cgroupnsMode: undefined,
      cgroupParent: undefined,
      runtime: undefined,
      devices: undefined,
      deviceRequests: undefined,
      deviceCgroupRules: undefined,
      containerId: undefined,
      imageId: undefined,
      running: undefined,
      paused: undefined,
      address: undefined,
      addresses: undefined,
      published: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Container", name, props, opts);
  }
}
