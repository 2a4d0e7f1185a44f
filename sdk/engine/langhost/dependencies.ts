// The packages of a program: what `pulumi about` lists and what `pulumi install` installs.
import { access, readFile } from "node:fs/promises";
import * as path from "node:path";
import { start } from "./processes.ts";

export interface Dependency {
  readonly name: string;
  readonly version: string;
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
}

/** The direct dependencies that are installed, with their versions. */
export async function programDependencies(directory: string): Promise<readonly Dependency[]> {
  const manifest = await readJson(path.join(directory, "package.json")).catch(() => ({}));
  const { dependencies = {}, devDependencies = {} } = manifest as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const found = await Promise.all(
    Object.keys({ ...dependencies, ...devDependencies }).map(async (name) => {
      const file = path.join(directory, "node_modules", name, "package.json");
      const installed = await readJson(file).catch(() => ({ version: undefined }));
      return { name, version: installed.version };
    }),
  );
  return found
    .filter((each): each is Dependency => typeof each.version === "string")
    .sort((a, b) => a.name.localeCompare(b.name));
}

const lockFiles = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
] as const;

async function packageManager(directory: string): Promise<string> {
  for (const [file, command] of lockFiles) {
    const present = await access(path.join(directory, file)).then(
      () => true,
      () => false,
    );
    if (present) return command;
  }
  return "npm";
}

/** Runs the package manager that the lock file names (npm when none does). */
export async function installDependencies(
  directory: string,
  onData: (data: Buffer, stream: "stdout" | "stderr") => void,
): Promise<void> {
  const command = await packageManager(directory);
  const { child, ended } = start(command, ["install"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (data: Buffer) => onData(data, "stdout"));
  child.stderr?.on("data", (data: Buffer) => onData(data, "stderr"));
  const { code } = await ended;
  if (code !== 0) throw new Error(`"${command} install" ended with exit code ${code ?? "none"}`);
}
