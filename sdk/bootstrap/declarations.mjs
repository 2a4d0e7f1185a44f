// Rewrites the imports of the declaration files in dist/ from `./x.ts` to `./x.js`. The compiler
// does that in what runs and leaves it in declarations, where only recent compilers find `x.d.ts`.
import { readdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const dist = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../dist");

/** The text of a declaration file, with imports that every compiler resolves. */
export function withJsImports(text) {
  return text.replace(/((?:\bfrom|\bimport)\s*\(?\s*"\.{1,2}\/[^"]*)\.ts"/g, '$1.js"');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith(".d.ts")) continue;
    const file = path.join(dist, name);
    const text = await readFile(file, "utf8");
    const rewritten = withJsImports(text);
    if (rewritten !== text) await writeFile(file, rewritten);
  }
}
