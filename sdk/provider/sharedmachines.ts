// One login for all that reach a daemon over the same SSH connection: the provider instance of a host,
// and the rollouts and releases over it, which are resources of another instance. Each holds a machine
// of its own as if it had logged in itself; the connection ends with the last of them. Only what has the
// same configuration, credentials included, shares one. A host's own instance has another than its
// daemon's, which is reached anew: who may open the daemon's socket was perhaps just changed.

import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { ErrorCode, SdkError } from "../errors.ts";
import type { FileAttributes, Machine, ScriptOptions, ScriptResult } from "../host/machine.ts";
import { connectionFields, connectMachine } from "./config.ts";
import { canonicalJson, hasUnknown, isMap, type Value, type ValueMap } from "./values.ts";

interface Shared {
  readonly machine: Machine;
  holders: number;
}

/** What is the same for those that share; a hash, as keys and passwords are among it. */
function keyOf(config: ValueMap): string {
  const parts: Record<string, Value> = {};
  for (const name of Object.keys(connectionFields)) parts[name] = config[name] ?? null;
  return createHash("sha256").update(canonicalJson(parts)).digest("hex");
}

/** The machines of one process, each for as long as somebody holds it. */
export class SharedMachines {
  private readonly open: (config: ValueMap) => Machine;
  private readonly shared = new Map<string, Shared>();

  constructor(open: (config: ValueMap) => Machine = connectMachine) {
    this.open = open;
  }

  /** The machine that the configuration names. Closing it leaves those of others open. */
  hold(config: ValueMap): Machine {
    const { ssh } = config;
    // This machine has no connection, and what is not known yet is the same to nobody.
    if (!isMap(ssh) || hasUnknown(config)) return this.open(config);
    const key = keyOf(config);
    const shared = this.shared.get(key) ?? { machine: this.open(config), holders: 0 };
    this.shared.set(key, shared);
    shared.holders += 1;
    return new HeldMachine(shared.machine, () => {
      shared.holders -= 1;
      if (shared.holders > 0) return;
      this.shared.delete(key);
      shared.machine.close();
    });
  }
}

/** Of this process: an instance of its own would share with nobody. */
export const sharedMachines = new SharedMachines();

/** A machine until it is closed: what was begun through it ends then, as if its connection did. */
class HeldMachine implements Machine {
  readonly label: string;
  readonly #machine: Machine;
  readonly #release: () => void;
  readonly #closing = new AbortController();
  readonly #streams = new Set<Duplex>();

  constructor(machine: Machine, release: () => void) {
    this.label = machine.label;
    this.#machine = machine;
    this.#release = release;
  }

  async run(script: string, options: ScriptOptions): Promise<ScriptResult> {
    this.#throwIfClosed();
    const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])];
    return await this.#machine.run(script, { ...options, signal: AbortSignal.any(signals) });
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    this.#throwIfClosed();
    return await this.#machine.readFile(path);
  }

  async writeFile(
    path: string,
    content: string | Uint8Array,
    attributes: FileAttributes,
  ): Promise<void> {
    this.#throwIfClosed();
    await this.#machine.writeFile(path, content, attributes);
  }

  async dial(socketPath: string): Promise<Duplex> {
    this.#throwIfClosed();
    return await this.#own(this.#machine.dial(socketPath));
  }

  async dialTcp(host: string, port: number): Promise<Duplex> {
    this.#throwIfClosed();
    return await this.#own(this.#machine.dialTcp(host, port));
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(this.#closed());
    for (const stream of this.#streams) stream.destroy();
    this.#release();
  }

  /** A stream that ends with this holder; one that comes too late ends at once. */
  #own(dialling: Promise<Duplex>): Promise<Duplex> {
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      const onClose = () => reject(this.#closed());
      signal.addEventListener("abort", onClose, { once: true });
      dialling
        .then((stream) => {
          if (signal.aborted) return void stream.destroy();
          this.#streams.add(stream);
          stream.once("close", () => this.#streams.delete(stream));
          resolve(stream);
        }, reject)
        .finally(() => signal.removeEventListener("abort", onClose));
    });
  }

  #throwIfClosed(): void {
    if (this.#closing.signal.aborted) throw this.#closed();
  }

  #closed(): SdkError {
    return new SdkError(ErrorCode.Cancelled, `the connection to ${this.label} was closed`);
  }
}
