// Following a host: its containers, those that start there later, and all of that again after its
// connection was lost.

import type { LogQuery } from "../../docker/logs.ts";
import type { EventStream } from "../../docker/system.ts";
import { parseUrn, urnLabel } from "../../provider/names.ts";
import type { LiveHost } from "./ask.ts";
import { isChosen } from "./choose.ts";
import { lookAtHost } from "./looked.ts";
import { type LogReading, Patience, type Read, type Writer } from "./reading.ts";
import { claimOf, type Row } from "./states.ts";

type Started = Omit<Writer, "host" | "label">;
export type Wanted = (urn: string, container: string) => Started | undefined;

/** Whether what starts is one of those that are read: of the same resource, or another replica. */
export function wantedBy(chosen: readonly Row[], all: boolean): Wanted {
  return (urn, container) => {
    const { logicalName: name } = parseUrn(urn);
    const same = chosen.find((row) => row.urn === urn);
    if (same !== undefined) return { service: same.service, name, container };
    const type = urn.split("::")[2];
    const sibling = chosen.find(
      (row) =>
        row.urn.split("::")[2] === type &&
        name.startsWith(`${row.service}-`) &&
        /^\d+$/.test(name.slice(row.service.length + 1)),
    );
    if (sibling !== undefined) return { service: sibling.service, name, container };
    return all ? { service: name, name, container } : undefined;
  };
}

/** The container of a row, to be read. */
export function readOf({ service, name, host, container, id }: Row): readonly Read[] {
  return id === undefined ? [] : [{ service, name, host, container, id, label: name }];
}

/** What is followed: what the person named, and what takes its place. */
export interface Followed {
  readonly names: readonly string[];
  readonly isWanted: Wanted;
  /** How much of what is there already is read. */
  readonly query: LogQuery;
}

async function readStarts(
  reading: LogReading,
  host: LiveHost,
  events: EventStream,
  { isWanted }: Followed,
): Promise<void> {
  for await (const { Actor } of events) {
    const { ID: id, Attributes: labels } = Actor;
    if (claimOf(reading.hosts.view, host, labels) !== "ours") continue;
    const read = isWanted(labels[urnLabel] ?? "", labels["name"] ?? id);
    if (read !== undefined) {
      reading.read({ ...read, host: host.name, id, label: read.name }, {});
    }
  }
}

/** Reads what is there, and what starts, until the connection is lost. */
async function followOnce(
  reading: LogReading,
  host: LiveHost,
  followed: Followed,
  query: LogQuery,
  onAnswer: () => void,
): Promise<void> {
  const { view } = reading.hosts;
  // Before the containers are listed, so that none starts unseen between the two.
  const events = await host.docker.system.openEvents(
    { filters: { type: ["container"], event: ["start"], label: [urnLabel] } },
    { signal: reading.signal },
  );
  const end = () => events.close();
  reading.signal.addEventListener("abort", end, { once: true });
  try {
    const rows = await lookAtHost(view, host);
    onAnswer();
    const wanted = rows.filter(
      (row) =>
        isChosen(row, followed.names) || followed.isWanted(row.urn, row.container) !== undefined,
    );
    for (const one of wanted.flatMap(readOf)) reading.read(one, query);
    await readStarts(reading, host, events, followed);
  } finally {
    reading.signal.removeEventListener("abort", end);
    end();
  }
}

/** Follows a host until the end; a lost connection is told, and made again. */
export async function followHost(
  reading: LogReading,
  host: LiveHost,
  followed: Followed,
): Promise<void> {
  const patience = new Patience(reading.signal);
  // What has come while it was away is read from its beginning.
  let query = followed.query;
  const onAnswer = () => {
    reading.answers(host.name);
    patience.reset();
    query = {};
  };
  while (!reading.signal.aborted) {
    try {
      await followOnce(reading, host, followed, query, onAnswer);
      reading.lost(host.name, "the daemon ended its events");
    } catch (error) {
      reading.lost(host.name, reading.hosts.explain(error));
    }
    await patience.pause();
  }
}
