// Bundles a program of the package into one file: it starts in half the time, and needs no
// node_modules beside it.
import { build } from "esbuild";

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

/** Writes `outfile`; `more` are further options of esbuild. Returns what went in, relative to `root`. */
export async function bundle(root, { entry, outfile, ...more }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    plugins: [withoutProtoLoader],
    metafile: true,
    logLevel: "warning",
    ...more,
  });
  return Object.keys(metafile.inputs)
    .filter((file) => !file.startsWith("none:"))
    .sort();
}
