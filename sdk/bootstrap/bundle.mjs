// Bundles a program of the package, into one file or into parts: it starts in half the time, and needs
// no node_modules beside it.
import { mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { build, transform } from "esbuild";

/** What grpc-js reads .proto files with, for services of its own that nobody asks it for. */
const withoutProtoLoader = {
  name: "without-proto-loader",
  setup(build) {
    build.onResolve({ filter: /^@grpc\/proto-loader$/ }, () => ({
      path: "none",
      namespace: "none",
    }));
    build.onLoad({ filter: /^none$/, namespace: "none" }, () => ({ contents: "" }));
  },
};

const target = { platform: "node", target: "node20", minify: true, logLevel: "warning" };

const bundled = { ...target, bundle: true, plugins: [withoutProtoLoader], metafile: true };
const asCommonJs = {
  ...target,
  format: "cjs",
  supported: { "dynamic-import": false },
  // What was minified already looks suspicious to it.
  logLevel: "error",
};

const filesOf = (metafile) =>
  Object.keys(metafile.inputs)
    .filter((file) => !file.startsWith("none:"))
    .sort();

/** Writes `outfile`; `more` are further options of esbuild. Returns what went in, relative to `root`. */
export async function bundle(root, { entry, outfile, ...more }) {
  const { metafile } = await build({
    ...bundled,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    format: "cjs",
    ...more,
  });
  return filesOf(metafile);
}

/**
 * Writes `outfile` and, into the folder `parts` beside it, what it loads only when it comes to it: what
 * the program imports by `import()`. Node holds the text of every module that it has loaded in memory.
 * esbuild makes parts of ES modules alone, and those start slower: each is made a CommonJS module then.
 */
export async function bundleParts(root, { entry, outfile, ...more }) {
  const directory = path.dirname(outfile);
  const { outputFiles, metafile } = await build({
    ...bundled,
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: "main" }],
    outdir: directory,
    format: "esm",
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    write: false,
    ...more,
  });
  const parts = path.join(directory, "parts");
  await rm(parts, { recursive: true, force: true });
  await mkdir(parts, { recursive: true });
  for (const { path: made, text } of outputFiles) {
    const { code } = await transform(text, asCommonJs);
    await writeFile(made === path.join(directory, "main.js") ? outfile : made, code);
  }
  return filesOf(metafile);
}
