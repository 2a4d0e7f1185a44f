// What a BuildKit build shows of itself: steps begun, reused and ended, their output, layers moved;
// and which step failed.
import { type BuildReader, LineTail } from "./build-reader.ts";
import { decodeTrace, type TraceLog, type TraceStatus, type TraceVertex } from "./build-trace.ts";
import type { ProgressMessage } from "./image-progress.ts";
import type { ImageProgress } from "./types.ts";

type Phase = "known" | "started" | "completed";

class BuildSteps {
  readonly #names = new Map<string, string>();
  readonly #phases = new Map<string, Phase>();
  readonly #tails = new Map<string, LineTail>();
  failed: string | undefined;

  nameOf(digest: string): string {
    return this.#names.get(digest) ?? digest;
  }

  tailOf(digest: string): LineTail {
    const tail = this.#tails.get(digest) ?? new LineTail();
    this.#tails.set(digest, tail);
    return tail;
  }

  vertex(vertex: TraceVertex): readonly ImageProgress[] {
    const { digest, name, cached, started, completed, error } = vertex;
    if (name) this.#names.set(digest, name);
    // Cancelled neighbours of the failed step carry an error too, but come after it.
    if (error) this.failed ??= digest;
    const phase: Phase = completed ? "completed" : started ? "started" : "known";
    const before = this.#phases.get(digest) ?? "known";
    if (phase === before || before === "completed") return [];
    this.#phases.set(digest, phase);
    if (phase === "started") return [{ text: name }];
    const end = error ? `failed: ${error}` : cached ? "cached" : "done";
    return [{ text: `${name}: ${end}` }];
  }

  status(status: TraceStatus): ImageProgress {
    return {
      id: status.id,
      text: `${this.nameOf(status.vertex)}: ${status.id}${status.completed ? ": done" : ""}`,
      ...(status.current > 0 ? { currentBytes: status.current } : {}),
      ...(status.total > 0 ? { totalBytes: status.total } : {}),
    };
  }

  log(log: TraceLog): readonly ImageProgress[] {
    const lines = this.tailOf(log.vertex).push(log.text);
    return lines.map((text) => ({ id: this.nameOf(log.vertex), text }));
  }
}

export function buildkitReader(): BuildReader {
  const steps = new BuildSteps();
  let imageId: string | undefined;
  return {
    get imageId() {
      return imageId;
    },
    failure: () =>
      steps.failed === undefined
        ? undefined
        : { step: steps.nameOf(steps.failed), lines: steps.tailOf(steps.failed).lines },
    read: (message: ProgressMessage) => {
      if (message.id === "moby.image.id") {
        imageId = (message.aux as { readonly ID?: string } | undefined)?.ID;
      }
      if (message.id !== "moby.buildkit.trace" || typeof message.aux !== "string") return [];
      const trace = decodeTrace(message.aux);
      return [
        ...trace.vertexes.flatMap((vertex) => steps.vertex(vertex)),
        ...trace.statuses.map((status) => steps.status(status)),
        ...trace.logs.flatMap((log) => steps.log(log)),
      ];
    },
  };
}
