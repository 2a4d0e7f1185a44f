// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: NetworkAttachment. */
export interface NetworkAttachmentArgs {
  /** The network's name. */
  readonly network: pulumi.Input<string>;
  /** Further names under which the container is found on this network. Default: none. */
  readonly aliases?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** A fixed address of the network's subnet. Default: any free one. */
  readonly ipv4Address?: pulumi.Input<string>;
}

/** Arguments: PortMapping. */
export interface PortMappingArgs {
  /** The port in the container. */
  readonly containerPort: pulumi.Input<number>;
  /** The port on the host. Default: a free one, chosen by the daemon. */
  readonly hostPort?: pulumi.Input<number>;
  /** The address of the host to listen on. Default: all of them. */
  readonly hostIp?: pulumi.Input<string>;
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
}

/** Arguments: Mount. */
export interface MountArgs {
  /** A volume of the daemon, or a path of its host. One of volume, bind. Default: volume. */
  readonly type?: pulumi.Input<"volume" | "bind">;
  /** The volume's name, or the path on the host. */
  readonly source: pulumi.Input<string>;
  /** Where it appears in the container. */
  readonly target: pulumi.Input<string>;
  /** Whether the container may only read it. Default: false. */
  readonly readOnly?: pulumi.Input<boolean>;
}

/** Arguments: FileUpload. */
export interface FileUploadArgs {
  /** The text of the file; mark it secret where it is. */
  readonly content: pulumi.Input<string>;
  /** The permission bits, as a number: 0o400. Default: 0o444. */
  readonly mode?: pulumi.Input<number>;
  /** The owner's number. Default: 0. */
  readonly uid?: pulumi.Input<number>;
  /** The group's number. Default: 0. */
  readonly gid?: pulumi.Input<number>;
}

/** Arguments: HealthCheck. */
export interface HealthCheckArgs {
  /**
   * The check: `["CMD", program, ...arguments]`, `["CMD-SHELL", line]`, or `["NONE"]` to switch
   * the image's off.
   */
  readonly test: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Time between checks, in milliseconds. Default: 30000. */
  readonly intervalMs?: pulumi.Input<number>;
  /** How long a check may take, in milliseconds. Default: 30000. */
  readonly timeoutMs?: pulumi.Input<number>;
  /** Failures in a row that make it unhealthy. Default: 3. */
  readonly retries?: pulumi.Input<number>;
  /** Time from the start during which failures do not count, in milliseconds. Default: 0. */
  readonly startPeriodMs?: pulumi.Input<number>;
}

/** Arguments: ReadyHttp. */
export interface ReadyHttpArgs {
  /** The container's port. */
  readonly port: pulumi.Input<number>;
  /** The path to GET. Default: /. */
  readonly path?: pulumi.Input<string>;
  /** The expected status. Default: any of 200 to 399. */
  readonly status?: pulumi.Input<number>;
}

/** Arguments: ReadyTcp. */
export interface ReadyTcpArgs {
  /** The container's port. */
  readonly port: pulumi.Input<number>;
}

/** Arguments: Ready. */
export interface ReadyArgs {
  /**
   * Ready once this request is answered as expected. It is asked at the container's own address
   * where the daemon is on this machine, else at the published port of a TCP daemon; over SSH,
   * use a health check.
   */
  readonly http?: pulumi.Input<ReadyHttpArgs>;
  /** Ready once this port accepts connections, asked where `http` asks. */
  readonly tcp?: pulumi.Input<ReadyTcpArgs>;
  /**
   * Ready once it has run without a break for this long, in milliseconds. Default: 1000 when
   * there is no health check and nothing else is asked for.
   */
  readonly runningMs?: pulumi.Input<number>;
  /** How long it may take to get ready, in milliseconds. Default: 60000. */
  readonly timeoutMs?: pulumi.Input<number>;
}

/** Arguments: Ulimit. */
export interface UlimitArgs {
  /** The limit that holds. */
  readonly soft: pulumi.Input<number>;
  /** How far the process may raise it. */
  readonly hard: pulumi.Input<number>;
}

