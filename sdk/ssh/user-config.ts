// A host as the user's own OpenSSH configuration describes it: ~/.ssh/config and known_hosts. Read
// only when a program asks for it, for values that it passes on: nothing else here looks at the
// user's files. Runs no command that the files name (Match exec, ProxyCommand). See ssh_config(5).

import { readdirSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import * as path from "node:path";
import SshConfig from "ssh-config";
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
  /** A path, or the name of a variable as `SSH_AUTH_SOCK` and `$NAME`. */
  readonly agentSocket?: string;
  /** The best key that known_hosts has of it. */
  readonly hostKey?: string;
  readonly jump?: SshConfigHost;
}

/** The agent of the session, by the name that ssh_config(5) gives it. */
export const agentVariable = "SSH_AUTH_SOCK";
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

function readOptional(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw error;
  }
}

function expandHome(file: string, home: string): string {
  return file.replace(/^~(?=\/|$)/, home);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The files that an Include names: `*` and `?` in the last part only. */
function includedFiles(named: string, home: string): readonly string[] {
  const full = path.resolve(path.join(home, ".ssh"), expandHome(named, home));
  const last = path.basename(full);
  if (!/[*?]/.test(last)) return [full];
  const source = last
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const pattern = new RegExp(`^${source}$`);
  const matching = namesIn(path.dirname(full)).filter((name) => pattern.test(name));
  return matching.map((name) => path.join(path.dirname(full), name));
}

/**
 * The text with its Includes in their places. What follows one belongs to the section that it stands
 * in, as in OpenSSH. An Include within a section counts for all hosts, where its file has sections.
 */
function withIncludes(text: string, home: string, depth: number): string {
  if (depth > deepestInclude) return "";
  let section = "Host *";
  const lines = text.split(/\r?\n/).map((line) => {
    if (/^\s*(Host|Match)[\s=]/i.test(line)) section = line;
    // The parser would ask a name server by a command.
    if (/^\s*CanonicalizeHostName[\s=]/i.test(line)) return "";
    const patterns = /^\s*Include[\s=]+(.+)$/i.exec(line)?.[1];
    if (patterns === undefined) return line;
    const words = patterns.match(/"[^"]*"|\S+/g) ?? [];
    const files = words.flatMap((word) => includedFiles(word.replaceAll('"', ""), home));
    const texts = files.map((file) => readOptional(file) ?? "");
    return texts.map((one) => `${withIncludes(one, home, depth + 1)}\n${section}`).join("\n");
  });
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
export function readSshConfig(alias: string, options: SshConfigOptions = {}): SshConfigHost {
  const home = options.home ?? homedir();
  const file = options.path ?? path.join(home, ".ssh/config");
  const text = readOptional(file);
  if (text === undefined && options.path !== undefined) {
    throw new SdkError(ErrorCode.BadInput, `there is no SSH configuration ${file}`, {
      fix: "check the path, or leave it out to read ~/.ssh/config",
    });
  }
  const config = SshConfig.parse(withIncludes(text ?? "", home, 0));
  const settingsOf = (name: string) =>
    config.compute(name, { ignoreCase: true, matchExec: false }) as Settings;
  return describe({ home, knownHosts: options.knownHosts, settingsOf }, alias, []);
}

function describe(
  reader: Reader,
  alias: string,
  way: readonly string[],
  given: { readonly user?: string | undefined; readonly port?: number | undefined } = {},
): SshConfigHost {
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
  const login = loginOf(reader, settings, place);
  const hostKey = knownKey(reader, settings, host, port);
  const jump = jumpOf(reader, settings, [...way, alias]);
  return {
    host,
    user,
    ...(port === undefined ? {} : { port }),
    ...login,
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(jump === undefined ? {} : { jump }),
  };
}

function portOf(settings: Settings): number | undefined {
  const text = first(settings["port"]);
  return text === undefined ? undefined : Number(text);
}

/** The name of the variable is passed on, not what it holds: that is another one in each session. */
function agentOf(settings: Settings, home: string): string | undefined {
  const text = first(settings["identityagent"]);
  if (text === undefined) return process.env["SSH_AUTH_SOCK"] ? agentVariable : undefined;
  if (text.toLowerCase() === "none") return undefined;
  return text === agentVariable || text.startsWith("$") ? text : expandHome(text, home);
}

/** A key that can be read; else the agent that may have it, and what there is of a key. */
function loginOf(
  reader: Reader,
  settings: Settings,
  place: Parameters<typeof expandTokens>[1],
): Pick<SshConfigHost, "privateKey" | "agentSocket"> {
  const agentSocket = agentOf(settings, reader.home);
  const privateKey = firstKey(reader, settings, place);
  const asked = first(settings["identityagent"]) !== undefined;
  const usable = privateKey !== undefined && !isEncrypted(privateKey);
  return {
    ...(privateKey === undefined || (agentSocket !== undefined && !usable) ? {} : { privateKey }),
    ...(agentSocket === undefined || (usable && !asked) ? {} : { agentSocket }),
  };
}

/** Whether a private key's text needs a passphrase. PEM, PKCS #8; OpenSSH's PROTOCOL.key. */
function isEncrypted(text: string): boolean {
  if (/ENCRYPTED/.test(text)) return true;
  const inner = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)/.exec(text)?.[1];
  if (inner === undefined) return false;
  return Buffer.from(inner, "base64").subarray(0, 64).includes("bcrypt");
}

function firstKey(
  reader: Reader,
  settings: Settings,
  place: Parameters<typeof expandTokens>[1],
): string | undefined {
  const files = all(settings["identityfile"]);
  const usual = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => `~/.ssh/${name}`);
  for (const file of files.length > 0 ? files : usual) {
    const full = path.resolve(reader.home, expandTokens(expandHome(file, reader.home), place));
    const text = readOptional(full);
    if (text?.includes("PRIVATE KEY")) return text;
  }
  return undefined;
}

function knownKey(
  reader: Reader,
  settings: Settings,
  host: string,
  port: number | undefined,
): string | undefined {
  const told = [
    ...all(settings["userknownhostsfile"]),
    ...all(settings["globalknownhostsfile"]),
  ].flatMap((one) => one.split(/\s+/));
  const usual = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts"];
  const files = reader.knownHosts ?? (told.length > 0 ? told : usual);
  const texts = files.map((file) => readOptional(expandHome(file, reader.home)) ?? "");
  const text = texts.join("\n");
  const alias = first(settings["hostkeyalias"]);
  const exact = findKnownHost(text, alias ?? host, alias === undefined ? port : 22).keys[0];
  // As OpenSSH does: a key that is known of the host counts on its other ports too.
  return exact ?? (alias === undefined ? findKnownHost(text, host).keys[0] : undefined);
}

/** `user@host:port`, where the last one of a list is connected to from the one before it. */
function jumpOf(
  reader: Reader,
  settings: Settings,
  way: readonly string[],
): SshConfigHost | undefined {
  const text = first(settings["proxyjump"]);
  if (text === undefined || text.toLowerCase() === "none") return undefined;
  let before: SshConfigHost | undefined;
  for (const hop of text.split(",")) {
    const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:@]+))(?::(\d+))?$/.exec(hop.trim());
    const name = match?.[2] ?? match?.[3];
    if (!match || name === undefined) {
      throw new SdkError(ErrorCode.BadInput, `ProxyJump is ${JSON.stringify(text)}`, {
        fix: "write it as user@host:port, several with commas",
      });
    }
    const port = match[4] === undefined ? undefined : Number(match[4]);
    const one = describe(reader, name, way, { user: match[1], port });
    before = before ? { ...one, jump: before } : one;
  }
  return before;
}
