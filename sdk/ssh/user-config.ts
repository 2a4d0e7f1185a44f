// A host as the user's own OpenSSH configuration describes it: ~/.ssh/config and known_hosts. Read
// only when a program asks for it, for values that it passes on: nothing else here looks at the
// user's files. Runs no command that the files name (Match exec, ProxyCommand). See ssh_config(5).

import { readdir, readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { findKnownHost } from "./known-hosts.ts";

export interface SshConfigOptions {
  /** @defaultValue ~/.ssh/config */
  readonly path?: string;
  /** @defaultValue what the configuration says, else ~/.ssh/known_hosts and the machine's own */
  readonly knownHosts?: readonly string[];
  /** The user's home folder. @defaultValue that of the user who runs the program */
  readonly home?: string;
}

/** What the files say of a host. `host` is always there: an alias nobody describes is a name. */
export interface SshConfigHost {
  readonly host: string;
  readonly port?: number;
  readonly user: string;
  /** The text of the first identity file that is there. Secret. */
  readonly privateKey?: string;
  readonly agentSocket?: string;
  /** The best key that known_hosts has of it. */
  readonly hostKey?: string;
  readonly jump?: SshConfigHost;
}

const deepestInclude = 16;
const longestChain = 8;

interface Settings {
  readonly [name: string]: string | readonly string[] | undefined;
}

interface Reader {
  readonly home: string;
  readonly knownHosts: readonly string[] | undefined;
  readonly settingsOf: (alias: string) => Settings;
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

function expandHome(file: string, home: string): string {
  return file.replace(/^~(?=\/|$)/, home);
}

/** The files that an Include names: `*` and `?` in the last part only. */
async function includedFiles(pattern: string, home: string): Promise<readonly string[]> {
  const full = path.resolve(path.join(home, ".ssh"), expandHome(pattern, home));
  const last = path.basename(full);
  if (!/[*?]/.test(last)) return [full];
  const source = last
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const names = await readdir(path.dirname(full)).catch(() => [] as string[]);
  const matching = names.filter((name) => new RegExp(`^${source}$`).test(name)).sort();
  return matching.map((name) => path.join(path.dirname(full), name));
}

/** The text with its Includes in their places. */
async function withIncludes(text: string, home: string, depth: number): Promise<string> {
  if (depth > deepestInclude) return text;
  const lines = await Promise.all(
    text.split(/\r?\n/).map(async (line) => {
      const patterns = /^\s*Include[\s=]+(.+)$/i.exec(line)?.[1];
      if (patterns === undefined) return line;
      const words = patterns.match(/"[^"]*"|\S+/g) ?? [];
      const found = await Promise.all(
        words.map((word) => includedFiles(word.replaceAll('"', ""), home)),
      );
      const texts = await Promise.all(found.flat().map(readOptional));
      const inner = texts.filter((one) => one !== undefined).join("\n");
      return await withIncludes(inner, home, depth + 1);
    }),
  );
  return lines.join("\n");
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

function all(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** The tokens of ssh_config(5) that name files and hosts. */
function expandTokens(
  text: string,
  values: { readonly home: string; readonly host: string; readonly user: string; alias: string },
): string {
  const known: Readonly<Record<string, string>> = {
    "%%": "%",
    "%d": values.home,
    "%h": values.host,
    "%n": values.alias,
    "%r": values.user,
    "%u": userInfo().username,
  };
  return text.replace(/%./g, (token) => known[token] ?? token);
}

/** Reads the user's OpenSSH configuration for a host. */
export async function readSshConfig(
  alias: string,
  options: SshConfigOptions = {},
): Promise<SshConfigHost> {
  const home = options.home ?? homedir();
  const file = options.path ?? path.join(home, ".ssh/config");
  const text = await readOptional(file);
  if (text === undefined && options.path !== undefined) {
    throw new SdkError(ErrorCode.BadInput, `there is no SSH configuration ${file}`, {
      fix: "check the path, or leave it out to read ~/.ssh/config",
    });
  }
  const { default: SshConfig } = await import("ssh-config");
  const config = SshConfig.parse(await withIncludes(text ?? "", home, 0));
  const settingsOf = (name: string) =>
    config.compute(name, { ignoreCase: true, matchExec: false }) as Settings;
  return await describe({ home, knownHosts: options.knownHosts, settingsOf }, alias, []);
}

async function describe(
  reader: Reader,
  alias: string,
  way: readonly string[],
  given: { readonly user?: string | undefined; readonly port?: number | undefined } = {},
): Promise<SshConfigHost> {
  if (way.includes(alias) || way.length > longestChain) {
    throw new SdkError(
      ErrorCode.BadInput,
      `the jump hosts of the SSH configuration go in a circle: ${[...way, alias].join(" -> ")}`,
    );
  }
  const settings = reader.settingsOf(alias);
  const user = given.user ?? first(settings["user"]) ?? userInfo().username;
  const tokens = { home: reader.home, host: alias, user, alias };
  const host = expandTokens(first(settings["hostname"]) ?? alias, tokens);
  const place = { ...tokens, host };
  const port = given.port ?? portOf(settings);
  const agentSocket = agentOf(settings, reader.home);
  const privateKey = await firstKey(reader, settings, place);
  const hostKey = await knownKey(reader, settings, host, port);
  const jump = await jumpOf(reader, settings, [...way, alias]);
  return {
    host,
    user,
    ...(port === undefined ? {} : { port }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(agentSocket === undefined ? {} : { agentSocket }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(jump === undefined ? {} : { jump }),
  };
}

function portOf(settings: Settings): number | undefined {
  const text = first(settings["port"]);
  return text === undefined ? undefined : Number(text);
}

function agentOf(settings: Settings, home: string): string | undefined {
  const text = first(settings["identityagent"]);
  if (text === undefined || text.toLowerCase() === "none") return undefined;
  if (text === "SSH_AUTH_SOCK") return process.env["SSH_AUTH_SOCK"];
  if (text.startsWith("$")) return process.env[text.slice(1).replace(/^\{(.*)\}$/, "$1")];
  return expandHome(text, home);
}

async function firstKey(
  reader: Reader,
  settings: Settings,
  place: Parameters<typeof expandTokens>[1],
): Promise<string | undefined> {
  const files = all(settings["identityfile"]);
  const usual = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `~/.ssh/${name}`);
  for (const file of files.length > 0 ? files : usual) {
    const full = path.resolve(reader.home, expandTokens(expandHome(file, reader.home), place));
    const text = await readOptional(full);
    if (text?.includes("PRIVATE KEY")) return text;
  }
  return undefined;
}

async function knownKey(
  reader: Reader,
  settings: Settings,
  host: string,
  port: number | undefined,
): Promise<string | undefined> {
  const told = [
    ...all(settings["userknownhostsfile"]),
    ...all(settings["globalknownhostsfile"]),
  ].flatMap((one) => one.split(/\s+/));
  const usual = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts"];
  const files = reader.knownHosts ?? (told.length > 0 ? told : usual);
  const texts = await Promise.all(files.map((file) => readOptional(expandHome(file, reader.home))));
  const text = texts.map((one) => one ?? "").join("\n");
  const alias = first(settings["hostkeyalias"]);
  const exact = findKnownHost(text, alias ?? host, alias === undefined ? port : 22).keys[0];
  // As OpenSSH does: a key that is known of the host counts on its other ports too.
  return exact ?? (alias === undefined ? findKnownHost(text, host).keys[0] : undefined);
}

/** `user@host:port`, where the last one of a list is connected to from the one before it. */
async function jumpOf(
  reader: Reader,
  settings: Settings,
  way: readonly string[],
): Promise<SshConfigHost | undefined> {
  const text = first(settings["proxyjump"]);
  if (text === undefined || text.toLowerCase() === "none") return undefined;
  let before: SshConfigHost | undefined;
  for (const hop of text.split(",")) {
    const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(
      hop.trim(),
    );
    const name = match?.[2] ?? match?.[3];
    if (!match || name === undefined) {
      throw new SdkError(ErrorCode.BadInput, `ProxyJump is ${JSON.stringify(text)}`, {
        fix: "write it as user@host:port, several with commas",
      });
    }
    const port = match[4] === undefined ? undefined : Number(match[4]);
    const one = await describe(reader, name, way, { user: match[1], port });
    before = before ? { ...one, jump: before } : one;
  }
  return before;
}
