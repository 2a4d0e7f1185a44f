// `dockwright doctor`: a table of what is there and what mends what is not.
import { type Check, runChecks } from "./checks.ts";
import { renderTable, say } from "./output.ts";

/** The table, one row a check. */
export function renderChecks(checks: readonly Check[]): string {
  const rows = checks.map(({ name, state, saw, fix }) => [name, state, saw, fix ?? ""]);
  return renderTable(["what", "state", "seen", "fix"], rows);
}

/** The exit code: 1 as soon as something that every use needs is not right. */
export function doctorExitCode(checks: readonly Check[]): number {
  return checks.some(({ state }) => state === "bad") ? 1 : 0;
}

export async function doctor(options: { readonly json?: boolean }): Promise<number> {
  const checks = await runChecks({ directory: process.cwd(), env: process.env });
  say(options.json ? JSON.stringify(checks, undefined, 2) : renderChecks(checks));
  return doctorExitCode(checks);
}
