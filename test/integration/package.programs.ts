// The programs of the package test: one and the same stack, written in each way that a user might.

export interface Flavour {
  readonly name: string;
  /** The first Node that it works with. @defaultValue the oldest that is supported */
  readonly since?: number;
  readonly type: "commonjs" | "module";
  readonly file: string;
  readonly program: string;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  pulumiYaml(project: string): string;
}

export function manifest(name: string, flavour?: Pick<Flavour, "type" | "file">): string {
  const { type, file } = flavour ?? {};
  return JSON.stringify({ name, private: true, type, main: file });
}

function pulumiYaml(options: string): (project: string) => string {
  return (project) => `name: ${project}
runtime:
  name: nodejs
  options: ${options}
plugins:
  providers:
    - name: dockwright
      path: node_modules/dockwright/dist/plugin
`;
}

const body = `
const daemon = new LocalDaemon("local");
const front = new Bridge("front", { daemon });
const image = new Image("web", { daemon, debian: debianImages.webServer });
const web = new Service("web", {
  on: daemon, image, networks: [front], port: 8080, health: { http: "/" },
});
`;
const names = "Bridge, debianImages, Image, LocalDaemon, Service";
const imports = `import { ${names} } from "dockwright";
import { StaticSite } from "dockwright/stacks/static-site";
import { WordPress } from "dockwright/stacks/wordpress";
if (!StaticSite || !WordPress) throw new Error("the stacks are missing");
`;
const typed = `import * as pulumi from "@pulumi/pulumi";
${imports}${body}
export const containers: pulumi.Output<readonly string[]> = web.containerNames;
`;

const plain = pulumiYaml("{ typescript: false }");

export const flavours: readonly Flavour[] = [
  {
    name: "CommonJS",
    type: "commonjs",
    file: "index.js",
    pulumiYaml: plain,
    program: `const pulumi = require("@pulumi/pulumi");
const { ${names} } = require("dockwright");
const { StaticSite } = require("dockwright/stacks/static-site");
if (!StaticSite) throw new Error("the stack is missing");
${body}
exports.containers = web.containerNames;
`,
  },
  {
    name: "ES module",
    type: "module",
    file: "index.js",
    pulumiYaml: plain,
    program: `import * as pulumi from "@pulumi/pulumi";
${imports}${body}
export const containers = web.containerNames;
`,
  },
  {
    name: "TypeScript module by Node itself",
    type: "module",
    file: "index.ts",
    since: 22,
    pulumiYaml: pulumiYaml("{ typescript: false }"),
    program: typed,
  },
  {
    name: "TypeScript module by tsx",
    type: "module",
    file: "index.ts",
    pulumiYaml: pulumiYaml("{ typescript: false, nodeargs: --import tsx }"),
    program: typed,
  },
  {
    name: "TypeScript to CommonJS by tsx",
    type: "commonjs",
    file: "index.ts",
    pulumiYaml: pulumiYaml("{ typescript: false, nodeargs: --import tsx }"),
    program: typed,
  },
  {
    name: "TypeScript by Pulumi's ts-node",
    type: "commonjs",
    file: "index.ts",
    pulumiYaml: pulumiYaml("{}"),
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
