// One provider instance: a machine, and what this run does to it. No module state: a process may hold
// many. The engine's calls arrive here with plain values; server.ts speaks gRPC.

import type { DockerClient } from "../docker/client.ts";
import { describeError, ErrorCode, SdkError } from "../errors.ts";
import type { Machine } from "../host/machine.ts";
import { checkFields, type Failure } from "./check.ts";
import { checkConfiguration, connectDocker, providerFields, withoutProgramsOwn } from "./config.ts";
import { type Change, diffFields, judgedChanges } from "./diff.ts";
import { coded, type EngineLog, silentLog } from "./enginelog.ts";
import { joinOutputs, mapFields } from "./joined.ts";
import { KeptObjects } from "./kept.ts";
import { isLost, lostError, tellForgotten, tellLost } from "./lost.ts";
import { parseUrn } from "./names.ts";
import { nameInputs, withoutName } from "./naming.ts";
import { movedWords, OnDaemon } from "./ondaemon.ts";
import { keptOwner, ownerKey, ownerOf } from "./owner.ts";
import { findResource } from "./registry.ts";
import type { AnyRecorded, AnyResource, Context } from "./resource.ts";
import { createScrubber, type Scrubber } from "./scrub.ts";
import { withSecrets } from "./secret-places.ts";
import { sharedMachines } from "./sharedmachines.ts";
import { hasUnknown, isMap, unknown, type ValueMap, withoutNulls } from "./values.ts";
import { noProperties, type Properties, secretTexts } from "./wire.ts";

/** What the engine says of a call besides its values. */
export interface Call {
  readonly urn: string;
  readonly type: string;
  readonly timeoutMs?: number;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

export interface DiffResult {
  readonly changes: readonly Change[];
  readonly deleteBeforeReplace: boolean;
}

const progressEveryMs = 1000;

export class Instance {
  readonly scrubber: Scrubber = createScrubber();
  private readonly kept = new KeptObjects();
  private readonly cancellation = new AbortController();
  private readonly warned = new Set<string>();
  private readonly running = new Set<Promise<unknown>>();
  private log: EngineLog = silentLog;
  private client: DockerClient | undefined;
  private machine: Machine | undefined;
  private config: ValueMap = {};
  private readonly daemon = new OnDaemon(
    () => this.config,
    () => this.context({ urn: "", type: "" }).docker,
  );
  private readonly now: () => Date;
  private readonly backend: string | undefined;

  /**
   * @param now the clock: a test's own, to see renewals come due
   * @param backend the address of the backend that keeps the state, where it can be told
   */
  constructor(now: () => Date = () => new Date(), backend?: string) {
    this.now = now;
    this.backend = backend;
  }

  useLog(log: EngineLog): void {
    this.log.close();
    this.log = log;
  }

  /** Stops all work in hand. What was half made is taken away by the work itself. */
  cancel(): void {
    this.cancellation.abort(new SdkError(ErrorCode.Cancelled, "stopped on request"));
  }

