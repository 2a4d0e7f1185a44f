// Secrets and configs of a swarm: the same calls on two paths. Their data cannot be changed; a secret's
// is never given back. Specification: Docker Engine API, /secrets, /configs.
import { encodePath } from "./call.ts";
import type { SwarmDatum } from "./swarm-types.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions } from "./types.ts";

export class SwarmDataApi {
  readonly #transport: Transport;
  readonly #kind: "secret" | "config";

  constructor(transport: Transport, kind: "secret" | "config") {
    this.#transport = transport;
    this.#kind = kind;
  }

  async inspect(idOrName: string, options?: CallOptions): Promise<SwarmDatum | undefined> {
    return this.#transport.json({
      doing: `inspect the ${this.#kind} "${idOrName}"`,
      method: "GET",
      path: `/${this.#kind}s/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
  }

  /** Makes it; a name in use is a DockerApiError with status 409. Gives the id. */
  async create(
    body: {
      readonly Name: string;
      readonly Labels: Readonly<Record<string, string>>;
      /** In base64. */
      readonly Data: string;
    },
    options?: CallOptions,
  ): Promise<string> {
    const made = await this.#transport.jsonOf<{ readonly ID: string }>({
      doing: `create the ${this.#kind} "${body.Name}"`,
      method: "POST",
      path: `/${this.#kind}s/create`,
      json: body,
      options,
    });
    return made.ID;
  }

  /** Removes it; false when there was none. One that a service uses is a DockerApiError, 400. */
  async remove(idOrName: string, options?: CallOptions): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `remove the ${this.#kind} "${idOrName}"`,
      method: "DELETE",
      path: `/${this.#kind}s/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
    return status !== 404;
  }
}
