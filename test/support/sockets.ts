// The TCP sockets of a container of this machine's daemon, as the kernel tells them: what waits for a
// server to have done something can wait for that, and for no time. Linux, proc(5): /proc/PID/net/tcp.
import { readFile } from "node:fs/promises";

export interface Socket {
  readonly state: "established" | "listening" | "closing";
  /** Whether a process still has it open. */
  readonly held: boolean;
}

const states: Readonly<Record<string, Socket["state"]>> = {
  "01": "established",
  "0A": "listening",
};

/** Not a socket any more: the memory of a connection that both sides have ended. */
const timeWait = "06";

/** The sockets of a port in a container's network, by its first process; none once that has ended. */
export async function socketsOf(pid: string, port: number): Promise<readonly Socket[]> {
  const table = await readFile(`/proc/${pid}/net/tcp`, "utf8").catch(() => "");
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address, , state]) => address?.endsWith(local) && state !== timeWait)
    .map((columns) => ({ state: states[columns[3] ?? ""] ?? "closing", held: columns[9] !== "0" }));
}