  /** Settles when no work is in hand any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled([...this.running]);
  }

  close(): void {
    this.client?.close();
    this.machine?.close();
    this.log.close();
  }

  checkConfig(given: Properties, olds: Properties = noProperties): CheckResult {
    const news = withSecrets(providerFields, withoutProgramsOwn(given));
    this.scrubber.add(secretTexts(news));
    const { version: _, __internal: __, ...values } = news.values;
    const failures = checkFields(providerFields, values, news.secrets);
    const inputs = {
      values: { ...news.values, [ownerKey]: keptOwner(olds.values, this.backend) },
      secrets: news.secrets,
    };
    return { inputs, failures: failures.length > 0 ? failures : checkConfiguration(values) };
  }

  diffConfig(olds: Properties, news: Properties): readonly Change[] {
    return diffFields(providerFields, olds.values, news.values);
  }

  configure(config: Properties): void {
    this.scrubber.add(secretTexts(withSecrets(providerFields, config)));
    this.config = config.values;
  }

  async check(call: Call, olds: Properties, given: Properties): Promise<CheckResult> {
    const resource = await findResource(call.type);
    const values = withoutNulls(given.values);
    const news = withSecrets(resource.inputs, { values, secrets: given.secrets });
    this.scrubber.add(secretTexts(news));
    // What is there was made of the recorded inputs, and has to be compared with them later on.
    if (isLost(this.config)) return { inputs: recordedOr(news, olds), failures: [] };
    const context = this.context(call);
    const failures = await this.failures(resource, context, news);
    if (failures.length > 0) return { inputs: news, failures };
    const settled = await this.settle(resource, context, news);
    const named = nameInputs(resource, context, olds, settled, this.kept);
    return { inputs: named, failures: [] };
  }

  private async failures(
    resource: AnyResource,
    context: Context,
    news: Properties,
  ): Promise<readonly Failure[]> {
    const { inputs, retired } = resource;
    const failures = checkFields(inputs, news.values, news.secrets, [], retired);
    if (failures.length > 0 || hasUnknown(news.values)) return failures;
    const together = resource.check?.(news.values) ?? [];
    return [...together, ...((await resource.checkThere?.(context, news.values)) ?? [])];
  }

  private async settle(
    resource: AnyResource,
    context: Context,
    news: Properties,
  ): Promise<Properties> {
    if (!resource.settle) return news;
    const computed = hasUnknown(news.values)
      ? mapFields(resource.inputs, (field) => (field.options.computed ? unknown : undefined))
      : await resource.settle(context, news.values);
    return { values: { ...news.values, ...computed }, secrets: news.secrets };
  }

  async diff(call: Call, id: string, recorded: AnyRecorded, news: Properties): Promise<DiffResult> {
    const resource = await findResource(call.type);
    if (isLost(this.config)) {
      this.kept.keep(call.urn, id);
      tellLost(resource, this.context(call).log, recorded);
      return { changes: [], deleteBeforeReplace: false };
    }
    const declared = judgedChanges(resource, recorded.inputs, news.values);
    const inputs = hasUnknown(news.values) ? recorded.inputs : news.values;
    const drift = resource.drift?.(recorded.outputs, inputs, this.now()) ?? [];
    const moved = await this.moved(resource, call, recorded);
    const changes = [...withoutName(declared), ...drift, ...moved];
    const replaced = changes.some((change) => change.replace);
    if (replaced) this.kept.release(call.urn);
    else this.kept.keep(call.urn, id);
    // On two daemons old and new get along.
    const comparable = replaced && moved.length === 0 && !hasUnknown(news.values);
    if (comparable) this.warnOnce(call, resource.interrupts?.(recorded.inputs, news.values));
    return {
      changes,
      deleteBeforeReplace:
        comparable && (resource.deleteBeforeReplace?.(recorded.inputs, news.values) ?? false),
    };
  }

  /** What an object that is on another daemon than the one declared has to be: made anew there. */
  private async moved(
    resource: AnyResource,
    call: Call,
    { outputs }: AnyRecorded,
  ): Promise<readonly Change[]> {
    if (!resource.onDaemon || !(await this.daemon.isAnother(outputs))) return [];
    this.warnOnce(call, movedWords);
    return [{ property: "daemon", kind: "update", replace: true, inputDiff: false }];
  }

  /** What the state is to have of a real object; `mark` says which daemon it is on. */
  private async standing(
    resource: AnyResource,
    inputs: Properties,
    outputs: ValueMap,
    mark = this.daemon.mark(resource),
  ): Promise<Properties> {
    const { values, secrets } = joinOutputs(resource, inputs, outputs);
    return { values: { ...values, ...(await mark) }, secrets };
  }

  /** What a create will give, as far as it is certain. */
  previewCreate(call: Call, inputs: Properties): Promise<Properties> {
    return this.previewed(call, inputs, undefined);
  }

  previewUpdate(call: Call, recorded: AnyRecorded, inputs: Properties): Promise<Properties> {
    return this.previewed(call, inputs, recorded);
  }

  /** Settles when what was said so far has arrived. */
  async told(): Promise<void> {
    await this.log.flush();
  }

  /** The engine may ask the same thing several times in a run. */
  private warnOnce(call: Call, words: string | undefined): void {
    if (words === undefined || this.warned.has(`${call.urn} ${words}`)) return;
    this.warned.add(`${call.urn} ${words}`);
    this.context(call).log.warn(words);
  }

  private async previewed(
    call: Call,
    inputs: Properties,
    old: AnyRecorded | undefined,
  ): Promise<Properties> {
    const resource = await findResource(call.type);
    this.refuseLost(call, "made or changed");
    const words = resource.announce?.(inputs.values, old);
    if (words !== undefined) this.context(call).log.done(words);
    this.warnOnce(call, resource.caution?.(inputs.values, old));
    const certain = hasUnknown(inputs.values)
      ? {}
      : (resource.preview?.(inputs.values, old, this.now()) ?? {});
    const outputs = { ...mapFields(resource.outputs, () => unknown), ...certain };
    return joinOutputs(resource, inputs, outputs);
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; properties: Properties }> {
    const resource = await findResource(call.type);
    this.refuseLost(call, "made");
    this.scrubber.add(secretTexts(inputs));
    const { id, outputs } = await this.track(
      coded(this.log, call.urn, resource.create(this.context(call), inputs.values)),
    );
    this.kept.keep(call.urn, id);
    return { id, properties: await this.created(call, inputs, outputs) };
  }

  /** What the state is to have of what was created, or left unfinished. */
  async created(call: Call, inputs: Properties, outputs: ValueMap): Promise<Properties> {
    const properties = await this.standing(await findResource(call.type), inputs, outputs);
    this.scrubber.add(secretTexts(properties));
    return properties;
  }

