// Work that a signal must not cut in two.

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const stay = () => {};

/** Does it to the end, whatever signal comes: pulumi, which gets them too, ends what it does. */
export async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  for (const signal of signals) process.on(signal, stay);
  try {
    return await work();
  } finally {
    for (const signal of signals) process.off(signal, stay);
  }
}
