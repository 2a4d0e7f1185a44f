// How commands speak: plain lines on standard output, errors with their fix on standard error.
import Table from "cli-table3";
import { describeError } from "../errors.ts";

/** Prints a line for the person. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints an error with its fix. */
export function complain(error: unknown): void {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
  process.stderr.write(`dockwright: ${describeError(error)}\n${cause === "" ? "" : `${cause}\n`}`);
}

/** Rows under headings, as wide as they need to be. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
