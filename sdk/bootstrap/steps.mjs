// Runs named steps side by side, each as soon as those it needs are done, and says what it does, how
// far it is and how long it takes. On a terminal the running steps are redrawn in place; otherwise
// each change is a line, and a step that is silent still says every few seconds that it lives.
// Plain JavaScript without dependencies: it runs on a fresh clone before anything is installed.

/** Milliseconds of silence after which a running step says a line, when there is no terminal. */
const heartbeatMs = 10_000;
/** A step that tells more often than this is thinned out, when there is no terminal. */
const tellEveryMs = 5_000;
const redrawMs = 200;

/** What a step failed with: a sentence, the command that mends it, and its last words. */
export class StepError extends Error {
  constructor(message, { fix, tail = [] } = {}) {
    super(message);
    this.name = "StepError";
    this.fix = fix;
    this.tail = tail;
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** Words of one step for the screen. */
export function stepWords({ name, state, detail, startedAt, endedAt }, now) {
  const time = startedAt === undefined ? "" : ` (${seconds((endedAt ?? now) - startedAt)})`;
  const marks = { waiting: "…", running: ">", done: "✓", skipped: "-", failed: "✗" };
  return `${marks[state]} ${name}${detail ? `: ${detail}` : ""}${state === "skipped" ? "" : time}`;
}

/** Draws the running steps in place, below the lines that are finished. */
class TerminalView {
  constructor(out, steps) {
    this.out = out;
    this.steps = steps;
    this.drawn = 0;
    this.timer = setInterval(() => this.draw(), redrawMs);
  }

  line(text) {
    this.clear();
    this.out.write(`${text}\n`);
    this.draw();
  }

  ended(step) {
    this.line(stepWords(step, Date.now()));
  }

  changed() {}

  clear() {
    if (this.drawn > 0) this.out.write(`\x1b[${this.drawn}A\x1b[0J`);
    this.drawn = 0;
  }

  draw() {
    this.clear();
    const running = this.steps.filter(({ state }) => state === "running");
    const width = (this.out.columns || 80) - 1;
    for (const step of running) this.out.write(`${stepWords(step, Date.now()).slice(0, width)}\n`);
    this.drawn = running.length;
  }

  close() {
    clearInterval(this.timer);
    this.clear();
  }
}

/** Writes a line for each change, and a heartbeat. */
class LineView {
  constructor(out, steps) {
    this.out = out;
    this.timer = setInterval(() => {
      for (const step of steps) if (step.state === "running") this.tell(step, heartbeatMs);
    }, 1_000);
  }

  line(text) {
    this.out.write(`${text}\n`);
  }

  tell(step, everyMs) {
    const now = Date.now();
    if (now - (step.toldAt ?? step.startedAt) < everyMs) return;
    step.toldAt = now;
    this.line(stepWords(step, now));
  }

  changed(step) {
    this.tell(step, step.toldAt === undefined ? 0 : tellEveryMs);
  }

  ended(step) {
    this.line(stepWords(step, Date.now()));
  }

  close() {
    clearInterval(this.timer);
  }
}

async function runStep(step, context, view, signal) {
  step.state = "running";
  step.startedAt = Date.now();
  const tell = (detail) => {
    step.detail = detail;
    view.changed(step);
  };
  try {
    const outcome = await step.run({ tell, signal, say: (text) => view.line(text), ...context });
    step.state = outcome?.skipped ? "skipped" : "done";
    step.detail = outcome?.skipped ?? outcome?.detail ?? "";
    step.value = outcome?.value;
  } catch (error) {
    step.state = "failed";
    step.detail = "";
    step.error = error;
    throw error;
  } finally {
    step.endedAt = Date.now();
    view.ended(step);
  }
}

/** Text of a failed step: its name, what was wrong, its last words, and the fix. */
export function failureWords(name, error) {
  const lines = [`${name} failed: ${error.message}`];
  for (const line of error.tail ?? []) lines.push(`    ${line}`);
  if (error.fix) lines.push(`fix: ${error.fix}`);
  return lines.join("\n");
}

function checkNames(steps) {
  const names = new Set(steps.map(({ name }) => name));
  for (const { name, needs = [] } of steps) {
    const unknown = needs.find((each) => !names.has(each));
    if (unknown) throw new Error(`step "${name}" needs "${unknown}", which is no step`);
  }
}

/**
 * Runs steps `{ name, needs, run }`. `run` gets `{ tell, say, signal }` and may answer
 * `{ skipped }` or `{ detail }`. When one fails, those under way are aborted and waited for, and
 * the first failure is thrown with `step` set to its name.
 */
export async function runSteps(steps, { out = process.stdout, context = {}, signal } = {}) {
  checkNames(steps);
  const all = steps.map((step) => ({ ...step, state: "waiting" }));
  const view = out.isTTY ? new TerminalView(out, all) : new LineView(out, all);
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const runs = new Map();
  let failure;
  const start = (step) => {
    const needed = (step.needs ?? []).map((name) => start(all.find((each) => each.name === name)));
    const run =
      runs.get(step.name) ??
      Promise.all(needed).then(async () => {
        if (both.aborted) throw new Error("stopped");
        await runStep(step, context, view, both);
      });
    runs.set(step.name, run);
    return run;
  };
  const settled = all.map((step) =>
    start(step).catch((error) => {
      if (step.state !== "failed" || failure !== undefined) return;
      failure = Object.assign(error, { step: step.name });
      stop.abort();
    }),
  );
  await Promise.all(settled);
  view.close();
  if (failure !== undefined) throw failure;
  signal?.throwIfAborted();
}
