// Where this package itself is, whether its sources run or what they were compiled to.
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

function isOurRoot(directory: string): boolean {
  const file = path.join(directory, "package.json");
  if (!existsSync(file)) return false;
  const { name } = JSON.parse(readFileSync(file, "utf8")) as { readonly name?: string };
  return name === "dockwright";
}

/** The folder that holds this package's package.json. */
export function packageRoot(): string {
  let directory = path.dirname(fileURLToPath(import.meta.url));
  while (!isOurRoot(directory)) {
    const parent = path.dirname(directory);
    if (parent === directory) throw new Error("dockwright's own package.json was not found");
    directory = parent;
  }
  return directory;
}

/** The bundled language host, as the build leaves it. */
export function ownLanguageHost(): string {
  return path.join(packageRoot(), "dist", "engine", "pulumi-language-nodejs");
}
