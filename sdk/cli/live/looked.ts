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
  const rows = asked.flatMap(({ answer = [] }) => answer);
  return {
    rows: rows.toSorted(
      (a, b) => a.service.localeCompare(b.service) || a.name.localeCompare(b.name),
    ),
    outcomes: asked.map(({ name, trouble }) => ({ name, trouble })),
  };
}
