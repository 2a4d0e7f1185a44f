// A plan as a program: typed components, one statement each, in the order in which they can be made.
// What looks like a secret is asked of the stack's configuration, and never written down.
import * as path from "node:path";
import { Code, literal } from "./literal.ts";
import type { ComposePlan, PlannedNetwork, PlannedService } from "./plan.ts";
import { plainText } from "./source.ts";

export interface Program {
  readonly text: string;
  /** Keys of the stack's configuration that it asks for, secret ones. */
  readonly secrets: readonly string[];
}

const reserved = new Set(
  "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async package private public daemon config resolve pulumi".split(
    " ",
  ),
);
const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY)$/i;

function identifier(key: string, suffix = ""): string {
  const [first = "", ...rest] = `${key}-${suffix}`
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== "");
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const name = [first, ...rest.map(capital)].join("");
  return /^\d/.test(name) || reserved.has(name) ? `the${capital(name)}` : name;
}

class Writer {
  readonly #from: string;
  readonly #to: string;
  readonly statements: string[] = [];
  readonly used = new Set<string>();
  readonly secrets = new Set<string>();
  resolves = false;

  /** The folders of the Compose file and of the program. */
  constructor(from: string, to: string) {
    this.#from = from;
    this.#to = to;
  }

  make(component: string, variable: string, name: string, args: object, opts?: object): void {
    this.used.add(component);
    const more = opts === undefined ? "" : `, ${literal(opts)}`;
    const given = literal({ daemon: new Code("daemon"), ...args });
    this.statements.push(
      `const ${variable} = new ${component}(${JSON.stringify(name)}, ${given}${more});`,
    );
  }

  /** A value of the stack's configuration. */
  secret(key: string): Code {
    this.secrets.add(key);
    return new Code(`config.requireSecret(${JSON.stringify(key)})`);
  }

