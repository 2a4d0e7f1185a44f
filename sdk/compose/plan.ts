// What a Compose file comes to in Dockwright's words: data, from which components are made or a
// program is written. Each key that is not carried over is named with its line.

/** Arguments in Dockwright's words. */
export type PlannedArgs = Readonly<Record<string, unknown>>;

/** A network of the plan. */
export interface PlannedNetwork {
  /** Its key in the file. */
  readonly key: string;
  /** The name of one that is there already, and is not ours. */
  readonly external?: string;
  /** Arguments of its component. */
  readonly args: PlannedArgs;
}

/** A volume of the plan: it has what a network has. */
export type PlannedVolume = PlannedNetwork;

/** A service's place on a network. */
export interface PlannedAttachment {
  /** The key of a network of the plan. */
  readonly network: string;
  /** Arguments of the attachment: aliases, addresses. */
  readonly args: PlannedArgs;
}

/** Something that a service mounts. */
export interface PlannedMount {
  /** The key of a volume of the plan; none where `args` has a source of its own. */
  readonly volume?: string;
  /** Arguments of the mount: target, read-only, options. */
  readonly args: PlannedArgs;
}

/** A service of the plan. */
export interface PlannedService {
  /** Its key in the file. */
  readonly key: string;
  /** Whether it runs once, to its end: something waits for it to complete. */
  readonly once: boolean;
  /** How many containers. */
  readonly replicas: number;
  /** Where its image is from: a reference, or arguments of a build. */
  readonly image: {
    /** The image's reference. */
    readonly ref?: string;
    /** Arguments of the build. */
    readonly build?: PlannedArgs;
  };
  /** Arguments of its component. */
  readonly args: PlannedArgs;
  /** The networks that it is on. */
  readonly networks: readonly PlannedAttachment[];
  /** What it mounts. */
  readonly mounts: readonly PlannedMount[];
  /** Services that have to be there, and ready, before it. */
  readonly after: readonly string[];
  /** The service whose network it shares. */
  readonly joins?: string;
}

/** A key that is not carried over. */
export interface LeftOut {
  /** Where it is, such as `services.web.cgroup`. */
  readonly path: string;
  /** The file, from the folder of the first one. */
  readonly file: string;
  /** Its line in the file, from 1 on. */
  readonly line: number;
  /** Why, and what to do instead. */
  readonly why: string;
}

/** A whole project. */
export interface ComposePlan {
  /** The folder that its paths start at, absolute: that of the first file. */
  readonly folder: string;
  /** The project's name. */
  readonly name: string;
  /** Its networks. */
  readonly networks: readonly PlannedNetwork[];
  /** Its volumes. */
  readonly volumes: readonly PlannedVolume[];
  /** In the order in which they can be made. */
  readonly services: readonly PlannedService[];
  /** What is not carried over. */
  readonly left: readonly LeftOut[];
}
