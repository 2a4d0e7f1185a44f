// The words of a step, for logs and previews.
import type { ServerSpec, Step } from "./types.ts";

const names = (servers: readonly ServerSpec[]): string =>
  servers.map((server) => server.name).join(", ");

export function describeStep(step: Step): string {
  switch (step.kind) {
    case "gate":
      return `wait until the proxy's check of ${names(step.servers)} passes`;
    case "switch": {
      const { enable, retire } = step;
      const come =
        enable.length > 0 ? `send traffic to ${names(enable.map((one) => one.server))}` : "";
      const leave = retire.length > 0 ? `take ${retire.length} out of traffic` : "";
      return [come, leave].filter(Boolean).join(", ");
    }
    case "write":
      return "write the servers to the route's file";
    case "probe":
      return `ask ${names(step.spec.servers)} from the proxy's place`;
    case "reload":
      return step.layout ? "check, write and load the route" : "take the route away, and load that";
    case "drain":
      return "wait for the requests of the servers that left";
    case "free":
      return `make ${step.slots.length} place(s) free`;
  }
}
