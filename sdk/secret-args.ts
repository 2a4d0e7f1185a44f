// Makes members of arguments secret where they stand, so that what is beside them stays readable: an
// object that an Output holds is secret as a whole, down to the host's name.

import * as pulumi from "@pulumi/pulumi";

type Members = { readonly [name: string]: unknown };

function mark(value: unknown, path: readonly string[]): unknown {
  if (value === undefined) return undefined;
  const [first, ...rest] = path;
  // What only the update knows the members of can be kept secret only as a whole.
  if (first === undefined || pulumi.Output.isInstance(value) || value instanceof Promise) {
    return pulumi.secret(value);
  }
  if (first === "*") return Array.isArray(value) ? value.map((one) => mark(one, rest)) : value;
  if (typeof value !== "object" || value === null || !(first in value)) return value;
  return { ...value, [first]: mark((value as Members)[first], rest) };
}

/** The arguments with secrets at these places: `ssh.privateKey`, `ssh.jumps.*.privateKey`. */
export function withSecrets(args: object, places: readonly string[]): pulumi.Inputs {
  return places.reduce<unknown>(
    (value, place) => mark(value, place.split(".")),
    args,
  ) as pulumi.Inputs;
}
