// The gRPC face of an instance: Pulumi's ResourceProvider service, on the stubs that @pulumi/pulumi
// ships. Every call ends in an answer or a status with words for the person; none ends the process.
// See pulumi/pulumi proto/pulumi/provider.proto.

import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { version } from "../version.ts";
import type { Failure } from "./check.ts";
import type { Change } from "./diff.ts";
import { connectEngineLog } from "./enginelog.ts";
import type { Call, Instance } from "./instance.ts";
import { type AnyRecorded, Unfinished } from "./resource.ts";
import { decode, encode, noProperties, type Properties, secretTexts } from "./wire.ts";

type Request<Q> = Pick<grpc.ServerUnaryCall<Q, unknown>, "request">;
type Reply<A> = grpc.sendUnaryData<A>;

/** Serves one answer. FAILED_PRECONDITION, since UNKNOWN would tell the engine that state is lost. */
function answer<Q, A>(
  instance: Instance,
  handle: (request: Q) => A | Promise<A>,
): (call: Request<Q>, reply: Reply<A>) => void {
  return (call, reply) => {
    Promise.resolve()
      .then(() => handle(call.request))
      .then(
        (value) => {
          reply(null, value);
        },
        (error: unknown) => {
          const [why, detail] =
            error instanceof Recorded ? [error.cause, error.detail] : [error, undefined];
          reply(failureOf(instance.explain(why), detail));
        },
      );
  };
}

/** An error that tells the engine what to record all the same. */
class Recorded extends Error {
  readonly detail: messages.ErrorResourceInitFailed;

  constructor(cause: Error, detail: messages.ErrorResourceInitFailed) {
    super(cause.message, { cause });
    this.detail = detail;
  }
}

/** Details travel as a google.rpc.Status. */
function failureOf(details: string, detail: messages.ErrorResourceInitFailed | undefined) {
  const code = grpc.status.FAILED_PRECONDITION;
  if (!detail) return { code, details };
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(code);
  status.setMessage(details);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code, details, metadata };
}

/** A create, of which the engine records also what it left unfinished. */
async function createIn(instance: Instance, call: Call, inputs: Properties) {
  try {
    return await instance.create(call, inputs);
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(encode(await instance.created(call, inputs, error.outputs)));
    detail.setInputs(encode(inputs));
    detail.setReasonsList([instance.explain(error)]);
    throw new Recorded(error, detail);
  }
}

interface ResourceRequest {
  getUrn: () => string;
  getType: () => string;
}

function callOf(request: ResourceRequest, timeoutSeconds = 0): Call {
  const call = { urn: request.getUrn(), type: request.getType() };
  return timeoutSeconds > 0 ? { ...call, timeoutMs: timeoutSeconds * 1000 } : call;
}

function properties(struct: Parameters<typeof decode>[0]): Properties {
  return decode(struct) ?? noProperties;
}

/** What the state has. Its secrets must not be said either, though nothing be declared anew. */
function recorded(
  instance: Instance,
  inputs: Parameters<typeof decode>[0],
  outputs: Parameters<typeof decode>[0],
): AnyRecorded {
  const known = { inputs: properties(inputs), outputs: properties(outputs) };
  instance.scrubber.add([...secretTexts(known.inputs), ...secretTexts(known.outputs)]);
  return { inputs: known.inputs.values, outputs: known.outputs.values };
}

function checkResponse(
  inputs: Properties,
  failures: readonly Failure[],
  scrub: (t: string) => string,
) {
  const response = new messages.CheckResponse();
  response.setInputs(encode(inputs));
  response.setFailuresList(failureList(failures, scrub));
  return response;
}

function failureList(failures: readonly Failure[], scrub: (t: string) => string) {
  return failures.map(({ property, reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(scrub(reason));
    return failure;
  });
}

function diffResponse(changes: readonly Change[], deleteBeforeReplace: boolean) {
  const { DiffResponse, PropertyDiff } = messages;
  const response = new DiffResponse();
  response.setChanges(
    changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE,
  );
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const { property, kind, replace, inputDiff } of changes) {
    const detail = new PropertyDiff();
    const kinds = {
      add: replace ? PropertyDiff.Kind.ADD_REPLACE : PropertyDiff.Kind.ADD,
      delete: replace ? PropertyDiff.Kind.DELETE_REPLACE : PropertyDiff.Kind.DELETE,
      update: replace ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE,
    } as const;
    detail.setKind(kinds[kind]);
    detail.setInputdiff(inputDiff);
    response.getDetaileddiffMap().set(property, detail);
  }
  return response;
}

