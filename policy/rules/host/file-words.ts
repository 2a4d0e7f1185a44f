// What rules ask of files on a host.
import { type Finding, finding } from "../../rule.ts";
import type { FileSubject } from "../../subjects.ts";

interface Kept {
  /** Whether the rule is about the file at this path. */
  readonly is: (path: string) => boolean;
  /** The most that its mode may be: 0o644. */
  readonly mode: number;
  readonly group?: string;
}

/** Findings where a file is one of those, and belongs to others or is open to more. */
export function keptBy(file: FileSubject, { is, mode, group = "root" }: Kept): readonly Finding[] {
  const place = file.file?.value;
  if (place === undefined || !is(place)) return [];
  return [
    ...finding(
      file.mode,
      (value) =>
        value !== undefined &&
        (Number.parseInt(value, 8) & ~mode) !== 0 &&
        `of ${place} is ${value}; ${mode.toString(8)} is allowed`,
    ),
    ...finding(
      file.owner,
      (value) => value !== undefined && !/^(root|0)$/.test(value) && `of ${place} is ${value}`,
    ),
    ...finding(
      file.group,
      (value) =>
        value !== undefined &&
        value !== group &&
        value !== "root" &&
        value !== "0" &&
        `of ${place} is ${value}`,
    ),
  ];
}
