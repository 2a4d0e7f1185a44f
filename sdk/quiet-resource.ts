// What the generated resource classes extend. The SDK takes four stack traces for every property of
// a resource, for PULUMI_DEBUG_PROMISE_LEAKS, and `source-map-support` maps each frame: for 20
// containers 0.6 s of the 1.5 s of processor time that an idle update cost. So none are taken while
// a resource is made, unless that variable asks for them. Where a resource stands in the program is
// still known: the SDK lifts the limit itself when it looks.
import * as pulumi from "@pulumi/pulumi";

export class QuietResource extends pulumi.CustomResource {
  constructor(
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const limit = Error.stackTraceLimit;
    if (!process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) Error.stackTraceLimit = 0;
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
