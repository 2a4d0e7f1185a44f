// Many provider instances in one process. launcher.sh makes a folder (the room) with a FIFO `join` and,
// for each launcher, PID.in and PID.out; a launcher writes its process id into `join`, and is told the
// port of an instance of its own. It holds PID.in open for as long as it lives, and its instance ends
// when it does. The process ends once nobody has held anything for a moment.

import { closeSync, constants, existsSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Served } from "./serve.ts";

/** How long it waits for the next provider: an update may let go of one before it opens another. */
const idleMs = 1000;

function openFifo(path: string, flags: number): Socket {
  const fd = openSync(path, flags | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** Settles when the launcher, the only one that holds this FIFO open for writing, is gone. */
function goneOf(path: string): Promise<void> {
  const fifo = openFifo(path, constants.O_RDONLY);
  return new Promise((resolve) => {
    fifo.once("close", () => resolve());
    fifo.once("error", () => fifo.destroy());
    fifo.resume();
  });
}

/** Tells a launcher its port, or by an empty line that it is on its own. One that is gone is told nothing. */
function tell(path: string, words: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, `${words}\n`);
  } catch {
    // ENXIO or EPIPE: it left in the meantime, and its FIFO says so too.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** What has been written into a FIFO and not been read yet. */
function restOf(fd: number): string {
  const buffer = Buffer.alloc(4096);
  try {
    return buffer.toString("utf8", 0, readSync(fd, buffer));
  } catch {
    return ""; // EAGAIN: there is nothing.
  }
}

/** Takes the room away. Who joins in this very moment is on their own. */
function closeRoom(room: string): void {
  const path = join(room, "join");
  // Another engine's first launcher takes away the rooms of engines that are gone, as this one's may be.
  if (!existsSync(path)) return;
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  // In this order: a launcher that still sees `join` after it wrote has been read here.
  rmSync(path);
  for (const pid of restOf(fd).split("\n").filter(Boolean)) tell(join(room, `${pid}.out`), "");
  rmSync(room, { recursive: true, force: true });
}

export interface HubOptions {
  /** The folder of the FIFOs. */
  readonly room: string;
  /** Opens a port with an instance of its own. */
  readonly open: () => Promise<Served>;
  /** Always has the instances there are. */
  readonly served: Set<Served>;
}

/** Serves whoever joins; settles once all have left and the room is gone. */
export function runHub({ room, open, served }: HubOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let leaving: NodeJS.Timeout | undefined;
    let inside = 0;
    const leaveLater = () => {
      leaving = setTimeout(() => {
        try {
          closeRoom(room);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }, idleMs);
    };
    const take = async (pid: string): Promise<void> => {
      inside += 1;
      clearTimeout(leaving);
      const out = join(room, `${pid}.out`);
      try {
        const gone = goneOf(join(room, `${pid}.in`));
        const one = await open();
        served.add(one);
        tell(out, String(one.port));
        await gone;
        await one.end();
        served.delete(one);
      } catch (error) {
        tell(out, "");
        throw error;
      } finally {
        inside -= 1;
        if (inside === 0) leaveLater();
      }
    };
    // Both ends are open here, so that it never comes to an end.
    const joins = createInterface({ input: openFifo(join(room, "join"), constants.O_RDWR) });
    joins.on("line", (pid) => void take(pid));
    leaveLater();
  });
}
