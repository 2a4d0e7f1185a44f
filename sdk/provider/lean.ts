// V8's settings of a process that is small, and over in seconds most of the time: code that runs often
// is not optimized, since what the compiler takes is more than it gives back by then, the room of what
// is short of life does not grow, and one thread alone clears it: that is done before others are awake.
// Set while the process runs: on Node's command line they would make V8 refuse the compiled code of
// Node's own modules, and its start a third longer.
import { setFlagsFromString } from "node:v8";

/** As V8 calls them (`node --v8-options`): how it is at first, and what V8 does of itself. */
const flags = {
  lean: ["--no-opt", "--semi-space-growth-factor=1", "--no-parallel-scavenge"],
  usual: ["--opt", "--semi-space-growth-factor=2", "--parallel-scavenge"],
} as const;

/** Holds the process lean for so many milliseconds. Work that goes on is worth more. */
export function beLeanFor(ms: number): void {
  const set = (name: keyof typeof flags) => {
    for (const flag of flags[name]) setFlagsFromString(flag);
  };
  set("lean");
  setTimeout(() => {
    set("usual");
  }, ms).unref();
}
