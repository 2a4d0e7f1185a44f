// Bundles the echo provider into one file, dist/echo/echo.cjs: it starts in half the time, once for
// each provider of a program.
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../bootstrap/bundle.mjs";
import { writeLicenses } from "../bootstrap/licenses.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const directory = path.join(root, "dist/echo");

await mkdir(directory, { recursive: true });
await writeFile(path.join(directory, "package.json"), '{ "type": "commonjs" }\n');
const inputs = await bundle(root, {
  entry: path.join(here, "echo/main.ts"),
  outfile: path.join(directory, "echo.cjs"),
});
await writeLicenses(directory, root, inputs);
