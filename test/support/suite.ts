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

/** Whether the long tests run: `npm run soak` does, `npm test` has a quarter of an hour for all. */
const whole = process.env["DOCKWRIGHT_WHOLE"] === "1";

export interface SuiteOptions {
  /** Milliseconds each test of the suite may take. */
  readonly timeoutMs?: number;
  /** All its tests are long ones. */
  readonly long?: boolean;
  /** What this machine lacks, in words: every test is left out with them, and no hook runs. */
  readonly missing?: string | undefined;
}

/** A test that `npm test` leaves out; `npm run soak` and DOCKWRIGHT_WHOLE=1 run it. */
type LongTest<T> = Test<T> & { readonly long: (name: string, run: Callback<T>) => void };

/** A uvu suite, each test of which fails by name when it takes too long. Ends with `.run()`. */
export function suite<T = Context>(title: string, options: SuiteOptions = {}): LongTest<T> {
  const inner = plain<T>(title);
  const { timeoutMs = defaultTimeoutMs, long = false } = options;
  const isLeft = long && !whole;
  const { missing } = options;
  let longOnes = 0;
  // The reason belongs into the name: the runner repeats the line.
  const skip = (name = "a test") => {
    process.stdout.write(`\nSKIP ${title}: ${name}\n`);
    inner.skip();
  };
  const leaveLong = () => {
    longOnes += 1;
    // Told with the others, and how they are run, when the suite begins.
    inner.skip();
  };
  const outer = (name: string, run: Callback<T>) => {
    if (isLeft) leaveLong();
    else if (missing === undefined) inner(name, limited(name, timeoutMs, run));
    else skip(`${name}: ${missing}`);
  };
  const hookOf = (hook: Callback<T>): Callback<T> =>
    isLeft || missing !== undefined ? () => undefined : hook;
  return Object.assign(outer, inner, {
    only: (name: string, run: Callback<T>) => inner.only(name, limited(name, timeoutMs, run)),
    long: (name: string, run: Callback<T>) => {
      if (whole) outer(name, run);
      else leaveLong();
    },
    skip,
    // uvu tells of a hook that fails by a count alone.
    before: Object.assign(
      (hook: Callback<T>) => {
        inner.before(async (context) => {
          try {
            await limited("before", timeoutMs, hookOf(hook))(context);
          } catch (error) {
            process.stdout.write(`\n${title}: the set-up failed: ${String(error)}\n`);
            throw error;
          }
        });
      },
      { each: (hook: Callback<T>) => inner.before.each(hookOf(hook)) },
    ),
    after: Object.assign((hook: Callback<T>) => inner.after(hookOf(hook)), {
      each: (hook: Callback<T>) => inner.after.each(hookOf(hook)),
    }),
    run: () => {
      if (longOnes > 0) {
        process.stdout.write(`\nSKIP ${title}: ${longOnes} long, for DOCKWRIGHT_WHOLE=1\n`);
      }
      inner.run();
    },
  }) as unknown as LongTest<T>;
}
