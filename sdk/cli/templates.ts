// The templates of `dockwright new`: which there are, what project each makes, and whether a name will
// do. The files are in templates/, shipped as they are; versions are those of this package itself.
import { readdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../engine/package.ts";
import { ErrorCode, SdkError } from "../errors.ts";

/** What a template needs besides what every project does. */
const extraPackages = {
  site: [],
  wordpress: [],
  pool: [],
  swarm: [],
  ecs: ["@pulumi/aws"],
  gke: ["@pulumi/gcp", "@pulumi/kubernetes"],
} as const satisfies { readonly [template: string]: readonly string[] };

/** The name of a template. */
export type TemplateName = keyof typeof extraPackages;

/** The names of all templates, the simplest first. */
export const templateNames = Object.keys(extraPackages) as readonly TemplateName[];

function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(extraPackages, name);
}

/** The template of that name; BAD_INPUT with those that there are where there is none. */
export function requireTemplate(name: string): TemplateName {
  if (isTemplate(name)) return name;
  const reason = `there is no template "${name}"; there are ${templateNames.join(", ")}`;
  throw new SdkError(ErrorCode.BadInput, reason, {
    fix: "run `dockwright new` to see what each makes",
  });
}

/** Refuses what Pulumi, npm or a registry of a cloud would not take as a name. */
export function checkProjectName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,48}[a-z0-9]$/.test(name)) return;
  const allowed =
    "2 to 50 small letters, digits and hyphens, the first a letter, the last no hyphen";
  throw new SdkError(ErrorCode.BadInput, `the project's name is "${name}"; write ${allowed}`, {
    fix: "give another by --name",
  });
}

const templatesFolder = () => path.join(packageRoot(), "sdk", "cli", "templates");

/** One line about a template: the description in its Pulumi.yaml. */
export async function describeTemplate(name: TemplateName): Promise<string> {
  const text = await readFile(path.join(templatesFolder(), name, "Pulumi.yaml"), "utf8");
  return (parse(text) as { readonly description: string }).description;
}

interface OwnManifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package.json of a project, with the versions that this package is tested with. */
function projectManifest(project: string, template: TemplateName, own: OwnManifest): string {
  const pick = (names: readonly string[], from: Readonly<Record<string, string>>, mark = "") =>
    Object.fromEntries(names.map((name) => [name, `${mark}${from[name] ?? ""}`]));
  const manifest = {
    name: project,
    private: true,
    type: "module",
    main: "index.ts",
    scripts: { check: "tsc" },
    engines: own.engines,
    dependencies: {
      ...pick(["@pulumi/pulumi", ...extraPackages[template]], own.peerDependencies),
      dockwright: `^${own.version}`,
      ...pick(["tsx"], own.devDependencies, "^"),
    },
    devDependencies: pick(["@types/node", "typescript"], own.devDependencies, "~"),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** npm reads a .gitignore in a package as its own, and leaves it out. */
const writtenAs = (file: string) => (file === "gitignore" ? ".gitignore" : file);

/** The files of a new project: their text by path, in the order of their names. */
export async function projectFiles(
  template: TemplateName,
  project: string,
): Promise<ReadonlyMap<string, string>> {
  const manifest = await readFile(path.join(packageRoot(), "package.json"), "utf8");
  const own = JSON.parse(manifest) as OwnManifest;
  const files = new Map([["package.json", projectManifest(project, template, own)]]);
  for (const folder of ["common", template]) {
    const source = path.join(templatesFolder(), folder);
    for (const file of await filesBelow(source)) {
      const text = await readFile(path.join(source, file), "utf8");
      files.set(writtenAs(file), text.replaceAll(/\$\{PROJECT\}/g, project));
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
