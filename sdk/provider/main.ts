// The plugin's process: `pulumi-resource-dockwright ENGINE_ADDRESS`. Prints the port it listens on,
// and ends when its engine does: on SIGINT, and when standard input, which the engine holds, closes.

import grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { backendOf } from "./backend.ts";
import { connectEngineLog } from "./enginelog.ts";
import { Instance } from "./instance.ts";
import { createService } from "./server.ts";

const messageLimitBytes = 400 * 1024 * 1024;
/** How long work in hand may take to tidy up once the engine is gone or has asked to end. */
const tidyMs = 15_000;

function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

/** The real clock; for tests only, DOCKWRIGHT_TEST_NOW sets where it starts. */
function clock(start: string | undefined): () => Date {
  const aheadMs = start === undefined ? 0 : Date.parse(start) - Date.now();
  return () => new Date(Date.now() + aheadMs);
}

async function main(): Promise<void> {
  const engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-"));
  const instance = new Instance(
    clock(process.env["DOCKWRIGHT_TEST_NOW"]),
    backendOf(process.env, process.cwd()),
  );
  if (engineAddress) instance.useLog(connectEngineLog(engineAddress));
  const server = new grpc.Server({
    "grpc.max_receive_message_length": messageLimitBytes,
    "grpc.max_send_message_length": messageLimitBytes,
  });
  // The stubs type their service by name, the server by index: the same object to both.
  server.addService(
    services.ResourceProviderService as unknown as grpc.ServiceDefinition,
    createService(instance),
  );

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    instance.cancel();
    const late = new Promise<void>((resolve) => setTimeout(resolve, tidyMs));
    await Promise.race([instance.idle(), late]);
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end());
  process.stdin.on("end", () => void end());
  process.stdin.on("error", () => void end());
  process.stdin.resume();
  process.on("unhandledRejection", (reason) => {
    process.stderr.write(`${instance.explain(reason)}\n`);
  });

  process.stdout.write(`${await listen(server)}\n`);
}

void main();
