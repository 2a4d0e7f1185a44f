// A counting gate: at most so many at once, the others in order of arrival.

export interface Gate {
  /** Waits for a place; the caller gives it back by calling what this gives. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  const leaver = () => {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    };
  };
  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return leaver();
      }
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal?.reason as Error);
        };
        const admit = () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        waiting.push(admit);
      });
      return leaver();
    },
  };
}
