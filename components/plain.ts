// What of arguments is known when the program runs: values with no output or promise anywhere in them.

/** Whether all of it is known. */
function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

/** The members that are known; what is refused of them is refused at once. */
export function plainMembers<T extends object>(args: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(args).filter(([, value]) => isPlain(value)),
  ) as Partial<T>;
}
