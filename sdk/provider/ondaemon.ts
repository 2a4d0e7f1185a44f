// Which daemon an object is on. One daemon can be reached in several ways, and an address can come to
// lead to another machine, so what decides is the daemon's own id; the way to it is recorded beside it,
// and only where that has changed is the daemon asked. Specification: GET /info, `ID`.

import { createHash } from "node:crypto";
import type { DockerClient } from "../docker/client.ts";
import { dockerHostOf } from "./config.ts";
import type { AnyResource } from "./resource.ts";
import { canonicalJson, hasUnknown, isMap, type Value, type ValueMap } from "./values.ts";

/** Where it stands among the outputs. Programs do not see it. */
export const daemonKey = "__daemon";

/** What is said of an object that is declared on another daemon than it is on. */
export const movedWords =
  "its daemon is another one now: it is made anew there, and nothing in it comes along";

/** How long a daemon may take to say which one it is. */
const answerTimeoutMs = 5000;

interface Mark {
  readonly id: string;
  readonly way: string;
}

/** What says where a machine is: no logins, which may change on the same one. */
function machineOf(ssh: Value | undefined): Value {
  if (!isMap(ssh)) return null;
  const { host = null, port = 22, hostKey = null } = ssh;
  return [host, port, hostKey];
}

/** The way that a configuration leads, as a short text; undefined where some of it is not known yet. */
export function wayOf(config: ValueMap): string | undefined {
  const { host, dockerContext, ssh, managers, swarmId } = config;
  const parts: readonly (Value | undefined)[] = [host, dockerContext, ssh, managers, swarmId];
  if (parts.some((part) => hasUnknown(part))) return undefined;
  if (typeof swarmId === "string") return swarmId;
  const leads: readonly Value[] = [dockerHostOf(config), dockerContext ?? null, machineOf(ssh)];
  return createHash("sha256").update(canonicalJson(leads)).digest("hex").slice(0, 16);
}

/** What an earlier run has recorded. */
function markOf(outputs: ValueMap): Mark | undefined {
  const found = outputs[daemonKey];
  if (!isMap(found)) return undefined;
  const { id, way } = found;
  return typeof id === "string" && typeof way === "string" ? { id, way } : undefined;
}

/** Of a kind of objects: whether a daemon keeps them, and by ids that no other daemon has. */
type Kept = Pick<AnyResource, "onDaemon" | "uniqueId">;

/** The daemon that a provider instance leads to. It is asked once, and only where that is needed. */
export class OnDaemon {
  readonly #config: () => ValueMap;
  readonly #docker: () => DockerClient;
  #way: { readonly of: ValueMap; readonly text: string | undefined } | undefined;
  #answer: Promise<Mark | undefined> | undefined;

  constructor(config: () => ValueMap, docker: () => DockerClient) {
    this.#config = config;
    this.#docker = docker;
  }

  /**
   * What the outputs of an object are to say; nothing where the daemon does not answer: what needs it
   * tells why. Of what was found by an id that no other daemon has, what they said `before` holds.
   */
  async mark({ onDaemon, uniqueId }: Kept, before: ValueMap = {}): Promise<ValueMap> {
    if (!onDaemon) return {};
    const known = uniqueId ? markOf(before) : undefined;
    const mark = known?.way === this.#wayNow() ? known : await this.#now();
    return mark === undefined ? {} : { [daemonKey]: { ...mark } };
  }

  /** Whether an object of these outputs is on another daemon, as far as that can be told. */
  async isAnother(outputs: ValueMap): Promise<boolean> {
    const before = markOf(outputs);
    if (before === undefined || before.way === this.#wayNow()) return false;
    const now = await this.#now();
    return now !== undefined && now.id !== before.id;
  }

  /** The way that the configuration leads, told once. */
  #wayNow(): string | undefined {
    const of = this.#config();
    if (this.#way?.of !== of) this.#way = { of, text: wayOf(of) };
    return this.#way.text;
  }

  #now(): Promise<Mark | undefined> {
    this.#answer ??= this.#ask();
    return this.#answer;
  }

  async #ask(): Promise<Mark | undefined> {
    const config = this.#config();
    const way = this.#wayNow();
    if (way === undefined) return undefined;
    if (typeof config["swarmId"] === "string") return { id: config["swarmId"], way };
    try {
      // Not with the signal of a stop on request: what was made by then is recorded whole.
      const { ID: id } = await this.#docker().system.info({ timeoutMs: answerTimeoutMs });
      return { id, way };
    } catch {
      return undefined;
    }
  }
}
