// What a release was, as data: the arguments of its service, and how a rollback hands them back to the
// program. The state keeps them as a secret text; a rollback writes them into the stack's configuration,
// again as a secret, packed: the program gets its configuration in one variable of its environment,
// which Linux limits to 128 KiB.

import { gunzipSync, gzipSync } from "node:zlib";
import { ErrorCode, SdkError } from "./errors.ts";

/** The configuration value that holds what services shall run in place of their arguments. */
export const rollbackKey = "dockwright:rollback";

const largestBytes = 96 * 1024;

/** A place in the arguments: keys of objects and indices of lists. */
export type SpecPath = readonly (string | number)[];

/** The arguments of a service without anything that is known only later. */
export interface ReleaseSpec {
  /** The arguments by name. */
  readonly args: { readonly [name: string]: unknown };
  /** Which of their places were secret. */
  readonly secrets: readonly SpecPath[];
  /** Whether it ran on a pool of hosts. */
  readonly pool: boolean;
}

/** An image of a release: on which host, and its id there. */
export interface ReleaseImageId {
  /** Its host in the pool; none on a single daemon. */
  readonly host?: string;
  /** The image's id there, `sha256:...`. */
  readonly imageId: string;
}

/** A release that a service shall run again. */
export interface RollbackRecord {
  /** Its number. */
  readonly release: number;
  /** When the rollback was asked for, as ISO 8601. */
  readonly askedAt: string;
  /** What it ran. */
  readonly images: readonly ReleaseImageId[];
  /** Its arguments. */
  readonly spec: ReleaseSpec;
}

/** Records by the service's name. */
export type Rollbacks = { readonly [service: string]: RollbackRecord };

export function encodeRollbacks(rollbacks: Rollbacks): string {
  const text = gzipSync(JSON.stringify(rollbacks)).toString("base64");
  if (text.length <= largestBytes) return text;
  throw new SdkError(
    ErrorCode.BadInput,
    `the record is ${text.length} bytes when packed, and the configuration takes ${largestBytes}`,
    {
      fix: "check out the program of that release and run `pulumi up`; give large files as volumes",
    },
  );
}

export function decodeRollbacks(text: string | undefined): Rollbacks {
  if (text === undefined || text.trim() === "") return {};
  try {
    return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as Rollbacks;
  } catch (error) {
    throw new SdkError(
      ErrorCode.BadInput,
      `the configuration value ${rollbackKey} is no record of a rollback`,
      { fix: "run `dockwright rollback --clear`", cause: error },
    );
  }
}
