// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import type * as pulumi from "@pulumi/pulumi";

/** Arguments: SshJump. */
export interface SshJumpArgs {
  /** The host's name or address. */
  readonly host: pulumi.Input<string>;
  /** The port of its sshd. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** The user to log in as. */
  readonly user: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: pulumi.Input<string>;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: pulumi.Input<string>;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: pulumi.Input<string>;
}

/** As it is: SshJump. */
export interface SshJump {
  /** The host's name or address. */
  readonly host: string;
  /** The port of its sshd. Default: 22. */
  readonly port?: number;
  /** The user to log in as. */
  readonly user: string;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: string;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: string;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: string;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: string;
}

/** Arguments: Ssh. */
export interface SshArgs {
  /** The host's name or address. */
  readonly host: pulumi.Input<string>;
  /** The port of its sshd. Default: 22. */
  readonly port?: pulumi.Input<number>;
  /** The user to log in as. */
  readonly user: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: pulumi.Input<string>;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: pulumi.Input<string>;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: pulumi.Input<string>;
  /** The user's password for sudo, where the user is not root and sudo asks. Default: none. */
  readonly sudoPassword?: pulumi.Input<string>;
  /** The machines to go through, in the order of the way. Default: none. */
  readonly jumps?: pulumi.Input<readonly pulumi.Input<SshJumpArgs>[]>;
}

/** As it is: Ssh. */
export interface Ssh {
  /** The host's name or address. */
  readonly host: string;
  /** The port of its sshd. Default: 22. */
  readonly port?: number;
  /** The user to log in as. */
  readonly user: string;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Default: none: then agentSocket
   * is needed.
   */
  readonly privateKey?: string;
  /** The passphrase of the private key. Default: none. */
  readonly passphrase?: string;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one that this
   * variable names when the update runs. Default: none: keys of an agent are used only when
   * asked for.
   */
  readonly agentSocket?: string;
  /** The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused. */
  readonly hostKey: string;
  /** The user's password for sudo, where the user is not root and sudo asks. Default: none. */
  readonly sudoPassword?: string;
  /** The machines to go through, in the order of the way. Default: none. */
  readonly jumps?: readonly SshJump[];
}

/** Arguments: RegistryAuth. */
export interface RegistryAuthArgs {
  /** The user. Default: none: then identityToken is needed. */
  readonly username?: pulumi.Input<string>;
  /** The password, or the token that stands for one. Default: none. */
  readonly password?: pulumi.Input<string>;
  /** An identity token, in place of user and password. Default: none. */
  readonly identityToken?: pulumi.Input<string>;
}

/** As it is: RegistryAuth. */
export interface RegistryAuth {
  /** The user. Default: none: then identityToken is needed. */
  readonly username?: string;
  /** The password, or the token that stands for one. Default: none. */
  readonly password?: string;
  /** An identity token, in place of user and password. Default: none. */
  readonly identityToken?: string;
}

/** Arguments: DaemonConnection. */
export interface DaemonConnectionArgs {
  /**
   * The daemon's address, as in DOCKER_HOST: `unix:///PATH` (on the machine of `ssh`, where
   * that is given), or `tcp://HOST:PORT` with mutual TLS. Changing it updates in place.
   * Default: with ssh unix:///var/run/docker.sock, else DOCKER_HOST of the environment, else
   * that.
   */
  readonly host?: pulumi.Input<string>;
  /**
   * The certificate of the authority that signed the daemon's certificate, as PEM. Required for
   * tcp. Changing it updates in place. Default: none.
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * The client's certificate, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly cert?: pulumi.Input<string>;
  /**
   * The client's private key, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly key?: pulumi.Input<string>;
  /**
   * The name of a context of the Docker CLI, of the user who runs the update: its address and
   * TLS files are used. Changing it updates in place. Default: none.
   */
  readonly dockerContext?: pulumi.Input<string>;
  /**
   * The machine, reached over SSH. Host resources work on it; so does Docker, over its socket,
   * unless `host` says tcp. Changing it updates in place. Default: the machine that the plugin
   * runs on.
   */
  readonly ssh?: pulumi.Input<SshArgs>;
}

