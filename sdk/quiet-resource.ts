// What the generated resource classes extend. The SDK takes four stack traces for every property of
// a resource, and one for every line of debug output, for PULUMI_DEBUG_PROMISE_LEAKS; under Pulumi's
// own runner `source-map-support` maps each frame of them: for 20 containers 0.7 s of the 1.5 s of
// processor time that an idle update cost. So none are taken while a resource is made, and those
// taken later are left empty, unless that variable asks for them. Every other error has its stack as
// before, and where a resource stands in the program is still known: there the SDK lifts the limit.
import * as pulumi from "@pulumi/pulumi";
import { gatherLinesOfProgram } from "./debug-lines.ts";

type PrepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/** Maps no trace that only Pulumi's leak detector would look at. */
export const withoutLeakTraces =
  (map: PrepareStackTrace): PrepareStackTrace =>
  (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise" ? "" : map(error, frames);

/** Where a frame is; undefined where it is in no file. */
function placeOf(frame: NodeJS.CallSite): string | undefined {
  const file = frame.getFileName();
  if (!file) return undefined;
  return `${file}:${frame.getLineNumber() ?? ""}:${frame.getColumnNumber() ?? ""}`;
}

/**
 * Maps each place once in the traces by which the SDK finds out where in the program a resource stands.
 * They are as long as they get, and for most resources nearly all of their frames are the same.
 */
export function withKnownPlaces(map: PrepareStackTrace): PrepareStackTrace {
  const known = new Map<string, string>();
  return (error, frames) => {
    if (frames[0]?.getFunctionName() !== "callsites") return map(error, frames);
    const places = frames.map(placeOf);
    const head = String(map(error, []));
    const lineOf = (part: NodeJS.CallSite[]) =>
      String(map(error, part)).slice(head.length).split("\n")[1] ?? "";
    const lines = frames.map((frame, at) => {
      const place = places[at];
      if (place === undefined) return lineOf([frame]);
      // What calls a frame is part of the key: a map may have another name for it there.
      const caller = places.findIndex((one, index) => index > at && one !== undefined);
      const key = `${place}\n${places[caller] ?? ""}`;
      const line = known.get(key) ?? lineOf(frames.slice(at, caller < 0 ? undefined : caller + 1));
      known.set(key, line);
      return line;
    });
    return [head, ...lines].join("\n");
  };
}

const isQuiet = !process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
// Where nothing maps, a trace costs next to nothing, and Node's own way is left alone.
const mapping = Error.prepareStackTrace as PrepareStackTrace | undefined;
if (isQuiet && mapping !== undefined) {
  Error.prepareStackTrace = withoutLeakTraces(withKnownPlaces(mapping));
}

gatherLinesOfProgram();

/** A resource of Dockwright's own plugin. The generated classes extend it. */
export class QuietResource extends pulumi.CustomResource {
  constructor(
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const limit = Error.stackTraceLimit;
    if (isQuiet) Error.stackTraceLimit = 0;
    try {
      super(type, name, props, opts);
    } catch (error) {
      Error.stackTraceLimit = limit;
      // It was made without a stack: the user's own line is the one that matters.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      Error.stackTraceLimit = limit;
    }
  }
}
