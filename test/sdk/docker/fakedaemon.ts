// A server in place of a daemon, which answers as a test says, on a socket of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerClient, type TransportOptions } from "../../../sdk/docker/client.ts";
import { SdkError } from "../../../sdk/errors.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, calls: number) => void;

export interface Fake {
  readonly socketPath: string;
  readonly seen: string[];
  readonly sockets: Set<Socket>;
  connections: number;
}

/** Where the sockets are. */
export const folder = mkdtempSync(join(tmpdir(), "dwtest-transport-"));
let count = 0;

export async function withFake(
  handler: Handler,
  run: (client: DockerClient, fake: Fake) => Promise<void>,
  options: TransportOptions = {},
  api = "1.41",
): Promise<void> {
  count += 1;
  const fake: Fake = {
    socketPath: join(folder, `${count}.sock`),
    seen: [],
    sockets: new Set(),
    connections: 0,
  };
  const server: Server = createServer((request, response) => {
    if (request.url === "/_ping") {
      response.writeHead(200, { "Api-Version": api, "Content-Length": 0 }).end();
      return;
    }
    fake.seen.push(`${request.method} ${request.url}`);
    handler(request, response, fake.seen.length);
  });
  server.on("connection", (socket) => {
    fake.connections += 1;
    fake.sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(fake.socketPath, resolve));
  const client = new DockerClient({ kind: "unix", socketPath: fake.socketPath }, options);
  try {
    await run(client, fake);
  } finally {
    client.close();
    for (const socket of fake.sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

export async function failure(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("it passed");
}

/** Takes the sockets' folder away. */
export function removeFakes(): void {
  rmSync(folder, { recursive: true });
}
