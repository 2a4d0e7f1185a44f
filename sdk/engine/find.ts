// The engine that will be used, and the language host that goes with it. Ours stands in only where
// no official one is: it lies beside the cached CLI, where the CLI takes it for its own, and is
// taken away again as soon as an official one is found.
import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { type LocatedEngine, locateEngine } from "./locate.mjs";
import { ownLanguageHost } from "./package.ts";

/** A Pulumi CLI that will do, with its language host for Node. */
export interface Engine {
  /** Path of the `pulumi` executable. */
  readonly cli: string;
  /** Its version, without the leading v. */
  readonly version: string;
  /** Where it was found: the user's PATH, or the cache of this package. */
  readonly source: "path" | "cache";
  /** Path of the `pulumi-language-nodejs` executable. */
  readonly languageHost: string;
  /** Whether that is ours, rather than the one that Pulumi publishes. */
  readonly languageHostIsOurs: boolean;
}

export interface FindOptions {
  /** @defaultValue the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

function toEngine(found: LocatedEngine): Engine {
  return {
    cli: found.cli,
    version: found.version ?? "",
    source: found.source,
    languageHost: found.host?.ours === false ? found.host.file : ownLanguageHost(),
    languageHostIsOurs: found.host?.ours !== false,
  };
}

/** The Pulumi CLI that would be used now, if there is one that is new enough. Changes nothing. */
export async function findEngine(options: FindOptions = {}): Promise<Engine | undefined> {
  const found = await locateEngine(options.env ?? process.env);
  return found === undefined ? undefined : toEngine(found);
}

async function sameContent(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((file) => readFile(file).catch(() => null)));
  return first !== null && second !== null && first !== undefined && second !== undefined
    ? first.equals(second)
    : false;
}

async function copyBeside(own: string, beside: string): Promise<void> {
  const staging = `${beside}.${process.pid}.new`;
  await copyFile(own, staging).catch((cause: unknown) => {
    throw new SdkError(ErrorCode.Missing, `the language host ${own} is not there`, {
      fix: "run `npm run build:js`, or install the package again",
      cause,
    });
  });
  // A package.json of the user's further up might make a file without extension an ES module.
  await writeFile(path.join(path.dirname(beside), "package.json"), '{ "type": "commonjs" }\n');
  await rename(staging, beside);
}

/**
 * Puts the language host where the CLI finds it. Returns the folders to put first on PATH: that of a
 * cached CLI, or that of our host when the CLI is the user's and has none. A CLI that is on PATH
 * stays where it is there: its folder may hold another `node` than the one that comes first.
 */
export async function placeLanguageHost(engine: Engine): Promise<readonly string[]> {
  if (engine.source === "path") {
    return engine.languageHostIsOurs ? [path.dirname(engine.languageHost)] : [];
  }
  const bin = path.dirname(engine.cli);
  const beside = path.join(bin, "pulumi-language-nodejs");
  if (engine.languageHostIsOurs) {
    const own = ownLanguageHost();
    if (!(await sameContent(own, beside))) await copyBeside(own, beside);
  } else if (engine.languageHost !== beside) {
    await rm(beside, { force: true });
  }
  return [bin];
}
