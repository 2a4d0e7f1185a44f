// The set-up that `npm run quickstart` and `npm test` share, as steps: engine, dependencies, build,
// packages, daemon, base images. Each looks first and does nothing when it is done already.
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildEngine, buildReason } from "../engine/gobuild.mjs";
import { daemonState, installPackages, startDaemon, withoutInstalled } from "./machine.mjs";
import { run } from "./process.mjs";
import { StepError } from "./steps.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const bin = path.join(root, "node_modules", ".bin");

/** PATH with the repository's own tools first: its Node comes with its packages. */
export function toolEnvironment() {
  const rest = (process.env.PATH ?? "").split(path.delimiter).filter((each) => each !== bin);
  return { ...process.env, PATH: [bin, ...rest].join(path.delimiter) };
}

async function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function readJson(file) {
  return JSON.parse(await readFile(file, "utf8"));
}

/** Whether the installed packages are those of the lock file; optional ones may be missing. */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages ?? {}).every(([place, wanted]) => {
    if (place === "" || wanted.optional || wanted.peer) return true;
    return installed.packages?.[place]?.version === wanted.version;
  });
}

async function dependenciesReady() {
  try {
    const [lock, installed] = await Promise.all([
      readJson(path.join(root, "package-lock.json")),
      readJson(path.join(root, "node_modules", ".package-lock.json")),
    ]);
    return isInstalled(lock, installed) && (await exists(path.join(bin, "node")));
  } catch {
    return false;
  }
}

const dependencies = {
  name: "npm packages",
  async run({ tell, signal }) {
    if (await dependenciesReady()) return { skipped: "installed already" };
    tell("npm ci, because they are missing or the lock file changed");
    const options = { cwd: root, signal, fix: "npm ci" };
    await run("npm", ["ci", "--no-audit", "--no-fund"], options);
    // npm may be set to run no install scripts, and one of them puts the repository's Node there.
    if (!(await exists(path.join(bin, "node")))) await run("npm", ["rebuild", "node"], options);
    return {};
  },
};

async function sourceFiles(directory) {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const nested = entries.map((entry) => {
    const place = path.join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(place);
    return [place];
  });
  return (await Promise.all(nested)).flat();
}

/** A hash of all that the build reads. */
async function sourceHash() {
  const folders = ["sdk", "components", "stacks", "policy"].map((name) => path.join(root, name));
  const files = [
    ...(await Promise.all(folders.map(sourceFiles))).flat().sort(),
    ...["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"].map((name) =>
      path.join(root, name),
    ),
  ];
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${path.relative(root, file)}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}

const stamp = path.join(root, "dist", ".built-from");

const build = {
  name: "build",
  needs: [dependencies.name],
  async run({ tell, signal }) {
    const hash = await sourceHash();
    const last = await readFile(stamp, "utf8").catch(() => "");
    if (last === hash) return { skipped: "sources did not change" };
    tell("npm run build:js, because sources are newer");
    const options = { cwd: root, env: toolEnvironment(), signal, fix: "npm run build:js" };
    await run("npm", ["run", "build:js"], options);
    await mkdir(path.dirname(stamp), { recursive: true });
    await writeFile(stamp, hash);
    return {};
  },
};

/** `sdk/engine` as the build left it. */
export async function builtEngine() {
  const file = path.join(root, "dist", "sdk", "engine", "index.js");
  return import(pathToFileURL(file).href);
}

function engine(facts) {
  if (facts.engine) {
    return { name: "engine", run: async () => ({ skipped: "there is a Pulumi CLI that will do" }) };
  }
  if (facts.downloads) {
    return {
      name: "engine",
      needs: [build.name],
      async run({ tell, signal }) {
        const { ensureEngine } = await builtEngine();
        await ensureEngine({ log: tell, signal });
      },
    };
  }
  return {
    name: "engine",
    async run({ tell, say, signal }) {
      say(`  engine: ${buildReason}`);
      try {
        await buildEngine({ onProgress: tell, signal });
      } catch (error) {
        const [first, ...tail] = error.message.split("\n");
        throw new StepError(first, {
          fix: "read what Go said; a newer Go, or the Pulumi CLI on PATH, will do as well",
          tail,
        });
      }
    },
  };
}

function packages(facts, more) {
  const missing = [
    ...(facts.daemon === "answers" || facts.dockerd ? [] : ["docker.io"]),
    ...(facts.mmdebstrap ? [] : ["mmdebstrap"]),
    ...more,
  ];
  return {
    name: "Debian packages",
    async run({ tell, signal }) {
      const wanted = await withoutInstalled(missing);
      if (wanted.length === 0) return { skipped: "docker.io and mmdebstrap are there" };
      tell(`installing ${wanted.join(", ")}, because they are missing`);
      await installPackages(wanted, { tell, signal });
      return { detail: `installed ${wanted.join(", ")}` };
    },
  };
}

const daemon = {
  name: "Docker daemon",
  needs: ["Debian packages"],
  async run({ tell, signal }) {
    if ((await daemonState()) === "answers") return { skipped: "it answers" };
    tell("starting dockerd, because none answers");
    await startDaemon({ tell, signal });
    return {};
  },
};

/** The examples import the package by its name, as a user's project does. */
const examples = {
  name: "examples",
  async run() {
    const folders = await readdir(path.join(root, "examples"), { withFileTypes: true });
    let made = 0;
    for (const { name } of folders.filter((each) => each.isDirectory())) {
      const link = path.join(root, "examples", name, "node_modules", "dockwright");
      if (await exists(link)) continue;
      await mkdir(path.dirname(link), { recursive: true });
      await symlink("../../..", link);
      made += 1;
    }
    return made === 0 ? { skipped: "they find this package" } : {};
  },
};

function baseImages(names) {
  return {
    name: "base images",
    needs: [dependencies.name, daemon.name],
    async run({ tell, signal }) {
      // From its source: the package has no use for it, so the build leaves it out.
      const script = path.join(root, "sdk", "debian", "warm.ts");
      tell(`${names.join(", ") || "all"}, made from Debian packages`);
      const onLine = (line) => tell(line.slice(0, 100));
      const options = { cwd: root, env: toolEnvironment(), signal, onLine };
      await run("node", [script, ...names], options);
      return {};
    },
  };
}

/**
 * All steps of the set-up, for a machine with these facts. `images` are the base images to make
 * (all when empty), `packages` are Debian packages besides those that Dockwright needs itself.
 */
export function setUpSteps(facts, { images = [], packages: more = [] } = {}) {
  return [
    engine(facts),
    dependencies,
    examples,
    build,
    packages(facts, more),
    daemon,
    baseImages(images),
  ];
}
