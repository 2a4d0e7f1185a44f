// What placement takes and gives: plain data, in the words of the public API.

/** A host that containers may be placed on. */
export interface FleetHost {
  readonly name: string;
  /** Its labels by name. Each host has one more, `host`, with its name. */
  readonly labels?: { readonly [label: string]: string };
  /** Absent: processors are not counted on it. */
  readonly cpus?: number;
  /** Absent: memory is not counted on it. */
  readonly memoryBytes?: number;
  /** Takes nothing, and gives away what it has. */
  readonly drain?: boolean;
}

/** What a label has to be: one of these members, and only one. */
export interface LabelRule {
  /** The label's name; `host` is the host's own name. */
  readonly label: string;
  /**
   * The host has it with this value.
   * @defaultValue not asked
   */
  readonly equals?: string;
  /**
   * The host has it with one of these values.
   * @defaultValue not asked
   */
  readonly oneOf?: readonly string[];
  /**
   * Whether the host has it, with any value.
   * @defaultValue not asked
   */
  readonly exists?: boolean;
  /**
   * The host has it with another value, or does not have it.
   * @defaultValue not asked
   */
  readonly not?: string;
}

/** A label rule that counts for or against a host, and forbids nothing. */
export interface LabelPreference extends LabelRule {
  /**
   * What a host that satisfies it is worth more than others, -100 to 100; below 0 it is avoided.
   * @defaultValue 1
   */
  readonly weight?: number;
}

/** What one replica takes of a host, and whom it does not stand beside. */
export interface Needs {
  readonly service: string;
  /** Processors for each replica, to a thousandth. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
  /** Ports of the host that each replica takes: one of it to a host. */
  readonly hostPorts?: readonly number[];
  /** Names of services, `*` and `?` in them; on either side they keep both apart. */
  readonly conflicts?: readonly string[];
}

export interface PlacementRequest extends Needs {
  readonly replicas: number;
  readonly require?: readonly LabelRule[];
  readonly prefer?: readonly LabelPreference[];
  /** Labels over whose values replicas are spread evenly, the most important first. */
  readonly spread?: readonly string[];
  /** Services that have to be on the same host. */
  readonly near?: readonly string[];
  readonly onePerHost?: boolean;
  /** Volumes that are on one host only: the host's name by the volume's. */
  readonly volumes?: { readonly [volume: string]: string };
}

/** Another service where it is: the host of each of its replicas. */
export interface Occupant extends Needs {
  readonly hosts: readonly string[];
}

/** What was decided before. */
export interface FormerPlacement {
  readonly places: readonly { readonly replica: number; readonly host: string }[];
  /** The hosts that the service could be on then: one that is not among them has joined. */
  readonly hosts: readonly string[];
}

export interface Place {
  /** From 1. A number stays with its container, so that after a scale-down some may be missing. */
  readonly replica: number;
  readonly host: string;
  readonly reason: string;
}

export interface Move {
  readonly replica: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface Unplaced {
  readonly replica: number;
  /** Of every host, why not there. */
  readonly causes: readonly { readonly host: string; readonly cause: string }[];
}

export interface Placement {
  readonly assignment: readonly Place[];
  readonly unplaced: readonly Unplaced[];
  readonly moves: readonly Move[];
  /** The hosts that it may be on by its own rules: what the next placement is to be given. */
  readonly hosts: readonly string[];
}
