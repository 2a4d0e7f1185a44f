// `dockwright ps`: the containers of a stack over all of its hosts, and the tasks of its swarms, as they
// are and as they are recorded.
import { renderTable, say } from "../output.ts";
import { type HostOutcome, partlyExitCode, withLive } from "./ask.ts";
import { lookAt } from "./looked.ts";
import type { PsOptions } from "./options.ts";
import type { Row } from "./states.ts";
import { complainOf } from "./stream.ts";
import { isFormerTask } from "./swarmtasks.ts";

/** The exit code of `--check` where something runs otherwise than recorded. */
export const driftExitCode = 2;

const ended = (row: Row): boolean =>
  isFormerTask(row) || (row.kind === "task" && row.state !== "running");

function cells(row: Row): readonly string[] {
  return [
    row.service,
    row.host,
    row.container,
    row.state,
    row.health ?? "",
    row.release === undefined ? "" : String(row.release),
    row.ports.join("\n"),
    row.drift.map(({ kind, says }) => `${kind}: ${says}`).join("\n"),
  ];
}

/** A row a container. */
export function renderRows(rows: readonly Row[]): string {
  const head = ["service", "host", "container", "state", "health", "release", "ports", "drift"];
  return renderTable(head, rows.map(cells));
}

/** 3 where not all hosts were asked, 2 where `--check` finds a difference. */
export function psExitCode(
  hosts: readonly HostOutcome[],
  rows: readonly Row[],
  check: boolean,
): number {
  if (hosts.some(({ trouble }) => trouble !== undefined)) return partlyExitCode;
  return check && rows.some(({ drift }) => drift.length > 0) ? driftExitCode : 0;
}

export async function ps(options: PsOptions): Promise<number> {
  return await withLive(options, async (hosts) => {
    const { stack } = hosts.view;
    const started = performance.now();
    const looked = await lookAt(hosts);
    const tookMs = Math.round(performance.now() - started);
    const rows = looked.rows.filter((row) => options.all === true || !ended(row));
    if (options.json) {
      const all = { stack, tookMs, hosts: looked.outcomes, containers: rows };
      say(JSON.stringify(all, undefined, 2));
    } else {
      say(rows.length > 0 ? renderRows(rows) : `the stack ${stack} has no container`);
      complainOf(looked.outcomes);
    }
    return psExitCode(looked.outcomes, rows, options.check ?? false);
  });
}
