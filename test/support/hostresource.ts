// A host resource's life without an engine: what the provider does with it on a given machine, from
// check to delete, and what the next preview after a refresh would show.
import type { DockerClient } from "../../sdk/docker/client.ts";
import type { Machine } from "../../sdk/host/machine.ts";
import { checkFields } from "../../sdk/provider/check.ts";
import { diffFields } from "../../sdk/provider/diff.ts";
import { parseUrn } from "../../sdk/provider/names.ts";
import { allResources, tokenOf } from "../../sdk/provider/registry.ts";
import type { AnyRecorded, AnyResource, Context } from "../../sdk/provider/resource.ts";
import type { ValueMap } from "../../sdk/provider/values.ts";

export interface Life {
  /** Lines that stay with the person. */
  readonly said: readonly string[];
  readonly id: string;
  readonly recorded: AnyRecorded;
  /** Check and create. */
  create(): Promise<Life>;
  /** Refresh: what is there is recorded. False when it is gone. */
  refresh(): Promise<boolean>;
  /** The places that the next update would change, and how. */
  changes(declared?: ValueMap): readonly string[];
  /** The next update: creates what is gone, updates what differs. */
  up(declared?: ValueMap): Promise<void>;
  delete(): Promise<void>;
}

export interface LifeOptions {
  readonly kind: string;
  readonly name?: string;
  readonly project?: string;
  readonly signal?: AbortSignal;
}

function contextOf(machine: Machine, options: LifeOptions, said: string[]): Context {
  const { kind, name = "it", project = "dwtest", signal = new AbortController().signal } = options;
  const say = (line: string) => {
    said.push(line);
  };
  return {
    ...parseUrn(`urn:pulumi:dev::${project}::${tokenOf(kind)}::${name}`),
    get docker(): DockerClient {
      throw new Error("a host resource asked for Docker");
    },
    machine,
    overSsh: false,
    signal,
    owner: undefined,
    timeoutMs: undefined,
    scrub: (text) => text,
    now: () => new Date(),
    log: { progress: () => undefined, done: () => undefined, info: say, warn: say },
  };
}

const resources = await allResources();

function resourceOf(kind: string): AnyResource {
  const found = resources.find(({ name }) => name === kind);
  if (!found) throw new Error(`there is no resource ${kind}`);
  return found;
}

/** What a check finds wrong, as `place: reason`. */
export function failuresOf(kind: string, inputs: ValueMap): readonly string[] {
  const resource = resourceOf(kind);
  const failures = checkFields(resource.inputs, inputs);
  const all = failures.length > 0 ? failures : (resource.check?.(inputs) ?? []);
  return all.map(({ property, reason }) => `${property}: ${reason}`);
}

/** A resource of a machine, not made yet. */
export function lifeOf(machine: Machine, options: LifeOptions, first: ValueMap): Life {
  const resource: AnyResource = resourceOf(options.kind);
  const said: string[] = [];
  const context = contextOf(machine, options, said);
  let declared = first;
  let id: string | undefined;
  let recorded: AnyRecorded = { inputs: {}, outputs: {} };
  const changes = (news: ValueMap) => {
    const drift = resource.drift?.(recorded.outputs, news, new Date()) ?? [];
    const all = [...diffFields(resource.inputs, recorded.inputs, news), ...drift];
    return all.map(
      ({ property, kind, replace }) => `${kind}${replace ? " replace" : ""} ${property}`,
    );
  };
  const life: Life = {
    said,
    get id() {
      return id ?? "";
    },
    get recorded() {
      return recorded;
    },
    async create() {
      const failures = failuresOf(options.kind, declared);
      if (failures.length > 0) throw new Error(failures.join("; "));
      const made = await resource.create(context, declared);
      id = made.id;
      recorded = { inputs: declared, outputs: made.outputs };
      return life;
    },
    async refresh() {
      if (id === undefined) return false;
      const seen = await resource.read(context, id, recorded);
      if (seen) recorded = { inputs: seen.inputs, outputs: seen.outputs };
      else id = undefined;
      return seen !== undefined;
    },
    changes: (news = declared) => changes(news),
    async up(news = declared) {
      declared = news;
      if (id === undefined) {
        await life.create();
        return;
      }
      if (changes(news).length === 0) return;
      if (!resource.update) throw new Error(`${options.kind} has no update`);
      recorded = { inputs: news, outputs: await resource.update(context, id, recorded, news) };
    },
    async delete() {
      if (id !== undefined) await resource.delete(context, id, recorded);
      id = undefined;
    },
  };
  return life;
}

/** What an import of an id gives; undefined where there is nothing. */
export async function imported(
  machine: Machine,
  options: LifeOptions,
  id: string,
): Promise<ValueMap | undefined> {
  const resource = resourceOf(options.kind);
  const seen = await resource.read(contextOf(machine, options, []), id, undefined);
  return seen?.inputs;
}
