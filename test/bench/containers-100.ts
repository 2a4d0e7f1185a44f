// 100 containers on one daemon: made, looked at with nothing to do, refreshed, taken away; each
// against the raw API, by a client that has just started, as the plugin has, and does as many at the
// same time. What the engine and the SDK themselves take is taken off the value: the same program, the
// same phase, by a plugin that does nothing. What takes the daemon half a minute is measured once a
// turn, a look several times: it is shorter than what the machine's other work makes of it. A refresh is
// one alone (`pulumi refresh`): a program beside it takes ten times its time.
import { execFile } from "node:child_process";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Bench, BenchContext } from "./bench.ts";
import { atMostTimes, type Figure, figureOf } from "./figure.ts";
import { BenchStack, makeIdlePlugin } from "./project.ts";
import { type Model, RawDaemon } from "./raw.ts";
import type { RawPhase, RawWork } from "./raw-hundred.ts";

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
/** Looks a turn. */
const looks = 5;
/**
 * Before each look: what the one before it left is then over. The process that providers share stays for
 * a second after an update, and the engine's writes go to the disk.
 */
const restMs = 1_500;

/** What each phase took, in seconds, each time. */
type Taken = Record<Phase, number[]>;
const nothing = (): Taken => ({ create: [], noop: [], refresh: [], destroy: [] });

const unchanged = /Resources:\s+\d+ unchanged\s+Duration/;
const args = ["--parallel", `${atOnce}`];
const env = { COUNT: `${count}` };

/** A phase of a stack: the seconds that it takes. */
const phaseOf: Readonly<Record<Phase, (stack: BenchStack) => Promise<number>>> = {
  create: (stack) => stack.up(new RegExp(`\\+ ${count} created`), env, args),
  noop: (stack) => stack.up(unchanged, env, args),
  refresh: (stack) => stack.refresh(unchanged, args),
  destroy: (stack) => stack.up(new RegExp(`- ${count} deleted`), { COUNT: "0" }, args),
};

const execute = promisify(execFile);

async function rawSeconds(phase: RawPhase, model: Model, prefix: string): Promise<number> {
  const names = Array.from({ length: count }, (_, at) => `${prefix}-hand-${at + 1}`);
  const script = path.join(import.meta.dirname, "raw-hundred.ts");
  const work: RawWork = { phase, names, atOnce, model };
  const { stdout } = await execute(process.execPath, [script, JSON.stringify(work)]);
  return Number(stdout);
}

/** The raw API's word for a phase. */
const rawPhases = { create: "create", noop: "look", refresh: "look", destroy: "destroy" } as const;

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

interface Measured {
  readonly whole: Taken;
  /** The same with a plugin that does nothing. */
  readonly engine: Taken;
  readonly raw: Taken;
}

/** One turn: everything is made, looked at, refreshed and taken away by each side. */
async function turn(
  { stack, idle, prefix, model }: Sides & { readonly prefix: string; readonly model: Model },
  stackFirst: boolean,
  { whole, engine, raw }: Measured,
): Promise<void> {
  for (const phase of phases) {
    const isLook = phase === "noop" || phase === "refresh";
    const rested = async (list: number[], work: () => Promise<number>) => {
      if (isLook) await sleep(restMs);
      list.push(await work());
    };
    for (let at = 0; at < (isLook ? looks : 1); at++) {
      const ours = () => rested(whole[phase], () => phaseOf[phase](stack));
      if (stackFirst) await ours();
      await rested(raw[phase], () => rawSeconds(rawPhases[phase], model, prefix));
      await rested(engine[phase], () => phaseOf[phase](idle));
      if (!stackFirst) await ours();
    }
  }
}

async function measure(context: BenchContext, sides: Sides): Promise<readonly Figure[]> {
  const { stack, idle, daemon } = sides;
  const { log, prefix, signal } = context;
  const model = await modelOf(stack, daemon, prefix);
  // Its image: the other's is there already.
  await idle.up(/created/, { COUNT: "0" });
  const measured: Measured = { whole: nothing(), engine: nothing(), raw: nothing() };
  const turns = Math.min(context.turns, mostTurns);
  for (let at = 0; at < turns; at++) {
    signal.throwIfAborted();
    await turn({ ...sides, prefix, model }, at % 2 === 0, measured);
    log(`turn ${at + 1} of ${turns}`);
  }
  return phases.map((phase) => {
    const { whole, engine, raw } = measured;
    const [ours, off, floors] = [whole[phase], engine[phase], raw[phase]];
    const words = [ours, off, floors].map((times) =>
      times.map((time) => time.toFixed(2)).join(" "),
    );
    log(`${phase}: ${words[0]}; the engine: ${words[1]}; raw: ${words[2]}`);
    const taken = ours.map((time, at) => ({
      value: time - (off[at] ?? Number.NaN),
      floor: floors[at] ?? Number.NaN,
    }));
    const by = "median";
    const goal = atMostTimes(1.3);
    return figureOf({ name: `containers-100-${phase}`, unit: "s", goal, by }, taken);
  });
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
