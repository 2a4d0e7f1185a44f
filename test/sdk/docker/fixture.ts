// What the integration tests of the Docker client share: a client, an image of a static busybox made
// without any registry, names of their own, and the removal of all that was made.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { packFiles } from "../../../sdk/docker/archive.ts";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { ContainerCreateBody } from "../../../sdk/docker/types.ts";

/** The daemon under test: another one, such as that of a lab host, to see what is different there. */
export const socketPath = process.env["DOCKWRIGHT_TEST_SOCKET"] ?? "/var/run/docker.sock";
const busyboxPath = "/bin/busybox";

/** Why these tests cannot run here, if they cannot. */
export function missing(): string | undefined {
  if (!existsSync(socketPath)) return "there is no Docker daemon";
  if (!existsSync(busyboxPath)) return "there is no busybox (apt-get install busybox-static)";
  return undefined;
}

const applets = ["sh", "sleep", "cat", "echo", "httpd", "true", "false", "wc", "id", "env", "pwd"];

/** A tar of a root with busybox in it. */
export async function busyboxRoot(): Promise<Buffer> {
  const busybox = await readFile(busyboxPath);
  return packFiles([
    { path: "bin/busybox", content: busybox, mode: 0o755 },
    ...applets.map((name) => ({
      path: `bin/${name}`,
      content: `#!/bin/busybox sh\nexec /bin/busybox ${name} "$@"\n`,
      mode: 0o755,
    })),
    { path: "tmp/.keep", content: "" },
  ]);
}

/** A run of one test file: its client, its image, and what it made. */
export class Fixture {
  readonly client = new DockerClient({ kind: "unix", socketPath });
  readonly prefix: string;
  readonly image: string;
  #count = 0;

  constructor(topic: string) {
    this.prefix = `dwtest-docker-${topic}-${process.pid}`;
    this.image = `${this.prefix}:1`;
  }

  name(): string {
    this.#count += 1;
    return `${this.prefix}-${this.#count}`;
  }

  async makeImage(): Promise<string> {
    const root = await busyboxRoot();
    return this.client.images.importRoot(Readable.from([root]), {
      reference: this.image,
      changes: ['CMD ["/bin/busybox", "sleep", "600"]', "ENV PATH=/bin"],
    });
  }

  /** Creates and starts a container of the image. */
  async run(body: ContainerCreateBody = {}): Promise<string> {
    const id = await this.client.containers.create(this.name(), {
      Image: this.image,
      StopTimeout: 1,
      ...body,
      HostConfig: { Init: false, ...body.HostConfig },
    });
    await this.client.containers.start(id);
    return id;
  }

  /** Removes every object whose name begins with this run's prefix. */
  async clean(): Promise<void> {
    const { client, prefix } = this;
    const filters = { name: [prefix] };
    for (const { Id } of await client.containers.list({ all: true, filters })) {
      await client.containers.remove(Id, { force: true, volumes: true });
    }
    for (const { Id } of await client.networks.list(filters)) await client.networks.remove(Id);
    for (const { Name } of await client.volumes.list(filters)) {
      await client.volumes.remove(Name, { force: true });
    }
    for (const image of await client.images.list()) {
      for (const tag of image.RepoTags ?? []) {
        if (tag.startsWith(prefix)) await client.images.remove(tag, { force: true });
      }
    }
    client.close();
  }
}
