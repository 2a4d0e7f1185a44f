// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";

/** As it is: ContainerPortReadout. */
export interface ContainerPortReadout {
  /** Port and protocol: `80/tcp`. */
  readonly containerPort: string;
  /** The host's address. */
  readonly hostIp: string;
  /** The host's port. */
  readonly hostPort: number;
}

/** As it is: ContainerNetworkReadout. */
export interface ContainerNetworkReadout {
  /** The network's name. */
  readonly network: string;
  /** The IPv4 address; empty without. */
  readonly ipv4Address: string;
  /** The IPv6 address; empty without. */
  readonly ipv6Address: string;
  /** Further names. */
  readonly aliases: readonly string[];
}

/** As it is: DaemonEvent. */
export interface DaemonEvent {
  /** When, as ISO 8601. */
  readonly time: string;
  /** Of what: `container`, `image`, `network`, `volume`. */
  readonly kind: string;
  /** What: `start`, `die`, `health_status: healthy`. */
  readonly action: string;
  /** The object's id. */
  readonly id: string;
  /** What else is told of it: its name, labels. */
  readonly attributes: { readonly [name: string]: string };
}

/** As it is: ImageHistoryReadout. */
export interface ImageHistoryReadout {
  /** The instruction. */
  readonly createdBy: string;
  /** When, as ISO 8601. */
  readonly createdAt: string;
  /** Bytes of files in its layer; 0 without one. */
  readonly sizeBytes: number;
  /** Tags of the image up to it. */
  readonly tags: readonly string[];
  /** What else was noted. */
  readonly comment: string;
}

/** Arguments of exportContainer. */
export interface ExportContainerArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
  /**
   * The file, relative to the program. With a name that ends in `.gz` it is compressed.
   * Readable by its owner alone.
   */
  readonly path: pulumi.Input<string>;
}

/** What exportContainer gives. */
export interface ExportContainerResult {
  /** The file's size, in bytes. */
  readonly sizeBytes: number;
  /** The file's SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes a container's file system, without its volumes, to a file of the machine that runs the
 * update. Done in each update, and in no preview. An Image's `rootfs` makes an image of the
 * file.
 */
export function exportContainer(
  args: ExportContainerArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<ExportContainerResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:exportContainer", { ...args }, opts);
}

/** Arguments of getContainer. */
export interface GetContainerArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
}

/** What getContainer gives. */
export interface GetContainerResult {
  /** Whether there is one. */
  readonly exists: boolean;
  /** Its id. */
  readonly containerId?: string;
  /** Its name. */
  readonly name?: string;
  /** The reference that it was made of. */
  readonly image?: string;
  /** The id of its image, `sha256:...`. */
  readonly imageId?: string;
  /** In Docker's words: `running`, `exited`, `paused`. */
  readonly status?: string;
  /** Whether it runs. */
  readonly running?: boolean;
  /** Its health: `healthy`, `unhealthy`, `starting`; `none` without a health check. */
  readonly health?: string;
  /** The exit code of its last end. */
  readonly exitCode?: number;
  /** When it was last started, as ISO 8601. */
  readonly startedAt?: string;
  /** When it last ended, as ISO 8601. */
  readonly finishedAt?: string;
  /** How often Docker restarted it. */
  readonly restartCount?: number;
  /** Labels by name. */
  readonly labels?: { readonly [name: string]: string };
  /** Published ports. */
  readonly ports?: readonly ContainerPortReadout[];
  /** The networks that it is on. */
  readonly networks?: readonly ContainerNetworkReadout[];
}

/** What a container is now. One that is not there has `exists: false`. */
export function getContainer(
  args: GetContainerArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetContainerResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getContainer", { ...args }, opts);
}

/** Arguments of getEvents. */
export interface GetEventsArgs {
  /** The first moment, as ISO 8601. Default: a day ago. */
  readonly since?: pulumi.Input<string>;
  /** The last moment, as ISO 8601. Default: now. */
  readonly until?: pulumi.Input<string>;
  /** Docker's filters: `{ type: ["container"], event: ["die"] }`. Default: none. */
  readonly filters?: pulumi.Input<{ readonly [name: string]: pulumi.Input<readonly pulumi.Input<string>[]> }>;
}

