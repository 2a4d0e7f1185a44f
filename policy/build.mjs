// Makes dist/policy-pack: PulumiPolicy.yaml, and the rules bundled into one file. `@pulumi/policy` is
// not in it: it is a dependency of the package, and found from there.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../sdk/bootstrap/bundle.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");

/** Writes the pack into `directory`. */
export async function bundlePolicyPack(directory) {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  await mkdir(directory, { recursive: true });
  await bundle(root, {
    entry: path.join(here, "pack.ts"),
    outfile: path.join(directory, "index.cjs"),
    minify: false,
    external: ["@pulumi/policy"],
  });
  await copyFile(path.join(here, "PulumiPolicy.yaml"), path.join(directory, "PulumiPolicy.yaml"));
  const manifest = { name: "dockwright-policy", private: true, version, main: "index.cjs" };
  await writeFile(path.join(directory, "package.json"), `${JSON.stringify(manifest)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundlePolicyPack(path.join(root, "dist/policy-pack"));
}
