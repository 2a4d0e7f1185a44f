// The gRPC face of an instance: Pulumi's ResourceProvider service. Every call ends in an answer or a
// status with words for the person; none ends the process.
// See pulumi/pulumi proto/pulumi/provider.proto.

import { type Answer, type Answers, GrpcCode, GrpcFailure } from "../grpc.ts";
import type { Codec } from "../protobuf.ts";
import { version } from "../version.ts";
import type { Failure } from "./check.ts";
import type { Change } from "./diff.ts";
import { connectEngineLog } from "./enginelog.ts";
import type { Call, Instance } from "./instance.ts";
import {
  type AnswerOf,
  diffChanges,
  initFailed,
  initFailedType,
  methods,
  propertyDiffs,
  type RequestOf,
  rpcStatus,
} from "./protocol/provider.ts";
import type { JsonMap } from "./protocol/struct.ts";
import { type AnyRecorded, Unfinished } from "./resource.ts";
import { decode, encode, noProperties, type Properties, secretTexts } from "./wire.ts";

type Methods = typeof methods;
type Handlers<K extends keyof Methods> = {
  readonly [M in K]: (request: RequestOf<M>) => AnswerOf<M> | Promise<AnswerOf<M>>;
};

/** An error that tells the engine what to record all the same. */
class Recorded extends Error {
  /** A pulumirpc.ErrorResourceInitFailed. */
  readonly detail: Buffer;

  constructor(cause: Error, detail: Buffer) {
    super(cause.message, { cause });
    this.detail = detail;
  }
}

/** FAILED_PRECONDITION, since UNKNOWN would tell the engine that state is lost. */
function failureOf(message: string, detail: Buffer | undefined): GrpcFailure {
  const code = GrpcCode.FailedPrecondition;
  if (!detail) return new GrpcFailure(code, message);
  const recorded = { typeUrl: initFailedType, value: detail };
  return new GrpcFailure(code, message, rpcStatus.encode({ code, message, details: [recorded] }));
}

/** How a method's calls are read and answered. */
function answering<Q, A>(
  instance: Instance,
  { request, answer }: { readonly request: Codec<Q>; readonly answer: Codec<A> },
  handle: (request: Q) => Partial<A> | Promise<Partial<A>>,
): Answer {
  return async (sent) => {
    try {
      return answer.encode(await handle(request.decode(sent)));
    } catch (error) {
      const [why, detail] =
        error instanceof Recorded ? [error.cause, error.detail] : [error, undefined];
      throw failureOf(instance.explain(why), detail);
    }
  };
}

/** A create, of which the engine records also what it left unfinished. */
async function createIn(instance: Instance, call: Call, inputs: Properties) {
  try {
    return await instance.create(call, inputs);
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    const properties = encode(await instance.created(call, inputs, error.outputs));
    const reasons = [instance.explain(error)];
    const detail = initFailed.encode({
      id: error.id,
      properties,
      inputs: encode(inputs),
      reasons,
    });
    throw new Recorded(error, detail);
  }
}

function callOf(request: {
  readonly urn: string;
  readonly type: string;
  /** In seconds; 0 where there is none. */
  readonly timeout?: number;
}): Call {
  const { urn, type, timeout = 0 } = request;
  return timeout > 0 ? { urn, type, timeoutMs: timeout * 1000 } : { urn, type };
}

function properties(wire: JsonMap | undefined): Properties {
  return decode(wire) ?? noProperties;
}

/** What the state has. Its secrets must not be said either, though nothing be declared anew. */
function recorded(
  instance: Instance,
  inputs: JsonMap | undefined,
  outputs: JsonMap | undefined,
): AnyRecorded {
  const known = { inputs: properties(inputs), outputs: properties(outputs) };
  instance.scrubber.add([...secretTexts(known.inputs), ...secretTexts(known.outputs)]);
  return { inputs: known.inputs.values, outputs: known.outputs.values };
}

function checkAnswer(
  { scrubber }: Instance,
  inputs: Properties,
  failures: readonly Failure[],
): AnswerOf<"check"> {
  return { inputs: encode(inputs), failures: scrubbed(failures, scrubber.scrub) };
}

function scrubbed(failures: readonly Failure[], scrub: (text: string) => string) {
  return failures.map(({ property, reason }) => ({ property, reason: scrub(reason) }));
}

function diffAnswer(changes: readonly Change[], deleteBeforeReplace: boolean): AnswerOf<"diff"> {
  const details = changes.map(({ property, kind, replace, inputDiff }) => {
    const name = replace ? (`${kind}Replace` as const) : kind;
    return [property, { kind: propertyDiffs[name], inputDiff }] as const;
  });
  return {
    changes: changes.length > 0 ? diffChanges.some : diffChanges.none,
    deleteBeforeReplace,
    hasDetailedDiff: true,
    detailedDiff: new Map(details),
  };
}

