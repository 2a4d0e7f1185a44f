export function readCounts(lines: readonly string[]): { passed: number; failed: number };
