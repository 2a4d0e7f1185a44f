// The life of an object (made, read, changed, removed) by a real plugin on a real daemon, with a proxy
// between them that spoils one call. A step that fails has to say what it was doing; it is then done
// again, undisturbed, and has to pass.
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { type ApiProxy, apiProxy, type Fate } from "../../support/apiproxy.ts";
import { socketPath } from "../docker/fixture.ts";
import { Plugin, type Recorded, urnOf } from "./plugin.ts";

/** What can become of a call's answer, each of which a network or a daemon has done before. */
export const disturbances: Readonly<Record<string, Fate>> = {
  "comes late": { kind: "delay", ms: 300 },
  "never leaves: the connection is cut before": { kind: "drop" },
  "is cut after the head": { kind: "cut", bytes: 0 },
  "is cut after some bytes": { kind: "cut", bytes: 7 },
  "is a page of another server": { kind: "answer", status: 502, body: "<html>Bad gateway</html>" },
  "is an error of the daemon": { kind: "answer", status: 500, body: '{"message":"no luck"}' },
  "is no JSON": { kind: "body", body: "{ nonsense" },
  "is no HTTP": { kind: "raw", text: "SSH-2.0-OpenSSH_9.2\r\n\r\n" },
};

/** What lives. */
export interface Life {
  readonly kind: string;
  /** What it is called here. @defaultValue the kind */
  readonly title?: string;
  readonly program: (name: string) => ValueMap;
  /** Its second form; absent: it is not changed. */
  readonly changed?: (name: string) => ValueMap;
  /** How many of it live side by side. @defaultValue 1 */
  readonly workers?: number;
  /** Whether a read tells what was done, whatever has become of it since. @defaultValue false */
  readonly isRecord?: boolean;
  /** What has to hold at the end of a life. */
  readonly after?: (name: string) => Promise<void>;
}

export const titleOf = ({ kind, title = kind }: Life): string => title;

/** As part of a name. */
export const wordOf = (life: Life): string => titleOf(life).toLowerCase().replace(/\W+/g, "-");

/** How a disturbed life went. */
export interface Outcome {
  /** The call that was spoilt. */
  readonly call: string;
  /** What the failed step said; undefined when none failed. */
  readonly said: string | undefined;
  readonly longestMs: number;
}

export class Disturbed {
  readonly proxy: ApiProxy;
  readonly #makes: Plugin;
  /** An object that a plugin made is kept by it: another one removes. */
  readonly #removes: Plugin;

  private constructor(proxy: ApiProxy, makes: Plugin, removes: Plugin) {
    this.proxy = proxy;
    this.#makes = makes;
    this.#removes = removes;
  }

  static async start(
    bundle: string,
    folder: string,
    name: string,
    daemonSocket: string = socketPath,
  ): Promise<Disturbed> {
    const proxy = await apiProxy(join(folder, `${name}.sock`), daemonSocket);
    const config = { host: `unix://${proxy.socketPath}` };
    const [makes, removes] = await Promise.all([
      Plugin.start(bundle, config),
      Plugin.start(bundle, config),
    ]);
    return new Disturbed(proxy, makes, removes);
  }

  /** How many calls an undisturbed life makes. */
  async count(life: Life, name: string): Promise<number> {
    const before = this.proxy.seen.length;
    const { said } = await this.live(life, name, -1, { kind: "pass" });
    assert.is(said, undefined);
    return this.proxy.seen.length - before;
  }

  /**
   * A whole life, whose call of that index meets a fate.
   * @param settled awaited before a step that failed is done again
   */
  async live(
    life: Life,
    name: string,
    index: number,
    fate: Fate,
    settled: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Outcome> {
    let [at, call, longestMs] = [0, "", 0];
    let said: string | undefined;
    this.proxy.judge = ({ method, path }) => {
      at += 1;
      if (at !== index + 1) return { kind: "pass" };
      call = `${method} ${path}`;
      return fate;
    };
    const step = async <T>(run: () => Promise<T>): Promise<T> => {
      const started = performance.now();
      try {
        return await run();
      } catch (error) {
        if (said !== undefined || call === "") throw error;
        said = (error as Error).message;
      } finally {
        longestMs = Math.max(longestMs, performance.now() - started);
      }
      await settled();
      return await run();
    };
    await this.#steps(life, urnOf(life.kind, name), name, step);
    return { call, said, longestMs };
  }

  async #steps(
    { program, changed, isRecord = false, after }: Life,
    urn: string,
    name: string,
    step: <T>(run: () => Promise<T>) => Promise<T>,
  ): Promise<void> {
    const made = await step(() => this.#makes.make(urn, program(name)));
    const seen = await step(() => this.#makes.read(urn, made.id, made));
    assert.is(seen?.id, made.id, "what was made is there");
    let last: Recorded = made;
    if (changed) {
      const { inputs } = await step(() => this.#makes.check(urn, changed(name), made.inputs));
      last = await step(() => this.#makes.update(urn, made, inputs));
    }
    await step(() => this.#removes.delete(urn, last));
    const left = await step(() => this.#removes.read(urn, last.id, last));
    if (!isRecord) assert.is(left, undefined, "it is gone");
    await after?.(name);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#makes.stop(), this.#removes.stop()]);
    await this.proxy.close();
  }
}
