// Which stack traces are left empty: the leak detector's, and no others.
import * as assert from "uvu/assert";
import { withKnownPlaces, withoutLeakTraces } from "../../sdk/quiet-resource.ts";
import { suite } from "../support/suite.ts";

const test = suite("quiet-resource");

/** The stack of what `make` gives, under a mapping that says so. */
function stackOf(make: () => Error): string | undefined {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = withoutLeakTraces((error) => `mapped ${error.message}`);
  try {
    return make().stack;
  } finally {
    Error.prepareStackTrace = before;
  }
}

test("what the leak detector takes is not mapped", () => {
  function debuggablePromise(): Error {
    return new Error("leak");
  }
  assert.is(stackOf(debuggablePromise), "");
});

test("an error that passes through it keeps its stack", () => {
  function thrower(): Error {
    return new Error("mine");
  }
  function debuggablePromise(): Error {
    return thrower();
  }
  assert.is(stackOf(debuggablePromise), "mapped mine");
});

test("a place is mapped once, and the trace is what it would be without", () => {
  let mapped = 0;
  const map = (error: Error, frames: NodeJS.CallSite[]): string => {
    mapped += frames.length;
    const lines = frames.map((frame, at) => {
      const caller =
        frames
          .slice(at + 1)
          .find((one) => one.getFileName())
          ?.getLineNumber() ?? 0;
      const from = frame.getFileName() ? ` from ${caller}` : "";
      return `    at ${frame.getFunctionName() ?? "?"} (${frame.getLineNumber() ?? 0})${from}`;
    });
    return [`Error: ${error.message}`, ...lines].join("\n");
  };
  const known = withKnownPlaces(map);
  const callsites = () => new Error("where");
  const stacks = [map, known, known].map((prepare) => {
    const before = Error.prepareStackTrace;
    const count = mapped;
    Error.prepareStackTrace = prepare;
    const { stack = "" } = callsites();
    Error.prepareStackTrace = before;
    return { stack, mapped: mapped - count };
  });
  const [plain, first, second] = stacks;
  assert.is(first?.stack, plain?.stack);
  assert.is(second?.stack, plain?.stack);
  // What is in no file is mapped again: here that is the array's own function.
  assert.is(second?.mapped, 1);
  assert.ok((first?.mapped ?? 0) > 1);
});

test.run();
