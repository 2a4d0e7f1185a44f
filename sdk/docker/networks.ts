// Networks. Specification: Docker Engine API, /networks.
import { encodePath } from "./call.ts";
import type { Transport } from "./transport.ts";
import type {
  CallOptions,
  EndpointSettings,
  Filters,
  NetworkCreateBody,
  NetworkInspect,
} from "./types.ts";

export class NetworksApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(filters?: Filters, options?: CallOptions): Promise<readonly NetworkInspect[]> {
    return this.#transport.jsonOf({
      doing: "list networks",
      method: "GET",
      path: "/networks",
      query: { filters: filters && JSON.stringify(filters) },
      options,
    });
  }

  /** Makes a network; a name in use is a DockerApiError with status 409. Returns the id. */
  async create(body: NetworkCreateBody, options?: CallOptions): Promise<string> {
    const made = await this.#transport.jsonOf<{ readonly Id: string }>({
      doing: `create the network "${body.Name}"`,
      method: "POST",
      path: "/networks/create",
      json: { CheckDuplicate: true, ...body },
      options,
    });
    return made.Id;
  }

  async inspect(idOrName: string, options?: CallOptions): Promise<NetworkInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the network "${idOrName}"`,
      method: "GET",
      path: `/networks/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
  }

  /** Removes it; false when there was none. */
  async remove(idOrName: string, options?: CallOptions): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `remove the network "${idOrName}"`,
      method: "DELETE",
      path: `/networks/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
    return status !== 404;
  }

  async connect(
    idOrName: string,
    container: string,
    endpointConfig: EndpointSettings = {},
    options?: CallOptions,
  ): Promise<void> {
    await this.#transport.done({
      doing: `connect the container "${container}" to the network "${idOrName}"`,
      method: "POST",
      path: `/networks/${encodePath(idOrName)}/connect`,
      json: { Container: container, EndpointConfig: endpointConfig },
      options,
    });
  }

  /** Takes a container off a network; false when the network or the container is gone. */
  async disconnect(
    idOrName: string,
    container: string,
    options: CallOptions & { readonly force?: boolean } = {},
  ): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `disconnect the container "${container}" from the network "${idOrName}"`,
      method: "POST",
      path: `/networks/${encodePath(idOrName)}/disconnect`,
      json: { Container: container, Force: options.force ?? false },
      accept: [404],
      options,
    });
    return status !== 404;
  }
}
