// Which containers a person means: a service, the name that the program gave, the container's own, or
// the beginning of its id. Pure.
import { ErrorCode, SdkError } from "../../errors.ts";
import type { Row } from "./states.ts";

function isNamed(row: Row, name: string): boolean {
  if (row.service === name || row.name === name || row.container === name) return true;
  return /^[0-9a-f]{4,64}$/.test(name) && row.id?.startsWith(name) === true;
}

const known = (rows: readonly Row[]): string =>
  [...new Set(rows.map(({ service }) => service))].sort().join(", ");

function unknownName(name: string, rows: readonly Row[]): SdkError {
  const there = rows.length === 0 ? "the stack has no container" : `there are ${known(rows)}`;
  return new SdkError(ErrorCode.BadInput, `no service and no container is called "${name}"`, {
    fix: `name one of those that \`dockwright ps\` shows: ${there}`,
  });
}

/** Whether one of these names means it; without names all that are no ended tasks. */
export function isChosen(row: Row, names: readonly string[]): boolean {
  if (names.length > 0) return names.some((name) => isNamed(row, name));
  return row.kind !== "task" || row.state === "running";
}

/** The containers of these names, each once. */
export function chooseRows(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  if (names.length === 0) return rows.filter((row) => isChosen(row, names));
  const chosen = names.flatMap((name) => {
    const named = rows.filter((row) => isNamed(row, name));
    if (named.length === 0) throw unknownName(name, rows);
    return named;
  });
  return [...new Set(chosen)];
}

/** The one container to run a command in: running, healthy before others, the first of them. */
export function chooseOne(
  rows: readonly Row[],
  name: string,
  host: string | undefined,
): Row & { readonly id: string } {
  const named = chooseRows(rows, [name]).filter(({ kind }) => kind !== "run");
  const here = named.filter((row) => host === undefined || row.host === host);
  if (here.length === 0) {
    const hosts = [...new Set(named.map((row) => row.host))].sort().join(", ");
    throw new SdkError(ErrorCode.BadInput, `${name} is not on a host "${host ?? ""}"`, {
      fix: `name one of ${hosts} by --host`,
    });
  }
  const rank = ({ health, drift }: Row): number =>
    (health === "unhealthy" ? 2 : health === "starting" ? 1 : 0) + (drift.length > 0 ? 4 : 0);
  const running = here.filter((row) => row.state === "running" && row.id !== undefined);
  const [best] = running.toSorted((a, b) => rank(a) - rank(b));
  if (best?.id !== undefined) return { ...best, id: best.id };
  const states = here.map((row) => `${row.container} is ${row.state}`).join(", ");
  throw new SdkError(ErrorCode.Missing, `no container of ${name} runs: ${states}`, {
    fix: "run `pulumi up`, or look at its log by `dockwright logs`",
  });
}
