// The salt that Pulumi writes into a stack's configuration belongs to one passphrase. With another
// passphrase (a fresh clone makes its own) Pulumi calls it incorrect and stops, although nothing is
// encrypted yet. So a salt that no secret needs is taken out when its passphrase is not there.
import { readdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";

/** The configuration without its salt; unchanged when it holds secrets that need it. */
export function withoutSalt(text) {
  if (/^\s+secure:/m.test(text)) return text;
  return text.replace(/^encryptionsalt:.*\n?/m, "");
}

/** Takes the salts that no secret needs out of all stack configurations of a project. */
export async function forgetSalts(directory) {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => /^Pulumi\..+\.ya?ml$/.test(each))) {
    const file = path.join(directory, name);
    const text = await readFile(file, "utf8");
    if (withoutSalt(text) !== text) await writeFile(file, withoutSalt(text));
  }
}