/** As it is: NetworkAttachment. */
export interface NetworkAttachment {
  /** The network's name. */
  readonly network: string;
  /** Further names under which the container is found on this network. Default: none. */
  readonly aliases?: readonly string[];
  /** A fixed address of the network's subnet. Default: any free one. */
  readonly ipv4Address?: string;
}

/** As it is: PortMapping. */
export interface PortMapping {
  /** The port in the container. */
  readonly containerPort: number;
  /** The port on the host. Default: a free one, chosen by the daemon. */
  readonly hostPort?: number;
  /** The address of the host to listen on. Default: all of them. */
  readonly hostIp?: string;
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: "tcp" | "udp" | "sctp";
}

/** As it is: Mount. */
export interface Mount {
  /** A volume of the daemon, or a path of its host. One of volume, bind. Default: volume. */
  readonly type?: "volume" | "bind";
  /** The volume's name, or the path on the host. */
  readonly source: string;
  /** Where it appears in the container. */
  readonly target: string;
  /** Whether the container may only read it. Default: false. */
  readonly readOnly?: boolean;
}

/** As it is: FileUpload. */
export interface FileUpload {
  /** The text of the file; mark it secret where it is. */
  readonly content: string;
  /** The permission bits, as a number: 0o400. Default: 0o444. */
  readonly mode?: number;
  /** The owner's number. Default: 0. */
  readonly uid?: number;
  /** The group's number. Default: 0. */
  readonly gid?: number;
}

/** As it is: HealthCheck. */
export interface HealthCheck {
  /**
   * The check: `["CMD", program, ...arguments]`, `["CMD-SHELL", line]`, or `["NONE"]` to switch
   * the image's off.
   */
  readonly test: readonly string[];
  /** Time between checks, in milliseconds. Default: 30000. */
  readonly intervalMs?: number;
  /** How long a check may take, in milliseconds. Default: 30000. */
  readonly timeoutMs?: number;
  /** Failures in a row that make it unhealthy. Default: 3. */
  readonly retries?: number;
  /** Time from the start during which failures do not count, in milliseconds. Default: 0. */
  readonly startPeriodMs?: number;
}

/** As it is: ReadyHttp. */
export interface ReadyHttp {
  /** The container's port. */
  readonly port: number;
  /** The path to GET. Default: /. */
  readonly path?: string;
  /** The expected status. Default: any of 200 to 399. */
  readonly status?: number;
}

/** As it is: ReadyTcp. */
export interface ReadyTcp {
  /** The container's port. */
  readonly port: number;
}

/** As it is: Ready. */
export interface Ready {
  /**
   * Ready once this request is answered as expected. It is asked at the container's own address
   * where the daemon is on this machine, else at the published port of a TCP daemon; over SSH,
   * use a health check.
   */
  readonly http?: ReadyHttp;
  /** Ready once this port accepts connections, asked where `http` asks. */
  readonly tcp?: ReadyTcp;
  /**
   * Ready once it has run without a break for this long, in milliseconds. Default: 1000 when
   * there is no health check and nothing else is asked for.
   */
  readonly runningMs?: number;
  /** How long it may take to get ready, in milliseconds. Default: 60000. */
  readonly timeoutMs?: number;
}

