// What rules look at: the shapes that every platform's resources are brought to, so that one rule
// judges them all. A member that is undefined cannot be decided (the value is not known yet, or the
// platform has no such thing) and no rule finds fault with it; a member whose `value` is undefined
// was not declared.

/** A value that was declared, or was not, with the property where it stands or would stand. */
export interface Declared<T> {
  /** Path of the property, such as `containerDefinitions[0].privileged`. */
  readonly path: string;
  /** What was declared; undefined where nothing was. */
  readonly value: T | undefined;
}

/** A port that a container publishes on its host. */
export interface PublishedPlace {
  /** Path of the property that publishes it. */
  readonly path: string;
  /** Undefined where a free port is taken. */
  readonly hostPort: number | undefined;
  /** The host's address, such as `127.0.0.1`; undefined is all of them. */
  readonly hostIp: string | undefined;
}

/** A path of the host that a container sees. */
export interface HostMount {
  /** Path of the property that mounts it. */
  readonly path: string;
  /** The path on the host, absolute. */
  readonly source: string;
  /** Whether the container can only read it. */
  readonly readOnly: boolean;
  /** As Docker says it: `rprivate`, `shared`, ...; undefined where it was not declared. */
  readonly propagation: string | undefined;
}

/** A variable or a build argument. */
export interface NamedValue {
  /** Path of the property that sets it. */
  readonly path: string;
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: string;
}

