// `extends`: a service with what the one that it names has, of this file or of another.
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { mergeMaps, without } from "./merge.ts";
import type { Opened } from "./open.ts";
import { rebased } from "./paths.ts";
import { isValues, mapsOf, plainText, type Values } from "./source.ts";

/** A service, and where it stands. */
export interface Wanted {
  /** The file, absolute. */
  readonly file: string;
  /** The folder that paths in it start at. */
  readonly folder: string;
  readonly name: string;
  /** Who extends it, for a circle. */
  readonly by: readonly string[];
}

/** The service with all that it extends. */
export function extended(wanted: Wanted, open: (file: string) => Opened): Values {
  const { file, folder, name, by } = wanted;
  const { root, source } = open(file);
  const own = mapsOf(root["services"])[name];
  const label = `${path.basename(file)}: ${name}`;
  if (own === undefined) {
    throw new SdkError(ErrorCode.BadInput, `there is no service ${name} in ${file}`);
  }
  if (by.includes(label)) {
    throw new SdkError(
      ErrorCode.BadInput,
      `services extend each other: ${[...by, label].join(", ")}`,
    );
  }
  const { extends: given, ...rest } = own;
  if (given === undefined || given === null) return own;
  const base = isValues(given) ? given : { service: given };
  const other = typeof base["file"] === "string" ? path.resolve(folder, base["file"]) : file;
  const from = other === file ? folder : path.dirname(other);
  const next = { file: other, folder: from, name: plainText(base["service"]), by: [...by, label] };
  const { depends_on: _, links: __, volumes_from: ___, ...taken } = extended(next, open);
  const cleared = source.cleared.flatMap(([kind, one, ...place]) =>
    kind === "services" && one === name ? [place] : [],
  );
  return mergeMaps(without(rebased(taken, from, folder), cleared), rest);
}
