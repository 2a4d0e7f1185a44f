// The calls of pulumirpc.LanguageRuntime that running programs needs. Code generation, packing and
// linking answer UNIMPLEMENTED: they belong to the official language host.
import { createRequire } from "node:module";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import {
  type ProgramRun,
  programArguments,
  programEnvironment,
  runtimeOptions,
} from "./command.ts";
import { installDependencies, programDependencies } from "./dependencies.ts";
import { type Ended, start, stop, stopAll } from "./processes.ts";

/** Milliseconds a program has to end after it was asked to. */
export const stopGraceMs = 5_000;

/** The run script's exit code for "an error was shown already": the engine then adds no words. */
const exitAfterLoggedError = 32;

export interface HostOptions {
  /** Address of the engine's own service, `host:port`. */
  readonly engineAddress: string;
  readonly version: string;
  /** File that is loaded before every program (`--require`). */
  readonly preload: string;
}

type Unary<Request, Response> = grpc.handleUnaryCall<Request, Response>;

/** Makes a unary handler from a function; what it throws becomes an UNKNOWN status with its words. */
function unary<Request, Response>(
  handle: (call: grpc.ServerUnaryCall<Request, Response>) => Response | Promise<Response>,
): Unary<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handle(call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error), null),
      );
  };
}

function toStatus(error: unknown): Partial<grpc.StatusObject> {
  const details = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, details };
}

function optionsOf(info: language.ProgramInfo | undefined) {
  return runtimeOptions(info?.getOptions()?.toJavaScript() ?? {});
}

/** A script of the `@pulumi/pulumi` that the program itself would load. */
function sdkScript(directory: string, script: string): string {
  try {
    return createRequire(path.join(directory, "_")).resolve(`@pulumi/pulumi/cmd/${script}`);
  } catch (cause) {
    throw new Error(
      `no @pulumi/pulumi is installed for the program in ${directory}; run "npm install" there`,
      { cause },
    );
  }
}

function programRun(request: language.RunRequest, engineAddress: string): ProgramRun {
  const info = request.getInfo();
  return {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: info?.getRootDirectory() ?? "",
    programDirectory: info?.getProgramDirectory() ?? request.getPwd(),
    entryPoint: info?.getEntryPoint() ?? request.getProgram(),
    args: request.getArgsList(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    secretKeys: request.getConfigsecretkeysList(),
  };
}

function runResponse({ code, signal }: Ended): language.RunResponse {
  const response = new language.RunResponse();
  if (code === exitAfterLoggedError) return response.setBail(true);
  if (signal !== undefined) return response.setError(`Program was ended by signal ${signal}`);
  return code === 0
    ? response
    : response.setError(`Program exited with non-zero exit code: ${code ?? -1}`);
}

function runProgram(host: HostOptions): Unary<language.RunRequest, language.RunResponse> {
  return unary(async (call) => {
    const run = programRun(call.request, host.engineAddress);
    const options = optionsOf(call.request.getInfo());
    const runScript =
      process.env.PULUMI_LANGUAGE_NODEJS_RUN_PATH ?? sdkScript(run.programDirectory, "run");
    const files = { runScript, preload: host.preload };
    const { child, ended } = start(process.execPath, programArguments(run, options, files), {
      cwd: run.programDirectory,
      env: programEnvironment(run, options, process.env),
      // The program's words go where the host's own go: the engine shows them on the stack.
      stdio: ["ignore", "inherit", "inherit"],
    });
    call.on("cancelled", () => void stop(child, stopGraceMs));
    return runResponse(await ended);
  });
}

function pluginDirectory(request: language.RunPluginRequest): string {
  return request.getInfo()?.getProgramDirectory() ?? request.getProgram();
}

function pluginArguments(request: language.RunPluginRequest, preload: string): readonly string[] {
  const directory = pluginDirectory(request);
  const { nodeargs } = optionsOf(request.getInfo());
  const node = [`--require=${preload}`, ...nodeargs];
  return request.getKind() === "analyzer"
    ? [...node, sdkScript(directory, "run-policy-pack"), ...request.getArgsList(), directory]
    : [...node, sdkScript(directory, "run-plugin"), directory, ...request.getArgsList()];
}

function pluginEnvironment(entries: readonly string[]): NodeJS.ProcessEnv {
  const given = entries.map((entry) => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  return { ...process.env, ...Object.fromEntries(given), PULUMI_NODEJS_TYPESCRIPT: "true" };
}

type PluginCall = grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>;

async function streamPlugin(call: PluginCall, preload: string): Promise<void> {
  const { request } = call;
  const { child, ended } = start(process.execPath, pluginArguments(request, preload), {
    // A policy pack reads its own package.json from the folder it runs in.
    cwd: request.getKind() === "analyzer" ? pluginDirectory(request) : request.getPwd(),
    env: pluginEnvironment(request.getEnvList()),
    stdio: ["ignore", "pipe", "pipe"],
  });
  call.on("cancelled", () => void stop(child, stopGraceMs));
  child.stdout?.on("data", (data: Buffer) =>
    call.write(new language.RunPluginResponse().setStdout(data)),
  );
  child.stderr?.on("data", (data: Buffer) =>
    call.write(new language.RunPluginResponse().setStderr(data)),
  );
  const { code } = await ended;
  call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
}

async function streamInstall(
  call: grpc.ServerWritableStream<
    language.InstallDependenciesRequest,
    language.InstallDependenciesResponse
  >,
): Promise<void> {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  await installDependencies(directory, (data, stream) => {
    const response = new language.InstallDependenciesResponse();
    call.write(stream === "stdout" ? response.setStdout(data) : response.setStderr(data));
  });
}

/** Ends a stream when its work ends, with a status when that failed. */
function streaming<Request, Response>(
  work: (call: grpc.ServerWritableStream<Request, Response>) => Promise<void>,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => {
    work(call).then(
      () => call.end(),
      (error: unknown) => call.destroy(Object.assign(new Error(), toStatus(error))),
    );
  };
}

/** A gRPC server that answers as the language host for Node. */
export function createServer(host: HostOptions): grpc.Server {
  const unlimited = 400 * 1024 * 1024;
  const server = new grpc.Server({
    "grpc.max_receive_message_length": unlimited,
    "grpc.max_send_message_length": unlimited,
  });
  const definition = languageService.LanguageRuntimeService as grpc.ServiceDefinition;
  server.addService(definition, {
    handshake: unary(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(host.version)),
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    about: unary(() =>
      new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getProgramDependencies: unary<
      language.GetProgramDependenciesRequest,
      language.GetProgramDependenciesResponse
    >(async ({ request }) => {
      const found = await programDependencies(
        request.getInfo()?.getProgramDirectory() ?? request.getPwd(),
      );
      return new language.GetProgramDependenciesResponse().setDependenciesList(
        found.map(({ name, version }) =>
          new language.DependencyInfo().setName(name).setVersion(version),
        ),
      );
    }),
    run: runProgram(host),
    runPlugin: streaming((call: PluginCall) => streamPlugin(call, host.preload)),
    installDependencies: streaming(streamInstall),
    cancel: unary(async () => {
      await stopAll(stopGraceMs);
      return new empty.Empty();
    }),
  });
  return server;
}
