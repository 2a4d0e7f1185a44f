// What the tests of the plugin's process share: the real plugin, bundled once a test file, started as
// the engine starts it, and spoken to over its own protocol; and an engine that takes its log lines.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { bundlePlugin } from "../../../sdk/provider/build.mjs";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { noProperties, type Properties } from "../../../sdk/provider/wire.ts";
import { fromStruct, toStruct } from "./structs.ts";

const readyMs = 20_000;

/** Bundles the plugin into a folder of its own. */
export async function bundle(): Promise<{
  readonly folder: string;
  /** What Node runs. */
  readonly path: string;
  /** What Pulumi runs. */
  readonly launcher: string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "dwtest-provider-"));
  await bundlePlugin(folder);
  return {
    folder,
    path: join(folder, "pulumi-resource-dockwright.cjs"),
    launcher: join(folder, "pulumi-resource-dockwright"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Line {
  readonly text: string;
  readonly urn: string;
  readonly ephemeral: boolean;
}

export interface Engine {
  readonly address: string;
  readonly lines: readonly Line[];
  readonly stop: () => void;
}

/** The engine's log service: keeps what it is told. */
export async function startEngine(): Promise<Engine> {
  const lines: Line[] = [];
  const server = new grpc.Server();
  const log: grpc.handleUnaryCall<engineMessages.LogRequest, empty.Empty> = (call, reply) => {
    const { request } = call;
    const [text, urn, ephemeral] = [request.getMessage(), request.getUrn(), request.getEphemeral()];
    lines.push({ text, urn, ephemeral });
    reply(null, new empty.Empty());
  };
  server.addService(engineServices.EngineService as unknown as grpc.ServiceDefinition, { log });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, lines, stop: () => server.forceShutdown() };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error("the plugin printed no port")), readyMs);
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.once("exit", (code) => reject(new Error(`the plugin ended with ${code ?? "a signal"}`)));
  });
}

/** Plain values, or values of which some are secret. */
export type Given = ValueMap | Properties;

function propertiesOf(given: Given): Properties {
  return isProperties(given) ? given : { values: given, secrets: new Set() };
}

function isProperties(given: Given): given is Properties {
  return given["secrets"] instanceof Set;
}

/** An object as the state would have it. */
export interface Recorded {
  readonly id: string;
  readonly inputs: Given;
  readonly outputs: Properties;
}

/** What the plugin said, and what the engine would record all the same. */
export class PluginError extends Error {
  readonly left: { readonly id: string; readonly outputs: Properties } | undefined;

  constructor({ details, message, metadata }: grpc.ServiceError) {
    super(details || message);
    const [bytes] = metadata.get("grpc-status-details-bin");
    const detail = Buffer.isBuffer(bytes)
      ? statuses.Status.deserializeBinary(bytes).getDetailsList()[0]
      : undefined;
    if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") return;
    const left = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    this.left = { id: left.getId(), outputs: fromStruct(left.getProperties()) ?? noProperties };
  }
}

type Failures = readonly { readonly property: string; readonly reason: string }[];
const kindNames = Object.entries(messages.PropertyDiff.Kind).map(
  ([name, number]) => [number, name.toLowerCase()] as const,
);

/** One running plugin. Its calls are those of the engine; an error is the plugin's own text. */
export class Plugin {
  readonly child: ChildProcess;
  readonly lines: readonly Line[];
  readonly port: string;
  readonly exited: Promise<number | null>;
  /** It has ended, and nothing holds its output any more: what the engine waits for. */
  readonly closed: Promise<void>;
  /** What the process wrote to its standard error. */
  stderr = "";
  readonly #client: services.ResourceProviderClient;
  readonly #engine: Omit<Engine, "address">;

  private constructor(child: ChildProcess, port: string, engine: Omit<Engine, "address">) {
    this.child = child;
    this.port = port;
    this.lines = engine.lines;
    this.#engine = engine;
    this.#client = new services.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    this.exited = new Promise((resolve) => child.once("exit", resolve));
    this.closed = new Promise((resolve) => child.once("close", () => resolve()));
    child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  /** Starts it and configures it, as the engine does. */
  static async start(path: string, config: ValueMap = {}): Promise<Plugin> {
    const engine = await startEngine();
    const child = spawn(process.execPath, [path, engine.address], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    const plugin = new Plugin(child, await firstLine(child), engine);
    await plugin.configure(config);
    return plugin;
  }

  /** Starts it by its launcher, in a process group of its own as the engine does, and configures it. */
  static async launch(
    { path, engine, env }: { path: string; engine: Engine; env: NodeJS.ProcessEnv },
    config: ValueMap = {},
  ): Promise<Plugin> {
    const child = spawn(path, [engine.address], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env,
    });
    const { lines } = engine;
    const plugin = new Plugin(child, await firstLine(child), { lines, stop: () => undefined });
    await plugin.configure(config);
    return plugin;
  }

  private async configure(config: ValueMap): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(toStruct(propertiesOf(config)));
    request.setAcceptsecrets(true);
    await this.call<messages.ConfigureResponse>("configure", request);
  }

