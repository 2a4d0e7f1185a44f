// Tells a user what to do when Pulumi will not find the plugin, before Pulumi says so in its own
// words. Looks where the CLI looks: the project's Pulumi.yaml, PATH, and Pulumi's plugin folder.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { ErrorCode, SdkError } from "../sdk/errors.ts";

const executable = "pulumi-resource-dockwright";

function inProject(root: string | undefined): boolean {
  if (!root) return false;
  const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(root, name)).find(existsSync);
  // A line that names it is enough here: whether its path is right, the CLI has checked before.
  return (
    file !== undefined &&
    /name:\s*["']?dockwright["']?\s*(,|\}|$)/m.test(readFileSync(file, "utf8"))
  );
}

function onPath(env: NodeJS.ProcessEnv): boolean {
  return (env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, executable)));
}

function installed(env: NodeJS.ProcessEnv): boolean {
  const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const plugins = join(home, "plugins");
  return (
    existsSync(plugins) &&
    readdirSync(plugins).some((name) => name.startsWith("resource-dockwright-v"))
  );
}

/**
 * Throws when no plugin is in reach. Does nothing where no engine runs the program (unit tests).
 */
export function requirePlugin(env: NodeJS.ProcessEnv = process.env): void {
  if (!env["PULUMI_NODEJS_ENGINE"] || env["PULUMI_DEBUG_PROVIDERS"]?.includes("dockwright")) return;
  if (inProject(env["PULUMI_NODEJS_ROOT_DIRECTORY"]) || onPath(env) || installed(env)) return;
  throw new SdkError(
    ErrorCode.Missing,
    "Pulumi does not find the plugin of dockwright; run `npx dockwright setup`, or add to Pulumi.yaml: plugins: { providers: [{ name: dockwright, path: node_modules/dockwright/dist/plugin }] }",
    { fix: "npx dockwright setup" },
  );
}
