// A link to another stack: its outputs, typed by the schema that its program exports by, and checked.
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Field, Fields, SchemaOf } from "./fields.ts";
import { type OutputsSchema, outputFaults, typedOutput } from "./outputs.ts";
import { nearest } from "./words.ts";

/** Which stack is meant. */
export interface StackName {
  /** Name of the stack. */
  readonly stack: string;
  /**
   * Name of its project.
   * @defaultValue that of the program
   */
  readonly project?: string;
  /**
   * Its organization.
   * @defaultValue that of the program; `organization` where the backend has none
   */
  readonly organization?: string;
}

/** Another stack's outputs. Made by {@link stackLink}. */
export class StackLink<F extends Fields> {
  /** The stack, `ORGANIZATION/PROJECT/STACK`. */
  readonly stack: string;
  /** The link as the engine knows it. */
  readonly reference: pulumi.StackReference;
  readonly #fields: F;

  /** @internal */
  constructor(stack: string, outputs: OutputsSchema<F>, opts: pulumi.CustomResourceOptions) {
    this.stack = stack;
    this.reference = new pulumi.StackReference(stack, {}, opts);
    this.#fields = outputs.fields;
  }

  /**
   * An output of the stack. It is secret where the schema says so, and where it is secret there.
   *
   * The program ends with the stack, the output and what is allowed where the output is not there or does not fit.
   *
   * @param name name of the output
   */
  get<K extends keyof F & string>(name: K): pulumi.Output<z.output<SchemaOf<F[K]>>> {
    const field = this.#fields[name];
    if (field === undefined) {
      const known = Object.keys(this.#fields).join(", ");
      throw new pulumi.RunError(
        `the schema of ${this.stack} has no output ${name}; it has ${known}`,
      );
    }
    const there = this.reference.outputs.apply((outputs) => Object.keys(outputs).sort());
    // Which outputs there are is no secret, though what they are may be.
    const found = pulumi.all([this.reference.getOutput(name), pulumi.unsecret(there)]);
    const fits = found.apply(([value, known]) => {
      this.#requireFit(name, field, value, known);
      return value as unknown;
    });
    return typedOutput<F[K]>(field, fits);
  }

  #requireFit(name: string, field: Field, value: unknown, known: readonly string[]): void {
    const faults = outputFaults(name, field, value).join("\n  ");
    if (faults === "") return;
    const what = known.includes(name) ? faults : `${faults}; ${hint(name, known)}`;
    const fix = `run \`pulumi up --stack ${this.stack}\` with a program that exports it, or adapt the schema`;
    throw new pulumi.RunError(
      `the outputs of stack ${this.stack} do not fit: ${what}\nfix: ${fix}`,
    );
  }
}

function hint(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  if (meant !== undefined) return `did it mean ${meant}?`;
  return known.length === 0 ? "the stack has no outputs yet" : `the stack has ${known.join(", ")}`;
}

function fullName(of: string | StackName): string {
  if (typeof of === "string") {
    if (/^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(of)) return of;
    throw new pulumi.RunError(
      `the stack to link is ${JSON.stringify(of)}; write ORGANIZATION/PROJECT/STACK, such as "organization/shop/qa", or { stack: "qa" }`,
    );
  }
  const { stack, project = pulumi.getProject(), organization = pulumi.getOrganization() } = of;
  return fullName(`${organization}/${project}/${stack}`);
}

/**
 * Reads the outputs of another stack, typed by the schema that its program exports by.
 *
 * ```ts
 * const registry = stackLink({ stack: "tools" }, registryOutputs);
 * registry.get("password"); // Output<string>, a secret
 * ```
 *
 * One link to a stack is enough for a program: the engine refuses a second of the same name.
 *
 * @param of the stack, or its name as `ORGANIZATION/PROJECT/STACK`
 * @param outputs the schema that the stack's program exports by
 * @param opts options of the reference
 * @throws pulumi.RunError where the name is none; the engine refuses a stack that is not there
 */
export function stackLink<F extends Fields>(
  of: string | StackName,
  outputs: OutputsSchema<F>,
  opts: pulumi.CustomResourceOptions = {},
): StackLink<F> {
  return new StackLink(fullName(of), outputs, opts);
}
