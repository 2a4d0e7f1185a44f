// JSON values one a line, as the daemon streams events and progress. Reads across any split of the
// bytes; refuses a line that is not JSON.
import type { Readable } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";

/** Longest line that is taken; the daemon's are far below, build traces included. */
const maxLineChars = 64 * 1024 * 1024;

function parseLine<T>(line: string): T {
  try {
    return JSON.parse(line) as T;
  } catch (cause) {
    throw new SdkError(
      ErrorCode.Refused,
      `the daemon's stream has a line that is not JSON: ${JSON.stringify(line.slice(0, 120))}`,
      { fix: "check that nothing between here and the daemon changes its answers", cause },
    );
  }
}

/** The stream's values in order. Leaving the loop ends the stream. */
export async function* jsonLines<T>(stream: Readable): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk as Buffer, { stream: true });
    let from = 0;
    for (let end = rest.indexOf("\n", from); end >= 0; end = rest.indexOf("\n", from)) {
      const line = rest.slice(from, end).trim();
      from = end + 1;
      if (line) yield parseLine<T>(line);
    }
    rest = rest.slice(from);
    if (rest.length > maxLineChars) parseLine<T>(rest);
  }
  const last = (rest + decoder.decode()).trim();
  if (last) yield parseLine<T>(last);
}
