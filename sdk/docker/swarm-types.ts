// Objects of a swarm, as the Engine API 1.41 to 1.45 has them: the parts that are used.
// Specification: Docker Engine API, /swarm, /nodes, /services, /tasks, /secrets, /configs.
import type { HealthConfig, Mount, Ulimit } from "./container-types.ts";

/** Every change of an object names the version that it was seen at: another's change is refused. */
export interface Versioned {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
}

export interface Annotations {
  readonly Name?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

/** What a daemon says of itself as a node: the `Swarm` of GET /info. */
export interface LocalNode {
  readonly NodeID: string;
  readonly NodeAddr: string;
  readonly LocalNodeState: "inactive" | "pending" | "active" | "error" | "locked";
  /** Whether it is a manager that can manage now. */
  readonly ControlAvailable: boolean;
  readonly Error: string;
  readonly RemoteManagers?: readonly { readonly NodeID: string; readonly Addr: string }[] | null;
  readonly Cluster?: { readonly ID: string } | null;
}

export interface SwarmSpec extends Annotations {
  readonly [part: string]: unknown;
}

/** GET /swarm. The tokens let anybody join: they are secret. */
export interface SwarmInspect extends Versioned {
  readonly Spec: SwarmSpec;
  readonly JoinTokens: { readonly Worker: string; readonly Manager: string };
  readonly DefaultAddrPool?: readonly string[] | null;
  readonly SubnetSize?: number;
  readonly DataPathPort?: number;
}

interface Addresses {
  readonly ListenAddr: string;
  readonly AdvertiseAddr: string;
  readonly DataPathAddr?: string;
}

/** The body of POST /swarm/init. */
export interface SwarmInitBody extends Addresses {
  readonly DataPathPort?: number;
  readonly DefaultAddrPool?: readonly string[];
  readonly SubnetSize?: number;
  readonly ForceNewCluster?: boolean;
  readonly Spec: SwarmSpec;
}

/** The body of POST /swarm/join. `JoinToken` is secret. */
export interface SwarmJoinBody extends Addresses {
  readonly RemoteAddrs: readonly string[];
  readonly JoinToken: string;
}

export type NodeRole = "manager" | "worker";
export type NodeAvailability = "active" | "pause" | "drain";

export interface NodeSpec extends Annotations {
  readonly Role: NodeRole;
  readonly Availability: NodeAvailability;
}

export interface NodeInspect extends Versioned {
  readonly Spec: NodeSpec;
  readonly Description: { readonly Hostname: string };
  readonly Status: {
    readonly State: "unknown" | "down" | "ready" | "disconnected";
    readonly Message?: string;
    readonly Addr?: string;
  };
  readonly ManagerStatus?: {
    readonly Leader?: boolean;
    readonly Reachability: "unknown" | "unreachable" | "reachable";
    readonly Addr: string;
  };
}

/** Where a secret or a config appears in a container. */
export interface FileTarget {
  readonly Name: string;
  readonly UID: string;
  readonly GID: string;
  readonly Mode: number;
}

export interface SecretReference {
  readonly SecretID: string;
  readonly SecretName: string;
  readonly File: FileTarget;
}

export interface ConfigReference {
  readonly ConfigID: string;
  readonly ConfigName: string;
  readonly File: FileTarget;
}

export interface ContainerSpec {
  readonly Image: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Command?: readonly string[];
  readonly Args?: readonly string[];
  readonly Hostname?: string;
  readonly Env?: readonly string[];
  readonly Dir?: string;
  readonly User?: string;
  readonly Groups?: readonly string[];
  readonly Init?: boolean | null;
  readonly ReadOnly?: boolean;
  readonly StopSignal?: string;
  /** Nanoseconds. */
  readonly StopGracePeriod?: number | null;
  readonly Healthcheck?: HealthConfig | null;
  readonly Hosts?: readonly string[];
  readonly Mounts?: readonly Mount[];
  readonly Secrets?: readonly SecretReference[];
  readonly Configs?: readonly ConfigReference[];
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly CapabilityAdd?: readonly string[];
  readonly CapabilityDrop?: readonly string[];
  readonly Ulimits?: readonly Ulimit[];
}

export interface NodeResources {
  readonly NanoCPUs?: number;
  readonly MemoryBytes?: number;
  readonly Pids?: number;
}

export interface TaskTemplate {
  readonly ContainerSpec: ContainerSpec;
  readonly Resources?: {
    readonly Limits?: NodeResources | null;
    readonly Reservations?: NodeResources | null;
  } | null;
  /** Times in nanoseconds. */
  readonly RestartPolicy?: {
    readonly Condition?: string;
    readonly Delay?: number;
    readonly MaxAttempts?: number;
    readonly Window?: number;
  } | null;
  readonly Placement?: {
    readonly Constraints?: readonly string[] | null;
    readonly Preferences?:
      | readonly { readonly Spread: { readonly SpreadDescriptor: string } }[]
      | null;
    readonly MaxReplicas?: number;
  } | null;
  readonly Networks?: readonly ServiceNetwork[] | null;
  readonly LogDriver?: {
    readonly Name: string;
    readonly Options?: Readonly<Record<string, string>>;
  } | null;
  readonly ForceUpdate?: number;
}

export interface ServiceNetwork {
  /** The network's id; its name is taken in requests too. */
  readonly Target: string;
  readonly Aliases?: readonly string[] | null;
}

/** How tasks are exchanged. Times in nanoseconds. */
export interface UpdateConfig {
  readonly Parallelism: number;
  readonly Delay?: number;
  readonly FailureAction?: string;
  readonly Monitor?: number;
  readonly MaxFailureRatio?: number;
  readonly Order?: string;
}

export interface ServicePort {
  readonly Protocol?: string;
  readonly TargetPort: number;
  readonly PublishedPort?: number;
  readonly PublishMode?: string;
}

export interface ServiceMode {
  readonly Replicated?: { readonly Replicas?: number };
  readonly Global?: Readonly<Record<string, never>>;
}

export interface ServiceSpec extends Annotations {
  readonly TaskTemplate: TaskTemplate;
  readonly Mode: ServiceMode;
  readonly UpdateConfig?: UpdateConfig | null;
  readonly RollbackConfig?: UpdateConfig | null;
  readonly EndpointSpec?: {
    readonly Mode?: string;
    readonly Ports?: readonly ServicePort[] | null;
  } | null;
}

export interface ServiceInspect extends Versioned {
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec | null;
  readonly Endpoint?: { readonly Ports?: readonly ServicePort[] | null };
  readonly UpdateStatus?: {
    readonly State?:
      | "updating"
      | "paused"
      | "completed"
      | "rollback_started"
      | "rollback_paused"
      | "rollback_completed";
    readonly Message?: string;
  };
}

export interface TaskInspect extends Versioned {
  readonly ServiceID: string;
  readonly NodeID?: string;
  readonly Slot?: number;
  readonly Spec: TaskTemplate;
  readonly DesiredState: string;
  readonly Status: {
    readonly Timestamp: string;
    /** `new`, `pending`, `assigned`, ... `running`, `complete`, `shutdown`, `failed`, `rejected`, ... */
    readonly State: string;
    readonly Message?: string;
    readonly Err?: string;
    readonly ContainerStatus?: {
      readonly ContainerID: string;
      readonly PID?: number;
      readonly ExitCode?: number;
    } | null;
    /** Ports of its node, of which this task has some of its own. */
    readonly PortStatus?: { readonly Ports?: readonly ServicePort[] | null } | null;
  };
  readonly NetworksAttachments?:
    | readonly {
        readonly Network: { readonly Spec: Annotations };
        readonly Addresses?: readonly string[] | null;
      }[]
    | null;
}

/** A secret or a config. A secret's data is never told. */
export interface SwarmDatum extends Versioned {
  readonly Spec: Annotations & { readonly Data?: string };
}