/** As it is: Ulimit. */
export interface Ulimit {
  /** The limit that holds. */
  readonly soft: number;
  /** How far the process may raise it. */
  readonly hard: number;
}

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
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it replaces the resource. Default: the image's.
   */
  readonly command?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The entry point (ENTRYPOINT). Changing it replaces the resource. Default: the image's. */
  readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `files`. Changing it replaces the resource. Default: none.
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
   * How long the process may take to end before it is killed, in milliseconds; the Engine
   * counts whole seconds. Changing it updates in place. Default: 10000.
   */
  readonly stopGraceMs?: pulumi.Input<number>;
  /**
   * Labels by name, added to the image's. Names that start with `dockwright.` are taken.
   * Changing it replaces the resource. Default: none.
   */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The networks to join, in this order. Without any, the daemon's default bridge. Changing it
   * replaces the resource. Default: the default bridge.
   */
  readonly networks?: pulumi.Input<readonly pulumi.Input<NetworkAttachmentArgs>[]>;
  /**
   * In place of networks of its own: `host`, `none`, or `container:NAME` to share those of
   * another container. Changing it replaces the resource. Default: networks of its own.
   */
  readonly networkMode?: pulumi.Input<string>;
  /**
   * Ports published on the host. A fixed host port can belong to one container at a time, so a
   * replacement then stops the old one first. Changing it replaces the resource. Default: none.
   */
  readonly ports?: pulumi.Input<readonly pulumi.Input<PortMappingArgs>[]>;
  /**
   * Lines of /etc/hosts: an address by name. Changing it replaces the resource. Default: none.
   */
  readonly extraHosts?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Addresses of name servers. Changing it replaces the resource. Default: the daemon's. */
  readonly dns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Volumes and host paths that the container sees. Changing it replaces the resource. Default:
   * none.
   */
  readonly mounts?: pulumi.Input<readonly pulumi.Input<MountArgs>[]>;
  /**
   * File systems in memory by path, with Docker's mount options: `{ "/run":
   * "mode=0755,size=16m" }`. Changing it replaces the resource. Default: none.
   */
  readonly tmpfs?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Files put into the container before it starts, by absolute path. They live in its own layer
   * and go with it. Changing it replaces the resource. Default: none.
   */
  readonly files?: pulumi.Input<{ readonly [name: string]: pulumi.Input<FileUploadArgs> }>;
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
   * The most memory, in bytes; beyond it the process is killed. Changing it replaces the
   * resource. Default: no limit.
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /**
   * The most processor time, in processors: 0.5 is half of one. Changing it replaces the
   * resource. Default: no limit.
   */
  readonly cpus?: pulumi.Input<number>;
  /** The most processes and threads. Changing it replaces the resource. Default: no limit. */
  readonly pidsLimit?: pulumi.Input<number>;
  /**
   * Limits of the process by name, such as `nofile` (open files). Changing it replaces the
   * resource. Default: the daemon's.
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
   * Security options as Docker writes them, such as `no-new-privileges:true`. Changing it
   * replaces the resource. Default: what the daemon says.
   */
  readonly securityOpt?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Mounts the root file system read-only. Changing it replaces the resource. Default: false.
   */
  readonly readOnly?: pulumi.Input<boolean>;
  /**
   * Kernel parameters of the container's namespaces. Changing it replaces the resource.
   * Default: none.
   */
  readonly sysctls?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * When the daemon starts the container again by itself. One of no, always, unless-stopped,
   * on-failure. Changing it updates in place. Default: no.
   */
  readonly restart?: pulumi.Input<"no" | "always" | "unless-stopped" | "on-failure">;
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
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it replaces the resource. Default: the image's.
   */
  declare readonly command: pulumi.Output<readonly string[] | undefined>;
  /** The entry point (ENTRYPOINT). Changing it replaces the resource. Default: the image's. */
  declare readonly entrypoint: pulumi.Output<readonly string[] | undefined>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `files`. Changing it replaces the resource. Default: none.
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
   * How long the process may take to end before it is killed, in milliseconds; the Engine
   * counts whole seconds. Changing it updates in place. Default: 10000.
   */
  declare readonly stopGraceMs: pulumi.Output<number | undefined>;
  /**
   * Labels by name, added to the image's. Names that start with `dockwright.` are taken.
   * Changing it replaces the resource. Default: none.
   */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * The networks to join, in this order. Without any, the daemon's default bridge. Changing it
   * replaces the resource. Default: the default bridge.
   */
  declare readonly networks: pulumi.Output<readonly NetworkAttachment[] | undefined>;
  /**
   * In place of networks of its own: `host`, `none`, or `container:NAME` to share those of
   * another container. Changing it replaces the resource. Default: networks of its own.
   */
  declare readonly networkMode: pulumi.Output<string | undefined>;
  /**
   * Ports published on the host. A fixed host port can belong to one container at a time, so a
   * replacement then stops the old one first. Changing it replaces the resource. Default: none.
   */
  declare readonly ports: pulumi.Output<readonly PortMapping[] | undefined>;
  /**
   * Lines of /etc/hosts: an address by name. Changing it replaces the resource. Default: none.
   */
  declare readonly extraHosts: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Addresses of name servers. Changing it replaces the resource. Default: the daemon's. */
  declare readonly dns: pulumi.Output<readonly string[] | undefined>;
  /**
   * Volumes and host paths that the container sees. Changing it replaces the resource. Default:
   * none.
   */
  declare readonly mounts: pulumi.Output<readonly Mount[] | undefined>;
  /**
   * File systems in memory by path, with Docker's mount options: `{ "/run":
   * "mode=0755,size=16m" }`. Changing it replaces the resource. Default: none.
   */
  declare readonly tmpfs: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Files put into the container before it starts, by absolute path. They live in its own layer
   * and go with it. Changing it replaces the resource. Default: none.
   */
  declare readonly files: pulumi.Output<{ readonly [name: string]: FileUpload } | undefined>;
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
   * The most memory, in bytes; beyond it the process is killed. Changing it replaces the
   * resource. Default: no limit.
   */
  declare readonly memoryBytes: pulumi.Output<number | undefined>;
  /**
   * The most processor time, in processors: 0.5 is half of one. Changing it replaces the
   * resource. Default: no limit.
   */
  declare readonly cpus: pulumi.Output<number | undefined>;
  /** The most processes and threads. Changing it replaces the resource. Default: no limit. */
  declare readonly pidsLimit: pulumi.Output<number | undefined>;
  /**
   * Limits of the process by name, such as `nofile` (open files). Changing it replaces the
   * resource. Default: the daemon's.
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
   * Security options as Docker writes them, such as `no-new-privileges:true`. Changing it
   * replaces the resource. Default: what the daemon says.
   */
  declare readonly securityOpt: pulumi.Output<readonly string[] | undefined>;
  /**
   * Mounts the root file system read-only. Changing it replaces the resource. Default: false.
   */
  declare readonly readOnly: pulumi.Output<boolean | undefined>;
  /**
   * Kernel parameters of the container's namespaces. Changing it replaces the resource.
   * Default: none.
   */
  declare readonly sysctls: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * When the daemon starts the container again by itself. One of no, always, unless-stopped,
   * on-failure. Changing it updates in place. Default: no.
   */
  declare readonly restart: pulumi.Output<"no" | "always" | "unless-stopped" | "on-failure" | undefined>;
  /** The container's id. Changing it replaces the resource. */
  declare readonly containerId: pulumi.Output<string>;
  /** The id of the image it runs. Changing it replaces the resource. */
  declare readonly imageId: pulumi.Output<string>;
  /** Whether it ran when it was last looked at. Changing it replaces the resource. */
  declare readonly running: pulumi.Output<boolean>;
  /** Its address on its first network; empty without one. Changing it replaces the resource. */
  declare readonly address: pulumi.Output<string>;
  /** Its address on each network, by the network's name. Changing it replaces the resource. */
  declare readonly addresses: pulumi.Output<{ readonly [name: string]: string }>;

  constructor(
    name: string,
    args: ContainerResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      image: undefined,
      command: undefined,
      entrypoint: undefined,
      env: undefined,
      workingDir: undefined,
      user: undefined,
      hostname: undefined,
      init: undefined,
      stopSignal: undefined,
      stopGraceMs: undefined,
      labels: undefined,
      networks: undefined,
      networkMode: undefined,
      ports: undefined,
      extraHosts: undefined,
      dns: undefined,
      mounts: undefined,
      tmpfs: undefined,
      files: undefined,
      healthCheck: undefined,
      ready: undefined,
      memoryBytes: undefined,
      cpus: undefined,
      pidsLimit: undefined,
      ulimits: undefined,
      capAdd: undefined,
      capDrop: undefined,
      privileged: undefined,
      securityOpt: undefined,
      readOnly: undefined,
      sysctls: undefined,
      restart: undefined,
      containerId: undefined,
      imageId: undefined,
      running: undefined,
      address: undefined,
      addresses: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Container", name, props, opts);
  }
}
