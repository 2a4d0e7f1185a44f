// Finds a mark in a stream of bytes that packets cut anywhere. Pure.

export interface MarkFinder {
  /** Passes on what cannot be part of the mark; gives what comes after it, once it was found. */
  push(chunk: Buffer): Buffer | undefined;
}

export function findMark(mark: string, pass: (chunk: Buffer) => void): MarkFinder {
  const bytes = Buffer.from(mark);
  let held = Buffer.alloc(0);
  return {
    push(chunk) {
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const at = all.indexOf(bytes);
      if (at !== -1) {
        if (at > 0) pass(all.subarray(0, at));
        return all.subarray(at + bytes.length);
      }
      // Only the end may be the beginning of the mark.
      let keep = Math.min(all.length, bytes.length - 1);
      while (keep > 0 && !bytes.subarray(0, keep).equals(all.subarray(all.length - keep))) keep--;
      if (all.length > keep) pass(all.subarray(0, all.length - keep));
      held = Buffer.from(all.subarray(all.length - keep));
      return undefined;
    },
  };
}
