// The containers of a stack as they are now, over all of its hosts.
import { answerTimeoutMs, type HostOutcome, type LiveHosts } from "./ask.ts";
import { type Row, rowsOf } from "./states.ts";

export interface Looked {
  readonly rows: readonly Row[];
  readonly outcomes: readonly HostOutcome[];
}

/** One call to each daemon. */
export async function lookAt(hosts: LiveHosts): Promise<Looked> {
  const { view } = hosts;
  const options = { timeoutMs: answerTimeoutMs };
  const asked = await hosts.each(async (host) =>
    rowsOf(view, host, await host.docker.containers.list({ all: true }, options)),
  );
  const seen = new Set<string>();
  const rows = asked
    .flatMap(({ answer = [] }) => answer)
    .filter(({ id, kind }) => {
      // A daemon to which two ways lead lists what is recorded nowhere twice.
      if (id === undefined || kind === "container" || kind === "task") return true;
      return !seen.has(id) && seen.add(id);
    });
  return {
    rows: rows.toSorted(
      (a, b) => a.service.localeCompare(b.service) || a.name.localeCompare(b.name),
    ),
    outcomes: asked.map(({ name, trouble }) => ({ name, trouble })),
  };
}
