// A Pulumi project in a temporary folder, to run with the real engine on this machine's own daemon:
// a copy of an example, or a program of the test's. Its name is its own, so that nothing it makes can
// meet what another test, or a person, runs on the same daemon. `close` leaves nothing behind.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { get as getTls } from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import type { TLSSocket } from "node:tls";
import type { DockerClient } from "../../sdk/docker/client.ts";
import type { ContainerSummary } from "../../sdk/docker/types.ts";
import { packageRoot } from "../../sdk/engine/package.ts";
import { Project } from "../../sdk/engine/project.ts";
import type { PulumiResult } from "../../sdk/engine/run.ts";
import { isolatedEnvironment } from "../../sdk/testing/project.ts";
import { containersOf, localDocker, nameOf, type Owned, ownedBy, removeOwned } from "./owned.ts";
import { killAll } from "./processes.ts";

export interface SiteOptions {
  /** What is tested, in a word: part of the project's name. */
  readonly topic: string;
  /** Folder below examples/ to copy. @defaultValue none: `files` has the program */
  readonly example?: string;
  /** Text of files by path, laid over the copy. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether Pulumi.yaml says where the plugin is. @defaultValue true */
  readonly plugin?: boolean;
  /** Laid over the environment of every run. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Site {
  /** The project's name, and its folder. */
  readonly name: string;
  readonly dir: string;
  readonly docker: DockerClient;
  /** Laid over the environment of whatever runs on it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A stack of it, selected or made. */
  stack(name: string): Promise<Project>;
  write(file: string, text: string): Promise<void>;
  /** Its containers, by name: of one stack, or of all. */
  containers(stack?: string): Promise<readonly ContainerSummary[]>;
  /** Its containers whose names begin so. */
  named(prefix: string): Promise<readonly ContainerSummary[]>;
  owned(stack?: string): Promise<Owned>;
  /** Removes all of it from the daemon, ends its processes and removes the folder. */
  close(): Promise<void>;
}

/** The Node of the tests runs TypeScript by itself, which costs a third of tsx's time; the examples have tsx. */
const runtime = "runtime:\n  name: nodejs\n  options:\n    typescript: false\n";
const pluginLines =
  "plugins:\n  providers:\n    - name: dockwright\n      path: node_modules/dockwright/dist/plugin\n";

async function copyExample(example: string, dir: string, name: string): Promise<void> {
  const source = path.join(packageRoot(), "examples", example);
  const skip = new Set(["node_modules", ".dockwright"]);
  await cp(source, dir, {
    recursive: true,
    filter: (file) => !skip.has(path.basename(file)),
  });
  const stacks = (await readdir(dir)).filter((file) => /^Pulumi\..*\.yaml$/.test(file));
  for (const file of ["Pulumi.yaml", ...stacks]) {
    const text = await readFile(path.join(dir, file), "utf8");
    const mine = text
      .replace(/^name: .*$/m, `name: ${name}`)
      .replaceAll(`  ${example}:`, `  ${name}:`)
      .replace(/^encryptionsalt:.*\n?/m, "");
    await writeFile(path.join(dir, file), mine);
  }
}

/** What the example's package.json depends on, as an installation would lay it out. */
async function linkPackages(dir: string): Promise<void> {
  const root = packageRoot();
  const modules = path.join(dir, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const name of ["@pulumi", "tsx"]) {
    await symlink(path.join(root, "node_modules", name), path.join(modules, name));
  }
  await symlink(root, path.join(modules, "dockwright"));
}

async function writeTo(dir: string, file: string, text: string): Promise<void> {
  const place = path.join(dir, file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, text);
}

let count = 0;

export async function makeSite(options: SiteOptions): Promise<Site> {
  const { topic, example, files = {}, plugin = true } = options;
  count += 1;
  const name = `dwtest-${topic}-${process.pid}-${count}`;
  const dir = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  const docker = localDocker();
  if (example === undefined) {
    const text = `name: ${name}\nmain: index.ts\n${runtime}${plugin ? pluginLines : ""}`;
    await writeTo(dir, "Pulumi.yaml", text);
    await writeTo(dir, "package.json", `{ "name": "${name}", "type": "module" }\n`);
  } else await copyExample(example, dir, name);
  for (const [file, text] of Object.entries(files)) await writeTo(dir, file, text);
  await linkPackages(dir);
  const env = isolatedEnvironment(dir, options.env);
  return {
    name,
    dir,
    docker,
    env,
    async stack(stack) {
      const project = Project.open(dir, { stack, env });
      succeeded(await project.select());
      return project;
    },
    write: (file, text) => writeTo(dir, file, text),
    containers: (stack) => containersOf(docker, name, stack),
    named: async (prefix) =>
      (await containersOf(docker, name)).filter((one) => nameOf(one).startsWith(prefix)),
    owned: (stack) => ownedBy(docker, name, stack),
    async close() {
      await killAll(dir);
      await removeOwned(docker, name);
      docker.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What a run said, to be searched or shown. */
export function said({ stdout, stderr }: PulumiResult): string {
  return stdout + stderr;
}

/** The result, when the run succeeded; throws what was said when it did not. */
export function succeeded(result: PulumiResult): PulumiResult {
  if (result.code === 0) return result;
  throw new Error(`pulumi ended with exit code ${result.code}:\n${said(result)}`);
}

/**
 * What a destroy left on the daemon, but for images of which it says that another's container, which
 * may well be of another test, still runs them.
 */
export async function leftOf(site: Site, destroy: PulumiResult, stack?: string): Promise<Owned> {
  const left = await site.owned(stack);
  const kept = (tag: string) => said(destroy).includes(`kept the image ${tag}: a container still`);
  return { ...left, images: left.images.filter((tag) => !kept(tag)) };
}

/** The rows of resources of a run: `+- Container shop-1 ...`, without their indentation. */
export function rowsOf(result: PulumiResult): readonly string[] {
  const lines = result.stdout.split("\n").map((line) => line.trim());
  return lines.filter((line) => /^(\+|-|~|\+\+|--|\+-|<|=|>|@)\s+\S*dockwright:/.test(line));
}

/** The status and body of a page, asked by that host name; a connection of its own. */
export async function fetchPage(url: string, host?: string): Promise<string> {
  const headers = host === undefined ? {} : { host };
  return await new Promise((resolve, reject) => {
    const sent = get(url, { agent: false, timeout: 10_000, headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve(`${answer.statusCode ?? 0} ${body}`));
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url} in 10 s`)));
    sent.on("error", reject);
  });
}

/** The same over TLS, with the names of the certificate that was shown; any is taken. */
export async function fetchTls(
  at: { readonly host: string; readonly port: number },
  host: string,
): Promise<{ readonly body: string; readonly names: string }> {
  const options = { ...at, servername: host, headers: { host }, rejectUnauthorized: false };
  return await new Promise((resolve, reject) => {
    const sent = getTls({ ...options, agent: false, timeout: 10_000 }, (answer) => {
      let body = "";
      const names = (answer.socket as TLSSocket).getPeerCertificate().subjectaltname ?? "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve({ body: `${answer.statusCode ?? 0} ${body.trim()}`, names }));
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer for ${host} in 10 s`)));
    sent.on("error", reject);
  });
}
