// How many cases a property is tried on: `npm run soak` raises it by DOCKWRIGHT_CASES.

/** The count of this run, `usual` without the soak. */
export function cases(usual = 100): { readonly numRuns: number } {
  return { numRuns: Math.max(usual, Number(process.env["DOCKWRIGHT_CASES"] ?? "0")) };
}
