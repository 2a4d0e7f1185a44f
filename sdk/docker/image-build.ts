// Image builds, classic and BuildKit, from a tar. A failed step is named in the error with the last
// lines of its output. Specification: POST /build.
import { ErrorCode, SdkError } from "../errors.ts";
import { DockerApiError } from "./api-error.ts";
import { type BuildReader, classicReader } from "./build-reader.ts";
import type { BuildSession } from "./build-session.ts";
import { type ApiCall, encodeHeader, longTimeoutMs } from "./call.ts";
import { brokenStream, type ProgressMessage, progressError } from "./image-progress.ts";
import { jsonLines } from "./json-lines.ts";
import type { Transport } from "./transport.ts";
import type { BuildOptions } from "./types.ts";

function queryOf(options: BuildOptions, version: "classic" | "buildkit") {
  return {
    version: version === "buildkit" ? "2" : "1",
    dockerfile: options.dockerfile,
    t: options.tags,
    buildargs: options.args && JSON.stringify(options.args),
    labels: options.labels && JSON.stringify(options.labels),
    target: options.target,
    platform: options.platform,
    nocache: options.noCache,
    pull: options.pull,
    networkmode: options.networkMode,
    cachefrom: options.cacheFrom && JSON.stringify(options.cacheFrom),
    rm: true,
    forcerm: true,
  };
}

async function readerFor(version: "classic" | "buildkit"): Promise<BuildReader> {
  if (version === "classic") return classicReader();
  const { buildkitReader } = await import("./build-progress.ts");
  return buildkitReader();
}

function failureWords(reader: BuildReader): string {
  const failure = reader.failure();
  if (!failure) return "";
  const lines = failure.lines.map((line) => `\n  ${line}`).join("");
  return lines ? `\nthe end of the output of ${failure.step}:${lines}` : `\nin ${failure.step}`;
}

/** The builder the daemon offers: BuildKit has been in every Linux daemon since API 1.39. */
async function builderOf(transport: Transport): Promise<"classic" | "buildkit"> {
  const [major = 0, minor = 0] = (await transport.apiVersion()).split(".").map(Number);
  return major > 1 || minor >= 39 ? "buildkit" : "classic";
}

function refuseSecrets({ secrets }: BuildOptions, version: "classic" | "buildkit"): void {
  if (version === "buildkit" || Object.keys(secrets ?? {}).length === 0) return;
  throw new SdkError(ErrorCode.BadInput, "the classic builder has no build secrets", {
    fix: 'build with builder: "buildkit", or leave the secrets out',
  });
}

/** Opens the session a BuildKit build asks for credentials on. */
async function sessionFor(
  transport: Transport,
  options: BuildOptions,
  version: "classic" | "buildkit",
): Promise<BuildSession | undefined> {
  if (version === "classic") return undefined;
  const [{ openBuildSession }, { findRegistryAuth }] = await Promise.all([
    import("./build-session.ts"),
    import("./auth.ts"),
  ]);
  const { registryAuths, signal, timeoutMs } = options;
  const findAuth = async (registry: string) =>
    registryAuths?.[registry] ?? (await findRegistryAuth(registry));
  const given = { findAuth, secrets: options.secrets ?? {} };
  return openBuildSession(transport, given, { signal, timeoutMs });
}

/** Builds and reads the builder's messages to their end. */
async function followBuild(
  transport: Transport,
  call: ApiCall,
  reader: BuildReader,
  onProgress: BuildOptions["onProgress"],
): Promise<{ readonly imageId: string }> {
  const answer = await transport.send(call);
  let failed: { readonly message: string; readonly status: number } | undefined;
  try {
    for await (const message of jsonLines<ProgressMessage>(answer.body)) {
      failed = progressError(message) ?? failed;
      for (const progress of reader.read(message)) onProgress?.(progress);
    }
  } catch (error) {
    throw brokenStream({ doing: call.doing, where: transport.where }, error);
  }
  const { imageId } = reader;
  if (imageId !== undefined && !failed) return { imageId };
  const why = failed?.message ?? "the daemon ended the build without an image";
  throw new DockerApiError(
    `cannot ${call.doing} on ${transport.where}: ${why}${failureWords(reader)}`,
    failed?.status ?? 500,
  );
}

/** Enough for any daemon on which images come and go. */
const mostTries = 5;

/**
 * The classic builder looks through all images of the same parent for one that it can reuse, and
 * fails when another client removes any of them meanwhile. Source: docker/docker, image/cache/cache.go.
 */
function isLostSibling(error: unknown, version: "classic" | "buildkit"): boolean {
  if (version !== "classic" || !(error instanceof DockerApiError)) return false;
  return /: unable to find image "sha256:[0-9a-f]{64}"/.test(error.message);
}

async function buildOnce(
  transport: Transport,
  options: BuildOptions,
  version: "classic" | "buildkit",
): Promise<{ readonly imageId: string }> {
  const reader = await readerFor(version);
  const session = await sessionFor(transport, options, version);
  const call: ApiCall = {
    doing: `build the image "${options.tags?.[0] ?? "(unnamed)"}"`,
    method: "POST",
    path: "/build",
    query: { ...queryOf(options, version), session: session?.id },
    headers: { "X-Registry-Config": encodeHeader(options.registryAuths ?? {}) },
    body: options.context(),
    contentType: "application/x-tar",
    options,
    timeoutMs: longTimeoutMs,
  };
  try {
    return await followBuild(transport, call, reader, options.onProgress);
  } finally {
    session?.close();
  }
}

export async function buildImage(
  transport: Transport,
  options: BuildOptions,
): Promise<{ readonly imageId: string }> {
  const version = options.version ?? (await builderOf(transport));
  refuseSecrets(options, version);
  for (let tries = 1; ; tries += 1) {
    try {
      return await buildOnce(transport, options, version);
    } catch (error) {
      if (tries === mostTries || !isLostSibling(error, version)) throw error;
    }
  }
}