/** As it is: DaemonConnection. */
export interface DaemonConnection {
  /**
   * The daemon's address, as in DOCKER_HOST: `unix:///PATH` (on the machine of `ssh`, where
   * that is given), or `tcp://HOST:PORT` with mutual TLS. Changing it updates in place.
   * Default: with ssh unix:///var/run/docker.sock, else DOCKER_HOST of the environment, else
   * that.
   */
  readonly host?: string;
  /**
   * The certificate of the authority that signed the daemon's certificate, as PEM. Required for
   * tcp. Changing it updates in place. Default: none.
   */
  readonly ca?: string;
  /**
   * The client's certificate, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly cert?: string;
  /**
   * The client's private key, as PEM. Required for tcp. Changing it updates in place. Default:
   * none.
   */
  readonly key?: string;
  /**
   * The name of a context of the Docker CLI, of the user who runs the update: its address and
   * TLS files are used. Changing it updates in place. Default: none.
   */
  readonly dockerContext?: string;
  /**
   * The machine, reached over SSH. Host resources work on it; so does Docker, over its socket,
   * unless `host` says tcp. Changing it updates in place. Default: the machine that the plugin
   * runs on.
   */
  readonly ssh?: Ssh;
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
   * where the daemon is on this machine or its host is reached over SSH, else at the published
   * port of a TCP daemon.
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
   * where the daemon is on this machine or its host is reached over SSH, else at the published
   * port of a TCP daemon.
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

/** Arguments: Site. */
export interface SiteArgs {
  /** The host name, without a port; `*` for every host that no other route names. */
  readonly host: pulumi.Input<string>;
  /** The path prefix, matched on whole segments. Default: /. */
  readonly path?: pulumi.Input<string>;
}

/** Arguments: RouteCheck. */
export interface RouteCheckArgs {
  /** The path to ask for. Default: none: a TCP connection is the check. */
  readonly path?: pulumi.Input<string>;
  /** The HTTP method. Default: GET. */
  readonly method?: pulumi.Input<string>;
  /** The statuses that are well: `200`, `200-399`. Default: 200-399. */
  readonly expectStatus?: pulumi.Input<string>;
  /** The Host header. Default: the host of the first site. */
  readonly host?: pulumi.Input<string>;
  /** Time between checks, in milliseconds. Default: 1000. */
  readonly intervalMs?: pulumi.Input<number>;
}

/** Arguments: RouteTimeouts. */
export interface RouteTimeoutsArgs {
  /**
   * The longest silence of a server within a request, in milliseconds. Default: the proxy's.
   */
  readonly serverMs?: pulumi.Input<number>;
  /** The longest wait for a connection to a server, in milliseconds. Default: the proxy's. */
  readonly connectMs?: pulumi.Input<number>;
  /**
   * The longest wait for a server that has room, in milliseconds; then the answer is 503.
   * Default: as connectMs.
   */
  readonly queueMs?: pulumi.Input<number>;
  /** The longest silence of an upgraded connection, in milliseconds. Default: the proxy's. */
  readonly tunnelMs?: pulumi.Input<number>;
}

/** Arguments: RouteLimits. */
export interface RouteLimitsArgs {
  /** Requests at once to each server; further ones wait in the proxy. Default: no limit. */
  readonly connectionsPerServer?: pulumi.Input<number>;
  /**
   * Requests of one client address in a second, on average over ten; further ones are answered
   * with 429. Default: no limit.
   */
  readonly requestsPerSecond?: pulumi.Input<number>;
}

/** Arguments: RouteRedirect. */
export interface RouteRedirectArgs {
  /**
   * The address to go to, such as `https://shop.example.com`; the request's own path follows
   * it.
   */
  readonly to: pulumi.Input<string>;
  /** The status: 301, 302, 303, 307 or 308. Default: 308. */
  readonly code?: pulumi.Input<number>;
  /** Whether `to` is the whole address, so that no path follows. Default: false. */
  readonly exact?: pulumi.Input<boolean>;
}

/** As it is: Site. */
export interface Site {
  /** The host name, without a port; `*` for every host that no other route names. */
  readonly host: string;
  /** The path prefix, matched on whole segments. Default: /. */
  readonly path?: string;
}

/** As it is: RouteCheck. */
export interface RouteCheck {
  /** The path to ask for. Default: none: a TCP connection is the check. */
  readonly path?: string;
  /** The HTTP method. Default: GET. */
  readonly method?: string;
  /** The statuses that are well: `200`, `200-399`. Default: 200-399. */
  readonly expectStatus?: string;
  /** The Host header. Default: the host of the first site. */
  readonly host?: string;
  /** Time between checks, in milliseconds. Default: 1000. */
  readonly intervalMs?: number;
}

/** As it is: RouteTimeouts. */
export interface RouteTimeouts {
  /**
   * The longest silence of a server within a request, in milliseconds. Default: the proxy's.
   */
  readonly serverMs?: number;
  /** The longest wait for a connection to a server, in milliseconds. Default: the proxy's. */
  readonly connectMs?: number;
  /**
   * The longest wait for a server that has room, in milliseconds; then the answer is 503.
   * Default: as connectMs.
   */
  readonly queueMs?: number;
  /** The longest silence of an upgraded connection, in milliseconds. Default: the proxy's. */
  readonly tunnelMs?: number;
}

/** As it is: RouteLimits. */
export interface RouteLimits {
  /** Requests at once to each server; further ones wait in the proxy. Default: no limit. */
  readonly connectionsPerServer?: number;
  /**
   * Requests of one client address in a second, on average over ten; further ones are answered
   * with 429. Default: no limit.
   */
  readonly requestsPerSecond?: number;
}

/** As it is: RouteRedirect. */
export interface RouteRedirect {
  /**
   * The address to go to, such as `https://shop.example.com`; the request's own path follows
   * it.
   */
  readonly to: string;
  /** The status: 301, 302, 303, 307 or 308. Default: 308. */
  readonly code?: number;
  /** Whether `to` is the whole address, so that no path follows. Default: false. */
  readonly exact?: boolean;
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
  /**
   * Time between checks during startPeriodMs, in milliseconds. Needs API 1.44. Default: 5000.
   */
  readonly startIntervalMs?: pulumi.Input<number>;
}

/** Arguments: BindOptions. */
export interface BindOptionsArgs {
  /**
   * Whether mounts that come later are seen on the other side. One of private, rprivate,
   * shared, rshared, slave, rslave. Default: rprivate.
   */
  readonly propagation?: pulumi.Input<"private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave">;
  /** Leaves out what is mounted below the path. Default: false. */
  readonly nonRecursive?: pulumi.Input<boolean>;
  /** Makes the path on the host where it is not there. Needs API 1.42. Default: false. */
  readonly createMountpoint?: pulumi.Input<boolean>;
  /**
   * With readOnly: what is mounted below the path stays writable. Needs API 1.44. Default:
   * false.
   */
  readonly readOnlyNonRecursive?: pulumi.Input<boolean>;
  /**
   * With readOnly: fails where what is mounted below cannot be made read-only. Needs API 1.44.
   * Default: false.
   */
  readonly readOnlyForceRecursive?: pulumi.Input<boolean>;
}

/** Arguments: VolumeOptions. */
export interface VolumeOptionsArgs {
  /**
   * Leaves a new volume empty, in place of filling it with what the image has there. Default:
   * false.
   */
  readonly noCopy?: pulumi.Input<boolean>;
  /** Labels of the volume, if it has to be made. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** Its driver, if it has to be made. Default: local. */
  readonly driver?: pulumi.Input<string>;
  /** Options of its driver, if it has to be made. Default: none. */
  readonly driverOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The folder of the volume that is mounted; it has to be there. Needs API 1.45. Default: the
   * whole volume.
   */
  readonly subpath?: pulumi.Input<string>;
}

/** Arguments: TmpfsOptions. */
export interface TmpfsOptionsArgs {
  /** The most it holds, in bytes. Default: no limit. */
  readonly sizeBytes?: pulumi.Input<number>;
  /** The permission bits of its folder, as a number: 0o700. Default: 0o1777. */
  readonly mode?: pulumi.Input<number>;
  /**
   * Further mount options, each a name or a name and a value: `[["noexec"]]`. Needs API 1.46.
   * Default: none.
   */
  readonly options?: pulumi.Input<readonly (pulumi.Input<readonly pulumi.Input<string>[]>)[]>;
}

/** Arguments: Mount. */
export interface MountArgs {
  /**
   * A volume of the daemon, a path of its host, memory, or an image's content (API 1.48). One
   * of volume, bind, tmpfs, image. Default: volume.
   */
  readonly type?: pulumi.Input<"volume" | "bind" | "tmpfs" | "image">;
  /**
   * The volume's name, the path on the host, or the image. Default: of a volume: an anonymous
   * one, that goes with the container.
   */
  readonly source?: pulumi.Input<string>;
  /** Where it appears in the container. */
  readonly target: pulumi.Input<string>;
  /** Whether the container may only read it. Default: false. */
  readonly readOnly?: pulumi.Input<boolean>;
  /**
   * How closely both sides agree; only Docker Desktop heeds it. One of default, consistent,
   * cached, delegated. Default: default.
   */
  readonly consistency?: pulumi.Input<"default" | "consistent" | "cached" | "delegated">;
  /** Options of a bind. Default: Docker's. */
  readonly bindOptions?: pulumi.Input<BindOptionsArgs>;
  /** Options of a volume. Default: Docker's. */
  readonly volumeOptions?: pulumi.Input<VolumeOptionsArgs>;
  /** Options of a file system in memory. Default: Docker's. */
  readonly tmpfsOptions?: pulumi.Input<TmpfsOptionsArgs>;
  /** Of an image: the folder that is mounted. Needs API 1.48. Default: the whole image. */
  readonly imageSubpath?: pulumi.Input<string>;
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
  /**
   * Time between checks during startPeriodMs, in milliseconds. Needs API 1.44. Default: 5000.
   */
  readonly startIntervalMs?: number;
}

/** As it is: BindOptions. */
export interface BindOptions {
  /**
   * Whether mounts that come later are seen on the other side. One of private, rprivate,
   * shared, rshared, slave, rslave. Default: rprivate.
   */
  readonly propagation?: "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave";
  /** Leaves out what is mounted below the path. Default: false. */
  readonly nonRecursive?: boolean;
  /** Makes the path on the host where it is not there. Needs API 1.42. Default: false. */
  readonly createMountpoint?: boolean;
  /**
   * With readOnly: what is mounted below the path stays writable. Needs API 1.44. Default:
   * false.
   */
  readonly readOnlyNonRecursive?: boolean;
  /**
   * With readOnly: fails where what is mounted below cannot be made read-only. Needs API 1.44.
   * Default: false.
   */
  readonly readOnlyForceRecursive?: boolean;
}

/** As it is: VolumeOptions. */
export interface VolumeOptions {
  /**
   * Leaves a new volume empty, in place of filling it with what the image has there. Default:
   * false.
   */
  readonly noCopy?: boolean;
  /** Labels of the volume, if it has to be made. Default: none. */
  readonly labels?: { readonly [name: string]: string };
  /** Its driver, if it has to be made. Default: local. */
  readonly driver?: string;
  /** Options of its driver, if it has to be made. Default: none. */
  readonly driverOptions?: { readonly [name: string]: string };
  /**
   * The folder of the volume that is mounted; it has to be there. Needs API 1.45. Default: the
   * whole volume.
   */
  readonly subpath?: string;
}

/** As it is: TmpfsOptions. */
export interface TmpfsOptions {
  /** The most it holds, in bytes. Default: no limit. */
  readonly sizeBytes?: number;
  /** The permission bits of its folder, as a number: 0o700. Default: 0o1777. */
  readonly mode?: number;
  /**
   * Further mount options, each a name or a name and a value: `[["noexec"]]`. Needs API 1.46.
   * Default: none.
   */
  readonly options?: readonly (readonly string[])[];
}

/** As it is: Mount. */
export interface Mount {
  /**
   * A volume of the daemon, a path of its host, memory, or an image's content (API 1.48). One
   * of volume, bind, tmpfs, image. Default: volume.
   */
  readonly type?: "volume" | "bind" | "tmpfs" | "image";
  /**
   * The volume's name, the path on the host, or the image. Default: of a volume: an anonymous
   * one, that goes with the container.
   */
  readonly source?: string;
  /** Where it appears in the container. */
  readonly target: string;
  /** Whether the container may only read it. Default: false. */
  readonly readOnly?: boolean;
  /**
   * How closely both sides agree; only Docker Desktop heeds it. One of default, consistent,
   * cached, delegated. Default: default.
   */
  readonly consistency?: "default" | "consistent" | "cached" | "delegated";
  /** Options of a bind. Default: Docker's. */
  readonly bindOptions?: BindOptions;
  /** Options of a volume. Default: Docker's. */
  readonly volumeOptions?: VolumeOptions;
  /** Options of a file system in memory. Default: Docker's. */
  readonly tmpfsOptions?: TmpfsOptions;
  /** Of an image: the folder that is mounted. Needs API 1.48. Default: the whole image. */
  readonly imageSubpath?: string;
}

/** Arguments: ConsoleSize. */
export interface ConsoleSizeArgs {
  /** Rows. */
  readonly height: pulumi.Input<number>;
  /** Columns. */
  readonly width: pulumi.Input<number>;
}

/** Arguments: Logging. */
export interface LoggingArgs {
  /** The driver: `json-file`, `local`, `journald`, `none`, ... Default: the daemon's. */
  readonly driver?: pulumi.Input<string>;
  /**
   * The driver's options, such as `{ "max-size": "10m", "max-file": "3" }`. Default: the
   * daemon's.
   */
  readonly options?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** Arguments: NetworkAttachment. */
export interface NetworkAttachmentArgs {
  /** The network's name. */
  readonly network: pulumi.Input<string>;
  /** Further names under which the container is found on this network. Default: none. */
  readonly aliases?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** A fixed address of the network's subnet. Default: any free one. */
  readonly ipv4Address?: pulumi.Input<string>;
  /** A fixed address of the network's IPv6 subnet. Default: any free one. */
  readonly ipv6Address?: pulumi.Input<string>;
  /** Further addresses of the link, such as 169.254.3.4. Default: none. */
  readonly linkLocalIps?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * The MAC address on this network. Needs API 1.44; for older daemons there is `macAddress` of
   * the container. Default: one that the daemon makes.
   */
  readonly macAddress?: pulumi.Input<string>;
  /** Names for other containers, on this network alone: "CONTAINER:ALIAS". Default: none. */
  readonly links?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Options of the network's driver for this endpoint. Default: none. */
  readonly driverOptions?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * The network of the highest priority gives the default gateway. Needs API 1.48; older
   * daemons take the first network by name that has a gateway. Default: 0.
   */
  readonly gatewayPriority?: pulumi.Input<number>;
}

/** Arguments: PortMapping. */
export interface PortMappingArgs {
  /** The port in the container. */
  readonly containerPort: pulumi.Input<number>;
  /** The port on the host. Default: a free one, chosen by the daemon. */
  readonly hostPort?: pulumi.Input<number>;
  /** With hostPort: the daemon takes a free port of hostPort to this one. Default: hostPort. */
  readonly hostPortEnd?: pulumi.Input<number>;
  /** The address of the host to listen on. Default: all of them. */
  readonly hostIp?: pulumi.Input<string>;
  /**
   * Without hostPort: the port is chosen once, of 20000 to 29999, by the container's name and
   * by what is free, and stays the same over restarts. Default: false: the daemon chooses one
   * at each start.
   */
  readonly keep?: pulumi.Input<boolean>;
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
}

/** Arguments: FileUpload. */
export interface FileUploadArgs {
  /**
   * The text of the file; mark it secret where it is. Give this or contentBase64. Default: what
   * contentBase64 says.
   */
  readonly content?: pulumi.Input<string>;
  /** The bytes of the file, as base64. Default: what content says. */
  readonly contentBase64?: pulumi.Input<string>;
  /** The permission bits, as a number: 0o400. Default: 0o444. */
  readonly mode?: pulumi.Input<number>;
  /** The owner's number. Default: 0. */
  readonly uid?: pulumi.Input<number>;
  /** The group's number. Default: 0. */
  readonly gid?: pulumi.Input<number>;
}

/** Arguments: Ulimit. */
export interface UlimitArgs {
  /** The limit that holds. */
  readonly soft: pulumi.Input<number>;
  /** How far the process may raise it. */
  readonly hard: pulumi.Input<number>;
}

/** Arguments: Device. */
export interface DeviceArgs {
  /** The device's path on the host. */
  readonly hostPath: pulumi.Input<string>;
  /** Its path in the container. Default: hostPath. */
  readonly containerPath?: pulumi.Input<string>;
  /** What the container may do: r (read), w (write), m (make). Default: rwm. */
  readonly permissions?: pulumi.Input<string>;
}

/** Arguments: DeviceRequest. */
export interface DeviceRequestArgs {
  /** The driver: `nvidia`, `cdi`, ... Default: one that can do it. */
  readonly driver?: pulumi.Input<string>;
  /** How many; -1 is all. Give this or deviceIds. Default: 0. */
  readonly count?: pulumi.Input<number>;
  /** Which ones, by the driver's ids. Default: any. */
  readonly deviceIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * What they can do: one of the lists must be met whole, such as `[["gpu"]]`. Default:
   * anything.
   */
  readonly capabilities?: pulumi.Input<readonly (pulumi.Input<readonly pulumi.Input<string>[]>)[]>;
  /** The driver's options. Default: none. */
  readonly options?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
}

/** As it is: ConsoleSize. */
export interface ConsoleSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/** As it is: Logging. */
export interface Logging {
  /** The driver: `json-file`, `local`, `journald`, `none`, ... Default: the daemon's. */
  readonly driver?: string;
  /**
   * The driver's options, such as `{ "max-size": "10m", "max-file": "3" }`. Default: the
   * daemon's.
   */
  readonly options?: { readonly [name: string]: string };
}

/** As it is: NetworkAttachment. */
export interface NetworkAttachment {
  /** The network's name. */
  readonly network: string;
  /** Further names under which the container is found on this network. Default: none. */
  readonly aliases?: readonly string[];
  /** A fixed address of the network's subnet. Default: any free one. */
  readonly ipv4Address?: string;
  /** A fixed address of the network's IPv6 subnet. Default: any free one. */
  readonly ipv6Address?: string;
  /** Further addresses of the link, such as 169.254.3.4. Default: none. */
  readonly linkLocalIps?: readonly string[];
  /**
   * The MAC address on this network. Needs API 1.44; for older daemons there is `macAddress` of
   * the container. Default: one that the daemon makes.
   */
  readonly macAddress?: string;
  /** Names for other containers, on this network alone: "CONTAINER:ALIAS". Default: none. */
  readonly links?: readonly string[];
  /** Options of the network's driver for this endpoint. Default: none. */
  readonly driverOptions?: { readonly [name: string]: string };
  /**
   * The network of the highest priority gives the default gateway. Needs API 1.48; older
   * daemons take the first network by name that has a gateway. Default: 0.
   */
  readonly gatewayPriority?: number;
}

/** As it is: PortMapping. */
export interface PortMapping {
  /** The port in the container. */
  readonly containerPort: number;
  /** The port on the host. Default: a free one, chosen by the daemon. */
  readonly hostPort?: number;
  /** With hostPort: the daemon takes a free port of hostPort to this one. Default: hostPort. */
  readonly hostPortEnd?: number;
  /** The address of the host to listen on. Default: all of them. */
  readonly hostIp?: string;
  /**
   * Without hostPort: the port is chosen once, of 20000 to 29999, by the container's name and
   * by what is free, and stays the same over restarts. Default: false: the daemon chooses one
   * at each start.
   */
  readonly keep?: boolean;
  /** The protocol. One of tcp, udp, sctp. Default: tcp. */
  readonly protocol?: "tcp" | "udp" | "sctp";
}

/** As it is: FileUpload. */
export interface FileUpload {
  /**
   * The text of the file; mark it secret where it is. Give this or contentBase64. Default: what
   * contentBase64 says.
   */
  readonly content?: string;
  /** The bytes of the file, as base64. Default: what content says. */
  readonly contentBase64?: string;
  /** The permission bits, as a number: 0o400. Default: 0o444. */
  readonly mode?: number;
  /** The owner's number. Default: 0. */
  readonly uid?: number;
  /** The group's number. Default: 0. */
  readonly gid?: number;
}

/** As it is: Ulimit. */
export interface Ulimit {
  /** The limit that holds. */
  readonly soft: number;
  /** How far the process may raise it. */
  readonly hard: number;
}

/** As it is: Device. */
export interface Device {
  /** The device's path on the host. */
  readonly hostPath: string;
  /** Its path in the container. Default: hostPath. */
  readonly containerPath?: string;
  /** What the container may do: r (read), w (write), m (make). Default: rwm. */
  readonly permissions?: string;
}

/** As it is: DeviceRequest. */
export interface DeviceRequest {
  /** The driver: `nvidia`, `cdi`, ... Default: one that can do it. */
  readonly driver?: string;
  /** How many; -1 is all. Give this or deviceIds. Default: 0. */
  readonly count?: number;
  /** Which ones, by the driver's ids. Default: any. */
  readonly deviceIds?: readonly string[];
  /**
   * What they can do: one of the lists must be met whole, such as `[["gpu"]]`. Default:
   * anything.
   */
  readonly capabilities?: readonly (readonly string[])[];
  /** The driver's options. Default: none. */
  readonly options?: { readonly [name: string]: string };
}
