// Several sources, each in the order of time, as one. A source may be added while others are read. Of
// sources that go on, none is waited for longer than the window: what comes later than that comes late.

export interface Timed {
  /** Comparable as text. */
  readonly time: string;
}

interface Source<T> {
  readonly waiting: { readonly item: T; readonly arrivedMs: number }[];
  done: boolean;
  /** Lets the source go on once there is room. */
  room: (() => void) | undefined;
}

/** Items of a source that are held: a reader that is slow slows the sources. */
const mostHeld = 256;

export interface MergeOptions {
  /** How long an item waits for an earlier one of another source. @defaultValue until they have ended */
  readonly windowMs?: number;
  /** Gets why a source broke; the others go on. */
  readonly onTrouble: (error: unknown) => void;
  /** Whether it ends when all sources have; else when it is closed. @defaultValue true */
  readonly endsWithSources?: boolean;
}

export class Merger<T extends Timed> implements AsyncIterable<T> {
  readonly #options: MergeOptions;
  readonly #sources = new Set<Source<T>>();
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** Adds a source; resolves when it has ended. */
  async add(items: AsyncIterable<T>): Promise<void> {
    const source: Source<T> = { waiting: [], done: false, room: undefined };
    this.#sources.add(source);
    try {
      for await (const item of items) {
        if (this.#closed) break;
        source.waiting.push({ item, arrivedMs: performance.now() });
        this.#wake?.();
        if (source.waiting.length >= mostHeld) {
          await new Promise<void>((resolve) => {
            source.room = resolve;
          });
        }
      }
    } catch (error) {
      if (!this.#closed) this.#options.onTrouble(error);
    } finally {
      source.done = true;
      this.#wake?.();
    }
  }

  /** Ends it: what is held is left out. */
  close(): void {
    this.#closed = true;
    for (const source of this.#sources) source.room?.();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        if (this.#closed) return;
        const next = this.#earliest();
        if (next === "end") return;
        if (typeof next === "number") await this.#pause(next);
        else yield this.#take(next);
      }
    } finally {
      this.close();
    }
  }

  /** The source whose item is next; how long to wait for one; or that there is no more. */
  #earliest(): Source<T> | number | "end" {
    let first: Source<T> | undefined;
    let silent = 0;
    for (const source of this.#sources) {
      const [head] = source.waiting;
      if (head === undefined) {
        if (source.done) this.#sources.delete(source);
        else silent += 1;
        continue;
      }
      if (first?.waiting[0] === undefined || head.item.time < first.waiting[0].item.time) {
        first = source;
      }
    }
    const [head] = first?.waiting ?? [];
    if (first === undefined || head === undefined) {
      const over = this.#sources.size === 0 && (this.#options.endsWithSources ?? true);
      return over ? "end" : Number.POSITIVE_INFINITY;
    }
    const { windowMs = Number.POSITIVE_INFINITY } = this.#options;
    const restMs = windowMs - (performance.now() - head.arrivedMs);
    return silent === 0 || restMs <= 0 ? first : restMs;
  }

  #take(source: Source<T>): T {
    const head = source.waiting.shift();
    if (head === undefined) throw new Error("a source has nothing to take");
    if (source.waiting.length < mostHeld / 2) {
      source.room?.();
      source.room = undefined;
    }
    return head.item;
  }

  async #pause(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(ms)) timer = setTimeout(resolve, Math.max(1, Math.ceil(ms)));
    });
    clearTimeout(timer);
    this.#wake = undefined;
  }
}
