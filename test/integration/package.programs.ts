// The program of the second repository, in each way that a user might write it: all are one stack.
import { cpSync, readFileSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";

/** A repository that uses the package as any other does. */
const repository = path.join(import.meta.dirname, "second-repository");
const typed = readFileSync(path.join(repository, "index.ts"), "utf8");

/** Lays the repository into a folder, but for what each flavour writes. */
export function copyRepository(folder: string): void {
  cpSync(repository, folder, { recursive: true });
}

export interface Flavour {
  readonly name: string;
  /** The first Node that it works with. @defaultValue the oldest that is supported */
  readonly since?: number;
  readonly type: "commonjs" | "module";
  readonly file: string;
  readonly program: string;
  /** Options of the runtime in Pulumi.yaml. */
  readonly runtime: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** The repository's package.json as the flavour has it. */
export function manifest(flavour: Pick<Flavour, "type" | "file">): string {
  const text = readFileSync(path.join(repository, "package.json"), "utf8");
  const { type, file: main } = flavour;
  return JSON.stringify({ ...(JSON.parse(text) as object), type, main });
}

/** The repository's Pulumi.yaml under another name, its program run as the flavour has it. */
export function pulumiYaml(name: string, { runtime }: Pick<Flavour, "runtime">): string {
  return readFileSync(path.join(repository, "Pulumi.yaml"), "utf8")
    .replace(/^name: .*$/m, `name: ${name}`)
    .replace(/^ {2}options: .*$/m, `  options: ${runtime}`);
}

function plain(module: ts.ModuleKind): string {
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(typed, { compilerOptions }).outputText;
}

const byTsx = "{ typescript: false, nodeargs: --import tsx }";
const byNode = "{ typescript: false }";

export const flavours: readonly Flavour[] = [
  {
    name: "CommonJS",
    type: "commonjs",
    file: "index.js",
    runtime: byNode,
    program: plain(ts.ModuleKind.CommonJS),
  },
  {
    name: "ES module",
    type: "module",
    file: "index.js",
    runtime: byNode,
    program: plain(ts.ModuleKind.ESNext),
  },
  {
    name: "TypeScript module by Node itself",
    type: "module",
    file: "index.ts",
    since: 22,
    runtime: byNode,
    program: typed,
  },
  {
    name: "TypeScript module by tsx",
    type: "module",
    file: "index.ts",
    runtime: byTsx,
    program: typed,
  },
  {
    name: "TypeScript to CommonJS by tsx",
    type: "commonjs",
    file: "index.ts",
    runtime: byTsx,
    program: typed,
  },
  {
    name: "TypeScript by Pulumi's ts-node",
    type: "commonjs",
    file: "index.ts",
    runtime: "{}",
    compilerOptions: { module: "nodenext", target: "ES2022", strict: true },
    program: typed,
  },
];

/** A use of each kind of thing; the last lines must not compile, so types are really there. */
export const programTypes = `${typed}
import { Volume, type ServiceArgs } from "dockwright";
export const args: Partial<ServiceArgs> = { replicas: 2, env: { A: "b" } };
export const volume = new Volume("data", { daemon });
// @ts-expect-error: a port is a number
export const wrong: ServiceArgs["port"] = "80";
// @ts-expect-error: there is no such component
import { Nothing } from "dockwright";
`;

const strict = { strict: true, target: "ES2022", types: ["node"] };

export const resolutions = [
  { name: "nodenext, ES module", type: "module", options: { ...strict, module: "nodenext" } },
  { name: "nodenext, CommonJS", type: "commonjs", options: { ...strict, module: "nodenext" } },
  { name: "node16, ES module", type: "module", options: { ...strict, module: "node16" } },
  {
    name: "bundler",
    type: "module",
    options: { ...strict, module: "esnext", moduleResolution: "bundler" },
  },
] as const;

/**
 * A script that judges the files of a folder's tsconfig.json, and of the package's declarations those
 * that they reach; of other packages it judges none, which takes most of the time of `tsc`.
 */
export const judgeTypes = `import * as path from "node:path";
import ts from "typescript";
let wrong = 0;
for (const folder of process.argv.slice(2)) {
  const file = path.resolve(folder, "tsconfig.json");
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(file, {}, {
    ...ts.sys, onUnRecoverableConfigFileDiagnostic: (one) => { throw new Error(String(one.messageText)); },
  });
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const ours = program.getSourceFiles().filter(({ fileName }) =>
    fileNames.includes(fileName) || fileName.includes("/node_modules/dockwright/"));
  const found = [...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics(),
    ...ours.flatMap((one) => [...program.getSyntacticDiagnostics(one), ...program.getSemanticDiagnostics(one)])];
  wrong += found.length;
  const lines = ts.formatDiagnostics(found, { getCanonicalFileName: (name) => name, getCurrentDirectory: () => folder, getNewLine: () => "\\n" });
  console.log(folder + ": " + ours.length + " files judged\\n" + lines);
}
process.exitCode = wrong === 0 ? 0 : 1;
`;
