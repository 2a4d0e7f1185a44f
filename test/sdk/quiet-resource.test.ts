// Which stack traces are left empty: the leak detector's, and no others.
import * as assert from "uvu/assert";
import { withoutLeakTraces } from "../../sdk/quiet-resource.ts";
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

test.run();
