// Debian 13's docker-compose, out of its package and into the cache: the program that our reading of
// Compose files is compared with. Nothing is installed on this machine.
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "../../sdk/cache.ts";
import { listsConfig, machineAptConfig } from "../../sdk/debian/apt.ts";
import { planSources, readMachineSources } from "../../sdk/debian/sources.ts";

const run = promisify(execFile);
const place = "usr/libexec/docker/cli-plugins/docker-compose";

async function download(folder: string): Promise<void> {
  const machine = await readMachineSources();
  const sourcesFile = path.join(folder, "debian.sources");
  await writeFile(sourcesFile, planSources({ packages: [], suite: "trixie" }, machine));
  for (const name of ["state", "lists/partial", "cache/archives/partial"]) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  const { stdout: arch } = await run("dpkg", ["--print-architecture"]);
  const config = path.join(folder, "apt.conf");
  const fetch = await machineAptConfig();
  await writeFile(config, listsConfig({ folder, sourcesFile, arch: arch.trim(), fetch }));
  const env = { ...process.env, APT_CONFIG: config };
  await run("apt-get", ["update", "-q"], { env, maxBuffer: 8 << 20 });
  await run("apt-get", ["download", "docker-compose"], { env, cwd: folder });
  const deb = (await readdir(folder)).find((name) => name.endsWith(".deb")) ?? "";
  await run("dpkg-deb", ["-x", path.join(folder, deb), path.join(folder, "root")]);
}

/** The path of the program; it is fetched once. Throws where no mirror has it. */
export async function dockerCompose(): Promise<string> {
  const kept = path.join(cacheDir(), "docker-compose-trixie");
  const program = path.join(kept, place);
  const there = await access(program).then(
    () => true,
    () => false,
  );
  if (there) return program;
  await mkdir(cacheDir(), { recursive: true });
  const folder = await mkdtemp(`${kept}.`);
  try {
    await download(folder);
    await rename(path.join(folder, "root"), kept).catch(async (error: unknown) => {
      // Another test was quicker.
      if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return program;
}
