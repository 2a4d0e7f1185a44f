// One provider instance behind a port of its own. A process may serve many: an instance shares nothing
// with another, and which one a request is for is told by its port alone.

import { serveGrpc } from "../grpc.ts";
import { backendOf } from "./backend.ts";
import { clock } from "./clock.ts";
import type { EngineLog } from "./enginelog.ts";
import { Instance } from "./instance.ts";
import { answersOf } from "./server.ts";

const messageLimitBytes = 400 * 1024 * 1024;
/** How long work in hand may take to tidy up once the engine is gone or has asked to end. */
const tidyMs = 15_000;

export interface Served {
  readonly port: number;
  readonly instance: Instance;
  /** Stops the work in hand and waits until it has tidied up, within a bounded time. */
  readonly end: () => Promise<void>;
}

/** Opens a port for an instance, whose lines go to this log. */
export async function serve(log: EngineLog): Promise<Served> {
  const now = clock();
  const instance = new Instance(now, backendOf(process.env, process.cwd()));
  instance.useLog(log);
  const server = serveGrpc(answersOf(instance), messageLimitBytes);
  const port = await server.listen();
  const end = async (): Promise<void> => {
    instance.cancel();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, tidyMs);
    });
    await Promise.race([instance.idle(), late]);
    clearTimeout(timer);
    server.close();
    instance.close();
  };
  return { port, instance, end };
}
