// The Docker CLI's contexts: an address and TLS files under a name, in the user's own folder
// (`docker context create`). Only read. Refuses contexts that leave out TLS's checks, and those over
// SSH, which say neither a key nor the host's key.
// Form: docker/cli cli/context/store (metadata by the SHA-256 of the name).

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { parseDockerHost } from "./endpoint.ts";
import type { DockerEndpoint, TlsMaterials } from "./types.ts";

export interface DockerContextOptions {
  /** @defaultValue `DOCKER_CONFIG` of the environment, else `~/.docker` */
  readonly configDir?: string;
}

interface Metadata {
  readonly Name?: string;
  readonly Endpoints?: {
    readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean };
  };
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function refuse(name: string, why: string, fix: string, cause?: unknown): SdkError {
  return new SdkError(ErrorCode.BadInput, `the Docker context "${name}" ${why}`, { fix, cause });
}

function readMetadata(name: string, file: string): Metadata {
  const text = readOptional(file);
  if (text === undefined) {
    throw refuse(name, "does not exist", "look at: docker context ls");
  }
  try {
    return JSON.parse(text) as Metadata;
  } catch (cause) {
    throw refuse(name, `cannot be read: ${file} is no JSON`, "make the context anew", cause);
  }
}

/** The materials of a context; undefined where it has none. */
function readTls(name: string, folder: string): TlsMaterials | undefined {
  const files = ["ca.pem", "cert.pem", "key.pem"] as const;
  const [ca, cert, key] = files.map((file) => readOptional(join(folder, file)));
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if (ca !== undefined && cert !== undefined && key !== undefined) return { ca, cert, key };
  const missing = files.filter((_, index) => [ca, cert, key][index] === undefined);
  throw refuse(
    name,
    `lacks ${missing.join(" and ")}; TLS is mutual here`,
    'give all three: docker context update --docker "ca=...,cert=...,key=..."',
  );
}

/** The endpoint that a context of the Docker CLI names. */
export function readDockerContext(
  name: string,
  options: DockerContextOptions = {},
): DockerEndpoint {
  const configDir = options.configDir ?? process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const id = createHash("sha256").update(name).digest("hex");
  if (name === "default") {
    const fix = "leave dockerContext out: DOCKER_HOST and the usual socket are what it means";
    throw refuse(name, "is no context of its own", fix);
  }
  const metadata = readMetadata(name, join(configDir, "contexts/meta", id, "meta.json"));
  const docker = metadata.Endpoints?.docker;
  if (!docker?.Host) {
    throw refuse(name, "has no Docker endpoint", "give it one: docker context update");
  }
  if (docker.SkipTLSVerify === true) {
    const fix = "give it the CA of the daemon: docker context update --docker ca=...";
    throw refuse(name, "skips the check of the daemon's certificate", fix);
  }
  if (docker.Host.startsWith("ssh://")) {
    const fix =
      "declare the machine instead: new Host(..., { address, user, privateKey, hostKey })";
    throw refuse(name, `is over SSH (${docker.Host}), which says neither key nor host key`, fix);
  }
  return parseDockerHost(docker.Host, readTls(name, join(configDir, "contexts/tls", id, "docker")));
}
