// `pulumi up` of 20 containers that are as declared. Goal: what Dockwright adds to a run of the
// engine that has nothing to do is not felt.
import type { Bench, BenchContext } from "./bench.ts";
import { atMostMore, type Figure, figureOf, takeTurns } from "./figure.ts";
import { BenchStack, emptyProgram } from "./project.ts";

const count = 20;

const program = (prefix: string): string => `
import { Container, debianImages, Image, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("here");
const image = new Image("image", { daemon, debian: debianImages.webServer });
for (let at = 1; at <= ${count}; at++) {
  new Container(\`${prefix}-\${at}\`, {
    daemon, image, init: true, command: ["sleep", "infinity"], env: { AT: \`\${at}\` },
    ready: { runningMs: 10 },
  });
}
`;

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const empty = await BenchStack.make(context, { name: "empty", program: emptyProgram });
  const full = await BenchStack.make(context, { name: "full", program: program(context.prefix) });
  try {
    context.log(`makes ${count} containers`);
    await full.up(/created/);
    const turns = await takeTurns(
      {
        value: () => full.up(/Resources:\s+\d+ unchanged\s+Duration/),
        floor: () => empty.up(/Duration/),
      },
      context,
    );
    const goal = atMostMore(0.6, "s");
    return [figureOf({ name: "noop-20", unit: "s", goal }, turns)];
  } finally {
    await full.remove();
    await empty.remove();
  }
}

export const noop20: Bench = {
  name: "noop-20",
  says: "`up` of 20 containers with nothing to do, against the same engine with an empty program",
  run,
};
