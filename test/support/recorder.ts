// A socket in front of the daemon's own, which writes down what is asked of it: shows that a command
// only looks, whatever else happens on the same daemon in the meantime.
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Recorder {
  /** What to set DOCKER_HOST to. */
  readonly host: string;
  /** The requests so far, such as `GET /v1.41/containers/json`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function startRecorder(socketPath = "/var/run/docker.sock"): Promise<Recorder> {
  const folder = await mkdtemp(join(tmpdir(), "dwtest-recorder-"));
  const file = join(folder, "docker.sock");
  const requests: string[] = [];
  const server = createServer((client) => {
    const daemon = connect(socketPath);
    client.on("data", (chunk: Buffer) => {
      for (const [, line = ""] of chunk
        .toString("latin1")
        .matchAll(/^([A-Z]+ \S+) HTTP\/1\.1\r$/gm)) {
        requests.push(line);
      }
    });
    client.pipe(daemon).pipe(client);
    client.on("error", () => daemon.destroy());
    daemon.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(file, resolve));
  return {
    host: `unix://${file}`,
    requests,
    async close() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
