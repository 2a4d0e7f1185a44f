// What HAProxy 2.6 says on its command line (management guide 9.3), read; and one question asked
// of it through the master socket. `@1` is the current worker, `@!PID` any. Refuses to take an empty
// answer for one: while a worker is exchanged the socket refuses, or closes without a word.
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import type { Agent, ObservedSlot } from "./types.ts";

const retryMs = 50;
/** A proxy that has just been started on a busy machine takes seconds until its master listens. */
const retryForMs = 15_000;

/** Asks until the master takes the question, and, where `isAnswer` says so, until it answers. */
async function insist(
  agent: Agent,
  command: string,
  isAnswer: (text: string) => boolean,
): Promise<string> {
  const until = Date.now() + retryForMs;
  for (;;) {
    try {
      const answer = await agent.talk(command);
      if (isAnswer(answer)) return answer;
      if (Date.now() >= until) {
        throw new SdkError(ErrorCode.Unreachable, `the proxy gave no answer to "${command}"`);
      }
    } catch (error) {
      const passing = error instanceof SdkError && error.code === ErrorCode.Refused;
      if (!passing || Date.now() >= until) throw error;
    }
    await sleep(retryMs);
  }
}

/** One line of commands, asked again while the master is between two workers. */
export const ask = (agent: Agent, command: string): Promise<string> =>
  insist(agent, command, (text) => text !== "");

/** One line whose answer, if there is one, says nothing. */
export const tell = (agent: Agent, command: string): Promise<string> =>
  insist(agent, command, () => true);

/** Each command of a line needs the worker's prefix of its own. */
export const onWorker = (commands: readonly string[], worker = "@1"): string =>
  commands.map((command) => `${worker} ${command}`).join("; ");

/** `Name: value` lines. */
export function parseInfo(text: string): Readonly<Record<string, string>> {
  const info: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) info[line.slice(0, at)] = line.slice(at + 2).trim();
  }
  return info;
}

export interface Workers {
  readonly current: number | undefined;
  readonly old: readonly number[];
  /** Reloads that failed since the last good one, and all reloads: either tells of an outcome. */
  readonly reloads: number;
  readonly failed: number;
}

/** `show proc`: the section, not the count of reloads, says which worker is the current one. */
export function parseProcesses(text: string): Workers {
  let section = "";
  let reloads = 0;
  let failed = 0;
  let current: number | undefined;
  const old: number[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("# ")) section = line.slice(2).trim();
    const [pid, kind, count] = line.trim().split(/\s+/);
    if (kind === "master") {
      reloads = Number(count);
      failed = Number(/\[failed: (\d+)\]/.exec(line)?.[1] ?? 0);
    }
    if (kind !== "worker") continue;
    if (section === "old workers") old.push(Number(pid));
    else current = Number(pid);
  }
  return { current, old, reloads, failed };
}

/** A table whose first line names the columns after `#`. */
function parseTable(text: string, first: string, separator: string): Record<string, string>[] {
  const lines = text.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`# ${first}`));
  const names = (lines[head] ?? "").slice(2).split(separator);
  const rows: Record<string, string>[] = [];
  for (const line of head < 0 ? [] : lines.slice(head + 1)) {
    if (line.trim() === "") break;
    const cells = line.split(separator);
    rows.push(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
  }
  return rows;
}

/** The commands whose answers {@link parseSlots} reads, in one line. */
export const slotQuestions = (backend: string): readonly string[] => [
  `show servers state ${backend}`,
  `show stat ${backend} 4 -1`,
];

/** Bits of `srv_admin_state`: forced and inherited maintenance, drains, no DNS answer. */
const maintBits = 0x03;
const drainBits = 0x18;
const unresolvedBit = 0x20;

/** The slots that a route's file declares; a stand-in of a gate has another name. */
export const isSlot = (one: ObservedSlot): boolean => /^s\d+$/.test(one.slot);

/** What a worker knows of a backend's servers; `undefined` when it has no such backend. */
export function parseServers(text: string): readonly ObservedSlot[] | undefined {
  const states = parseTable(text, "be_id", " ");
  if (states.length === 0) return undefined;
  const stats = new Map(parseTable(text, "pxname", ",").map((row) => [row["svname"], row]));
  return states.map((state) => {
    const stat = stats.get(state["srv_name"]) ?? {};
    const admin = Number(state["srv_admin_state"]);
    const dash = (value: string | undefined) => (value === "-" ? undefined : value);
    // While a check is under way, the former one's word is shown with a star.
    const word = (stat["check_status"] ?? "").replace(/^\* */, "");
    // Leaving maintenance sets the health to `rise`; only a check that passed since makes it full.
    const full = Number(stat["check_rise"]) + Number(stat["check_fall"]) - 1;
    return {
      slot: state["srv_name"] ?? "",
      host: dash(state["srv_fqdn"])?.toLowerCase(),
      address: dash(state["srv_addr"]),
      port: Number(state["srv_port"]),
      state: admin & maintBits ? "maint" : admin & drainBits ? "drain" : "ready",
      passed: /^L[4-7]OK/.test(word) && Number(stat["check_health"]) === full,
      unresolved: (admin & unresolvedBit) !== 0,
      up: state["srv_op_state"] !== "0" && (admin & unresolvedBit) === 0,
      check: [word, stat["last_chk"] || stat["check_desc"]].filter(Boolean).join(" "),
      streams: Number(stat["scur"] ?? 0) + Number(stat["qcur"] ?? 0),
    } as const;
  });
}

/** One stream of a worker. */
export interface Session {
  readonly id: string;
  readonly source: string;
  readonly backend: string;
  readonly slot: string;
}

/** `show sess`, without those of the command line itself. */
export function parseSessions(text: string): readonly Session[] {
  const pattern = /^(0x[0-9a-f]+): .*?src=(\S+) fe=(\S+) be=(\S+) srv=(\S+) /gm;
  return [...text.matchAll(pattern)]
    .filter(([, , , frontend]) => frontend !== "GLOBAL")
    .map(([, id = "", source = "", , backend = "", slot = ""]) => ({ id, source, backend, slot }));
}

/** The mark of a connection that is not going to end by itself; the scheduler hardly feels it. */
export const lastingNice = 7;

/** `show sess all`: the ids of streams that bear the mark. */
export function parseLasting(text: string): readonly string[] {
  return text.split(/^(?=0x[0-9a-f]+: \[)/m).flatMap((one) => {
    const id = /^(0x[0-9a-f]+):/.exec(one)?.[1];
    const nice = Number(/^ {2}task=\S+ \(state=\S+ nice=(-?\d+) /m.exec(one)?.[1]);
    return id !== undefined && nice === lastingNice ? [id] : [];
  });
}
