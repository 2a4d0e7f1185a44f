// Bundles the echo provider into one file, dist/echo/echo.cjs: it starts in half the time, once for
// each provider of a program.
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeLicenses } from "../bootstrap/licenses.mjs";
import { withoutProtoLoader } from "../provider/build.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const directory = path.join(root, "dist/echo");

await mkdir(directory, { recursive: true });
await writeFile(path.join(directory, "package.json"), '{ "type": "commonjs" }\n');
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [path.join(here, "echo/main.ts")],
  outfile: path.join(directory, "echo.cjs"),
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  plugins: [withoutProtoLoader],
  metafile: true,
  logLevel: "warning",
});
const inputs = Object.keys(metafile.inputs).filter((file) => !file.startsWith("none:"));
await writeLicenses(directory, root, inputs);
