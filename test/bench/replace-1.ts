// One container with a health gate, replaced by `pulumi up`. The floor does the same by hand, on a
// container made like that one, and adds an empty run of the engine.
import type { Bench, BenchContext } from "./bench.ts";
import { atMostMore, type Figure, figureOf, takeTurns } from "./figure.ts";
import { BenchStack, emptyProgram } from "./project.ts";
import { type RawContainer, RawDaemon } from "./raw.ts";

const program = (prefix: string): string => `
import { Container, debianImages, Image, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("here");
const image = new Image("image", { daemon, debian: debianImages.webServer });
const web = new Container("${prefix}-web", {
  daemon, image, env: { RELEASE: process.env.RELEASE },
  healthCheck: { test: ["CMD", "dw-health", "8080", "/"], intervalMs: 250 },
});
export const name = web.name;
`;

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const { prefix } = context;
  const daemon = new RawDaemon();
  const empty = await BenchStack.make(context, { name: "empty", program: emptyProgram });
  const stack = await BenchStack.make(context, { name: "one", program: program(prefix) });
  let release = 0;
  try {
    await stack.up(/created/, { RELEASE: `${release}` });
    const { name } = await stack.outputs();
    const model = await daemon.modelOf(String(name));
    let old: RawContainer = await daemon.make(`${prefix}-hand-0`, model);
    const byHand = async (): Promise<number> => {
      const started = performance.now();
      const next = await daemon.make(`${prefix}-hand-${++release}`, model);
      await daemon.end(old.id);
      old = next;
      return (performance.now() - started) / 1000;
    };
    const turns = await takeTurns(
      {
        value: () => stack.up(/\+-1 replaced/, { RELEASE: `${++release}` }),
        floor: async () => (await byHand()) + (await empty.up(/Duration/)),
      },
      context,
    );
    const goal = atMostMore(0.5, "s");
    return [figureOf({ name: "replace-1", unit: "s", goal }, turns)];
  } finally {
    await daemon.removeAll(`${prefix}-hand-`);
    daemon.close();
    await stack.remove();
    await empty.remove();
  }
}

export const replace1: Bench = {
  name: "replace-1",
  says: "one container replaced, against the raw Engine API and an empty run of the engine",
  run,
};
