// Made by `npm run generate` from sdk/provider/resources. Do not edit.

import * as pulumi from "@pulumi/pulumi";
import { QuietResource } from "../quiet-resource.ts";

/** Arguments: FleetRule. */
export interface FleetRuleArgs {
  /** The label's name; `host` is the host's own name. Changing it updates in place. */
  readonly label: pulumi.Input<string>;
  /** The host has it with this value. Changing it updates in place. Default: not asked. */
  readonly equals?: pulumi.Input<string>;
  /**
   * The host has it with one of these values. Changing it updates in place. Default: not asked.
   */
  readonly oneOf?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether the host has it, with any value. Changing it updates in place. Default: not asked.
   */
  readonly exists?: pulumi.Input<boolean>;
  /**
   * The host has it with another value, or does not have it. Changing it updates in place.
   * Default: not asked.
   */
  readonly not?: pulumi.Input<string>;
}

/** Arguments: FleetPreference. */
export interface FleetPreferenceArgs {
  /** The label's name; `host` is the host's own name. Changing it updates in place. */
  readonly label: pulumi.Input<string>;
  /** The host has it with this value. Changing it updates in place. Default: not asked. */
  readonly equals?: pulumi.Input<string>;
  /**
   * The host has it with one of these values. Changing it updates in place. Default: not asked.
   */
  readonly oneOf?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Whether the host has it, with any value. Changing it updates in place. Default: not asked.
   */
  readonly exists?: pulumi.Input<boolean>;
  /**
   * The host has it with another value, or does not have it. Changing it updates in place.
   * Default: not asked.
   */
  readonly not?: pulumi.Input<string>;
  /**
   * What a host that satisfies it is worth more than others, -100 to 100; below 0 it is
   * avoided. Changing it updates in place. Default: 1.
   */
  readonly weight?: pulumi.Input<number>;
}

/** Arguments: FleetHost. */
export interface FleetHostArgs {
  /** Its labels by name. Changing it updates in place. Default: none. */
  readonly labels?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /**
   * Processors of the host for containers. Changing it updates in place. Default: not counted.
   */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Memory of the host for containers, in bytes. Changing it updates in place. Default: not
   * counted.
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /** Whether everything leaves it. Changing it updates in place. Default: false. */
  readonly drain?: pulumi.Input<boolean>;
}

