// Sizes as Docker reads them ("512m", "1.5g", "64KiB"): every unit is a power of 1024.
// Specification: docker/go-units, RAMInBytes.
import { ErrorCode, SdkError } from "../errors.ts";

const powers: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** The bytes that a size means, rounded down. */
export function parseSizeBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i.exec(text);
  const power = powers[(match?.[2] ?? "").toLowerCase()];
  const bytes = match && power !== undefined ? Math.floor(Number(match[1]) * 1024 ** power) : -1;
  if (bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return bytes;
  throw new SdkError(
    ErrorCode.BadInput,
    bytes < 0
      ? `the size ${JSON.stringify(text)} is not a number with one of the units b, k, m, g, t, p`
      : `the size ${JSON.stringify(text)} is more than ${Number.MAX_SAFE_INTEGER} bytes`,
    { fix: 'write it like "512m" or "1.5g"' },
  );
}

/** The shortest exact way to write a number of bytes: 536870912 is "512m". */
export function formatSize(sizeBytes: number): string {
  let rest = sizeBytes;
  for (const unit of ["", "k", "m", "g", "t", "p"]) {
    if (rest === 0 || rest % 1024 !== 0 || unit === "p") return `${rest}${unit}`;
    rest /= 1024;
  }
  return `${sizeBytes}`;
}
