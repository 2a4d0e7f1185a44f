// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";
import type {
  HealthCheck,
  HealthCheckArgs,
  Mount,
  MountArgs,
  RegistryAuth,
  RegistryAuthArgs,
} from "./types.ts";

/** Arguments: SwarmLimits. */
export interface SwarmLimitsArgs {
  /** Processors, to a thousandth. Default: none. */
  readonly cpus?: pulumi.Input<number>;
  /** Memory, in bytes. Default: none. */
  readonly memoryBytes?: pulumi.Input<number>;
  /** Processes and threads. Default: no limit. */
  readonly pids?: pulumi.Input<number>;
}

/** Arguments: SwarmReservations. */
export interface SwarmReservationsArgs {
  /** Processors, to a thousandth. Default: none. */
  readonly cpus?: pulumi.Input<number>;
  /** Memory, in bytes. Default: none. */
  readonly memoryBytes?: pulumi.Input<number>;
}

/** Arguments: SwarmRestart. */
export interface SwarmRestartArgs {
  /**
   * When a task that ended is followed by another. One of any, on-failure, none. Default: any.
   */
  readonly condition?: pulumi.Input<"any" | "on-failure" | "none">;
  /** Time before that, in milliseconds. Default: 1000. */
  readonly delayMs?: pulumi.Input<number>;
  /** How often; 0 is always. Default: 0. */
  readonly maxAttempts?: pulumi.Input<number>;
  /** Within which time attempts are counted, in milliseconds; 0 is all time. Default: 0. */
  readonly windowMs?: pulumi.Input<number>;
}

/** Arguments: SwarmPlacement. */
export interface SwarmPlacementArgs {
  /** What a node must be: `node.labels.disk == ssd`, `node.role != manager`. Default: none. */
  readonly constraints?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Labels over whose values tasks are spread evenly: `node.labels.zone`. Default: none: evenly
   * over nodes.
   */
  readonly spread?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** How many replicas a node has at most. Default: no limit. */
  readonly maxPerNode?: pulumi.Input<number>;
}

/** Arguments: SwarmUpdate. */
export interface SwarmUpdateArgs {
  /** How many tasks at once; 0 is all. Default: 1. */
  readonly parallelism?: pulumi.Input<number>;
  /** Time between two of them, in milliseconds. Default: 0. */
  readonly delayMs?: pulumi.Input<number>;
  /**
   * Whether the new task is ready before the old one ends, or begins after it. One of
   * start-first, stop-first. Default: start-first; stop-first where a fixed port of the nodes
   * is published in the mode host, or one replica has a volume of its own.
   */
  readonly order?: pulumi.Input<"start-first" | "stop-first">;
  /**
   * What Swarm does when tasks fail. Whatever it is, the update then fails and says why. One of
   * rollback, pause, continue. Default: rollback.
   */
  readonly failureAction?: pulumi.Input<"rollback" | "pause" | "continue">;
  /** How long a new task is watched for failure, in milliseconds. Default: 5000. */
  readonly monitorMs?: pulumi.Input<number>;
  /** The part of the tasks that may fail, 0 to 1. Default: 0. */
  readonly maxFailureRatio?: pulumi.Input<number>;
}

/** Arguments: SwarmRollback. */
export interface SwarmRollbackArgs {
  /** How many tasks at once; 0 is all. Default: 1. */
  readonly parallelism?: pulumi.Input<number>;
  /** Time between two of them, in milliseconds. Default: 0. */
  readonly delayMs?: pulumi.Input<number>;
  /**
   * Whether the new task is ready before the old one ends, or begins after it. One of
   * start-first, stop-first. Default: start-first; stop-first where a fixed port of the nodes
   * is published in the mode host, or one replica has a volume of its own.
   */
  readonly order?: pulumi.Input<"start-first" | "stop-first">;
  /**
   * What Swarm does when tasks fail. Whatever it is, the update then fails and says why. One of
   * pause, continue. Default: pause.
   */
  readonly failureAction?: pulumi.Input<"pause" | "continue">;
  /** How long a new task is watched for failure, in milliseconds. Default: 5000. */
  readonly monitorMs?: pulumi.Input<number>;
  /** The part of the tasks that may fail, 0 to 1. Default: 0. */
  readonly maxFailureRatio?: pulumi.Input<number>;
}

