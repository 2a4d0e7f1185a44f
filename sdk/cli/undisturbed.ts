// Work that a signal must not cut in two.
import { onSignals } from "./signals.ts";

/** Does it to the end, whatever signal comes: pulumi, which gets them too, ends what it does. */
export async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  const release = onSignals(() => undefined);
  try {
    return await work();
  } finally {
    release();
  }
}