/** The calls about the provider itself. */
function providerCalls(instance: Instance) {
  return {
    handshake: answer(instance, (request: messages.ProviderHandshakeRequest) => {
      instance.useLog(connectEngineLog(request.getEngineAddress()));
      const response = new messages.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      return response;
    }),
    attach: answer(instance, (request: plugins.PluginAttach) => {
      instance.useLog(connectEngineLog(request.getAddress()));
      return new empty.Empty();
    }),
    getPluginInfo: answer(instance, () => {
      const info = new plugins.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: answer(instance, async () => {
      const { pluginSchema } = await import("./schema.ts");
      const response = new messages.GetSchemaResponse();
      response.setSchema(JSON.stringify(await pluginSchema()));
      return response;
    }),
    checkConfig: answer(instance, (request: messages.CheckRequest) => {
      const { inputs, failures } = instance.checkConfig(
        properties(request.getNews()),
        properties(request.getOlds()),
      );
      return checkResponse(inputs, failures, instance.scrubber.scrub);
    }),
    diffConfig: answer(instance, (request: messages.DiffRequest) =>
      diffResponse(
        instance.diffConfig(properties(request.getOldInputs()), properties(request.getNews())),
        false,
      ),
    ),
    configure: answer(instance, (request: messages.ConfigureRequest) => {
      instance.configure(properties(request.getArgs()));
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setSupportspreview(true);
      return response;
    }),
    cancel: answer(instance, () => {
      instance.cancel();
      return new empty.Empty();
    }),
  };
}

/** The calls that look at declarations and touch nothing. */
function planningCalls(instance: Instance) {
  return {
    check: answer(instance, async (request: messages.CheckRequest) => {
      const { inputs, failures } = await instance.check(
        callOf(request),
        properties(request.getOlds()),
        properties(request.getNews()),
      );
      return checkResponse(inputs, failures, instance.scrubber.scrub);
    }),
    diff: answer(instance, async (request: messages.DiffRequest) => {
      const old = recorded(instance, request.getOldInputs(), request.getOlds());
      const news = properties(request.getNews());
      const { changes, deleteBeforeReplace } = await instance.diff(
        callOf(request),
        request.getId(),
        old,
        news,
      );
      await instance.told();
      return diffResponse(changes, deleteBeforeReplace);
    }),
  };
}

/** The calls that look at, or change, the real object. */
function objectCalls(instance: Instance) {
  return {
    create: answer(instance, async (request: messages.CreateRequest) => {
      const inputs = properties(request.getProperties());
      const call = callOf(request, request.getTimeout());
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(encode(await instance.previewCreate(call, inputs)));
        await instance.told();
        return response;
      }
      const created = await createIn(instance, call, inputs);
      response.setId(created.id);
      response.setProperties(encode(created.properties));
      return response;
    }),
    read: answer(instance, async (request: messages.ReadRequest) => {
      const inputs = decode(request.getInputs());
      const outputs = decode(request.getProperties());
      // An import sends neither; a static `get` sends both, empty.
      const known =
        inputs && outputs && Object.keys(outputs.values).length > 0
          ? { inputs, outputs }
          : undefined;
      const call = callOf(request, request.getTimeout());
      const seen = await instance.read(call, request.getId(), known);
      const response = new messages.ReadResponse();
      if (!seen) return response;
      response.setId(seen.id);
      response.setInputs(encode(seen.inputs));
      response.setProperties(encode(seen.properties));
      return response;
    }),
    update: answer(instance, async (request: messages.UpdateRequest) => {
      const call = callOf(request, request.getTimeout());
      const old = recorded(instance, request.getOldInputs(), request.getOlds());
      const news = properties(request.getNews());
      const outputs = request.getPreview()
        ? await instance.previewUpdate(call, old, news)
        : await instance.update(call, request.getId(), old, news);
      await instance.told();
      const response = new messages.UpdateResponse();
      response.setProperties(encode(outputs));
      return response;
    }),
    delete: answer(instance, async (request: messages.DeleteRequest) => {
      const old = recorded(instance, request.getOldInputs(), request.getProperties());
      await instance.delete(callOf(request, request.getTimeout()), request.getId(), old);
      return new empty.Empty();
    }),
  };
}

/** The functions that programs call. */
function functionCalls(instance: Instance) {
  return {
    invoke: answer(instance, async (request: messages.InvokeRequest) => {
      const { result, failures } = await instance.invoke(
        request.getTok(),
        properties(request.getArgs()),
        request.getPreview(),
      );
      const response = new messages.InvokeResponse();
      response.setReturn(encode(result));
      response.setFailuresList(failureList(failures, instance.scrubber.scrub));
      return response;
    }),
  };
}

/** The service of one provider instance. */
export function createService(instance: Instance): grpc.UntypedServiceImplementation {
  return {
    ...providerCalls(instance),
    ...planningCalls(instance),
    ...objectCalls(instance),
    ...functionCalls(instance),
  } as unknown as grpc.UntypedServiceImplementation;
}
