// What a Compose file comes to in Dockwright's words: data, from which components are made or a
// program is written. Each key that is not carried over is named with its line.

/** Arguments in Dockwright's words. */
export type PlannedArgs = Readonly<Record<string, unknown>>;

export interface PlannedNetwork {
  readonly key: string;
  /** The name of one that is there already, and is not ours. */
  readonly external?: string;
  readonly args: PlannedArgs;
}

export type PlannedVolume = PlannedNetwork;

export interface PlannedAttachment {
  /** The key of a network of the plan. */
  readonly network: string;
  readonly args: PlannedArgs;
}

export interface PlannedMount {
  /** The key of a volume of the plan; none where `args` has a source of its own. */
  readonly volume?: string;
  readonly args: PlannedArgs;
}

export interface PlannedService {
  readonly key: string;
  /** Whether it runs once, to its end: something waits for it to complete. */
  readonly once: boolean;
  readonly replicas: number;
  readonly image: { readonly ref?: string; readonly build?: PlannedArgs };
  readonly args: PlannedArgs;
  readonly networks: readonly PlannedAttachment[];
  readonly mounts: readonly PlannedMount[];
  /** Services that have to be there, and ready, before it. */
  readonly after: readonly string[];
  /** The service whose network it shares. */
  readonly joins?: string;
}

/** A key that is not carried over. */
export interface LeftOut {
  readonly path: string;
  readonly line: number;
  readonly why: string;
}

export interface ComposePlan {
  readonly name: string;
  readonly networks: readonly PlannedNetwork[];
  readonly volumes: readonly PlannedVolume[];
  /** In the order in which they can be made. */
  readonly services: readonly PlannedService[];
  readonly left: readonly LeftOut[];
}