/** Arguments: SwarmAttachment. */
export interface SwarmAttachmentArgs {
  /** The network's name. */
  readonly network: pulumi.Input<string>;
  /** Further names under which the tasks are found on it. Default: none. */
  readonly aliases?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments: SwarmPort. */
export interface SwarmPortArgs {
  /** The port in the containers. */
  readonly port: pulumi.Input<number>;
  /** The port of the nodes. Default: a free one, chosen by Swarm. */
  readonly publishedPort?: pulumi.Input<number>;
  /**
   * How it is published. `ingress`: every node takes connections and passes them on (the
   * routing mesh; it needs IPVS in the nodes' kernels). `host`: a node that has a task does,
   * straight to it. One of ingress, host. Default: ingress.
   */
  readonly mode?: pulumi.Input<"ingress" | "host">;
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
}

/** Arguments: SwarmSecretMount. */
export interface SwarmSecretMountArgs {
  /** The secret's name in the swarm. */
  readonly name: pulumi.Input<string>;
  /** The file in /run/secrets, or an absolute path. Default: the name. */
  readonly target?: pulumi.Input<string>;
  /** The owner's user id. Default: 0. */
  readonly uid?: pulumi.Input<string>;
  /** The owner's group id. Default: 0. */
  readonly gid?: pulumi.Input<string>;
  /** The mode of the file. Default: 0o444. */
  readonly mode?: pulumi.Input<number>;
}

/** Arguments: SwarmConfigMount. */
export interface SwarmConfigMountArgs {
  /** The config's name in the swarm. */
  readonly name: pulumi.Input<string>;
  /** The absolute path of the file. Default: / and the name. */
  readonly target?: pulumi.Input<string>;
  /** The owner's user id. Default: 0. */
  readonly uid?: pulumi.Input<string>;
  /** The owner's group id. Default: 0. */
  readonly gid?: pulumi.Input<string>;
  /** The mode of the file. Default: 0o444. */
  readonly mode?: pulumi.Input<number>;
}

/** As it is: SwarmLimits. */
export interface SwarmLimits {
  /** Processors, to a thousandth. Default: none. */
  readonly cpus?: number;
  /** Memory, in bytes. Default: none. */
  readonly memoryBytes?: number;
  /** Processes and threads. Default: no limit. */
  readonly pids?: number;
}

/** As it is: SwarmReservations. */
export interface SwarmReservations {
  /** Processors, to a thousandth. Default: none. */
  readonly cpus?: number;
  /** Memory, in bytes. Default: none. */
  readonly memoryBytes?: number;
}

/** As it is: SwarmRestart. */
export interface SwarmRestart {
  /**
   * When a task that ended is followed by another. One of any, on-failure, none. Default: any.
   */
  readonly condition?: "any" | "on-failure" | "none";
  /** Time before that, in milliseconds. Default: 1000. */
  readonly delayMs?: number;
  /** How often; 0 is always. Default: 0. */
  readonly maxAttempts?: number;
  /** Within which time attempts are counted, in milliseconds; 0 is all time. Default: 0. */
  readonly windowMs?: number;
}

/** As it is: SwarmPlacement. */
export interface SwarmPlacement {
  /** What a node must be: `node.labels.disk == ssd`, `node.role != manager`. Default: none. */
  readonly constraints?: readonly string[];
  /**
   * Labels over whose values tasks are spread evenly: `node.labels.zone`. Default: none: evenly
   * over nodes.
   */
  readonly spread?: readonly string[];
  /** How many replicas a node has at most. Default: no limit. */
  readonly maxPerNode?: number;
}

/** As it is: SwarmUpdate. */
export interface SwarmUpdate {
  /** How many tasks at once; 0 is all. Default: 1. */
  readonly parallelism?: number;
  /** Time between two of them, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /**
   * Whether the new task is ready before the old one ends, or begins after it. One of
   * start-first, stop-first. Default: start-first; stop-first where a fixed port of the nodes
   * is published in the mode host, or one replica has a volume of its own.
   */
  readonly order?: "start-first" | "stop-first";
  /**
   * What Swarm does when tasks fail. Whatever it is, the update then fails and says why. One of
   * rollback, pause, continue. Default: rollback.
   */
  readonly failureAction?: "rollback" | "pause" | "continue";
  /** How long a new task is watched for failure, in milliseconds. Default: 5000. */
  readonly monitorMs?: number;
  /** The part of the tasks that may fail, 0 to 1. Default: 0. */
  readonly maxFailureRatio?: number;
}

/** As it is: SwarmRollback. */
export interface SwarmRollback {
  /** How many tasks at once; 0 is all. Default: 1. */
  readonly parallelism?: number;
  /** Time between two of them, in milliseconds. Default: 0. */
  readonly delayMs?: number;
  /**
   * Whether the new task is ready before the old one ends, or begins after it. One of
   * start-first, stop-first. Default: start-first; stop-first where a fixed port of the nodes
   * is published in the mode host, or one replica has a volume of its own.
   */
  readonly order?: "start-first" | "stop-first";
  /**
   * What Swarm does when tasks fail. Whatever it is, the update then fails and says why. One of
   * pause, continue. Default: pause.
   */
  readonly failureAction?: "pause" | "continue";
  /** How long a new task is watched for failure, in milliseconds. Default: 5000. */
  readonly monitorMs?: number;
  /** The part of the tasks that may fail, 0 to 1. Default: 0. */
  readonly maxFailureRatio?: number;
}

/** As it is: SwarmAttachment. */
export interface SwarmAttachment {
  /** The network's name. */
  readonly network: string;
  /** Further names under which the tasks are found on it. Default: none. */
  readonly aliases?: readonly string[];
}

/** As it is: SwarmPort. */
export interface SwarmPort {
  /** The port in the containers. */
  readonly port: number;
  /** The port of the nodes. Default: a free one, chosen by Swarm. */
  readonly publishedPort?: number;
  /**
   * How it is published. `ingress`: every node takes connections and passes them on (the
   * routing mesh; it needs IPVS in the nodes' kernels). `host`: a node that has a task does,
   * straight to it. One of ingress, host. Default: ingress.
   */
  readonly mode?: "ingress" | "host";
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: "tcp" | "udp" | "sctp";
}

/** As it is: SwarmSecretMount. */
export interface SwarmSecretMount {
  /** The secret's name in the swarm. */
  readonly name: string;
  /** The file in /run/secrets, or an absolute path. Default: the name. */
  readonly target?: string;
  /** The owner's user id. Default: 0. */
  readonly uid?: string;
  /** The owner's group id. Default: 0. */
  readonly gid?: string;
  /** The mode of the file. Default: 0o444. */
  readonly mode?: number;
}

/** As it is: SwarmConfigMount. */
export interface SwarmConfigMount {
  /** The config's name in the swarm. */
  readonly name: string;
  /** The absolute path of the file. Default: / and the name. */
  readonly target?: string;
  /** The owner's user id. Default: 0. */
  readonly uid?: string;
  /** The owner's group id. Default: 0. */
  readonly gid?: string;
  /** The mode of the file. Default: 0o444. */
  readonly mode?: number;
}

/** Arguments of SwarmServiceResource. */
export interface SwarmServiceResourceArgs {
  /**
   * The service's name in the swarm. Changing it replaces the resource. Default: the resource's
   * name and a hash of its URN.
   */
  readonly name?: pulumi.Input<string>;
  /**
   * How many tasks there are. `replicated`: so many tasks as `replicas` says. `global`: one on
   * every node that fits. A change replaces the service: it is gone in between. One of
   * replicated, global. Changing it replaces the resource. Default: replicated.
   */
  readonly mode?: pulumi.Input<"replicated" | "global">;
  /** How many tasks of a replicated service. Changing it updates in place. Default: 1. */
  readonly replicas?: pulumi.Input<number>;
  /**
   * The image: by digest (`registry.example.com/shop@sha256:...`), or an id (`sha256:...`) that
   * every node has. Changing it updates in place.
   */
  readonly image: pulumi.Input<string>;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  readonly auth?: pulumi.Input<RegistryAuthArgs>;
  /**
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it updates in place. Default: the image's.
   */
  readonly command?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The entry point (ENTRYPOINT). Changing it updates in place. Default: the image's. */
  readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `secrets`. Changing it updates in place. Default: none.
   */
  readonly env?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The working directory, as an absolute path. Changing it updates in place. Default: the
   * image's.
   */
  readonly workingDir?: pulumi.Input<string>;
  /**
   * The user, and group, of the process: `NAME`, `UID`, `UID:GID`. Changing it updates in
   * place. Default: the image's.
   */
  readonly user?: pulumi.Input<string>;
  /**
   * The host name inside; Swarm fills in templates such as "{{.Node.Hostname}}". Changing it
   * updates in place. Default: the first 12 digits of the container's id.
   */
  readonly hostname?: pulumi.Input<string>;
  /** Whether a small init runs as process 1. Changing it updates in place. Default: false. */
  readonly init?: pulumi.Input<boolean>;
  /** Mounts the root file system read-only. Changing it updates in place. Default: false. */
  readonly readOnly?: pulumi.Input<boolean>;
  /**
   * The signal that asks the process to end, by name: `SIGTERM`, `SIGQUIT`. Changing it updates
   * in place. Default: the image's, else SIGTERM.
   */
  readonly stopSignal?: pulumi.Input<string>;
  /**
   * How long a task may take to end, in milliseconds. Changing it updates in place. Default:
   * 10000.
   */
  readonly stopGraceMs?: pulumi.Input<number>;
  /** Capabilities to add. Changing it updates in place. Default: none. */
  readonly capAdd?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Capabilities to take away. Changing it updates in place. Default: none. */
  readonly capDrop?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The health check that the daemon runs inside the container. Changing it updates in place.
   * Default: the image's.
   */
  readonly healthCheck?: pulumi.Input<HealthCheckArgs>;
  /**
   * Volumes, host paths and memory that the container sees. A host path has to be there.
   * Changing it updates in place. Default: none.
   */
  readonly mounts?: pulumi.Input<readonly pulumi.Input<MountArgs>[]>;
  /** Addresses by host name, beside DNS. Changing it updates in place. Default: none. */
  readonly extraHosts?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Kernel settings of its own network and processes. Changing it updates in place. Default:
   * none.
   */
  readonly sysctls?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** The most that each task gets. Changing it updates in place. Default: no limits. */
  readonly limits?: pulumi.Input<SwarmLimitsArgs>;
  /**
   * What a node must have left for a task to be placed there. Changing it updates in place.
   * Default: nothing.
   */
  readonly reservations?: pulumi.Input<SwarmReservationsArgs>;
  /**
   * What follows a task that ended. Changing it updates in place. Default: another one, always.
   */
  readonly restart?: pulumi.Input<SwarmRestartArgs>;
  /** Which nodes have its tasks. Changing it updates in place. Default: any. */
  readonly placement?: pulumi.Input<SwarmPlacementArgs>;
  /**
   * How Swarm exchanges tasks in an update. Changing it updates in place. Default: one by one.
   */
  readonly update?: pulumi.Input<SwarmUpdateArgs>;
  /** How Swarm goes back. Changing it updates in place. Default: one by one. */
  readonly rollback?: pulumi.Input<SwarmRollbackArgs>;
  /**
   * The overlay networks that the tasks are on. Changing it updates in place. Default: none.
   */
  readonly networks?: pulumi.Input<readonly pulumi.Input<SwarmAttachmentArgs>[]>;
  /** The ports that are published on nodes. Changing it updates in place. Default: none. */
  readonly ports?: pulumi.Input<readonly pulumi.Input<SwarmPortArgs>[]>;
  /**
   * What its name leads to on overlay networks: one virtual address that spreads connections
   * (it needs IPVS in the nodes' kernels), or the addresses of all tasks in turn. `tasks.NAME`
   * always has the latter. One of vip, dnsrr. Changing it updates in place. Default: vip.
   */
  readonly endpointMode?: pulumi.Input<"vip" | "dnsrr">;
  /** Secrets, as files in memory. Changing it updates in place. Default: none. */
  readonly secrets?: pulumi.Input<readonly pulumi.Input<SwarmSecretMountArgs>[]>;
  /** Configs, as files. Changing it updates in place. Default: none. */
  readonly configs?: pulumi.Input<readonly pulumi.Input<SwarmConfigMountArgs>[]>;
  /** The log driver. Changing it updates in place. Default: that of the node's daemon. */
  readonly logDriver?: pulumi.Input<string>;
  /** Options of logDriver. Changing it updates in place. Default: none. */
  readonly logOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Labels of the service by name. A change exchanges no task. Changing it updates in place.
   * Default: none.
   */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Labels of its containers by name. Changing it updates in place. Default: none. */
  readonly containerLabels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/**
 * A service of a swarm. An update waits until Swarm has exchanged the tasks. One that Swarm
 * took back or stopped, or that does not come up within `customTimeouts` (10 minutes), fails,
 * and says what the tasks and their logs say.
 */
export class SwarmServiceResource extends QuietResource {
  /**
   * The service's name in the swarm. Changing it replaces the resource. Default: the resource's
   * name and a hash of its URN.
   */
  declare readonly name: pulumi.Output<string>;
  /**
   * How many tasks there are. `replicated`: so many tasks as `replicas` says. `global`: one on
   * every node that fits. A change replaces the service: it is gone in between. One of
   * replicated, global. Changing it replaces the resource. Default: replicated.
   */
  declare readonly mode: pulumi.Output<"replicated" | "global" | undefined>;
  /** How many tasks of a replicated service. Changing it updates in place. Default: 1. */
  declare readonly replicas: pulumi.Output<number | undefined>;
  /**
   * The image: by digest (`registry.example.com/shop@sha256:...`), or an id (`sha256:...`) that
   * every node has. Changing it updates in place.
   */
  declare readonly image: pulumi.Output<string>;
  /**
   * Credentials for the registry. Kept as secrets; used only while something is pulled or
   * pushed. Changing it alone changes nothing. Default: those of Docker's own configuration
   * (`DOCKER_CONFIG`, else ~/.docker) of the user who runs the update, credential helpers
   * included, looked up each time.
   */
  declare readonly auth: pulumi.Output<RegistryAuth | undefined>;
  /**
   * The command and its arguments (CMD). Never put a secret here: arguments are public on the
   * host. Changing it updates in place. Default: the image's.
   */
  declare readonly command: pulumi.Output<readonly string[] | undefined>;
  /** The entry point (ENTRYPOINT). Changing it updates in place. Default: the image's. */
  declare readonly entrypoint: pulumi.Output<readonly string[] | undefined>;
  /**
   * Environment variables by name, added to the image's. Whoever may inspect the container
   * reads them: give secrets as `secrets`. Changing it updates in place. Default: none.
   */
  declare readonly env: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * The working directory, as an absolute path. Changing it updates in place. Default: the
   * image's.
   */
  declare readonly workingDir: pulumi.Output<string | undefined>;
  /**
   * The user, and group, of the process: `NAME`, `UID`, `UID:GID`. Changing it updates in
   * place. Default: the image's.
   */
  declare readonly user: pulumi.Output<string | undefined>;
  /**
   * The host name inside; Swarm fills in templates such as "{{.Node.Hostname}}". Changing it
   * updates in place. Default: the first 12 digits of the container's id.
   */
  declare readonly hostname: pulumi.Output<string | undefined>;
  /** Whether a small init runs as process 1. Changing it updates in place. Default: false. */
  declare readonly init: pulumi.Output<boolean | undefined>;
  /** Mounts the root file system read-only. Changing it updates in place. Default: false. */
  declare readonly readOnly: pulumi.Output<boolean | undefined>;
  /**
   * The signal that asks the process to end, by name: `SIGTERM`, `SIGQUIT`. Changing it updates
   * in place. Default: the image's, else SIGTERM.
   */
  declare readonly stopSignal: pulumi.Output<string | undefined>;
  /**
   * How long a task may take to end, in milliseconds. Changing it updates in place. Default:
   * 10000.
   */
  declare readonly stopGraceMs: pulumi.Output<number | undefined>;
  /** Capabilities to add. Changing it updates in place. Default: none. */
  declare readonly capAdd: pulumi.Output<readonly string[] | undefined>;
  /** Capabilities to take away. Changing it updates in place. Default: none. */
  declare readonly capDrop: pulumi.Output<readonly string[] | undefined>;
  /**
   * The health check that the daemon runs inside the container. Changing it updates in place.
   * Default: the image's.
   */
  declare readonly healthCheck: pulumi.Output<HealthCheck | undefined>;
  /**
   * Volumes, host paths and memory that the container sees. A host path has to be there.
   * Changing it updates in place. Default: none.
   */
  declare readonly mounts: pulumi.Output<readonly Mount[] | undefined>;
  /** Addresses by host name, beside DNS. Changing it updates in place. Default: none. */
  declare readonly extraHosts: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Kernel settings of its own network and processes. Changing it updates in place. Default:
   * none.
   */
  declare readonly sysctls: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The most that each task gets. Changing it updates in place. Default: no limits. */
  declare readonly limits: pulumi.Output<SwarmLimits | undefined>;
  /**
   * What a node must have left for a task to be placed there. Changing it updates in place.
   * Default: nothing.
   */
  declare readonly reservations: pulumi.Output<SwarmReservations | undefined>;
  /**
   * What follows a task that ended. Changing it updates in place. Default: another one, always.
   */
  declare readonly restart: pulumi.Output<SwarmRestart | undefined>;
  /** Which nodes have its tasks. Changing it updates in place. Default: any. */
  declare readonly placement: pulumi.Output<SwarmPlacement | undefined>;
  /**
   * How Swarm exchanges tasks in an update. Changing it updates in place. Default: one by one.
   */
  declare readonly update: pulumi.Output<SwarmUpdate | undefined>;
  /** How Swarm goes back. Changing it updates in place. Default: one by one. */
  declare readonly rollback: pulumi.Output<SwarmRollback | undefined>;
  /**
   * The overlay networks that the tasks are on. Changing it updates in place. Default: none.
   */
  declare readonly networks: pulumi.Output<readonly SwarmAttachment[] | undefined>;
  /** The ports that are published on nodes. Changing it updates in place. Default: none. */
  declare readonly ports: pulumi.Output<readonly SwarmPort[] | undefined>;
  /**
   * What its name leads to on overlay networks: one virtual address that spreads connections
   * (it needs IPVS in the nodes' kernels), or the addresses of all tasks in turn. `tasks.NAME`
   * always has the latter. One of vip, dnsrr. Changing it updates in place. Default: vip.
   */
  declare readonly endpointMode: pulumi.Output<"vip" | "dnsrr" | undefined>;
  /** Secrets, as files in memory. Changing it updates in place. Default: none. */
  declare readonly secrets: pulumi.Output<readonly SwarmSecretMount[] | undefined>;
  /** Configs, as files. Changing it updates in place. Default: none. */
  declare readonly configs: pulumi.Output<readonly SwarmConfigMount[] | undefined>;
  /** The log driver. Changing it updates in place. Default: that of the node's daemon. */
  declare readonly logDriver: pulumi.Output<string | undefined>;
  /** Options of logDriver. Changing it updates in place. Default: none. */
  declare readonly logOptions: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /**
   * Labels of the service by name. A change exchanges no task. Changing it updates in place.
   * Default: none.
   */
  declare readonly labels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** Labels of its containers by name. Changing it updates in place. Default: none. */
  declare readonly containerLabels: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The service's id. Changing it replaces the resource. */
  declare readonly serviceId: pulumi.Output<string>;
  /** The service's name in the swarm. Changing it replaces the resource. */
  declare readonly serviceName: pulumi.Output<string>;
  /**
   * Where its tasks ran when they were last looked at: the node by the task's number, or name.
   * Changing it replaces the resource.
   */
  declare readonly taskNodes: pulumi.Output<{ readonly [name: string]: string }>;
  /**
   * Which tasks did not run when they were last looked at. Changing it replaces the resource.
   */
  declare readonly drift: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: SwarmServiceResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      name: undefined,
      mode: undefined,
      replicas: undefined,
      image: undefined,
      auth: undefined,
      command: undefined,
      entrypoint: undefined,
      env: undefined,
      workingDir: undefined,
      user: undefined,
      hostname: undefined,
      init: undefined,
      readOnly: undefined,
      stopSignal: undefined,
      stopGraceMs: undefined,
      capAdd: undefined,
      capDrop: undefined,
      healthCheck: undefined,
      mounts: undefined,
      extraHosts: undefined,
      sysctls: undefined,
      limits: undefined,
      reservations: undefined,
      restart: undefined,
      placement: undefined,
      update: undefined,
      rollback: undefined,
      networks: undefined,
      ports: undefined,
      endpointMode: undefined,
      secrets: undefined,
      configs: undefined,
      logDriver: undefined,
      logOptions: undefined,
      labels: undefined,
      containerLabels: undefined,
      serviceId: undefined,
      serviceName: undefined,
      taskNodes: undefined,
      drift: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:SwarmService", name, props, opts);
  }
}