  /** A path of the host: those below the file's folder are written from the program's. */
  place(absolute: string): string | Code {
    if (path.relative(this.#from, absolute).startsWith("..")) return absolute;
    this.resolves = true;
    return new Code(`resolve(${JSON.stringify(this.context(absolute))})`);
  }

  /** `SOURCE:TARGET[:OPTIONS]`, its source from there. */
  bind(text: string): string | Code {
    const at = text.indexOf(":");
    const source = this.place(text.slice(0, at));
    return typeof source === "string" ? text : new Code(`\`\${${source.text}}${text.slice(at)}\``);
  }

  context(absolute: string): string {
    const relative = path.relative(this.#to, absolute);
    return relative.startsWith("..") ? relative : `./${relative}`;
  }
}

function writeParts(writer: Writer, plan: ComposePlan): void {
  const all: readonly (readonly [string, string, readonly PlannedNetwork[]])[] = [
    ["Bridge", "network", plan.networks],
    ["Volume", "volume", plan.volumes],
  ];
  for (const [component, suffix, parts] of all) {
    for (const { key, external, args } of parts) {
      if (external === undefined) writer.make(component, identifier(key, suffix), key, args);
    }
  }
}

function imageCode(writer: Writer, { key, image }: PlannedService): Code {
  if (image.build === undefined) return new Code(literal({ ref: image.ref }));
  const variable = identifier(key, "image");
  const build = { ...image.build, context: writer.context(plainText(image.build["context"])) };
  writer.make("Image", variable, `${key}-image`, { build });
  return new Code(variable);
}

function hidden(writer: Writer, service: string, values: unknown, every: boolean): object {
  const pairs = Object.entries(values as Readonly<Record<string, string>>).map(([name, value]) => {
    const secret = every || (secretName.test(name) && value !== "");
    const key = (every ? name : `${service}_${name}`).toLowerCase();
    return [name, secret ? writer.secret(key) : value];
  });
  return Object.fromEntries(pairs);
}

function argsOf(writer: Writer, service: PlannedService, plan: ComposePlan): object {
  const { key, args, networks, mounts } = service;
  const externals = new Map(
    [...plan.networks, ...plan.volumes].flatMap((one) =>
      one.external === undefined ? [] : [[one.key, one.external]],
    ),
  );
  const joined = networks.map(({ network, args: more }) => ({
    networkName:
      externals.get(network) ?? new Code(`${identifier(network, "network")}.networkName`),
    ...more,
  }));
  const mounted = mounts.map(({ volume, args: more }) => {
    const own =
      more["source"] === undefined ? {} : { source: writer.place(plainText(more["source"])) };
    const source =
      volume === undefined
        ? own
        : {
            source: externals.get(volume) ?? new Code(`${identifier(volume, "volume")}.volumeName`),
          };
    return { ...more, ...source };
  });
  return {
    image: imageCode(writer, service),
    ...args,
    ...(args["env"] === undefined ? {} : { env: hidden(writer, key, args["env"], false) }),
    ...(args["secrets"] === undefined
      ? {}
      : { secrets: hidden(writer, key, args["secrets"], true) }),
    ...(Array.isArray(args["binds"])
      ? { binds: args["binds"].map((one) => writer.bind(plainText(one))) }
      : {}),
    ...(joined.length === 0 ? {} : { networks: joined }),
    ...(mounted.length === 0 ? {} : { mounts: mounted }),
  };
}

function writeService(writer: Writer, service: PlannedService, plan: ComposePlan): void {
  const { key, once, replicas, after, joins } = service;
  const own = identifier(key);
  const several = (name: string) =>
    (plan.services.find((one) => one.key === name)?.replicas ?? 1) > 1;
  const waits = after.map((name) => new Code(`${several(name) ? "..." : ""}${identifier(name)}`));
  const opts = waits.length === 0 ? undefined : { dependsOn: waits };
  const shared =
    joins === undefined
      ? {}
      : {
          networkMode: new Code(
            `pulumi.interpolate\`container:\${${identifier(joins)}.containerId}\``,
          ),
        };
  const args = { ...argsOf(writer, service, plan), ...shared };
  if (replicas === 1) {
    writer.make(once ? "Task" : "Container", own, key, args, opts);
    return;
  }
  writer.used.add("Container");
  const numbers = literal(Array.from({ length: replicas }, (_, index) => index + 1));
  const given = literal({ daemon: new Code("daemon"), ...args }, "  ");
  const more = opts === undefined ? "" : `, ${literal(opts)}`;
  writer.statements.push(
    `const ${own} = ${numbers}.map(\n  (number) => new Container(\`${key}-\${number}\`, ${given}${more}),\n);`,
  );
}

/** Writes a program that makes what a plan says, for a folder; `files` are the words that named the Compose files. */
export function writeProgram(plan: ComposePlan, files: readonly string[], to: string): Program {
  const writer = new Writer(plan.folder, path.resolve(to));
  writeParts(writer, plan);
  for (const service of plan.services) writeService(writer, service, plan);
  const name = files.map((file) => path.basename(file)).join(" ");
  const several = plan.left.some(({ file }) => file !== plan.left[0]?.file);
  const left = plan.left.map(({ file, line, path: key, why }) => {
    const where = several ? `${file}, line ${line}` : `line ${line}`;
    return `//   ${where}: ${key} (${why})\n`;
  });
  const asks = writer.secrets.size > 0;
  const text = writer.statements.join("\n");
  const pulumi = asks || text.includes("pulumi.interpolate");
  const head = [
    `// Written by \`dockwright import compose ${name}\`. Containers have what Compose gives them; take\n`,
    "// readOnly, capDrop and securityOpt out of one to have Dockwright's own, stricter defaults.\n",
    ...(left.length === 0 ? [] : [`// Not carried over:\n${left.join("")}`]),
    ...(writer.resolves ? ['import { resolve } from "node:path";\n'] : []),
    ...(pulumi ? ['import * as pulumi from "@pulumi/pulumi";\n'] : []),
    `import { ${[...writer.used, "LocalDaemon"].sort().join(", ")} } from "dockwright";\n\n`,
    ...(asks ? ["const config = new pulumi.Config();\n"] : []),
    'const daemon = new LocalDaemon("local");\n\n',
  ].join("");
  const names = plan.services.map(({ key, replicas }) =>
    replicas > 1
      ? [key, new Code(`${identifier(key)}.map((one) => one.name)`)]
      : [key, new Code(`${identifier(key)}.name`)],
  );
  const tail = `\n\nexport const containers = ${literal(Object.fromEntries(names))};\n`;
  return { text: `${head}${text}${tail}`, secrets: [...writer.secrets] };
}
