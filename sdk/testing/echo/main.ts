// The echo provider's process: `PACKAGE FOLDER [engine's arguments]`. It ends when its engine does.

import { EchoProvider, serveEcho } from "./provider.ts";
import { EchoStore } from "./store.ts";

async function main(): Promise<void> {
  const [pack = "", folder = ""] = process.argv.slice(2);
  const port = await serveEcho(new EchoProvider(pack, new EchoStore(folder)));
  const end = (): void => process.exit(0);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  process.stdin.on("end", end).on("error", end).resume();
  process.stdout.write(`${port}\n`);
}

void main();
