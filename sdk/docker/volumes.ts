// Volumes. Specification: Docker Engine API, /volumes.
import { encodePath } from "./call.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, Filters, VolumeCreateBody, VolumeInspect } from "./types.ts";

export class VolumesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(filters?: Filters, options?: CallOptions): Promise<readonly VolumeInspect[]> {
    const answer = await this.#transport.jsonOf<{
      readonly Volumes?: readonly VolumeInspect[] | null;
    }>({
      doing: "list volumes",
      method: "GET",
      path: "/volumes",
      query: { filters: filters && JSON.stringify(filters) },
      options,
    });
    return answer.Volumes ?? [];
  }

  /**
   * Makes a volume. A local volume of that name that exists already is given back as it is, with
   * no error; one that was there when the daemon started, without its labels: inspect it.
   */
  async create(body: VolumeCreateBody, options?: CallOptions): Promise<VolumeInspect> {
    return this.#transport.jsonOf({
      doing: `create the volume "${body.Name ?? "(unnamed)"}"`,
      method: "POST",
      path: "/volumes/create",
      json: body,
      repeatable: body.Name !== undefined,
      options,
    });
  }

  async inspect(name: string, options?: CallOptions): Promise<VolumeInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the volume "${name}"`,
      method: "GET",
      path: `/volumes/${encodePath(name)}`,
      accept: [404],
      options,
    });
  }

  /** Removes it with its data; false when there was none. In use is a DockerApiError, 409. */
  async remove(
    name: string,
    options: CallOptions & { readonly force?: boolean } = {},
  ): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `remove the volume "${name}"`,
      method: "DELETE",
      path: `/volumes/${encodePath(name)}`,
      query: { force: options.force },
      accept: [404],
      options,
    });
    return status !== 404;
  }
}
