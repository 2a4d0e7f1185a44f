/** The real clock; for tests only, DOCKWRIGHT_TEST_NOW sets where it starts. */
export function clock(start = process.env["DOCKWRIGHT_TEST_NOW"]): () => Date {
  const aheadMs = start === undefined ? 0 : Date.parse(start) - Date.now();
  return () => new Date(Date.now() + aheadMs);
}
