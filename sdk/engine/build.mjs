// Makes the parts of dist/ that the TypeScript compiler does not: the language host, bundled into
// one executable file, and the plain files that the Go build reads. Run after the compiler.
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../bootstrap/bundle.mjs";
import { writeLicenses } from "../bootstrap/licenses.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");

/** Bundles the language host into `directory`. The folder's package.json makes the file CommonJS. */
export async function bundleLanguageHost(directory) {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const outfile = path.join(directory, "pulumi-language-nodejs");
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, "package.json"), '{ "type": "commonjs" }\n');
  const inputs = await bundle(root, {
    entry: path.join(here, "langhost/main.ts"),
    outfile,
    plugins: [],
    legalComments: "none",
    define: { DOCKWRIGHT_VERSION: JSON.stringify(version) },
    banner: { js: "#!/usr/bin/env node\n// dockwright language host" },
  });
  await chmod(outfile, 0o755);
  await writeLicenses(directory, root, inputs);
}

async function copyPlainFiles(directory) {
  const modules = ["gobuild", "locate", "salt"];
  const files = modules.flatMap((name) => [`${name}.mjs`, `${name}.d.mts`]);
  for (const name of [...files, "gomodule"]) {
    await cp(path.join(here, name), path.join(directory, name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleLanguageHost(path.join(root, "dist/engine"));
  await copyPlainFiles(path.join(root, "dist/sdk/engine"));
}
