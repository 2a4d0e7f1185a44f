// 100 containers on one daemon: made, looked at with nothing to do, refreshed, taken away; each
// against the raw API, which does as many at the same time. What the engine and the SDK themselves take
// is taken off the value: the same program, the same phase, by a plugin that does nothing.
import type { Bench, BenchContext } from "./bench.ts";
import { atMostTimes, type Figure, figureOf, type Turn } from "./figure.ts";
import { BenchStack, makeIdlePlugin } from "./project.ts";
import { type Model, type RawContainer, RawDaemon } from "./raw.ts";

const count = 100;
/** How many at a time: told to the engine, and kept by the raw side. */
const atOnce = 8;
/** The daemon takes half a minute or more for each. */
const mostTurns = 3;

// The image stays when there are no containers: building it is not what is measured.
const program = (prefix: string): string => `
import { Container, debianImages, Image, LocalDaemon } from "dockwright";
const daemon = new LocalDaemon("here");
const image = new Image("image", { daemon, debian: debianImages.webServer });
for (let at = 1; at <= Number(process.env.COUNT); at++) {
  new Container(\`${prefix}-\${at}\`, {
    daemon, image, init: true, command: ["sleep", "infinity"], env: { AT: \`\${at}\` },
    ready: { runningMs: 10 },
  });
}
`;

const phases = ["create", "noop", "refresh", "destroy"] as const;
type Phase = (typeof phases)[number];
/** Seconds. */
type Times = Readonly<Record<Phase, number>>;

/** Does it to each, as many at once as the engine does. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift())
      results.push(await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function measureStack(stack: BenchStack): Promise<Times> {
  const args = ["--parallel", `${atOnce}`];
  const env = { COUNT: `${count}` };
  const unchanged = /Resources:\s+\d+ unchanged\s+Duration/;
  return {
    create: await stack.up(new RegExp(`\\+ ${count} created`), env, args),
    noop: await stack.up(unchanged, env, args),
    refresh: await stack.up(unchanged, env, ["--refresh", ...args]),
    destroy: await stack.up(new RegExp(`- ${count} deleted`), { COUNT: "0" }, args),
  };
}

/** Who keeps no state looks at each to know that there is nothing to do: `noop` and `refresh` alike. */
async function measureRaw(daemon: RawDaemon, model: Model, prefix: string): Promise<Times> {
  const names = Array.from({ length: count }, (_, at) => `${prefix}-hand-${at + 1}`);
  let made: readonly RawContainer[] = [];
  const look = () => seconds(() => each(made, ({ name }) => daemon.modelOf(name)));
  return {
    create: await seconds(async () => {
      made = await each(names, (name) => daemon.run(name, model));
    }),
    noop: await look(),
    refresh: await look(),
    destroy: await seconds(() => each(made, ({ id }) => daemon.end(id))),
  };
}

/** How the stack's containers are made, of one that is there for this alone. */
async function modelOf(stack: BenchStack, daemon: RawDaemon, prefix: string): Promise<Model> {
  await stack.up(/created/, { COUNT: "1" });
  const [name] = await daemon.namesOf(prefix);
  const model = await daemon.modelOf(name ?? "");
  await stack.up(/deleted/, { COUNT: "0" });
  return model;
}

interface Sides {
  readonly stack: BenchStack;
  /** The same by a plugin that does nothing. */
  readonly idle: BenchStack;
  readonly daemon: RawDaemon;
}

async function measure(context: BenchContext, sides: Sides): Promise<readonly Figure[]> {
  const { stack, idle, daemon } = sides;
  const { log, prefix, signal } = context;
  const model = await modelOf(stack, daemon, prefix);
  // Its image: the other's is there already.
  await idle.up(/created/, { COUNT: "0" });
  const turns: Record<Phase, Turn[]> = { create: [], noop: [], refresh: [], destroy: [] };
  for (let at = 0; at < Math.min(context.turns, mostTurns); at++) {
    signal.throwIfAborted();
    const stackFirst = at % 2 === 0 ? await measureStack(stack) : undefined;
    const raw = await measureRaw(daemon, model, prefix);
    const off = await measureStack(idle);
    const ours = stackFirst ?? (await measureStack(stack));
    for (const phase of phases) {
      turns[phase].push({ value: ours[phase] - off[phase], floor: raw[phase] });
      const [whole, engine, floor] = [ours, off, raw].map((times) => times[phase].toFixed(3));
      log(`turn ${at + 1}, ${phase}: ${whole} less ${engine} of the engine, against ${floor}`);
    }
  }
  const goal = atMostTimes(1.3);
  return phases.map((phase) =>
    figureOf({ name: `containers-100-${phase}`, unit: "s", goal }, turns[phase]),
  );
}

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const { prefix } = context;
  const daemon = new RawDaemon();
  const text = program(prefix);
  const plugin = await makeIdlePlugin(context);
  const idle = await BenchStack.make(context, { name: "idle", program: text, plugin });
  const stack = await BenchStack.make(context, { name: "hundred", program: text });
  try {
    return await measure(context, { stack, idle, daemon });
  } finally {
    await daemon.removeAll(`${prefix}-hand-`);
    daemon.close();
    await stack.remove();
    await idle.remove();
  }
}

export const containers100: Bench = {
  name: "containers-100",
  says: "100 containers on one daemon made, looked at, refreshed and taken away, against the raw API",
  run,
};
