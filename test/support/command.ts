// The command `dockwright` on a test's project, as a person runs it, without a terminal.
import { spawn } from "node:child_process";
import * as path from "node:path";
import { packageRoot } from "../../sdk/engine/package.ts";
import type { Site } from "./site.ts";

const main = path.join(packageRoot(), "sdk", "cli", "main.ts");

export interface Said {
  readonly code: number | null;
  readonly text: string;
}

/** Runs it on the stack `dev`. */
export async function dockwright(site: Site, ...args: readonly string[]): Promise<Said> {
  const env = { ...process.env, ...site.env };
  const child = spawn(process.execPath, [main, ...args, "--stack", "dev"], { cwd: site.dir, env });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (data: string) => {
      text += data;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text };
}

/** A release in `dockwright releases --json`, as far as tests ask. */
export interface Listed {
  readonly number: number;
  readonly current: boolean;
  readonly by: string;
  readonly rollbackOf?: number;
  readonly images: readonly { readonly imageId: string }[];
}

/** The releases that are kept, newest first. */
export async function listedReleases(site: Site): Promise<readonly Listed[]> {
  const { code, text } = await dockwright(site, "releases", "--json");
  if (code === 0) return JSON.parse(text) as readonly Listed[];
  throw new Error(`dockwright releases ended with ${code ?? "a signal"}: ${text}`);
}