type ProviderCalls =
  | "handshake"
  | "attach"
  | "getPluginInfo"
  | "getSchema"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "cancel";

/** The calls about the provider itself. */
function providerCalls(instance: Instance): Handlers<ProviderCalls> {
  return {
    handshake: ({ engineAddress }) => {
      instance.useLog(connectEngineLog(engineAddress));
      return { acceptSecrets: true };
    },
    attach: ({ address }) => {
      instance.useLog(connectEngineLog(address));
      return {};
    },
    getPluginInfo: () => ({ version }),
    getSchema: async () => {
      const { pluginSchema } = await import("./schema.ts");
      return { schema: JSON.stringify(await pluginSchema()) };
    },
    checkConfig: ({ news, olds }) => {
      const { inputs, failures } = instance.checkConfig(properties(news), properties(olds));
      return checkAnswer(instance, inputs, failures);
    },
    diffConfig: ({ oldInputs, news }) =>
      diffAnswer(instance.diffConfig(properties(oldInputs), properties(news)), false),
    configure: ({ args }) => {
      instance.configure(properties(args));
      return { acceptSecrets: true, supportsPreview: true };
    },
    cancel: () => {
      instance.cancel();
      return {};
    },
  };
}

/** The calls that look at declarations and touch nothing. */
function planningCalls(instance: Instance): Handlers<"check" | "diff"> {
  return {
    check: async (request) => {
      const [olds, news] = [properties(request.olds), properties(request.news)];
      const { inputs, failures } = await instance.check(callOf(request), olds, news);
      return checkAnswer(instance, inputs, failures);
    },
    diff: async (request) => {
      const old = recorded(instance, request.oldInputs, request.olds);
      const { changes, deleteBeforeReplace } = await instance.diff(
        callOf(request),
        request.id,
        old,
        properties(request.news),
      );
      await instance.told();
      return diffAnswer(changes, deleteBeforeReplace);
    },
  };
}

/** The calls that look at, or change, the real object. */
function objectCalls(instance: Instance): Handlers<"create" | "read" | "update" | "delete"> {
  return {
    create: async (request) => {
      const inputs = properties(request.properties);
      const call = callOf(request);
      if (request.preview) {
        const planned = encode(await instance.previewCreate(call, inputs));
        await instance.told();
        return { properties: planned };
      }
      const created = await createIn(instance, call, inputs);
      return { id: created.id, properties: encode(created.properties) };
    },
    read: async (request) => {
      const inputs = decode(request.inputs);
      const outputs = decode(request.properties);
      // An import sends neither; a static `get` sends both, empty.
      const known =
        inputs && outputs && Object.keys(outputs.values).length > 0
          ? { inputs, outputs }
          : undefined;
      const seen = await instance.read(callOf(request), request.id, known);
      if (!seen) return {};
      return { id: seen.id, inputs: encode(seen.inputs), properties: encode(seen.properties) };
    },
    update: async (request) => {
      const call = callOf(request);
      const old = recorded(instance, request.oldInputs, request.olds);
      const news = properties(request.news);
      const outputs = request.preview
        ? await instance.previewUpdate(call, old, news)
        : await instance.update(call, request.id, old, news);
      await instance.told();
      return { properties: encode(outputs) };
    },
    delete: async (request) => {
      const old = recorded(instance, request.oldInputs, request.properties);
      await instance.delete(callOf(request), request.id, old);
      return {};
    },
  };
}

/** The functions that programs call. */
function functionCalls(instance: Instance): Handlers<"invoke"> {
  return {
    invoke: async ({ tok, args, preview }) => {
      const { result, failures } = await instance.invoke(tok, properties(args), preview);
      return { return: encode(result), failures: scrubbed(failures, instance.scrubber.scrub) };
    },
  };
}

/** The calls of one provider instance. */
export function answersOf(instance: Instance): Answers {
  const handlers: Handlers<keyof Methods> = {
    ...providerCalls(instance),
    ...planningCalls(instance),
    ...objectCalls(instance),
    ...functionCalls(instance),
  };
  const names = Object.keys(handlers) as (keyof Methods)[];
  // Each is read and written by the codecs of its own name.
  const answerOf = (name: keyof Methods) =>
    answering<object, object>(instance, methods[name], handlers[name] as () => object);
  return new Map(names.map((name) => [methods[name].path, answerOf(name)]));
}
