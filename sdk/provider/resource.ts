// What a resource is to the plugin: its description and what is done to the real object. Adding one
// means a file in resources/ and a line in registry.ts; server.ts does all that is the same for each.

import type { DockerClient } from "../docker/client.ts";
import { SdkError } from "../errors.ts";
import type { Machine } from "../host/machine.ts";
import type { Failure } from "./check.ts";
import type { Change } from "./diff.ts";
import type { Fields, Plain } from "./fields.ts";
import type { Identity } from "./names.ts";
import type { ValueMap } from "./values.ts";

/** Lines to the person who watches the update. All of them are scrubbed of secrets. */
export interface ResourceLog {
  /** The state of the work, shown on the resource's own line; of a quick series, some are left out. */
  readonly progress: (text: string) => void;
  /** The last state: it stays on the resource's line. */
  readonly done: (text: string) => void;
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
}

export interface Context extends Identity {
  readonly docker: DockerClient;
  /** The machine that the provider is configured with, else the one that the plugin runs on. */
  readonly machine: Machine;
  /** Whether `machine` is the daemon's host, reached over SSH. */
  readonly overSsh: boolean;
  /** Aborted when the engine asks to stop, and when the engine is gone. */
  readonly signal: AbortSignal;
  readonly log: ResourceLog;
  /** Takes out the secrets of what is declared: for output of programs that goes into the state. */
  readonly scrub: (text: string) => string;
  /** What `customTimeouts` says, in milliseconds. */
  readonly timeoutMs: number | undefined;
  /** The word that objects of this provider's state bear (see owner.ts). */
  readonly owner: string | undefined;
  /** The clock that dates of certificates and their renewal go by. */
  readonly now: () => Date;
}

/** What a resource is called and what an object must carry to be ours. */
export interface Recorded<I extends Fields, O extends Fields> {
  readonly inputs: Plain<I>;
  readonly outputs: Plain<O>;
}

export interface Created<O extends Fields> {
  readonly id: string;
  readonly outputs: Plain<O>;
}

export interface Observed<I extends Fields, O extends Fields> extends Recorded<I, O> {
  readonly id: string;
}

export interface Resource<I extends Fields, O extends Fields> {
  /** The last part of the type token: `Container` in `dockwright:index:Container`. */
  readonly name: string;
  readonly doc: string;
  readonly inputs: I;
  readonly outputs: O;
  /** Whether the object is one of the daemon: declared on another one, it is replaced. */
  readonly onDaemon?: true;
  /** Whether no other daemon has an object of its id: where it is found, it is on the daemon it was on. */
  readonly uniqueId?: true;
  /**
   * What the field `name` is made from when the program gives none: `inputs` for what is replaced
   * side by side, `urn` for what must keep its name for ever (data). Absent: there is no such field.
   */
  readonly naming?: "inputs" | "urn";
  /** Names that are no inputs of this resource, though one may look for them, with what holds. */
  readonly retired?: Readonly<Record<string, string>>;
  /** What no single field can tell. Called only with values that are all known and right. */
  readonly check?: (inputs: Plain<I>) => readonly Failure[];
  /**
   * What only the daemon can tell, such as whether it knows an option at all. Called in previews too:
   * looks, and touches nothing. A daemon out of reach is no failure here.
   */
  readonly checkThere?: (context: Context, inputs: Plain<I>) => Promise<readonly Failure[]>;
  /** Fills in computed inputs. Called in previews too: touches nothing. */
  readonly settle?: (context: Context, inputs: Plain<I>) => Promise<Partial<Plain<I>>>;
  /** The outputs that are certain before the work is done; all others are unknown in a preview. */
  readonly preview?: (
    inputs: Plain<I>,
    old: Recorded<I, O> | undefined,
    now: Date,
  ) => Partial<Plain<O>>;
  /** What a preview says that the work will do, on the resource's line. Inputs may not be known yet. */
  readonly announce?: (inputs: ValueMap, old: Recorded<I, O> | undefined) => string | undefined;
  /** What a preview warns of, such as an outage. Inputs may not be known yet. */
  readonly caution?: (inputs: ValueMap, old: Recorded<I, O> | undefined) => string | undefined;
  /** The same of a replacement: what the change to these inputs interrupts, in the preview and after. */
  readonly interrupts?: (olds: Plain<I>, news: Plain<I>) => string | undefined;
  /**
   * Recorded outputs that show the real object to have left its declaration, or its time to have
   * come. `inputs` are those of now; where some are not known yet, the recorded ones.
   */
  readonly drift?: (outputs: Plain<O>, inputs: Plain<I>, now: Date) => readonly Change[];
  /** Changes as the whole of both declarations judges them: an update may have to replace. */
  readonly judge?: (
    changes: readonly Change[],
    olds: Plain<I>,
    news: Plain<I>,
  ) => readonly Change[];
  /** True where old and new cannot exist together. */
  readonly deleteBeforeReplace?: (olds: Plain<I>, news: Plain<I>) => boolean;
  /**
   * Observe, ensure, return: also finishes or adopts what an earlier run left.
   * @throws Unfinished where what it left is to be in the state
   */
  readonly create: (context: Context, inputs: Plain<I>) => Promise<Created<O>>;
  /** What is there, in the words of the declaration; undefined when it is gone. */
  readonly read: (
    context: Context,
    id: string,
    known: Recorded<I, O> | undefined,
  ) => Promise<Observed<I, O> | undefined>;
  readonly update?: (
    context: Context,
    id: string,
    old: Recorded<I, O>,
    inputs: Plain<I>,
  ) => Promise<Plain<O>>;
  /** "Already gone" is done. */
  readonly delete: (context: Context, id: string, old: Recorded<I, O>) => Promise<void>;
  /** What is said where its host is lost, of what holds data: while it is declared, and as it goes. */
  readonly whenLost?: (known: Recorded<I, O>) => LostWords;
}