/** Arguments: FleetOccupant. */
export interface FleetOccupantArgs {
  /** The host of each replica. Changing it updates in place. */
  readonly hosts: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Processors for each replica. Changing it updates in place. Default: none are counted. */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Memory for each replica, in bytes. Changing it updates in place. Default: none is counted.
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /**
   * Fixed ports of the host that each replica takes: no two that take one stand on a host.
   * Changing it updates in place. Default: none.
   */
  readonly hostPorts?: pulumi.Input<readonly pulumi.Input<number>[]>;
  /**
   * Services that it does not stand beside, by name, with `*` and `?`. It holds in both
   * directions; one that names itself is alone of its kind on a host. Changing it updates in
   * place. Default: none.
   */
  readonly conflicts?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** As it is: FleetRule. */
export interface FleetRule {
  /** The label's name; `host` is the host's own name. Changing it updates in place. */
  readonly label: string;
  /** The host has it with this value. Changing it updates in place. Default: not asked. */
  readonly equals?: string;
  /**
   * The host has it with one of these values. Changing it updates in place. Default: not asked.
   */
  readonly oneOf?: readonly string[];
  /**
   * Whether the host has it, with any value. Changing it updates in place. Default: not asked.
   */
  readonly exists?: boolean;
  /**
   * The host has it with another value, or does not have it. Changing it updates in place.
   * Default: not asked.
   */
  readonly not?: string;
}

/** As it is: FleetPreference. */
export interface FleetPreference {
  /** The label's name; `host` is the host's own name. Changing it updates in place. */
  readonly label: string;
  /** The host has it with this value. Changing it updates in place. Default: not asked. */
  readonly equals?: string;
  /**
   * The host has it with one of these values. Changing it updates in place. Default: not asked.
   */
  readonly oneOf?: readonly string[];
  /**
   * Whether the host has it, with any value. Changing it updates in place. Default: not asked.
   */
  readonly exists?: boolean;
  /**
   * The host has it with another value, or does not have it. Changing it updates in place.
   * Default: not asked.
   */
  readonly not?: string;
  /**
   * What a host that satisfies it is worth more than others, -100 to 100; below 0 it is
   * avoided. Changing it updates in place. Default: 1.
   */
  readonly weight?: number;
}

/** As it is: FleetHost. */
export interface FleetHost {
  /** Its labels by name. Changing it updates in place. Default: none. */
  readonly labels?: { readonly [name: string]: string };
  /**
   * Processors of the host for containers. Changing it updates in place. Default: not counted.
   */
  readonly cpus?: number;
  /**
   * Memory of the host for containers, in bytes. Changing it updates in place. Default: not
   * counted.
   */
  readonly memoryBytes?: number;
  /** Whether everything leaves it. Changing it updates in place. Default: false. */
  readonly drain?: boolean;
}

/** As it is: FleetOccupant. */
export interface FleetOccupant {
  /** The host of each replica. Changing it updates in place. */
  readonly hosts: readonly string[];
  /** Processors for each replica. Changing it updates in place. Default: none are counted. */
  readonly cpus?: number;
  /**
   * Memory for each replica, in bytes. Changing it updates in place. Default: none is counted.
   */
  readonly memoryBytes?: number;
  /**
   * Fixed ports of the host that each replica takes: no two that take one stand on a host.
   * Changing it updates in place. Default: none.
   */
  readonly hostPorts?: readonly number[];
  /**
   * Services that it does not stand beside, by name, with `*` and `?`. It holds in both
   * directions; one that names itself is alone of its kind on a host. Changing it updates in
   * place. Default: none.
   */
  readonly conflicts?: readonly string[];
}

/** As it is: FleetPlace. */
export interface FleetPlace {
  /**
   * The replica's number, from 1. It stays with its container: after a scale-down numbers may
   * be missing. Changing it updates in place.
   */
  readonly replica: number;
  /** The host's name. Changing it updates in place. */
  readonly host: string;
  /** Why there. Changing it updates in place. */
  readonly reason: string;
}

/** As it is: FleetRecord. */
export interface FleetRecord {
  /**
   * The hosts that its own rules allowed: one that is not among them has joined. Changing it
   * updates in place.
   */
  readonly hosts: readonly string[];
}

/** Arguments of PlacementResource. */
export interface PlacementResourceArgs {
  /** The service's name, as others name it in `conflicts`. Changing it updates in place. */
  readonly service: pulumi.Input<string>;
  /** How many are wanted, at most 10,000. Changing it updates in place. */
  readonly replicas: pulumi.Input<number>;
  /**
   * Processors for each replica, to a thousandth. Changing it updates in place. Default: none
   * are counted.
   */
  readonly cpus?: pulumi.Input<number>;
  /**
   * Memory for each replica, in bytes. Changing it updates in place. Default: none is counted.
   */
  readonly memoryBytes?: pulumi.Input<number>;
  /**
   * Fixed ports of the host that each replica takes: no two that take one stand on a host.
   * Changing it updates in place. Default: none.
   */
  readonly hostPorts?: pulumi.Input<readonly pulumi.Input<number>[]>;
  /**
   * Services that it does not stand beside, by name, with `*` and `?`. It holds in both
   * directions; one that names itself is alone of its kind on a host. Changing it updates in
   * place. Default: none.
   */
  readonly conflicts?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * What labels of a host have to be. Changing it updates in place. Default: any host will do.
   */
  readonly require?: pulumi.Input<readonly pulumi.Input<FleetRuleArgs>[]>;
  /**
   * What labels of a host should be: the weights of all that hold are added up. Changing it
   * updates in place. Default: none.
   */
  readonly prefer?: pulumi.Input<readonly pulumi.Input<FleetPreferenceArgs>[]>;
  /**
   * Labels over whose values replicas are spread evenly, the most important first; then evenly
   * over hosts. Changing it updates in place. Default: none.
   */
  readonly spread?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /**
   * Services that have to be on the same host, by name; they are placed before. Changing it
   * updates in place. Default: none.
   */
  readonly near?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Whether a host has at most one of it. Changing it updates in place. Default: false. */
  readonly onePerHost?: pulumi.Input<boolean>;
  /**
   * Volumes that are on one host only: the host's name by the volume's. It has to be there.
   * Changing it updates in place. Default: none.
   */
  readonly volumes?: pulumi.Input<{ readonly [name: string]: pulumi.Input<string> }>;
  /** The hosts of the pool by name. Changing it updates in place. */
  readonly hosts: pulumi.Input<{ readonly [name: string]: pulumi.Input<FleetHostArgs> }>;
  /**
   * The services that were placed before, by name, with what they take. Changing it updates in
   * place. Default: none.
   */
  readonly others?: pulumi.Input<{ readonly [name: string]: pulumi.Input<FleetOccupantArgs> }>;
}

/**
 * Which hosts of a pool the replicas of a service are on. It contacts no host. It remembers
 * what it decided: what still fits stays; a host that joins takes its share and no more, one
 * that goes moves only what was on it. A preview has the very assignment that the update will
 * have.
 */
export class PlacementResource extends QuietResource {
  /** The service's name, as others name it in `conflicts`. Changing it updates in place. */
  declare readonly service: pulumi.Output<string>;
  /** How many are wanted, at most 10,000. Changing it updates in place. */
  declare readonly replicas: pulumi.Output<number>;
  /**
   * Processors for each replica, to a thousandth. Changing it updates in place. Default: none
   * are counted.
   */
  declare readonly cpus: pulumi.Output<number | undefined>;
  /**
   * Memory for each replica, in bytes. Changing it updates in place. Default: none is counted.
   */
  declare readonly memoryBytes: pulumi.Output<number | undefined>;
  /**
   * Fixed ports of the host that each replica takes: no two that take one stand on a host.
   * Changing it updates in place. Default: none.
   */
  declare readonly hostPorts: pulumi.Output<readonly number[] | undefined>;
  /**
   * Services that it does not stand beside, by name, with `*` and `?`. It holds in both
   * directions; one that names itself is alone of its kind on a host. Changing it updates in
   * place. Default: none.
   */
  declare readonly conflicts: pulumi.Output<readonly string[] | undefined>;
  /**
   * What labels of a host have to be. Changing it updates in place. Default: any host will do.
   */
  declare readonly require: pulumi.Output<readonly FleetRule[] | undefined>;
  /**
   * What labels of a host should be: the weights of all that hold are added up. Changing it
   * updates in place. Default: none.
   */
  declare readonly prefer: pulumi.Output<readonly FleetPreference[] | undefined>;
  /**
   * Labels over whose values replicas are spread evenly, the most important first; then evenly
   * over hosts. Changing it updates in place. Default: none.
   */
  declare readonly spread: pulumi.Output<readonly string[] | undefined>;
  /**
   * Services that have to be on the same host, by name; they are placed before. Changing it
   * updates in place. Default: none.
   */
  declare readonly near: pulumi.Output<readonly string[] | undefined>;
  /** Whether a host has at most one of it. Changing it updates in place. Default: false. */
  declare readonly onePerHost: pulumi.Output<boolean | undefined>;
  /**
   * Volumes that are on one host only: the host's name by the volume's. It has to be there.
   * Changing it updates in place. Default: none.
   */
  declare readonly volumes: pulumi.Output<{ readonly [name: string]: string } | undefined>;
  /** The hosts of the pool by name. Changing it updates in place. */
  declare readonly hosts: pulumi.Output<{ readonly [name: string]: FleetHost }>;
  /**
   * The services that were placed before, by name, with what they take. Changing it updates in
   * place. Default: none.
   */
  declare readonly others: pulumi.Output<{ readonly [name: string]: FleetOccupant } | undefined>;
  /** The host of each replica, by number. Changing it updates in place. */
  declare readonly assignment: pulumi.Output<readonly FleetPlace[]>;
  /**
   * What the next placement has to know besides the assignment. Changing it updates in place.
   */
  declare readonly record: pulumi.Output<FleetRecord>;

  constructor(
    name: string,
    args: PlacementResourceArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const props = {
      service: undefined,
      replicas: undefined,
      cpus: undefined,
      memoryBytes: undefined,
      hostPorts: undefined,
      conflicts: undefined,
      require: undefined,
      prefer: undefined,
      spread: undefined,
      near: undefined,
      onePerHost: undefined,
      volumes: undefined,
      hosts: undefined,
      others: undefined,
      assignment: undefined,
      record: undefined,
      ...(opts?.id === undefined ? args : {}),
    };
    super("dockwright:index:Placement", name, props, opts);
  }
}