/** Where a container's output goes. */
export interface Logging {
  /** The driver, such as `json-file` or `awslogs`; undefined is the daemon's own. */
  readonly driver: string | undefined;
  /** The driver's options by name. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A container, as a daemon, Swarm, ECS or Kubernetes is to run it. */
export interface ContainerSubject {
  /** Tells the shapes apart. */
  readonly kind: "container";
  /** The image's reference. */
  readonly image?: Declared<string>;
  /** `USER[:GROUP]`, names or numbers; undefined value is the image's own. */
  readonly user?: Declared<string>;
  /** Whether it may do what the host's root may. */
  readonly privileged?: Declared<boolean>;
  /** Capabilities in capitals, without `CAP_`. */
  readonly capAdd?: Declared<readonly string[]>;
  /** Capabilities that are taken away, in capitals, without `CAP_`; `ALL` is all. */
  readonly capDrop?: Declared<readonly string[]>;
  /** Whether its root file system is read only. */
  readonly readOnlyRoot?: Declared<boolean>;
  /** Whether set-user-id programs give it nothing. */
  readonly noNewPrivileges?: Declared<boolean>;
  /** Profiles: `unconfined`, a name or a path. */
  readonly seccomp?: Declared<string>;
  /** AppArmor profile: `unconfined`, or a name. */
  readonly apparmor?: Declared<string>;
  /** SELinux label, or `disable`. */
  readonly selinux?: Declared<string>;
  /** `host`, `bridge` (the default one), `none`, `container:NAME`, or a network's name. */
  readonly network?: Declared<string>;
  /** PID namespace: `host`, `container:NAME`, or its own. */
  readonly pid?: Declared<string>;
  /** IPC namespace: `host`, `shareable`, `container:NAME`, or its own. */
  readonly ipc?: Declared<string>;
  /** UTS namespace: `host`, or its own. */
  readonly uts?: Declared<string>;
  /** User namespace: `host`, or the daemon's. */
  readonly userns?: Declared<string>;
  /** The cgroup above its own. */
  readonly cgroupParent?: Declared<string>;
  /** The most memory that it may have, in bytes; 0 and undefined value are no limit. */
  readonly memoryBytes?: Declared<number>;
  /** Any limit or share of CPU time. */
  readonly cpu?: Declared<number>;
  /** The most processes that it may have; 0, -1 and undefined value are no limit. */
  readonly pidsLimit?: Declared<number>;
  /** Names of the limits that are set, such as `nofile`. */
  readonly ulimits?: Declared<readonly string[]>;
  /** What it publishes on its host. */
  readonly ports?: readonly PublishedPlace[];
  /** Whether every exposed port is published. */
  readonly publishAll?: Declared<boolean>;
  /** What it sees of its host's file system. */
  readonly hostMounts?: readonly HostMount[];
  /** Paths of devices on the host. */
  readonly devices?: Declared<readonly string[]>;
  /** Restart policy: `no`, `on-failure`, `always`, `unless-stopped`. */
  readonly restart?: Declared<string>;
  /** How often `on-failure` starts it again; 0 is without end. */
  readonly restartMaxRetries?: Declared<number>;
  /** Whether something asks it how it is. */
  readonly health?: Declared<boolean>;
  /** Its variables. */
  readonly env?: readonly NamedValue[];
  /** Where its output goes. */
  readonly logging?: Declared<Logging>;
}

/** A Docker daemon's own configuration. */
export interface DaemonSubject {
  /** Tells the shapes apart. */
  readonly kind: "daemon";
  /** Whether containers of the default bridge reach each other. */
  readonly icc?: Declared<boolean>;
  /** `debug`, `info`, `warn`, `error` or `fatal`. */
  readonly logLevel?: Declared<string>;
  /** Whether it writes the host's packet filter. */
  readonly iptables?: Declared<boolean>;
  /** Registries that it asks without TLS, or without looking at their certificate. */
  readonly insecureRegistries?: Declared<readonly string[]>;
  /** Such as `overlay2`. */
  readonly storageDriver?: Declared<string>;
  /** The storage driver's options, `NAME=VALUE`. */
  readonly storageOptions?: Declared<readonly string[]>;
  /** Where it answers, as `unix://PATH`, `fd://` or `tcp://HOST:PORT`. */
  readonly listen?: Declared<readonly string[]>;
  /** Whether authority, certificate and key are all given. */
  readonly tls?: Declared<boolean>;
  /** Names of the limits that every container has, such as `nofile`. */
  readonly defaultUlimits?: Declared<readonly string[]>;
  /** Whose range of ids containers run in; undefined value is none. */
  readonly usernsRemap?: Declared<string>;
  /** The cgroup above those of containers. */
  readonly cgroupParent?: Declared<string>;
  /** Plugins that may refuse a request. */
  readonly authorizationPlugins?: Declared<readonly string[]>;
  /** Where the output of containers goes that say nothing. */
  readonly logging?: Declared<Logging>;
  /** Whether containers have `no-new-privileges` unless they say otherwise. */
  readonly noNewPrivileges?: Declared<boolean>;
  /** Whether containers run on while it is down. */
  readonly liveRestore?: Declared<boolean>;
  /** Whether a process of its own forwards each published port. */
  readonly userlandProxy?: Declared<boolean>;
  /** The profile of containers that say nothing: a path, `builtin` or `unconfined`. */
  readonly seccompProfile?: Declared<string>;
  /** Whether its unfinished features are on. */
  readonly experimental?: Declared<boolean>;
}

/** A network of a daemon or of a swarm. */
export interface NetworkSubject {
  /** Tells the shapes apart. */
  readonly kind: "network";
  /** Such as `bridge` or `overlay`. */
  readonly driver?: Declared<string>;
  /** Whether an overlay network's traffic between nodes is encrypted. */
  readonly encrypted?: Declared<boolean>;
}

/** An image that is built. */
export interface ImageSubject {
  /** Tells the shapes apart. */
  readonly kind: "image";
  /** Build arguments: they stay in the image's history. */
  readonly buildArgs?: readonly NamedValue[];
}

/** A command that is run in a running container. */
export interface ExecSubject {
  /** Tells the shapes apart. */
  readonly kind: "exec";
  /** Whether it may do what the host's root may. */
  readonly privileged?: Declared<boolean>;
  /** `USER[:GROUP]`; undefined value is the container's own. */
  readonly user?: Declared<string>;
}

/** A file or a folder on a host. */
export interface FileSubject {
  /** Tells the shapes apart. */
  readonly kind: "file";
  /** Its absolute path on the host. */
  readonly file?: Declared<string>;
  /** Whether it is a folder. */
  readonly folder: boolean;
  /** Permission bits in octal digits, such as `"0644"`. */
  readonly mode?: Declared<string>;
  /** The owner's name or id. */
  readonly owner?: Declared<string>;
  /** The group's name or id. */
  readonly group?: Declared<string>;
}

/** A user of a host. */
export interface UserSubject {
  /** Tells the shapes apart. */
  readonly kind: "user";
  /** The login name. */
  readonly name?: Declared<string>;
  /** Further groups, by name. */
  readonly groups?: Declared<readonly string[]>;
}

/** Software that is installed on a host. */
export interface PackageSubject {
  /** Tells the shapes apart. */
  readonly kind: "package";
  /** The package's name. */
  readonly name?: Declared<string>;
  /** The version that is asked for; undefined value is the newest. */
  readonly version?: Declared<string>;
}

/** How a provider or a command reaches a host or a daemon. */
export interface ConnectionSubject {
  /** Tells the shapes apart. */
  readonly kind: "connection";
  /** The daemon's address, as in DOCKER_HOST. */
  readonly daemonAddress?: Declared<string>;
  /** Whether the daemon has to show a certificate, and the client does. */
  readonly mutualTls?: Declared<boolean>;
  /** Whether the host's SSH key is checked; undefined member where there is no SSH. */
  readonly hostKeyChecked?: Declared<boolean>;
  /** Whether it logs in by a password. */
  readonly password?: Declared<boolean>;
}

/** A certificate that is issued. */
export interface CertificateSubject {
  /** Tells the shapes apart. */
  readonly kind: "certificate";
  /** `server` or `client`. */
  readonly usage?: Declared<string>;
  /** How long it is valid, in days. */
  readonly lifeDays?: Declared<number>;
}

/** What only a live host can tell: nothing declares it. */
export interface HostSubject {
  /** Tells the shapes apart. */
  readonly kind: "host";
  /** Whether the daemon's data is on a file system of its own. */
  readonly ownPartition?: Declared<boolean>;
  /** Paths that ought to be audited, and are not. */
  readonly unaudited?: Declared<readonly string[]>;
  /** Whether the daemon runs without root's rights. */
  readonly rootless?: Declared<boolean>;
  /** Whether the kernel filters system calls of containers. */
  readonly seccomp?: Declared<boolean>;
  /** Whether AppArmor or SELinux is on. */
  readonly mandatoryAccess?: Declared<boolean>;
  /** Undefined value where the host is in no swarm. */
  readonly swarmNodes?: Declared<number>;
  /** How many managers the host's swarm has; undefined value where it is in none. */
  readonly swarmManagers?: Declared<number>;
  /** How many images no container uses. */
  readonly unusedImages?: Declared<number>;
  /** How many containers do not run. */
  readonly stoppedContainers?: Declared<number>;
  /** Days that the daemon's certificate still has; undefined value where it has none. */
  readonly certificateDays?: Declared<number>;
}

/** The shapes by the word that rules name them with. */
export interface Subjects {
  /** A host as it is. */
  readonly host: HostSubject;
  /** A container to run. */
  readonly container: ContainerSubject;
  /** A daemon's configuration. */
  readonly daemon: DaemonSubject;
  /** A network. */
  readonly network: NetworkSubject;
  /** An image to build. */
  readonly image: ImageSubject;
  /** A command in a container. */
  readonly exec: ExecSubject;
  /** A file or folder of a host. */
  readonly file: FileSubject;
  /** A user of a host. */
  readonly user: UserSubject;
  /** A package of a host. */
  readonly package: PackageSubject;
  /** A way to a host or a daemon. */
  readonly connection: ConnectionSubject;
  /** A certificate. */
  readonly certificate: CertificateSubject;
}
/** What a rule can be about. */
export type Kind = keyof Subjects;
/** What a rule looks at: one of the shapes. */
export type Subject = Subjects[Kind];