  /** One call; rejects with what the plugin said. */
  call<A>(name: string, request: unknown): Promise<A> {
    type Method = (request: unknown, done: (error: grpc.ServiceError | null, a: A) => void) => void;
    const client = this.#client as unknown as Record<string, Method>;
    return new Promise((resolve, reject) => {
      client[name]?.call(this.#client, request, (error, answer) => {
        if (error) reject(new PluginError(error));
        else resolve(answer);
      });
    });
  }

  async check(urn: string, news: Given, olds: Given = {}) {
    const request = new messages.CheckRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setNews(toStruct(propertiesOf(news)));
    request.setOlds(toStruct(propertiesOf(olds)));
    const answer = await this.call<messages.CheckResponse>("check", request);
    const failures: Failures = answer
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: fromStruct(answer.getInputs()) ?? noProperties, failures };
  }

  async checkConfig(news: Given): Promise<Failures> {
    return (await this.checkConfigWith(news)).failures;
  }

  /** The same, with what an earlier run recorded of the provider; gives what is recorded now. */
  async checkConfigWith(news: Given, olds: Given = {}) {
    const request = new messages.CheckRequest();
    request.setNews(toStruct(propertiesOf(news)));
    request.setOlds(toStruct(propertiesOf(olds)));
    const answer = await this.call<messages.CheckResponse>("checkConfig", request);
    const failures: Failures = answer
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: fromStruct(answer.getInputs()) ?? noProperties, failures };
  }

  /** The differences as a preview shows them: the kind by its place. */
  async diff(urn: string, old: Recorded, news: Given) {
    const request = new messages.DiffRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setId(old.id);
    request.setOldInputs(toStruct(propertiesOf(old.inputs)));
    request.setOlds(toStruct(old.outputs));
    request.setNews(toStruct(propertiesOf(news)));
    const answer = await this.call<messages.DiffResponse>("diff", request);
    const changes: Record<string, string> = {};
    for (const [place, detail] of answer.getDetaileddiffMap().entries()) {
      changes[place] = kindNames.find(([number]) => number === detail.getKind())?.[1] ?? "";
    }
    return { changes, deleteBeforeReplace: answer.getDeletebeforereplace() };
  }

  async create(
    urn: string,
    inputs: Given,
    how: { readonly preview?: boolean; readonly timeoutS?: number } = {},
  ): Promise<Recorded> {
    const request = new messages.CreateRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setProperties(toStruct(propertiesOf(inputs)));
    request.setPreview(how.preview ?? false);
    request.setTimeout(how.timeoutS ?? 0);
    const answer = await this.call<messages.CreateResponse>("create", request);
    const outputs = fromStruct(answer.getProperties()) ?? noProperties;
    return { id: answer.getId(), inputs, outputs };
  }

  /** Check, then Create with what it gave, as for a new resource. */
  async make(urn: string, news: Given): Promise<Recorded> {
    const { inputs, failures } = await this.check(urn, news);
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    return this.create(urn, inputs);
  }

  /** Undefined when it is gone. Without `known`: an import. */
  async read(urn: string, id: string, known?: Recorded) {
    const request = new messages.ReadRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setId(id);
    if (known) {
      request.setInputs(toStruct(propertiesOf(known.inputs)));
      request.setProperties(toStruct(known.outputs));
    }
    const answer = await this.call<messages.ReadResponse>("read", request);
    if (answer.getId() === "") return undefined;
    const inputs = fromStruct(answer.getInputs()) ?? noProperties;
    return {
      id: answer.getId(),
      inputs,
      outputs: fromStruct(answer.getProperties()) ?? noProperties,
    };
  }

  async update(urn: string, old: Recorded, news: Given, preview = false): Promise<Recorded> {
    const request = new messages.UpdateRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setId(old.id);
    request.setOldInputs(toStruct(propertiesOf(old.inputs)));
    request.setOlds(toStruct(old.outputs));
    request.setNews(toStruct(propertiesOf(news)));
    request.setPreview(preview);
    const answer = await this.call<messages.UpdateResponse>("update", request);
    return {
      id: old.id,
      inputs: news,
      outputs: fromStruct(answer.getProperties()) ?? noProperties,
    };
  }

  async delete(urn: string, old: Recorded): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setUrn(urn);
    request.setType(typeOf(urn));
    request.setId(old.id);
    request.setOldInputs(toStruct(propertiesOf(old.inputs)));
    request.setProperties(toStruct(old.outputs));
    await this.call("delete", request);
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new empty.Empty());
  }

  /** SIGINT to its process group, as the engine ends one; waits for what the engine waits for. */
  async interrupt(): Promise<void> {
    this.#client.close();
    if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGINT");
    await this.closed;
    this.#engine.stop();
  }

  /** Closes its standard input, as the end of the engine does, and waits for its end. */
  async stop(): Promise<void> {
    this.#client.close();
    this.child.stdin?.end();
    await this.exited;
    this.#engine.stop();
  }

  /** kill -9, if it still runs; and what the test holds of it is let go. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
    this.#client.close();
    this.#engine.stop();
  }
}

function typeOf(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** A text among values. */
export function textOf(values: ValueMap, name: string): string {
  const found = values[name];
  if (typeof found !== "string") throw new Error(`${name} is not a text`);
  return found;
}

/** The URN of a resource of this run. */
export function urnOf(kind: string, name: string): string {
  return `urn:pulumi:dev::dwtest::dockwright:index:${kind}::${name}`;
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** What a promise was rejected with; fails when it was not. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const nothing = Symbol("nothing");
  const outcome = await work.then(
    () => nothing,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (typeof outcome !== "string") throw new Error("it was not refused");
  return outcome;
}
