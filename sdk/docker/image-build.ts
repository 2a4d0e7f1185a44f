// Image builds, classic and BuildKit, from a tar. A failed step is named in the error with the last
// lines of its output. Specification: POST /build.
import { stripVTControlCharacters } from "node:util";
import { DockerApiError } from "./api-error.ts";
import { longTimeoutMs } from "./call.ts";
import { type ProgressMessage, progressError } from "./image-progress.ts";
import { jsonLines } from "./json-lines.ts";
import type { Transport } from "./transport.ts";
import type { BuildOptions, ImageProgress } from "./types.ts";

/** Lines of a failed step's output that its error carries. */
const tailLines = 20;

/** Reads the messages of one builder: what to show, the image, and the step that failed. */
export interface BuildReader {
  readonly imageId: string | undefined;
  /** The step that failed with the end of its output, when one has. */
  failure(): { readonly step: string; readonly lines: readonly string[] } | undefined;
  read(message: ProgressMessage): readonly ImageProgress[];
}

/** What a terminal would show of a line in the end: no colours, nothing that was overwritten. */
function plainLine(line: string): string {
  return stripVTControlCharacters(line).trimEnd().replace(/^.*\r/, "");
}

/** Collects text that comes in pieces into lines, and keeps the last ones. */
export class LineTail {
  readonly #lines: string[] = [];
  #rest = "";

  /** The lines that this text completes. */
  push(text: string): readonly string[] {
    const parts = `${this.#rest}${text}`.split("\n");
    this.#rest = parts.pop() ?? "";
    const lines = parts.map(plainLine).filter(Boolean);
    this.#lines.push(...lines);
    this.#lines.splice(0, this.#lines.length - tailLines);
    return lines;
  }

  get lines(): readonly string[] {
    const last = plainLine(this.#rest);
    return (last ? [...this.#lines, last] : this.#lines).slice(-tailLines);
  }
}

/** The classic builder writes its steps and their output as one text. */
export function classicReader(): BuildReader {
  let step = "";
  let tail = new LineTail();
  let imageId: string | undefined;
  const readLine = (line: string): ImageProgress => {
    if (/^Step \d+\/\d+ : /.test(line)) {
      step = line;
      tail = new LineTail();
    }
    return { text: line.trim() };
  };
  const lines = new LineTail();
  return {
    get imageId() {
      return imageId;
    },
    failure: () => (step ? { step, lines: tail.lines } : undefined),
    read: (message) => {
      if (message.aux && typeof message.aux === "object" && "ID" in message.aux) {
        imageId = String(message.aux.ID);
      }
      const shown: ImageProgress[] = [];
      // A step's own line comes without a line break, before the one that ends it.
      for (const line of lines.push(message.stream ?? "")) {
        const isStep = /^Step \d+\/\d+ : /.test(line);
        shown.push(readLine(line));
        if (!isStep && !line.startsWith(" --->")) tail.push(`${line}\n`);
      }
      return shown;
    },
  };
}

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

export async function buildImage(
  transport: Transport,
  options: BuildOptions,
): Promise<{ readonly imageId: string }> {
  const version = options.version ?? (await builderOf(transport));
  const doing = `build the image "${options.tags?.[0] ?? "(unnamed)"}"`;
  const reader = await readerFor(version);
  const answer = await transport.send({
    doing,
    method: "POST",
    path: "/build",
    query: queryOf(options, version),
    headers: {
      "X-Registry-Config": Buffer.from(JSON.stringify(options.registryAuths ?? {})).toString(
        "base64url",
      ),
    },
    body: options.context,
    contentType: "application/x-tar",
    options,
    timeoutMs: longTimeoutMs,
  });
  let failed: { readonly message: string; readonly status: number } | undefined;
  for await (const message of jsonLines<ProgressMessage>(answer.body)) {
    failed = progressError(message) ?? failed;
    for (const progress of reader.read(message)) options.onProgress?.(progress);
  }
  const { imageId } = reader;
  if (imageId !== undefined && !failed) return { imageId };
  const why = failed?.message ?? "the daemon ended the build without an image";
  throw new DockerApiError(
    `cannot ${doing} on ${transport.where}: ${why}${failureWords(reader)}`,
    failed?.status ?? 500,
  );
}
