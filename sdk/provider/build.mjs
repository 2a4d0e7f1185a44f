// Bundles the plugin into dist/plugin: it starts in half the time, and runs from Pulumi's plugin folder,
// where there is no node_modules. pulumi-resource-dockwright.cjs is what every run needs; what only some
// need, such as SSH, is in parts. Beside them the launcher, which Pulumi runs, and the list of what went
// in, for the test that nothing heavy did.
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleParts } from "../bootstrap/bundle.mjs";
import { writeLicenses } from "../bootstrap/licenses.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");

/** Bundles the plugin into `directory`; returns the files that went in, relative to the root. */
export async function bundlePlugin(directory) {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "package.json"), '{ "type": "commonjs" }\n');
  const launcher = path.join(directory, "pulumi-resource-dockwright");
  const inputs = await bundleParts(root, {
    entry: path.join(here, "main.ts"),
    outfile: path.join(directory, "pulumi-resource-dockwright.cjs"),
    // Native helpers that ssh2 does without where they are not there.
    external: ["cpu-features", "*.node"],
  });
  await copyFile(path.join(here, "launcher.sh"), launcher);
  await chmod(launcher, 0o755);
  return inputs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = path.join(root, "dist/plugin");
  const inputs = await bundlePlugin(directory);
  await writeLicenses(directory, root, inputs);
  await writeFile(path.join(directory, "inputs.json"), `${JSON.stringify(inputs, undefined, 1)}\n`);
}
