// The configuration of a program from one schema: its types, its check before anything is made, and the
// JSON schema of `Pulumi.STACK.yaml` for editors.
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import {
  type CheckedConfig,
  type ConfigEntries,
  type ConfigEntry,
  type ConfigProblem,
  checkConfig,
} from "./check.ts";
import {
  type Field,
  type Fields,
  isSecretField,
  type SchemaOf,
  type SecretField,
  type SecretValue,
} from "./fields.ts";
import { settingsMark } from "./mark.ts";
import { keySchemas } from "./stackfile.ts";
import type { JsonSchema } from "./words.ts";

/** What a program has of its configuration: values as their schemas say, secrets as Outputs. */
export type ConfigValues<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends SecretField
    ? SecretValue<z.output<SchemaOf<F[K]>>>
    : F[K] extends Field
      ? z.output<SchemaOf<F[K]>>
      : never;
};

/** How a schema of configuration is read. */
export interface ConfigOptions {
  /**
   * What stands before the colon of the keys.
   * @defaultValue the project's name
   */
  readonly namespace?: string;
  /**
   * Whether keys of the namespace that the schema does not have are left alone, where something else
   * reads them too.
   * @defaultValue false
   */
  readonly allowUnknown?: boolean;
}

/** Problems and their fixes, a person's to read. */
export function describeProblems(head: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ message, fix }) => `  ${message}\n    fix: ${fix}`);
  return [`${head}:`, ...lines].join("\n");
}

/** The configuration of a stack cannot be used. The program ends with it, without a stack trace. */
export class ConfigError extends pulumi.RunError {
  /** All that is wrong. */
  readonly problems: readonly ConfigProblem[];

  constructor(head: string, problems: readonly ConfigProblem[]) {
    super(describeProblems(head, problems));
    this.problems = problems;
  }
}

/** Pulumi has it in every version since 3.0 and does not declare it. */
const { isConfigSecret } = pulumi.runtime as unknown as {
  readonly isConfigSecret: (key: string) => boolean;
};

function entriesNow(): ConfigEntries {
  const all = Object.entries<string>(pulumi.runtime.allConfig());
  const entryOf = ([key, text]: [string, string]): [string, ConfigEntry] => [
    key,
    { text, secret: isConfigSecret(key) },
  ];
  return new Map(all.map(entryOf));
}

/** The configuration of a program by its schema. Made by {@link defineConfig}. */
export class Settings<F extends Fields> {
  /** @internal */
  readonly [settingsMark] = true;
  /** The fields by their names. */
  readonly fields: F;
  /** What stands before the colon of the keys; undefined is the project's name. */
  readonly namespace: string | undefined;
  readonly #allowUnknown: boolean;

  /** @internal */
  constructor(fields: F, options: ConfigOptions) {
    this.fields = fields;
    this.namespace = options.namespace;
    this.#allowUnknown = options.allowUnknown ?? false;
  }

  /**
   * The configuration of this stack. Call it before anything is declared: where it throws, nothing is made.
   *
   * @throws ConfigError with all that is wrong, each with its key, what is allowed and the command that mends it
   */
  load(): ConfigValues<F> {
    const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
    const { values, problems } = this.check({ project, stack }, entriesNow());
    if (problems.length > 0) {
      const many = problems.length === 1 ? "a problem" : `${problems.length} problems`;
      throw new ConfigError(
        `the configuration of ${project}, stack ${stack}, has ${many}`,
        problems,
      );
    }
    const held = Object.entries(this.fields).map(([name, field]) => {
      const value = values[name];
      const isHeld = isSecretField(field) && value !== undefined;
      return [name, isHeld ? pulumi.secret(value) : value];
    });
    return Object.fromEntries(held) as ConfigValues<F>;
  }

  /**
   * Checks values that are not those of the running program.
   *
   * @param of the project, and the stack for the fixes
   * @param entries the values by their keys
   */
  check(
    of: { readonly project: string; readonly stack?: string | undefined },
    entries: ConfigEntries,
  ): CheckedConfig {
    const namespace = this.namespace ?? of.project;
    const { fields } = this;
    return checkConfig(
      { fields, namespace, stack: of.stack, allowUnknown: this.#allowUnknown },
      entries,
    );
  }

  /**
   * What may stand under `config:` of a stack's file, as JSON schemas by their keys.
   *
   * @param project name of the project
   */
  keys(project: string): KeySchemas {
    const namespace = this.namespace ?? project;
    return { namespace, allowUnknown: this.#allowUnknown, ...keySchemas(namespace, this.fields) };
  }
}

/** JSON schemas of the keys of one namespace. */
export interface KeySchemas {
  /** What stands before the colon. */
  readonly namespace: string;
  /** Whether other keys of it are left alone. */
  readonly allowUnknown: boolean;
  /** Schemas by keys. */
  readonly properties: Readonly<Record<string, JsonSchema>>;
  /** Keys that have to be set. */
  readonly required: readonly string[];
}

/**
 * Describes the configuration of a program, once: `load()` has the types and checks the values, and
 * `dockwright config` checks files and writes a JSON schema from it.
 *
 * ```ts
 * export const settings = defineConfig({
 *   replicas: z.int().min(1).default(2),
 *   hosts: z.array(z.strictObject({ address: z.string(), port: z.int().default(22) })),
 *   password: secret(z.string().min(12)),
 * });
 * ```
 *
 * @param fields what each key has to be, by its name without the namespace; a default is zod's `default`,
 *   what may be missing is `optional`
 * @param options the namespace of the keys, and what happens to keys that are not in the schema
 * @throws pulumi.RunError where a name cannot be a key
 */
export function defineConfig<F extends Fields>(
  fields: F,
  options: ConfigOptions = {},
): Settings<F> {
  const wrong = Object.keys(fields).find((name) => !/^[^:\s]+$/.test(name));
  if (wrong === undefined) return new Settings(fields, options);
  throw new pulumi.RunError(
    `the name ${JSON.stringify(wrong)} cannot be a key of configuration; write one without colon and space, and give the namespace as an option`,
  );
}
