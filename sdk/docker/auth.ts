// Registry credentials out of Docker's own configuration, looked up when they are used and never
// kept: credential helpers first, then `auths`. Secrets go through pipes only.
// Specification: docker/cli, config.json; docker/docker-credential-helpers.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { parseReference } from "./reference.ts";
import type { RegistryAuth } from "./types.ts";

export interface AuthOptions {
  /** Folder of config.json. @defaultValue $DOCKER_CONFIG, or ~/.docker */
  readonly configDir?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

const hubKey = "https://index.docker.io/v1/";
const helperTimeoutMs = 30_000;
/** What every helper prints for "none here"; the protocol has no code for it. */
const notFound = "credentials not found in native keychain";

async function readConfig(path: string): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    return JSON.parse(text) as DockerConfig;
  } catch {
    // The parser's message would quote the text, which holds passwords.
    throw new SdkError(ErrorCode.BadInput, `Docker's configuration ${path} is not JSON`, {
      fix: "mend the file, or log in again with `docker login`",
    });
  }
}

/** The key that a registry has in config.json. */
function keyOf(registry: string): string {
  return registry === "docker.io" || registry === "index.docker.io" ? hubKey : registry;
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function decode(entry: AuthEntry, registry: string): RegistryAuth | undefined {
  const serveraddress = keyOf(registry);
  if (entry.identitytoken) return { identitytoken: entry.identitytoken, serveraddress };
  if (entry.username !== undefined && entry.password !== undefined) {
    return { username: entry.username, password: entry.password, serveraddress };
  }
  const plain = Buffer.from(entry.auth ?? "", "base64")
    .toString("utf8")
    .replace(/\0+$/, "");
  const colon = plain.indexOf(":");
  if (colon < 0) return undefined;
  return { username: plain.slice(0, colon), password: plain.slice(colon + 1), serveraddress };
}

interface HelperResult {
  readonly ok: boolean;
  readonly output: string;
}

async function runHelper(
  program: string,
  key: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HelperResult> {
  const { execFile } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      ["get"],
      { env, timeout: helperTimeoutMs, encoding: "utf8" },
      (error, stdout) => {
        const { code } = (error ?? {}) as { readonly code?: unknown };
        if (!error || typeof code === "number") resolve({ ok: !error, output: stdout.trim() });
        else reject(helperFailure(program, key, error));
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(key);
  });
}

function helperFailure(program: string, key: string, cause: Error & { code?: unknown }): SdkError {
  const missing = cause.code === "ENOENT";
  return new SdkError(
    missing ? ErrorCode.Missing : ErrorCode.CommandFailed,
    missing
      ? `Docker's configuration asks for the program ${program}, which is not there`
      : `${program} gave no credentials for ${key} within ${helperTimeoutMs} ms`,
    { fix: `install ${program}, or take it out of Docker's config.json` },
  );
}

async function askHelper(
  helper: string,
  registry: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RegistryAuth | undefined> {
  const program = `docker-credential-${helper}`;
  const serveraddress = keyOf(registry);
  const { ok, output } = await runHelper(program, serveraddress, env);
  if (!ok && output === notFound) return undefined;
  try {
    const { Username = "", Secret = "" } = JSON.parse(output) as Record<string, string>;
    if (!ok || (Username === "" && Secret === "")) throw new Error("no credentials");
    if (Username === "<token>") return { identitytoken: Secret, serveraddress };
    return { username: Username, password: Secret, serveraddress };
  } catch {
    // Neither its output nor a parser's quote of it may reach a message: both can hold the secret.
    throw new SdkError(
      ErrorCode.CommandFailed,
      `${program} could not give credentials for ${serveraddress}`,
      {
        fix: `run \`echo ${serveraddress} | ${program} get\` to see why`,
      },
    );
  }
}

/** The credentials Docker has for the registry of an image reference; undefined where it has none. */
export async function findAuth(
  reference: string,
  options: AuthOptions = {},
): Promise<RegistryAuth | undefined> {
  return findRegistryAuth(parseReference(reference).registry, options);
}

/** The credentials Docker has for a registry host (`docker.io`, `registry.example.com:5000`). */
export async function findRegistryAuth(
  registry: string,
  options: AuthOptions = {},
): Promise<RegistryAuth | undefined> {
  const env = options.env ?? process.env;
  const configDir =
    options.configDir ?? env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), ".docker");
  const config = await readConfig(join(configDir, "config.json"));
  const key = keyOf(registry);
  const helper = config.credHelpers?.[key] ?? config.credHelpers?.[registry];
  if (helper) return askHelper(helper, registry, env);
  if (config.credsStore) {
    const found = await askHelper(config.credsStore, registry, env);
    if (found) return found;
  }
  const auths = config.auths ?? {};
  const name = Object.keys(auths).find((one) => one === key || hostOf(one) === hostOf(key));
  const entry = name === undefined ? undefined : auths[name];
  return entry && decode(entry, registry);
}
