// Takes secrets out of what the provider says. The engine scrubs only stack configuration, and prints
// a provider's errors and log lines as sent; a container's log tail may well print its environment.

const replacement = "[secret]";
/** Shorter strings are left alone: they occur in ordinary words, and hiding them hides nothing. */
const shortest = 4;

export interface Scrubber {
  /** Adds strings that must not be said from now on. */
  readonly add: (secrets: readonly string[]) => void;
  readonly scrub: (text: string) => string;
}

/** The forms in which a secret may come up: itself, in JSON, in a URL, in base64, line by line. */
function forms(secret: string): readonly string[] {
  const lines = secret.includes("\n") ? secret.split("\n").map((line) => line.trim()) : [];
  return [
    secret,
    secret.trim(),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    ...lines.filter((line) => line.length >= 8 && !line.startsWith("-----")),
  ].filter((form) => form.length >= shortest);
}

export function createScrubber(): Scrubber {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  return {
    add(secrets) {
      const before = known.size;
      for (const secret of secrets) {
        if (!known.has(secret)) for (const form of forms(secret)) known.add(form);
      }
      if (known.size !== before) longestFirst = [...known].sort((a, b) => b.length - a.length);
    },
    scrub: (text) =>
      longestFirst.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, replacement), text),
  };
}
