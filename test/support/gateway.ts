// A way to this machine's daemon that can be cut and counts who comes: a socket of its own, in a
// temporary folder. A program that uses it has a daemon that can be lost.
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Gateway {
  readonly path: string;
  /** Connections since the last time that they were counted. */
  counted(): number;
  /** Ends what is open, and lets nobody through any more; they are counted all the same. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openGateway(target = "/var/run/docker.sock"): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), "dwtest-gateway-"));
  const path = join(folder, "docker.sock");
  const open = new Set<Socket>();
  let count = 0;
  let isCut = false;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    count += 1;
    keep(socket);
    if (isCut) {
      socket.destroy();
      return;
    }
    const beyond = connect({ path: target, allowHalfOpen: true });
    keep(beyond);
    socket.pipe(beyond).pipe(socket);
    socket.once("close", () => beyond.destroy());
    beyond.once("close", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    path,
    counted() {
      const since = count;
      count = 0;
      return since;
    },
    cut() {
      isCut = true;
      cutAll();
    },
    mend() {
      isCut = false;
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
