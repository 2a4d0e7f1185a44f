// One change of a route in a process of its own, so that a test can kill it with -9.
//   node operator.ts '{"paths":…,"spec":…,"stopBefore":"write"}'
// Prints the kind of each step before it; at `stopBefore` it says so and waits to be killed.
import { openAgent } from "../../../sdk/haproxy/agent.ts";
import { ensureRoute } from "../../../sdk/haproxy/route.ts";
import type { ProxyPaths, RouteSpec, Step } from "../../../sdk/haproxy/types.ts";
import { localChannel } from "./lab.ts";

interface Order {
  readonly paths: ProxyPaths;
  readonly spec: RouteSpec;
  readonly stopBefore?: Step["kind"];
  readonly drainTimeoutMs?: number;
}

const { paths, spec, stopBefore, drainTimeoutMs } = JSON.parse(process.argv[2] ?? "") as Order;
const agent = await openAgent(localChannel, paths);
process.stdout.write("opened\n");
const result = await ensureRoute(agent, spec, {
  drainTimeoutMs: drainTimeoutMs ?? 10_000,
  onStep: async (step) => {
    process.stdout.write(`${step.kind}\n`);
    if (step.kind === stopBefore) await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});
process.stdout.write(`${JSON.stringify(result)}\n`);
await agent.close();
