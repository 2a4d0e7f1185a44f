// Moments as a person gives them to --since and --until. Pure.
import { parseDurationMs } from "../../docker/durations.ts";
import { ErrorCode, SdkError } from "../../errors.ts";

/** Milliseconds since 1970: a duration before now, seconds since 1970, or a time as ISO 8601. */
export function parseMomentMs(option: string, text: string, nowMs: number): number {
  if (/^\d{9,}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const ms = Date.parse(text);
    if (!Number.isNaN(ms)) return ms;
  } else if (/^[\d.]/.test(text)) {
    return nowMs - parseDurationMs(text);
  }
  throw new SdkError(ErrorCode.BadInput, `${option} is ${JSON.stringify(text)}`, {
    fix: 'write a duration such as "10m", or a time such as "2026-01-31T12:00:00Z"',
  });
}