/** What getEvents gives. */
export interface GetEventsResult {
  /** The events, the first one first. */
  readonly events: readonly DaemonEvent[];
}

/**
 * What has happened on the daemon: the last 10,000 events at most, of those that it remembers
 * (256 on docker.io).
 */
export function getEvents(
  args: GetEventsArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetEventsResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getEvents", { ...args }, opts);
}

/** Arguments of getImage. */
export interface GetImageArgs {
  /** The image: a reference, or an id (`sha256:...`). */
  readonly image: pulumi.Input<string>;
}

/** What getImage gives. */
export interface GetImageResult {
  /** Whether there is one. */
  readonly exists: boolean;
  /** Its id, `sha256:...`: always this, whatever it was asked by. */
  readonly imageId?: string;
  /** Its references with a tag. */
  readonly tags?: readonly string[];
  /** Its references by digest, one a repository. */
  readonly digests?: readonly string[];
  /** When it was made, as ISO 8601. */
  readonly createdAt?: string;
  /** Its size with all layers, in bytes. */
  readonly sizeBytes?: number;
  /** Its platform: `os/arch`, or `os/arch/variant`. */
  readonly platform?: string;
  /** The diff ids of its layers, the lowest first. */
  readonly layers?: readonly string[];
  /** Labels by name. */
  readonly labels?: { readonly [name: string]: string };
  /** The command. */
  readonly command?: readonly string[];
  /** The entry point. */
  readonly entrypoint?: readonly string[];
  /** The environment: `NAME=value`. */
  readonly env?: readonly string[];
  /** The user; empty for root. */
  readonly user?: string;
  /** The working directory. */
  readonly workingDir?: string;
  /** Ports that it says it listens on. */
  readonly exposedPorts?: readonly string[];
}

/**
 * What an image of the daemon is. No registry is asked. One that is not there has `exists:
 * false`.
 */
export function getImage(
  args: GetImageArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetImageResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getImage", { ...args }, opts);
}

/** Arguments of getImageHistory. */
export interface GetImageHistoryArgs {
  /** The image: a reference, or an id (`sha256:...`). */
  readonly image: pulumi.Input<string>;
}

/** What getImageHistory gives. */
export interface GetImageHistoryResult {
  /** The newest first. */
  readonly steps: readonly ImageHistoryReadout[];
}

/** The steps that an image was made in. */
export function getImageHistory(
  args: GetImageHistoryArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetImageHistoryResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getImageHistory", { ...args }, opts);
}

/** Arguments of getLogs. */
export interface GetLogsArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
  /** How many of the last lines. Default: 1000. */
  readonly tail?: pulumi.Input<number>;
  /** Only what was written from this time on, as ISO 8601. Default: no limit. */
  readonly since?: pulumi.Input<string>;
  /** Whether each line begins with its time. Default: false. */
  readonly timestamps?: pulumi.Input<boolean>;
}

/** What getLogs gives. */
export interface GetLogsResult {
  /** The log. */
  readonly text: string;
}

/**
 * The end of a container's log, standard output and error in their order. What a program logs
 * may be secret: mark the result so where that is the case.
 */
export function getLogs(
  args: GetLogsArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetLogsResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getLogs", { ...args }, opts);
}

/** Arguments of getNetwork. */
export interface GetNetworkArgs {
  /** The network's name or id. */
  readonly network: pulumi.Input<string>;
}

/** What getNetwork gives. */
export interface GetNetworkResult {
  /** Whether there is one. */
  readonly exists: boolean;
  /** Its id. */
  readonly networkId?: string;
  /** Its name. */
  readonly name?: string;
  /** Its driver. */
  readonly driver?: string;
  /** Whether it has no way out. */
  readonly internal?: boolean;
  /** Whether it has IPv6. */
  readonly ipv6?: boolean;
  /** Its subnets, as CIDR. */
  readonly subnets?: readonly string[];
  /** The host's addresses on it. */
  readonly gateways?: readonly string[];
  /** Options of the driver, by name. */
  readonly options?: { readonly [name: string]: string };
  /** Labels by name. */
  readonly labels?: { readonly [name: string]: string };
  /** The IPv4 address, with the prefix, of each running container on it, by name. */
  readonly containers?: { readonly [name: string]: string };
}

