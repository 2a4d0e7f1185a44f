// A Docker daemon as typed calls, a group a file. Making a client costs nothing: it connects, and
// asks for the API version, on its first call.
import { ContainersApi } from "./containers.ts";
import { ExecApi } from "./exec.ts";
import { ImagesApi } from "./images.ts";
import { NetworksApi } from "./networks.ts";
import { ReadoutsApi } from "./readouts.ts";
import { ServicesApi } from "./services.ts";
import { NodesApi, SwarmApi } from "./swarm.ts";
import { SwarmDataApi } from "./swarm-data.ts";
import { SystemApi } from "./system.ts";
import { Transport, type TransportOptions } from "./transport.ts";
import type { DockerEndpoint } from "./types.ts";
import { VolumesApi } from "./volumes.ts";

export { DockerApiError } from "./api-error.ts";
export { describeEndpoint, parseDockerHost } from "./endpoint.ts";
export type { TransportOptions } from "./transport.ts";
export { UnreachableError, UnreachableReason } from "./unreachable.ts";

/** One daemon. Safe to share between calls in parallel; `close` when done. */
export class DockerClient {
  readonly endpoint: DockerEndpoint;
  readonly system: SystemApi;
  readonly containers: ContainersApi;
  readonly images: ImagesApi;
  readonly networks: NetworksApi;
  readonly volumes: VolumesApi;
  readonly exec: ExecApi;
  readonly readouts: ReadoutsApi;
  readonly swarm: SwarmApi;
  readonly nodes: NodesApi;
  readonly services: ServicesApi;
  readonly secrets: SwarmDataApi;
  readonly configs: SwarmDataApi;
  readonly #transport: Transport;

  constructor(endpoint: DockerEndpoint, options: TransportOptions = {}) {
    const transport = new Transport(endpoint, options);
    this.endpoint = endpoint;
    this.#transport = transport;
    this.system = new SystemApi(transport);
    this.containers = new ContainersApi(transport);
    this.images = new ImagesApi(transport);
    this.networks = new NetworksApi(transport);
    this.volumes = new VolumesApi(transport);
    this.exec = new ExecApi(transport);
    this.readouts = new ReadoutsApi(transport);
    this.swarm = new SwarmApi(transport);
    this.nodes = new NodesApi(transport);
    this.services = new ServicesApi(transport);
    this.secrets = new SwarmDataApi(transport, "secret");
    this.configs = new SwarmDataApi(transport, "config");
  }

  /** Ends idle connections and those of open streams; calls under way fail. */
  close(): void {
    this.#transport.close();
  }
}
