// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: AddressPool. */
export interface AddressPoolArgs {
  /** The range, as CIDR. */
  readonly base: pulumi.Input<string>;
  /** The prefix length of each subnet out of it. */
  readonly size: pulumi.Input<number>;
}

/** Arguments: DaemonRuntime. */
export interface DaemonRuntimeArgs {
  /** The program, absolute or found on PATH. */
  readonly path: pulumi.Input<string>;
  /** Its arguments. Default: none. */
  readonly args?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments: DaemonUlimit. */
export interface DaemonUlimitArgs {
  /** The limit that holds. */
  readonly soft: pulumi.Input<number>;
  /** How far a process may raise it. */
  readonly hard: pulumi.Input<number>;
}

/** Arguments: BuilderGc. */
export interface BuilderGcArgs {
  /** Whether old build results go by themselves. Default: true. */
  readonly enabled?: pulumi.Input<boolean>;
  /** How much may stay, such as `10GB`. Default: a tenth of the disk. */
  readonly keepStorage?: pulumi.Input<string>;
}

/** Arguments: DaemonOptions. */
export interface DaemonOptionsArgs {
  /**
   * The default bridge instead of docker0: it is made, addressed by `bridgeAddress`, and made
   * again after a reboot. `none`: there is no default bridge. Default: docker0.
   */
  readonly bridge?: pulumi.Input<string>;
  /**
   * The address of docker0, with the prefix of its subnet. Default: a free one of the default
   * address pools.
   */
  readonly bip?: pulumi.Input<string>;
  /**
   * The part of the default bridge's subnet from which containers get addresses. Default: all
   * of it.
   */
  readonly fixedCidr?: pulumi.Input<string>;
  /** The IPv6 subnet of the default bridge. Default: none. */
  readonly fixedCidrV6?: pulumi.Input<string>;
  /** The gateway of containers on the default bridge. Default: the bridge's own address. */
  readonly defaultGateway?: pulumi.Input<string>;
  /**
   * The ranges from which networks that name no subnet get theirs. Default: 172.17.0.0/12 in
   * parts of /16, then 192.168.0.0/16 in parts of /20.
   */
  readonly defaultAddressPools?: pulumi.Input<readonly pulumi.Input<AddressPoolArgs>[]>;
  /**
   * Whether containers on the default bridge reach each other on ports that are not published.
   * Default: true.
   */
  readonly icc?: pulumi.Input<boolean>;
  /** Whether what leaves carries the host's address. Default: true. */
  readonly ipMasq?: pulumi.Input<boolean>;
  /** The address of the host on which ports are published that name none. Default: 0.0.0.0. */
  readonly ip?: pulumi.Input<string>;
  /** Whether the daemon switches the kernel's forwarding on. Default: true. */
  readonly ipForward?: pulumi.Input<boolean>;
  /** Whether the daemon writes firewall rules. Default: true. */
  readonly iptables?: pulumi.Input<boolean>;
  /**
   * Whether the daemon writes firewall rules for IPv6. Default: true from 27.0, false before.
   */
  readonly ip6tables?: pulumi.Input<boolean>;
  /** Whether the default bridge has IPv6. Default: false. */
  readonly ipv6?: pulumi.Input<boolean>;
  /** Name servers of containers. Default: the host's. */
  readonly dns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Search domains of containers. Default: the host's. */
  readonly dnsSearch?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Options of the resolver in containers, as in resolv.conf. Default: the host's. */
  readonly dnsOptions?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The largest packet on the default bridge, in bytes. Default: 1500. */
  readonly mtu?: pulumi.Input<number>;
  /** Whether a process forwards published ports where the firewall cannot. Default: true. */
  readonly userlandProxy?: pulumi.Input<boolean>;
  /** Where containers' output goes. Default: json-file. */
  readonly logDriver?: pulumi.Input<string>;
  /** Options of the log driver, such as `max-size`. Default: the driver's. */
  readonly logOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** What the daemon's own log tells. One of debug, info, warn, error, fatal. Default: info. */
  readonly logLevel?: pulumi.Input<"debug" | "info" | "warn" | "error" | "fatal">;
  /** Whether it tells more. Default: false. */
  readonly debug?: pulumi.Input<boolean>;
  /**
   * Whether containers go on while the daemon is down. Not for a Swarm's services. Default:
   * false.
   */
  readonly liveRestore?: pulumi.Input<boolean>;
  /**
   * The user whose subordinate ids containers' root becomes, or `default`. Images and
   * containers of before are out of sight. Default: off.
   */
  readonly usernsRemap?: pulumi.Input<string>;
  /**
   * How image layers are kept. Images and containers of before are out of sight. Default: the
   * best there is.
   */
  readonly storageDriver?: pulumi.Input<string>;
  /** Options of the storage driver. Default: none. */
  readonly storageOptions?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Where images, containers and volumes are kept. Those of before stay where they are.
   * Default: /var/lib/docker.
   */
  readonly dataRoot?: pulumi.Input<string>;
  /** Options of the runtime, such as `native.cgroupdriver=systemd`. Default: none. */
  readonly execOptions?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The control group that containers are in. Default: /docker. */
  readonly cgroupParent?: pulumi.Input<string>;
  /** The runtime of containers that name none. Default: runc. */
  readonly defaultRuntime?: pulumi.Input<string>;
  /** Further OCI runtimes by name. Default: runc alone. */
  readonly runtimes?: pulumi.Input<{ readonly [name: string]: pulumi.Input<DaemonRuntimeArgs> }>;
  /** Limits of every container by name, such as `nofile`. Default: the daemon's own. */
  readonly defaultUlimits?: pulumi.Input<{ readonly [name: string]: pulumi.Input<DaemonUlimitArgs> }>;
  /** Size of /dev/shm of containers, in bytes. Default: 67108864. */
  readonly defaultShmSizeBytes?: pulumi.Input<number>;
  /**
   * Whether containers see control groups of their own. One of private, host. Default: private
   * with cgroup v2, else host.
   */
  readonly defaultCgroupnsMode?: pulumi.Input<"private" | "host">;
  /**
   * Whether other containers may join a container's shared memory. One of private, shareable.
   * Default: private.
   */
  readonly defaultIpcMode?: pulumi.Input<"private" | "shareable">;
  /**
   * Whether each container gets an init process that takes care of its children. Default:
   * false.
   */
  readonly init?: pulumi.Input<boolean>;
  /**
   * Whether no process of a container may gain rights, as by sudo or a setuid program. Default:
   * false.
   */
  readonly noNewPrivileges?: pulumi.Input<boolean>;
  /**
   * The host's file with the seccomp profile of containers. Default: the one that is built in.
   */
  readonly seccompProfile?: pulumi.Input<string>;
  /** Whether containers get SELinux labels. Default: false. */
  readonly selinuxEnabled?: pulumi.Input<boolean>;
  /** The daemon's labels by name. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * How long containers get to stop when the daemon stops, in seconds; -1 is for ever. Default:
   * 15.
   */
  readonly shutdownTimeoutSeconds?: pulumi.Input<number>;
  /** Layers of a pull at the same time. Default: 3. */
  readonly maxConcurrentDownloads?: pulumi.Input<number>;
  /** Layers of a push at the same time. Default: 5. */
  readonly maxConcurrentUploads?: pulumi.Input<number>;
  /** Tries to get a layer. Default: 5. */
  readonly maxDownloadAttempts?: pulumi.Input<number>;
  /** Mirrors of Docker Hub, as addresses. Default: none. */
  readonly registryMirrors?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Registries that are spoken to without a checked certificate: HOST:PORT, or a range as CIDR.
   * Default: none.
   */
  readonly insecureRegistries?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The proxy through which the daemon itself uses HTTP. Default: the daemon's environment. */
  readonly httpProxy?: pulumi.Input<string>;
  /**
   * The proxy through which the daemon itself uses HTTPS. Default: the daemon's environment.
   */
  readonly httpsProxy?: pulumi.Input<string>;
  /** Hosts that it asks directly, with commas. Default: none. */
  readonly noProxy?: pulumi.Input<string>;
  /** Where the state of running containers is. Default: /var/run/docker. */
  readonly execRoot?: pulumi.Input<string>;
  /** Where metrics are served in Prometheus's form, as ADDRESS:PORT. Default: nowhere. */
  readonly metricsAddress?: pulumi.Input<string>;
  /** Features by name. Default: the daemon's. */
  readonly features?: pulumi.Input<{ readonly [name: string]: pulumi.Input<boolean> }>;
  /** How much of the build cache is kept. Default: the daemon's. */
  readonly builderGc?: pulumi.Input<BuilderGcArgs>;
  /** Plugins that are asked about every call, in order. Default: none. */
  readonly authorizationPlugins?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The socket of the containerd that is used. Default: that of the service containerd where
   * systemd runs one, else one of the daemon's own.
   */
  readonly containerd?: pulumi.Input<string>;
  /** Whether what is not finished can be used. Default: false. */
  readonly experimental?: pulumi.Input<boolean>;
}

/** As it is: AddressPool. */
export interface AddressPool {
  /** The range, as CIDR. */
  readonly base: string;
  /** The prefix length of each subnet out of it. */
  readonly size: number;
}

/** As it is: DaemonRuntime. */
export interface DaemonRuntime {
  /** The program, absolute or found on PATH. */
  readonly path: string;
  /** Its arguments. Default: none. */
  readonly args?: readonly string[];
}

/** As it is: DaemonUlimit. */
export interface DaemonUlimit {
  /** The limit that holds. */
  readonly soft: number;
  /** How far a process may raise it. */
  readonly hard: number;
}

/** As it is: BuilderGc. */
export interface BuilderGc {
  /** Whether old build results go by themselves. Default: true. */
  readonly enabled?: boolean;
  /** How much may stay, such as `10GB`. Default: a tenth of the disk. */
  readonly keepStorage?: string;
}

/** As it is: DaemonOptions. */
export interface DaemonOptions {
  /**
   * The default bridge instead of docker0: it is made, addressed by `bridgeAddress`, and made
   * again after a reboot. `none`: there is no default bridge. Default: docker0.
   */
  readonly bridge?: string;
  /**
   * The address of docker0, with the prefix of its subnet. Default: a free one of the default
   * address pools.
   */
  readonly bip?: string;
  /**
   * The part of the default bridge's subnet from which containers get addresses. Default: all
   * of it.
   */
  readonly fixedCidr?: string;
  /** The IPv6 subnet of the default bridge. Default: none. */
  readonly fixedCidrV6?: string;
  /** The gateway of containers on the default bridge. Default: the bridge's own address. */
  readonly defaultGateway?: string;
  /**
   * The ranges from which networks that name no subnet get theirs. Default: 172.17.0.0/12 in
   * parts of /16, then 192.168.0.0/16 in parts of /20.
   */
  readonly defaultAddressPools?: readonly AddressPool[];
  /**
   * Whether containers on the default bridge reach each other on ports that are not published.
   * Default: true.
   */
  readonly icc?: boolean;
  /** Whether what leaves carries the host's address. Default: true. */
  readonly ipMasq?: boolean;
  /** The address of the host on which ports are published that name none. Default: 0.0.0.0. */
  readonly ip?: string;
  /** Whether the daemon switches the kernel's forwarding on. Default: true. */
  readonly ipForward?: boolean;
  /** Whether the daemon writes firewall rules. Default: true. */
  readonly iptables?: boolean;
  /**
   * Whether the daemon writes firewall rules for IPv6. Default: true from 27.0, false before.
   */
  readonly ip6tables?: boolean;
  /** Whether the default bridge has IPv6. Default: false. */
  readonly ipv6?: boolean;
  /** Name servers of containers. Default: the host's. */
  readonly dns?: readonly string[];
  /** Search domains of containers. Default: the host's. */
  readonly dnsSearch?: readonly string[];
  /** Options of the resolver in containers, as in resolv.conf. Default: the host's. */
  readonly dnsOptions?: readonly string[];
  /** The largest packet on the default bridge, in bytes. Default: 1500. */
  readonly mtu?: number;
  /** Whether a process forwards published ports where the firewall cannot. Default: true. */
  readonly userlandProxy?: boolean;
  /** Where containers' output goes. Default: json-file. */
  readonly logDriver?: string;
  /** Options of the log driver, such as `max-size`. Default: the driver's. */
  readonly logOptions?: { readonly [name: string]: string };
  /** What the daemon's own log tells. One of debug, info, warn, error, fatal. Default: info. */
  readonly logLevel?: "debug" | "info" | "warn" | "error" | "fatal";
  /** Whether it tells more. Default: false. */
  readonly debug?: boolean;
  /**
   * Whether containers go on while the daemon is down. Not for a Swarm's services. Default:
   * false.
   */
  readonly liveRestore?: boolean;
  /**
   * The user whose subordinate ids containers' root becomes, or `default`. Images and
   * containers of before are out of sight. Default: off.
   */
  readonly usernsRemap?: string;
  /**
   * How image layers are kept. Images and containers of before are out of sight. Default: the
   * best there is.
   */
  readonly storageDriver?: string;
  /** Options of the storage driver. Default: none. */
  readonly storageOptions?: readonly string[];
  /**
   * Where images, containers and volumes are kept. Those of before stay where they are.
   * Default: /var/lib/docker.
   */
  readonly dataRoot?: string;
  /** Options of the runtime, such as `native.cgroupdriver=systemd`. Default: none. */
  readonly execOptions?: readonly string[];
  /** The control group that containers are in. Default: /docker. */
  readonly cgroupParent?: string;
  /** The runtime of containers that name none. Default: runc. */
  readonly defaultRuntime?: string;
  /** Further OCI runtimes by name. Default: runc alone. */
  readonly runtimes?: { readonly [name: string]: DaemonRuntime };
  /** Limits of every container by name, such as `nofile`. Default: the daemon's own. */
  readonly defaultUlimits?: { readonly [name: string]: DaemonUlimit };
  /** Size of /dev/shm of containers, in bytes. Default: 67108864. */
  readonly defaultShmSizeBytes?: number;
  /**
   * Whether containers see control groups of their own. One of private, host. Default: private
   * with cgroup v2, else host.
   */
  readonly defaultCgroupnsMode?: "private" | "host";
  /**
   * Whether other containers may join a container's shared memory. One of private, shareable.
   * Default: private.
   */
  readonly defaultIpcMode?: "private" | "shareable";
  /**
   * Whether each container gets an init process that takes care of its children. Default:
   * false.
   */
  readonly init?: boolean;
  /**
   * Whether no process of a container may gain rights, as by sudo or a setuid program. Default:
   * false.
   */
  readonly noNewPrivileges?: boolean;
  /**
   * The host's file with the seccomp profile of containers. Default: the one that is built in.
   */
  readonly seccompProfile?: string;
  /** Whether containers get SELinux labels. Default: false. */
  readonly selinuxEnabled?: boolean;
  /** The daemon's labels by name. Default: none. */
  readonly labels?: { readonly [name: string]: string };
  /**
   * How long containers get to stop when the daemon stops, in seconds; -1 is for ever. Default:
   * 15.
   */
  readonly shutdownTimeoutSeconds?: number;
  /** Layers of a pull at the same time. Default: 3. */
  readonly maxConcurrentDownloads?: number;
  /** Layers of a push at the same time. Default: 5. */
  readonly maxConcurrentUploads?: number;
  /** Tries to get a layer. Default: 5. */
  readonly maxDownloadAttempts?: number;
  /** Mirrors of Docker Hub, as addresses. Default: none. */
  readonly registryMirrors?: readonly string[];
  /**
   * Registries that are spoken to without a checked certificate: HOST:PORT, or a range as CIDR.
   * Default: none.
   */
  readonly insecureRegistries?: readonly string[];
  /** The proxy through which the daemon itself uses HTTP. Default: the daemon's environment. */
  readonly httpProxy?: string;
  /**
   * The proxy through which the daemon itself uses HTTPS. Default: the daemon's environment.
   */
  readonly httpsProxy?: string;
  /** Hosts that it asks directly, with commas. Default: none. */
  readonly noProxy?: string;
  /** Where the state of running containers is. Default: /var/run/docker. */
  readonly execRoot?: string;
  /** Where metrics are served in Prometheus's form, as ADDRESS:PORT. Default: nowhere. */
  readonly metricsAddress?: string;
  /** Features by name. Default: the daemon's. */
  readonly features?: { readonly [name: string]: boolean };
  /** How much of the build cache is kept. Default: the daemon's. */
  readonly builderGc?: BuilderGc;
  /** Plugins that are asked about every call, in order. Default: none. */
  readonly authorizationPlugins?: readonly string[];
  /**
   * The socket of the containerd that is used. Default: that of the service containerd where
   * systemd runs one, else one of the daemon's own.
   */
  readonly containerd?: string;
  /** Whether what is not finished can be used. Default: false. */
  readonly experimental?: boolean;
}

/** Arguments of DockerDaemonResource. */
export interface DockerDaemonResourceArgs {
  /**
   * The daemon's options. Those that are left out are Docker's own; the file has no others.
   * Changing it updates in place. Default: none.
   */
  readonly options?: pulumi.Input<DaemonOptionsArgs>;
  /**
   * The address of the bridge that `options.bridge` names, with its prefix, such as
   * 172.30.0.1/24. Changing it updates in place. Default: none.
   */
  readonly bridgeAddress?: pulumi.Input<string>;
  /**
   * Where it listens on TCP with mutual TLS, as ADDRESS:PORT. Its unix socket is always there.
   * Changing it updates in place. Default: the unix socket alone.
   */
  readonly listen?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The authorities whose clients are let in, as PEM: several during a rotation. Changing it
   * updates in place. Default: none.
   */
  readonly tlsCa?: pulumi.Input<string>;
  /**
   * The server's certificate and what is sent along with it, as PEM. A change restarts the
   * daemon. Changing it updates in place. Default: none.
   */
  readonly tlsCert?: pulumi.Input<string>;
  /** The server's private key, as PEM. Changing it updates in place. Default: none. */
  readonly tlsKey?: pulumi.Input<string>;
  /**
   * The address under which the daemon is used, `tcp://HOST:PORT`. A change is confirmed
   * through it, or taken back. Changing it updates in place. Default: the unix socket, through
   * the connection to the machine.
   */
  readonly address?: pulumi.Input<string>;
  /**
   * What the client trusts when it uses `address`, as PEM. Changing it updates in place.
   * Default: none.
   */
  readonly clientCa?: pulumi.Input<string>;
  /**
   * The client's certificate for `address`, as PEM. Changing it updates in place. Default:
   * none.
   */
  readonly clientCert?: pulumi.Input<string>;
  /**
   * The client's private key for `address`, as PEM. Changing it updates in place. Default:
   * none.
   */
  readonly clientKey?: pulumi.Input<string>;
  /**
   * The engine's version; with another one the daemon is restarted. Give it the output of the
   * DockerEngine. Changing it updates in place. Default: not watched.
   */
  readonly engineVersion?: pulumi.Input<string>;
  /**
   * Whether a configuration that is there already is replaced. It comes back when this is
   * deleted. Changing it alone changes nothing. Default: false.
   */
  readonly adopt?: pulumi.Input<boolean>;
  /**
   * Whether usernsRemap, dataRoot and storageDriver may change, which puts images, containers
   * and volumes out of sight. Changing it alone changes nothing. Default: false.
   */
  readonly acceptDataMove?: pulumi.Input<boolean>;
  /**
   * How long the host waits for a change to be confirmed before it takes it back, in seconds.
   * Changing it alone changes nothing. Default: 45.
   */
  readonly confirmSeconds?: pulumi.Input<number>;
}

/**
 * The Docker daemon of a host: its options, its listeners and their certificates. A change that
 * the client cannot confirm is taken back by the host itself. Deleting it brings back the
 * configuration of before, or Docker's defaults; containers, images and volumes stay.
 */
export class DockerDaemonResource extends QuietResource {
  /**
   * The daemon's options. Those that are left out are Docker's own; the file has no others.
   * Changing it updates in place. Default: none.
   */
  declare readonly options: pulumi.Output<DaemonOptions | undefined>;
  /**
   * The address of the bridge that `options.bridge` names, with its prefix, such as
   * 172.30.0.1/24. Changing it updates in place. Default: none.
   */
  declare readonly bridgeAddress: pulumi.Output<string | undefined>;
  /**
   * Where it listens on TCP with mutual TLS, as ADDRESS:PORT. Its unix socket is always there.
   * Changing it updates in place. Default: the unix socket alone.
   */
  declare readonly listen: pulumi.Output<readonly string[] | undefined>;
  /**
   * The authorities whose clients are let in, as PEM: several during a rotation. Changing it
   * updates in place. Default: none.
   */
  declare readonly tlsCa: pulumi.Output<string | undefined>;
  /**
   * The server's certificate and what is sent along with it, as PEM. A change restarts the
   * daemon. Changing it updates in place. Default: none.
   */
  declare readonly tlsCert: pulumi.Output<string | undefined>;
  /** The server's private key, as PEM. Changing it updates in place. Default: none. */
  declare readonly tlsKey: pulumi.Output<string | undefined>;
  /**
   * The address under which the daemon is used, `tcp://HOST:PORT`. A change is confirmed
   * through it, or taken back. Changing it updates in place. Default: the unix socket, through
   * the connection to the machine.
   */
  declare readonly address: pulumi.Output<string | undefined>;
  /**
   * What the client trusts when it uses `address`, as PEM. Changing it updates in place.
   * Default: none.
   */
  declare readonly clientCa: pulumi.Output<string | undefined>;
  /**
   * The client's certificate for `address`, as PEM. Changing it updates in place. Default:
   * none.
   */
  declare readonly clientCert: pulumi.Output<string | undefined>;
  /**
   * The client's private key for `address`, as PEM. Changing it updates in place. Default:
   * none.
   */
  declare readonly clientKey: pulumi.Output<string | undefined>;
  /**
   * The engine's version; with another one the daemon is restarted. Give it the output of the
   * DockerEngine. Changing it updates in place. Default: not watched.
   */
  declare readonly engineVersion: pulumi.Output<string | undefined>;
  /**
   * Whether a configuration that is there already is replaced. It comes back when this is
   * deleted. Changing it alone changes nothing. Default: false.
   */
  declare readonly adopt: pulumi.Output<boolean | undefined>;
  /**
   * Whether usernsRemap, dataRoot and storageDriver may change, which puts images, containers
   * and volumes out of sight. Changing it alone changes nothing. Default: false.
   */
  declare readonly acceptDataMove: pulumi.Output<boolean | undefined>;
  /**
   * How long the host waits for a change to be confirmed before it takes it back, in seconds.
   * Changing it alone changes nothing. Default: 45.
   */
  declare readonly confirmSeconds: pulumi.Output<number | undefined>;
  /**
   * Where it is used, once it is as declared: `address`, or its unix socket. Changing it
   * replaces the resource.
   */
  declare readonly endpoint: pulumi.Output<string>;
  /** The version that runs. Changing it replaces the resource. */
  declare readonly serverVersion: pulumi.Output<string>;
  /** The API version spoken with it. Changing it replaces the resource. */
  declare readonly apiVersion: pulumi.Output<string>;
  /** How it keeps image layers. Changing it replaces the resource. */
  declare readonly storageDriver: pulumi.Output<string>;
  /** Where images, containers and volumes are. Changing it replaces the resource. */
  declare readonly dataRoot: pulumi.Output<string>;
  /** The version of control groups it uses. Changing it replaces the resource. */
  declare readonly cgroupVersion: pulumi.Output<string>;
  /** Whether it runs. Changing it replaces the resource. */
  declare readonly running: pulumi.Output<boolean>;
  /**
   * Whether the service starts it as declared: `as declared`, or `changed`. Changing it
   * replaces the resource.
   */
  declare readonly service: pulumi.Output<string>;
  /**
   * Whether its files are as they were written: `as declared`, or which are not. Changing it
   * replaces the resource.
   */
  declare readonly files: pulumi.Output<string>;
  /**
   * Keys of daemon.json that nobody declared: `none`, or their names. Changing it replaces the
   * resource.
   */
  declare readonly otherKeys: pulumi.Output<string>;

  constructor(
    name: string,
    args: DockerDaemonResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      options: undefined,
      bridgeAddress: undefined,
      listen: undefined,
      tlsCa: undefined,
      tlsCert: undefined,
      tlsKey: undefined,
      address: undefined,
      clientCa: undefined,
      clientCert: undefined,
      clientKey: undefined,
      engineVersion: undefined,
      adopt: undefined,
      acceptDataMove: undefined,
      confirmSeconds: undefined,
      endpoint: undefined,
      serverVersion: undefined,
      apiVersion: undefined,
      storageDriver: undefined,
      dataRoot: undefined,
      cgroupVersion: undefined,
      running: undefined,
      service: undefined,
      files: undefined,
      otherKeys: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:DockerDaemon", name, props, pulumi.mergeOptions({ additionalSecretOutputs: ["tlsKey", "clientKey"] }, opts));
  }
}