/**
 * What a network of the daemon is, and who is on it. One that is not there has `exists: false`.
 */
export function getNetwork(
  args: GetNetworkArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetNetworkResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getNetwork", { ...args }, opts);
}

/** Arguments of getStats. */
export interface GetStatsArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
}

/** What getStats gives. */
export interface GetStatsResult {
  /** Processor time, in percent of one processor. */
  readonly cpuPercent: number;
  /** Memory in use, in bytes, without the file cache. */
  readonly memoryBytes: number;
  /** The limit of memory, in bytes. */
  readonly memoryLimitBytes: number;
  /** How many processes and threads. */
  readonly processes: number;
  /** Bytes received since its start. */
  readonly networkReceivedBytes: number;
  /** Bytes sent since its start. */
  readonly networkSentBytes: number;
  /** Bytes read from disks. */
  readonly blockReadBytes: number;
  /** Bytes written to disks. */
  readonly blockWrittenBytes: number;
}

/** What a running container uses now. It takes a second or two. */
export function getStats(
  args: GetStatsArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetStatsResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getStats", { ...args }, opts);
}

/** Arguments of getTop. */
export interface GetTopArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
  /** Arguments of `ps` on the daemon's host. Default: -ef. */
  readonly psArgs?: pulumi.Input<string>;
}

/** What getTop gives. */
export interface GetTopResult {
  /** The columns. */
  readonly titles: readonly string[];
  /** A row a process. */
  readonly processes: readonly (readonly string[])[];
}

/** The processes of a running container, as `docker top` lists them. */
export function getTop(
  args: GetTopArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetTopResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getTop", { ...args }, opts);
}

/** Arguments of getVolume. */
export interface GetVolumeArgs {
  /** The volume's name. */
  readonly volume: pulumi.Input<string>;
}

/** What getVolume gives. */
export interface GetVolumeResult {
  /** Whether there is one. */
  readonly exists: boolean;
  /** Its driver. */
  readonly driver?: string;
  /** Where its data lies on the daemon's host. */
  readonly mountpoint?: string;
  /** When it was made, as ISO 8601. */
  readonly createdAt?: string;
  /** Options of the driver, by name. */
  readonly options?: { readonly [name: string]: string };
  /** Labels by name. */
  readonly labels?: { readonly [name: string]: string };
  /** The names of the containers that have it, running or not. */
  readonly containers?: readonly string[];
}

/**
 * What a volume of the daemon is, and who has it. One that is not there has `exists: false`.
 */
export function getVolume(
  args: GetVolumeArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetVolumeResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:getVolume", { ...args }, opts);
}

/** Arguments of inspectContainer. */
export interface InspectContainerArgs {
  /** The container's name or id. */
  readonly container: pulumi.Input<string>;
}

/** What inspectContainer gives. */
export interface InspectContainerResult {
  /** Whether there is one. */
  readonly exists: boolean;
  /** The inspection, as JSON. */
  readonly inspection?: string;
}

/**
 * All that the Engine says of a container. The result is secret as a whole, since the
 * environment is in it: `getContainer` has what is open.
 */
export function inspectContainer(
  args: InspectContainerArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<InspectContainerResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:inspectContainer", { ...args }, opts);
}

/** Arguments of saveImage. */
export interface SaveImageArgs {
  /** The image: a reference, which the file then names it by, or an id (`sha256:...`). */
  readonly image: pulumi.Input<string>;
  /**
   * The file, relative to the program. With a name that ends in `.gz` it is compressed.
   * Readable by its owner alone.
   */
  readonly path: pulumi.Input<string>;
}

/** What saveImage gives. */
export interface SaveImageResult {
  /** The file's size, in bytes. */
  readonly sizeBytes: number;
  /** The file's SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes an image, with all its layers, to a file of the machine that runs the update, as
 * `docker save` does. Done in each update, and in no preview. An Image's `load` takes the file
 * to another daemon.
 */
export function saveImage(
  args: SaveImageArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<SaveImageResult> {
  return pulumi.runtime.invokeOutput("dockwright:index:saveImage", { ...args }, opts);
}
