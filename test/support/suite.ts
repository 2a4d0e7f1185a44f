// uvu's suite with a time limit for each test. Without one, a test that never settles ends the
// whole process with "Exiting early", names nothing and loses the results of the tests after it.
import { type Callback, type Context, suite as plain, type Test } from "uvu";

/** Milliseconds a test may take unless its suite says otherwise. */
const defaultTimeoutMs = 180_000;

function limited<T>(name: string, timeoutMs: number, run: Callback<T>): Callback<T> {
  return async (context) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`"${name}" did not end within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      await Promise.race([Promise.resolve(run(context)), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

export interface SuiteOptions {
  /** Milliseconds each test of the suite may take. */
  readonly timeoutMs?: number;
}

/** A uvu suite, each test of which fails by name when it takes too long. Ends with `.run()`. */
export function suite<T = Context>(title: string, options: SuiteOptions = {}): Test<T> {
  const inner = plain<T>(title);
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const outer = (name: string, run: Callback<T>) => inner(name, limited(name, timeoutMs, run));
  return Object.assign(outer, inner, {
    only: (name: string, run: Callback<T>) => inner.only(name, limited(name, timeoutMs, run)),
    // The reason belongs into the name: the runner repeats the line.
    skip: (name = "a test") => {
      process.stdout.write(`\nSKIP ${title}: ${name}\n`);
      inner.skip();
    },
    // uvu tells of a hook that fails by a count alone.
    before: Object.assign(
      (hook: Callback<T>) => {
        inner.before(async (context) => {
          try {
            await limited("before", timeoutMs, hook)(context);
          } catch (error) {
            process.stdout.write(`\n${title}: the set-up failed: ${String(error)}\n`);
            throw error;
          }
        });
      },
      { each: inner.before.each },
    ),
    after: inner.after,
    run: () => inner.run(),
  }) as unknown as Test<T>;
}
