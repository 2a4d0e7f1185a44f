// What an echo provider is told, and what it writes down. All of it are files in one folder, since the
// engine starts the provider anew for each run: the plan, the journal, and a file for each thing that
// "exists" in the cloud that there is not.

/** An operation on a resource. */
export type EchoOperation = "check" | "create" | "update" | "delete" | "read";

/** What shall go wrong, where. */
export interface EchoFailure {
  /** Which resources: part of the type or of the URN, such as `ecs/service` or `::shop`. */
  readonly match: string;
  /** Which operation of theirs. */
  readonly operation: EchoOperation;
  /** What the provider says. @defaultValue "made to fail" */
  readonly message?: string;
  /**
   * `error`: the operation fails and nothing of it was done. `rolledBack`: it says that it succeeded,
   * and what is in the cloud stays as it was, as with ECS's circuit breaker.
   * @defaultValue error
   */
  readonly effect?: "error" | "rolledBack";
}

/** What an echo provider does beyond its own tables. */
export interface EchoPlan {
  /** @defaultValue nothing goes wrong */
  readonly failures?: readonly EchoFailure[];
  /**
   * Properties whose change replaces, by type: `{ "aws:ecs/service:Service": ["name"] }`, dotted for
   * nested ones, `*` for all but tags. They take the place of the provider's own for that type.
   * @defaultValue those of the types that Dockwright makes
   */
  readonly replaces?: { readonly [type: string]: readonly string[] };
  /**
   * Outputs by type, laid over those that are made up.
   * @defaultValue none
   */
  readonly outputs?: { readonly [type: string]: { readonly [name: string]: unknown } };
  /**
   * Answers of functions, by token: `{ "aws:ssm/getParameter:getParameter": { value: "ami-1" } }`.
   * @defaultValue a function answers with its arguments, and what is known of what "exists"
   */
  readonly answers?: { readonly [token: string]: { readonly [name: string]: unknown } };
  /** How long each operation takes, in milliseconds. @defaultValue 0 */
  readonly latencyMs?: number;
}

/** A call of the engine, in the journal: one a line. */
export interface EchoCall {
  /** The package: aws, gcp, kubernetes, ... */
  readonly package: string;
  /** What the engine asked for. */
  readonly operation: EchoOperation | "invoke" | "diff" | "configure";
  /** Type of the resource, or the function's token. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** The resource's URN; empty for a function. */
  readonly urn: string;
  /** The provider's id of the resource, where it has one already. */
  readonly id?: string;
  /** Whether it was of a preview. */
  readonly preview?: boolean;
  /** The inputs; secrets are bare. */
  readonly inputs?: Properties;
  /** Of a diff: what replaces. */
  readonly replaces?: readonly string[];
  /** What it was made to fail with. */
  readonly failed?: string;
}

/** Properties by name. */
export type Properties = { readonly [name: string]: unknown };

/** A resource in the cloud that there is not. */
export interface EchoResource {
  /** Type of the resource. */
  readonly type: string;
  /** Its URN. */
  readonly urn: string;
  /** Its id, as the engine has it. */
  readonly id: string;
  /** What it was made with; secrets are bare. */
  readonly inputs: Properties;
  /** What it answered, its inputs among them. */
  readonly outputs: Properties;
}

const signature = "4dabf18193072939515e22adb298388d";

/** Values without the engine's marks of secrets and outputs. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "value" in value) return bare(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, bare(one)]));
}

export const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