  async update(
    call: Call,
    id: string,
    recorded: AnyRecorded,
    inputs: Properties,
  ): Promise<Properties> {
    const resource = await findResource(call.type);
    this.refuseLost(call, "changed");
    this.scrubber.add(secretTexts(inputs));
    if (!resource.update) throw new Error(`${resource.name} has nothing that is updated in place`);
    const done = resource.update(this.context(call), id, recorded, inputs.values);
    const outputs = await this.track(coded(this.log, call.urn, done));
    return await this.standing(resource, inputs, outputs);
  }

  async read(
    call: Call,
    id: string,
    known: { readonly inputs: Properties; readonly outputs: Properties } | undefined,
  ): Promise<{ id: string; inputs: Properties; properties: Properties } | undefined> {
    const resource = await findResource(call.type);
    const recorded = known && { inputs: known.inputs.values, outputs: known.outputs.values };
    if (known) this.scrubber.add([...secretTexts(known.inputs), ...secretTexts(known.outputs)]);
    if (isLost(this.config) && known) {
      return { id, inputs: known.inputs, properties: known.outputs };
    }
    this.refuseLost(call, "imported");
    // Beside it: the daemon may take longer to say which one it is.
    const mark = this.daemon.mark(resource, recorded?.outputs);
    const seen = await this.track(resource.read(this.context(call), id, recorded));
    if (!seen) return undefined;
    const { secrets } = (known ?? { inputs: noProperties }).inputs;
    const inputs = withSecrets(resource.inputs, { values: seen.inputs, secrets });
    const properties = await this.standing(resource, inputs, seen.outputs, mark);
    return { id: seen.id, inputs, properties };
  }

  async delete(call: Call, id: string, recorded: AnyRecorded): Promise<void> {
    const resource = await findResource(call.type);
    // A revert takes an earlier object back: what was to be deleted is then what this run keeps.
    if (this.kept.has(call.urn, id)) return;
    if (isLost(this.config)) {
      tellForgotten(resource, this.context(call).log, id, recorded);
      await this.told();
      return;
    }
    await this.track(resource.delete(this.context(call), id, recorded));
  }

  /** A read-out for the program. In a preview, one that acts is not called. */
  async invoke(
    token: string,
    given: Properties,
    preview: boolean,
  ): Promise<{ readonly result: Properties; readonly failures: readonly Failure[] }> {
    const { findFunction } = await import("./functions/all.ts");
    const called = findFunction(token);
    if (isLost(this.config)) throw lostError(`${called.name} cannot be asked`);
    this.scrubber.add(secretTexts(given));
    const failures = checkFields(called.inputs, given.values, given.secrets);
    if (failures.length > 0) return { result: noProperties, failures };
    const held = (preview && called.onlyInUpdates === true) || hasUnknown(given.values);
    const values = held
      ? mapFields(called.outputs, () => unknown)
      : await this.track(called.call(this.context({ urn: "", type: token }), given.values));
    // A member that is undefined is none: the wire has no such value.
    const told = mapFields(called.outputs, (_field, name) => values[name]);
    const result = withSecrets(called.outputs, { values: told, secrets: new Set() });
    this.scrubber.add(secretTexts(result));
    return { result, failures: [] };
  }

  private refuseLost(call: Call, done: string): void {
    if (!isLost(this.config)) return;
    throw lostError(`${parseUrn(call.urn).logicalName} cannot be ${done}`);
  }

  /** An error in the words for the person, without secrets. */
  explain(error: unknown): string {
    return this.scrubber.scrub(describeError(error));
  }

  private async track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
      await this.log.flush();
    }
  }

  private context(call: Call): Context {
    const say = (severity: "info" | "warning", ephemeral: boolean) => (text: string) => {
      this.log.log({ severity, text: this.scrubber.scrub(text), urn: call.urn, ephemeral });
    };
    const tell = say("info", true);
    const machine = () => {
      this.machine ??= sharedMachines.hold(this.config);
      return this.machine;
    };
    const client = () => {
      this.client ??= connectDocker(this.config, machine);
      return this.client;
    };
    return {
      ...parseUrn(call.urn),
      get docker() {
        return client();
      },
      get machine() {
        return machine();
      },
      overSsh: isMap(this.config["ssh"]),
      signal: this.cancellation.signal,
      owner: ownerOf(this.config),
      timeoutMs: call.timeoutMs,
      now: this.now,
      scrub: this.scrubber.scrub,
      log: {
        progress: sometimes(tell),
        done: tell,
        info: say("info", false),
        warn: say("warning", false),
      },
    };
  }
}

/** The inputs in the state; of what is not there yet, those that are given. */
function recordedOr(news: Properties, olds: Properties): Properties {
  return Object.keys(olds.values).length > 0 ? olds : news;
}

/** Passes a line on unless one was passed on just before: each is a line of output in CI. */
function sometimes(tell: (text: string) => void): (text: string) => void {
  let lastAt = Number.NEGATIVE_INFINITY;
  return (text) => {
    const now = performance.now();
    if (now - lastAt < progressEveryMs) return;
    lastAt = now;
    tell(text);
  };
}
