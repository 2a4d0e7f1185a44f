// A random secret, made once and kept in the state as a secret. It stands for itself: nothing outside
// of the state knows it.

import { createHash, randomInt } from "node:crypto";
import { element, f } from "../fields.ts";
import { defineResource } from "../resource.ts";

const alphabets = {
  alphanumeric: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
  hex: "0123456789abcdef",
  printable:
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~",
} as const;
const defaultLength = 32;

/** A text of so many characters, each drawn from the system's random source without bias. */
export function randomText(length: number, characters: keyof typeof alphabets): string {
  const alphabet = alphabets[characters];
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
}

export const randomSecret = defineResource({
  name: "RandomSecret",
  doc: "A password or token made from the system's random source. It is made once, kept in the state as a secret, and made anew only when an input changes.",
  inputs: {
    length: f.integer({
      doc: "How many characters it has.",
      default: String(defaultLength),
      check: (value) => (value >= 8 && value <= 1024 ? undefined : "write 8 to 1024"),
    }),
    characters: f.choice(["alphanumeric", "hex", "printable"], {
      doc: "What it is made of.",
      default: "alphanumeric",
    }),
    keepers: f.map(f.string(element), {
      doc: "Any values; when one changes, a new secret is made.",
      default: "none",
    }),
  },
  outputs: {
    value: f.string({ doc: "The secret.", required: true, secret: true }),
  },
  create: (_context, inputs) => {
    const value = randomText(inputs.length ?? defaultLength, inputs.characters ?? "alphanumeric");
    // The id is public: it tells two secrets apart and nothing else.
    const id = createHash("sha256").update(randomText(32, "hex")).digest("hex").slice(0, 16);
    return Promise.resolve({ id, outputs: { value } });
  },
  read: (_context, id, known) => Promise.resolve(known && { id, ...known }),
  delete: () => Promise.resolve(),
});
