// What rules look at: the shapes that every platform's resources are brought to, so that one rule
// judges them all. A member that is undefined cannot be decided (the value is not known yet, or the
// platform has no such thing) and no rule finds fault with it; a member whose `value` is undefined
// was not declared.

/** A value that was declared, or was not, with the property where it stands or would stand. */
export interface Declared<T> {
  /** Path of the property, such as `containerDefinitions[0].privileged`. */
  readonly path: string;
  readonly value: T | undefined;
}

export interface PublishedPlace {
  readonly path: string;
  /** Undefined where a free port is taken. */
  readonly hostPort: number | undefined;
  readonly hostIp: string | undefined;
}

export interface HostMount {
  readonly path: string;
  readonly source: string;
  readonly readOnly: boolean;
  readonly propagation: string | undefined;
}

export interface NamedValue {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

export interface Logging {
  readonly driver: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A container, as a daemon, Swarm, ECS or Kubernetes is to run it. */
export interface ContainerSubject {
  readonly kind: "container";
  readonly image?: Declared<string>;
  readonly user?: Declared<string>;
  readonly privileged?: Declared<boolean>;
  /** Capabilities in capitals, without `CAP_`. */
  readonly capAdd?: Declared<readonly string[]>;
  readonly capDrop?: Declared<readonly string[]>;
  readonly readOnlyRoot?: Declared<boolean>;
  readonly noNewPrivileges?: Declared<boolean>;
  /** Profiles: `unconfined`, a name or a path. */
  readonly seccomp?: Declared<string>;
  readonly apparmor?: Declared<string>;
  readonly selinux?: Declared<string>;
  /** `host`, `bridge` (the default one), `none`, `container:NAME`, or a network's name. */
  readonly network?: Declared<string>;
  readonly pid?: Declared<string>;
  readonly ipc?: Declared<string>;
  readonly uts?: Declared<string>;
  readonly userns?: Declared<string>;
  readonly cgroupParent?: Declared<string>;
  readonly memoryBytes?: Declared<number>;
  /** Any limit or share of CPU time. */
  readonly cpu?: Declared<number>;
  readonly pidsLimit?: Declared<number>;
  readonly ulimits?: Declared<readonly string[]>;
  readonly ports?: readonly PublishedPlace[];
  readonly publishAll?: Declared<boolean>;
  readonly hostMounts?: readonly HostMount[];
  /** Paths of devices on the host. */
  readonly devices?: Declared<readonly string[]>;
  readonly restart?: Declared<string>;
  readonly restartMaxRetries?: Declared<number>;
  readonly health?: Declared<boolean>;
  readonly env?: readonly NamedValue[];
  readonly logging?: Declared<Logging>;
}

/** A Docker daemon's own configuration. */
export interface DaemonSubject {
  readonly kind: "daemon";
  readonly icc?: Declared<boolean>;
  readonly logLevel?: Declared<string>;
  readonly iptables?: Declared<boolean>;
  readonly insecureRegistries?: Declared<readonly string[]>;
  readonly storageDriver?: Declared<string>;
  readonly storageOptions?: Declared<readonly string[]>;
  readonly listen?: Declared<readonly string[]>;
  /** Whether authority, certificate and key are all given. */
  readonly tls?: Declared<boolean>;
  readonly defaultUlimits?: Declared<readonly string[]>;
  readonly usernsRemap?: Declared<string>;
  readonly cgroupParent?: Declared<string>;
  readonly authorizationPlugins?: Declared<readonly string[]>;
  readonly logging?: Declared<Logging>;
  readonly noNewPrivileges?: Declared<boolean>;
  readonly liveRestore?: Declared<boolean>;
  readonly userlandProxy?: Declared<boolean>;
  readonly seccompProfile?: Declared<string>;
  readonly experimental?: Declared<boolean>;
}

export interface NetworkSubject {
  readonly kind: "network";
  readonly driver?: Declared<string>;
  readonly encrypted?: Declared<boolean>;
}

/** An image that is built. */
export interface ImageSubject {
  readonly kind: "image";
  readonly buildArgs?: readonly NamedValue[];
}

/** A command that is run in a running container. */
export interface ExecSubject {
  readonly kind: "exec";
  readonly privileged?: Declared<boolean>;
  readonly user?: Declared<string>;
}

/** A file or a folder on a host. */
export interface FileSubject {
  readonly kind: "file";
  readonly file?: Declared<string>;
  readonly folder: boolean;
  readonly mode?: Declared<string>;
  readonly owner?: Declared<string>;
  readonly group?: Declared<string>;
}

export interface UserSubject {
  readonly kind: "user";
  readonly name?: Declared<string>;
  readonly groups?: Declared<readonly string[]>;
}

/** Software that is installed on a host. */
export interface PackageSubject {
  readonly kind: "package";
  readonly name?: Declared<string>;
  readonly version?: Declared<string>;
}

/** How a provider or a command reaches a host or a daemon. */
export interface ConnectionSubject {
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

export interface CertificateSubject {
  readonly kind: "certificate";
  readonly usage?: Declared<string>;
  readonly lifeDays?: Declared<number>;
}

/** What only a live host can tell: nothing declares it. */
export interface HostSubject {
  readonly kind: "host";
  /** Whether the daemon's data is on a file system of its own. */
  readonly ownPartition?: Declared<boolean>;
  /** Paths that ought to be audited, and are not. */
  readonly unaudited?: Declared<readonly string[]>;
  readonly rootless?: Declared<boolean>;
  /** Whether the kernel filters system calls of containers. */
  readonly seccomp?: Declared<boolean>;
  /** Whether AppArmor or SELinux is on. */
  readonly mandatoryAccess?: Declared<boolean>;
  /** Undefined value where the host is in no swarm. */
  readonly swarmNodes?: Declared<number>;
  readonly swarmManagers?: Declared<number>;
  readonly unusedImages?: Declared<number>;
  readonly stoppedContainers?: Declared<number>;
  /** Days that the daemon's certificate still has; undefined value where it has none. */
  readonly certificateDays?: Declared<number>;
}

export interface Subjects {
  readonly host: HostSubject;
  readonly container: ContainerSubject;
  readonly daemon: DaemonSubject;
  readonly network: NetworkSubject;
  readonly image: ImageSubject;
  readonly exec: ExecSubject;
  readonly file: FileSubject;
  readonly user: UserSubject;
  readonly package: PackageSubject;
  readonly connection: ConnectionSubject;
  readonly certificate: CertificateSubject;
}
export type Kind = keyof Subjects;
export type Subject = Subjects[Kind];
