// Twenty hosts with nothing to do, each by a provider of its own: `pulumi up` of a volume on each,
// against the same engine with an empty program. Pulumi starts a plugin for every one of them; what
// that costs in CPU time and memory is counted over all processes.
import type { Bench, BenchContext } from "./bench.ts";
import { atMostMore, type Figure, figureOf, type Turn, takeTurns } from "./figure.ts";
import { BenchStack, emptyProgram } from "./project.ts";
import { measureUsage, type Usage } from "./usage.ts";

const count = 20;

const program = (prefix: string): string => `
import { LocalDaemon, Volume } from "dockwright";
for (let at = 1; at <= ${count}; at++) {
  const daemon = new LocalDaemon(\`host-\${at}\`);
  new Volume(\`${prefix}-\${at}\`, { daemon, delete: true });
}
`;

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const empty = await BenchStack.make(context, { name: "empty", program: emptyProgram });
  const full = await BenchStack.make(context, { name: "full", program: program(context.prefix) });
  const values: Usage[] = [];
  const floors: Usage[] = [];
  const usageOf = async (list: Usage[], work: () => Promise<unknown>) => {
    const usage = await measureUsage(context.prefix, work);
    list.push(usage);
    return usage.cpuSeconds;
  };
  try {
    context.log(`makes a volume on ${count} hosts`);
    await full.up(/created/);
    const cpu = await takeTurns(
      {
        value: () => usageOf(values, () => full.up(/Resources:\s+\d+ unchanged\s+Duration/)),
        floor: () => usageOf(floors, () => empty.up(/Duration/)),
      },
      context,
    );
    const memory: readonly Turn[] = cpu.map((_, at) => ({
      value: values[at + 1]?.peakMegabytes ?? Number.NaN,
      floor: floors[at + 1]?.peakMegabytes ?? Number.NaN,
    }));
    return [
      figureOf({ name: "plugins-20-cpu", unit: "s", goal: atMostMore(1.5, "s") }, cpu),
      figureOf({ name: "plugins-20-memory", unit: "MB", goal: atMostMore(50, "MB") }, memory),
    ];
  } finally {
    await full.remove();
    await empty.remove();
  }
}

export const plugins20: Bench = {
  name: "plugins-20",
  says: "`up` of 20 hosts with nothing to do, a provider each: CPU and memory of all processes, against an empty program",
  run,
};
