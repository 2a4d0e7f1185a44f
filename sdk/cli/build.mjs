// Bundles verbs that speak SSH and Docker's API, whose libraries are no dependencies of the package:
// `dockwright audit` into dist/audit/audit.mjs, and those that look at what runs into dist/live/live.mjs.
import { mkdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../bootstrap/bundle.mjs";
import { writeLicenses } from "../bootstrap/licenses.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const { dependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));

for (const [name, entry] of [
  ["audit", "audit.ts"],
  ["live", "live/index.ts"],
]) {
  const directory = path.join(root, "dist", name);
  await mkdir(directory, { recursive: true });
  const inputs = await bundle(root, {
    entry: path.join(here, entry),
    outfile: path.join(directory, `${name}.mjs`),
    format: "esm",
    // What is bundled was written for CommonJS: it asks for Node's modules by `require`, and ssh2's
    // cipher looks where it lies.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
    },
    // Native helpers that ssh2 does without where they are not there, and what the package depends on.
    external: ["cpu-features", "*.node", ...Object.keys(dependencies)],
  });
  await writeLicenses(directory, root, inputs);
}
