// Values of `stack export --show-secrets` as they are: a secret stands there in an envelope, with its
// text as JSON. Pure.

/** Pulumi's signature of an envelope. */
const signature = "4dabf18193072939515e22adb298388d";

/** The value without its envelopes, however deep; undefined where one does not show what is in it. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value) {
    const { plaintext } = value as { readonly plaintext?: unknown };
    return typeof plaintext === "string" ? revealed(JSON.parse(plaintext)) : undefined;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
