// Questions to the person at the terminal. Where there is none, nobody agreed.
import { createInterface } from "node:readline/promises";

/** Whether there is somebody to ask. */
export function isAttended(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** The answer; none where the terminal goes, or Ctrl-C is the answer. */
async function ask(question: string): Promise<string> {
  const over = new AbortController();
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  for (const event of ["SIGINT", "close"]) asking.once(event, () => over.abort());
  try {
    return await asking.question(question, { signal: over.signal });
  } catch (error) {
    if (over.signal.aborted) return "";
    throw error;
  } finally {
    asking.close();
  }
}

/** Whether the person says yes; false where nobody can be asked. */
export async function confirmed(question: string): Promise<boolean> {
  return isAttended() && /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}
