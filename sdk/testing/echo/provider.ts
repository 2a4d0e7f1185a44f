// Pulumi's provider protocol for any package, with no cloud behind it: what the program declares comes
// back with outputs of the right form, changes replace where the real provider would, what shall fail
// fails, and every call is written down. Unknowns and the marks of secrets pass through as they come.
// See pulumi/pulumi proto/pulumi/provider.proto.

import { setTimeout as sleep } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { answerTo } from "./answers.ts";
import { madeUp } from "./outputs.ts";
import { bare, type EchoFailure, type EchoOperation, type Properties } from "./plan.ts";
import { compare, defaults, named, refusal, replacesProvider, sameName } from "./rules.ts";
import type { EchoStore } from "./store.ts";

type Struct = structs.Struct | undefined;
const read = (struct: Struct): Properties => (struct?.toJavaScript() ?? {}) as Properties;
const write = (values: Properties) =>
  structs.Struct.fromJavaScript(
    JSON.parse(JSON.stringify(values)) as Parameters<typeof structs.Struct.fromJavaScript>[0],
  );

function answer<Q, A>(handle: (request: Q) => A | Promise<A>) {
  return (call: { readonly request: Q }, reply: grpc.sendUnaryData<A>): void => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (value) => reply(null, value),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          reply({ code: grpc.status.FAILED_PRECONDITION, details });
        },
      );
  };
}

interface Target {
  getUrn: () => string;
  getType: () => string;
}

/** Inputs for the journal: as the program gave them, but for the names that were made up. */
function told(inputs: Properties): Properties {
  const { [defaults]: _, ...rest } = bare(inputs) as Properties;
  return rest;
}

const arnOf = (outputs: Properties = {}): unknown => bare(outputs["arn"]);
const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";

export class EchoProvider {
  private readonly pack: string;
  private readonly store: EchoStore;

  constructor(pack: string, store: EchoStore) {
    this.pack = pack;
    this.store = store;
  }

  private about(request: Target) {
    const [urn, type] = [request.getUrn(), request.getType()];
    return { package: this.pack, type, urn, name: nameOf(urn) };
  }

  private failureOf(operation: EchoOperation, { urn, type }: { urn: string; type: string }) {
    const { failures = [] } = this.store.plan();
    return failures.find(
      (one) => one.operation === operation && `${urn} ${type}`.includes(one.match),
    );
  }

  /** Notes a changing call, waits as long as the plan says, and fails where that says so. */
  private async begin(
    operation: EchoOperation,
    request: Target,
    more: { readonly inputs?: Properties; readonly id?: string; readonly preview?: boolean },
  ): Promise<EchoFailure | undefined> {
    const about = this.about(request);
    const failure = more.preview ? undefined : this.failureOf(operation, about);
    const error = failure !== undefined && failure.effect !== "rolledBack";
    const failed = error ? { failed: failure.message ?? "made to fail" } : {};
    this.store.note({ ...about, operation, ...more, ...failed });
    const { latencyMs = 0 } = this.store.plan();
    if (latencyMs > 0 && !more.preview) await sleep(latencyMs);
    if (error) throw new Error(failed.failed);
    return failure;
  }

  private check(request: messages.CheckRequest): messages.CheckResponse {
    const about = this.about(request);
    const failure = this.failureOf("check", about);
    const response = new messages.CheckResponse();
    const seed = about.urn + Buffer.from(request.getRandomseed_asU8()).toString("hex");
    const olds = request.getOlds() === undefined ? undefined : read(request.getOlds());
    response.setInputs(write(named({ ...about, seed }, olds, read(request.getNews()))));
    if (failure !== undefined) {
      const one = new messages.CheckFailure();
      one.setReason(failure.message ?? "made to fail");
      response.setFailuresList([one]);
    }
    return response;
  }

  private diff(request: messages.DiffRequest): messages.DiffResponse {
    const about = this.about(request);
    const [olds, news] = [read(request.getOldInputs()), read(request.getNews())];
    const { diffs, replaces } = compare(about.type, olds, news, this.store.plan());
    this.store.note({ ...about, operation: "diff", id: request.getId(), replaces });
    const response = new messages.DiffResponse();
    const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
    response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(diffs);
    response.setReplacesList(replaces);
    // There cannot be two of one name; the providers delete the old one first.
    response.setDeletebeforereplace(replaces.length > 0 && sameName(about.type, olds, news));
    return response;
  }

  private async create(request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const inputs = read(request.getProperties());
    const preview = request.getPreview();
    await this.begin("create", request, { inputs: told(inputs), preview });
    const response = new messages.CreateResponse();
    if (preview) {
      response.setProperties(write(inputs));
      return response;
    }
    const about = this.about(request);
    const made = { ...about, inputs, seed: `${about.urn} ${this.store.count()}` };
    const thing = madeUp(made, this.store.plan());
    this.store.put(thing);
    response.setId(thing.id);
    response.setProperties(write(thing.outputs));
    return response;
  }

