// Images of the catalog in a real dockerd, for tests: loaded where they are not there, run hardened, and
// taken away with all that was made of them.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { buildDebianImage, debianTag } from "../../../sdk/debian/build.ts";
import { type CatalogName, catalog } from "../../../sdk/debian/catalog.ts";

export const run = promisify(execFile);

export const prefix = `dwtest-debian-${process.pid}`;

export const hardened = [
  ...["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
  ...["--tmpfs", "/tmp:mode=1777,size=64m", "--health-interval", "1s", "--health-timeout", "20s"],
];

export async function docker(...args: string[]): Promise<string> {
  return (await run("docker", args, { maxBuffer: 8 << 20 })).stdout.trim();
}

/** Tags that were not there before this run. */
const loaded: string[] = [];

export async function load(name: CatalogName): Promise<string> {
  const built = await buildDebianImage(catalog[name]);
  const there = await docker("image", "inspect", built.imageId).catch(() => undefined);
  if (there === undefined) {
    await docker("load", "-q", "-i", built.archivePath);
    loaded.push(debianTag(catalog[name]));
  }
  return built.imageId;
}

async function state(name: string): Promise<string> {
  return docker(
    "inspect",
    "-f",
    "{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}",
    name,
  );
}

export async function healthy(name: string): Promise<void> {
  let seen = "";
  for (let i = 0; i < 240; i += 1) {
    seen = await state(name);
    if (seen === "running healthy") return;
    if (!seen.startsWith("running")) break;
    await sleep(500);
  }
  throw new Error(`${name} is ${seen}: ${await docker("logs", "--tail", "20", name)}`);
}

export async function addressOf(name: string): Promise<string> {
  return docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name);
}

export async function removeAll(): Promise<void> {
  const named = ["--filter", `name=${prefix}`];
  const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
  for (const id of lines(await docker("ps", "-aq", ...named))) await docker("rm", "-f", id);
  for (const id of lines(await docker("volume", "ls", "-q", ...named)))
    await docker("volume", "rm", id);
  for (const id of lines(await docker("network", "ls", "-q", ...named)))
    await docker("network", "rm", id);
  for (const tag of loaded) await docker("image", "rm", tag).catch(() => "");
}
