// The language host for Node, as one executable file: prints its port, answers the engine, and ends
// when the engine does. The same file, loaded with `--require` into a program, bounds how long an
// error may take to print (see preload.ts), so that there is one file to find and to ship.
import * as grpc from "@grpc/grpc-js";
import { boundErrorPrinting, keepNodeSourceMaps } from "./preload.ts";
import { stopAll } from "./processes.ts";
import { createServer, stopGraceMs } from "./service.ts";

declare const DOCKWRIGHT_VERSION: string;

/** Milliseconds for programs to end once the engine is gone: nobody reads their results. */
const orphanGraceMs = 500;

async function end(graceMs: number): Promise<never> {
  await stopAll(graceMs);
  process.exit(0);
}

function serve(): void {
  const engineAddress = process.argv.at(-1) ?? "";
  const server = createServer({
    engineAddress,
    version: DOCKWRIGHT_VERSION,
    preload: __filename,
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void end(stopGraceMs));
  }
  // The engine holds the other end of stdin: end of file is the one sure sign that it was killed.
  process.stdin.on("end", () => void end(orphanGraceMs));
  process.stdin.on("error", () => void end(orphanGraceMs));
  process.stdin.resume();
}

if (require.main === module) serve();
else {
  boundErrorPrinting();
  keepNodeSourceMaps();
}