  private async update(request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const [inputs, olds] = [read(request.getNews()), read(request.getOlds())];
    const [id, preview] = [request.getId(), request.getPreview()];
    const failure = await this.begin("update", request, { inputs: told(inputs), id, preview });
    const { type, urn } = this.about(request);
    const oldInputs = read(request.getOldInputs());
    const computed = Object.entries(olds).filter(([name]) => !(name in oldInputs));
    const outputs = { ...Object.fromEntries(computed), ...inputs };
    if (!preview) {
      const rolledBack = failure?.effect === "rolledBack";
      const now = rolledBack
        ? { inputs: oldInputs, outputs: { ...olds, events: eventsOf(failure) } }
        : { inputs, outputs };
      this.store.put({ type, urn, id, ...now });
    }
    const response = new messages.UpdateResponse();
    response.setProperties(write(outputs));
    return response;
  }

  private read(request: messages.ReadRequest): messages.ReadResponse {
    const about = this.about(request);
    const id = request.getId();
    this.store.note({ ...about, operation: "read", id });
    const response = new messages.ReadResponse();
    const found = this.store.get(about.urn, id);
    if (found === undefined) return response;
    response.setId(found.id);
    response.setProperties(write(found.outputs));
    response.setInputs(write(found.inputs));
    return response;
  }

  private async delete(request: messages.DeleteRequest): Promise<empty.Empty> {
    const id = request.getId();
    await this.begin("delete", request, { id });
    const olds = read(request.getProperties());
    const refused = refusal(request.getType(), olds);
    if (refused !== undefined) throw new Error(refused);
    // Revisions of a task definition have one id: a later one stays.
    const there = this.store.get(request.getUrn(), id);
    if (arnOf(there?.outputs) === arnOf(olds)) this.store.remove(request.getUrn(), id);
    return new empty.Empty();
  }

  private invoke(request: messages.InvokeRequest): messages.InvokeResponse {
    const token = request.getTok();
    const args = bare(read(request.getArgs())) as Properties;
    const call = {
      package: this.pack,
      operation: "invoke",
      type: token,
      name: "",
      urn: "",
    } as const;
    this.store.note({ ...call, inputs: args });
    const found = answerTo(token, args, this.store.plan(), this.store.things());
    if (found === undefined) throw new Error(`${token}: there is none for ${JSON.stringify(args)}`);
    const response = new messages.InvokeResponse();
    response.setReturn(write(found));
    return response;
  }

  /** The calls by name, for the server. */
  calls() {
    return {
      getPluginInfo: answer(() => {
        const info = new plugins.PluginInfo();
        info.setVersion("0.0.0");
        return info;
      }),
      checkConfig: answer((request: messages.CheckRequest) => {
        const response = new messages.CheckResponse();
        response.setInputs(request.getNews());
        return response;
      }),
      diffConfig: answer((request: messages.DiffRequest) => {
        const [olds, news] = [read(request.getOldInputs()), read(request.getNews())];
        const { diffs } = compare("pulumi:providers", olds, news, {});
        const response = new messages.DiffResponse();
        const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
        response.setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE);
        response.setDiffsList(diffs);
        response.setReplacesList(replacesProvider(this.pack, olds, news));
        return response;
      }),
      configure: answer((request: messages.ConfigureRequest) => {
        const inputs = bare(read(request.getArgs())) as Properties;
        const [urn = "", type = "", name = ""] = [
          request.getUrn(),
          request.getType(),
          request.getName(),
        ];
        this.store.note({ package: this.pack, operation: "configure", urn, type, name, inputs });
        const response = new messages.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        return response;
      }),
      check: answer((request: messages.CheckRequest) => this.check(request)),
      diff: answer((request: messages.DiffRequest) => this.diff(request)),
      create: answer((request: messages.CreateRequest) => this.create(request)),
      update: answer((request: messages.UpdateRequest) => this.update(request)),
      read: answer((request: messages.ReadRequest) => this.read(request)),
      delete: answer((request: messages.DeleteRequest) => this.delete(request)),
      invoke: answer((request: messages.InvokeRequest) => this.invoke(request)),
      cancel: answer(() => new empty.Empty()),
    };
  }
}

/** As ECS tells that its circuit breaker took a deployment back. */
function eventsOf({ message = "made to fail" }: EchoFailure) {
  const texts = [`(service) ${message}`, "(service) rolling back to the deployment before it."];
  return texts.map((said, index) => ({
    id: String(index),
    message: said,
    createdAt: "2026-01-01T00:00:00Z",
  }));
}

/** Listens; the port is what the engine wants to be told. */
export function serveEcho(provider: EchoProvider): Promise<number> {
  const limit = 64 * 1024 * 1024;
  const server = new grpc.Server({ "grpc.max_receive_message_length": limit });
  const definition = services.ResourceProviderService as unknown as grpc.ServiceDefinition;
  server.addService(definition, provider.calls());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