export interface LostWords {
  readonly stays: string;
  readonly goes: string;
}

/**
 * A create that left something behind which the state must know of: the engine records it with these
 * outputs, the next update goes on from there by `update`, and a destroy takes it away.
 */
export class Unfinished extends SdkError {
  readonly id: string;
  readonly outputs: ValueMap;

  constructor(cause: SdkError, id: string, outputs: ValueMap) {
    super(cause.code, cause.message, { cause, ...(cause.fix ? { fix: cause.fix } : {}) });
    this.id = id;
    this.outputs = outputs;
  }
}

/** A resource with its types forgotten: what the server handles. */
export interface AnyResource {
  readonly name: string;
  readonly doc: string;
  readonly inputs: Fields;
  readonly outputs: Fields;
  readonly onDaemon?: true;
  readonly uniqueId?: true;
  readonly naming?: "inputs" | "urn";
  readonly retired?: Readonly<Record<string, string>>;
  readonly check?: (inputs: ValueMap) => readonly Failure[];
  readonly checkThere?: (context: Context, inputs: ValueMap) => Promise<readonly Failure[]>;
  readonly settle?: (context: Context, inputs: ValueMap) => Promise<ValueMap>;
  readonly preview?: (inputs: ValueMap, old: AnyRecorded | undefined, now: Date) => ValueMap;
  readonly announce?: (inputs: ValueMap, old: AnyRecorded | undefined) => string | undefined;
  readonly caution?: (inputs: ValueMap, old: AnyRecorded | undefined) => string | undefined;
  readonly interrupts?: (olds: ValueMap, news: ValueMap) => string | undefined;
  readonly drift?: (outputs: ValueMap, inputs: ValueMap, now: Date) => readonly Change[];
  readonly judge?: (
    changes: readonly Change[],
    olds: ValueMap,
    news: ValueMap,
  ) => readonly Change[];
  readonly deleteBeforeReplace?: (olds: ValueMap, news: ValueMap) => boolean;
  readonly create: (
    context: Context,
    inputs: ValueMap,
  ) => Promise<{ id: string; outputs: ValueMap }>;
  readonly read: (
    context: Context,
    id: string,
    known: AnyRecorded | undefined,
  ) => Promise<(AnyRecorded & { readonly id: string }) | undefined>;
  readonly update?: (
    context: Context,
    id: string,
    old: AnyRecorded,
    inputs: ValueMap,
  ) => Promise<ValueMap>;
  readonly delete: (context: Context, id: string, old: AnyRecorded) => Promise<void>;
  readonly whenLost?: (known: AnyRecorded) => LostWords;
}

export interface AnyRecorded {
  readonly inputs: ValueMap;
  readonly outputs: ValueMap;
}

/**
 * Declares a resource. The server checks values against the fields before it hands them over, so
 * within a resource they have the types that the fields describe.
 */
export function defineResource<I extends Fields, O extends Fields>(
  resource: Resource<I, O>,
): AnyResource {
  return resource as unknown as AnyResource;
}
