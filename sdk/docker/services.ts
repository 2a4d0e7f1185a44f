// Services of a swarm and their tasks; asked of a manager. Specification: Docker Engine API, /services,
// /tasks.
import { encodeHeader, encodePath } from "./call.ts";
import { joinLog, type LogQuery, logQuery, readLog } from "./logs.ts";
import type { ServiceInspect, ServiceSpec, TaskInspect } from "./swarm-types.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, Filters, LogChunk, RegistryAuth } from "./types.ts";

/** What nodes log in to the registry with, where it asks for that. */
export interface ServiceCallOptions extends CallOptions {
  readonly auth?: RegistryAuth;
}

function authHeaders({ auth }: ServiceCallOptions) {
  return auth === undefined ? {} : { headers: { "X-Registry-Auth": encodeHeader(auth) } };
}

function callOptions({ auth: _, ...options }: ServiceCallOptions): CallOptions {
  return options;
}

export class ServicesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Services by Docker's filters: `id`, `label`, `name`. */
  async list(filters: Filters, options?: CallOptions): Promise<readonly ServiceInspect[]> {
    return this.#transport.jsonOf({
      doing: "list services of the swarm",
      method: "GET",
      path: "/services",
      query: { filters: JSON.stringify(filters) },
      options,
    });
  }

  async inspect(idOrName: string, options?: CallOptions): Promise<ServiceInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the service "${idOrName}"`,
      method: "GET",
      path: `/services/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
  }

  /** Makes a service; a name in use is a DockerApiError with status 409. Gives the id. */
  async create(spec: ServiceSpec, options: ServiceCallOptions = {}): Promise<string> {
    const made = await this.#transport.jsonOf<{ readonly ID: string }>({
      doing: `create the service "${spec.Name ?? ""}"`,
      method: "POST",
      path: "/services/create",
      json: spec,
      ...authHeaders(options),
      options: callOptions(options),
    });
    return made.ID;
  }

  /** Changes the service as it was seen at this version; `rollback` takes the former spec instead. */
  async update(
    id: string,
    version: number,
    spec: ServiceSpec,
    options: ServiceCallOptions & { readonly rollback?: boolean } = {},
  ): Promise<void> {
    const { rollback, ...rest } = options;
    await this.#transport.done({
      doing: `change the service "${spec.Name ?? id}"`,
      method: "POST",
      path: `/services/${encodePath(id)}/update`,
      query: { version, ...(rollback === true ? { rollback: "previous" } : {}) },
      json: spec,
      ...authHeaders(options),
      options: callOptions(rest),
    });
  }

  /** Removes it; false when there was none. Its tasks end afterwards. */
  async remove(idOrName: string, options?: CallOptions): Promise<boolean> {
    const status = await this.#transport.done({
      doing: `remove the service "${idOrName}"`,
      method: "DELETE",
      path: `/services/${encodePath(idOrName)}`,
      accept: [404],
      options,
    });
    return status !== 404;
  }

  /** Tasks by Docker's filters: `service`, `node`, `id`, `desired-state`. */
  async tasks(filters: Filters, options?: CallOptions): Promise<readonly TaskInspect[]> {
    return this.#transport.jsonOf({
      doing: "list tasks of the swarm",
      method: "GET",
      path: "/tasks",
      query: { filters: JSON.stringify(filters) },
      options,
    });
  }

  /**
   * What all tasks of a service write, gathered by the manager from their nodes; with `follow` also what
   * later tasks write. Each message tells its task, after the time (`details`).
   */
  async *streamLogs(
    idOrName: string,
    query: LogQuery & { readonly follow?: boolean; readonly details?: boolean } = {},
    options?: CallOptions,
  ): AsyncGenerator<LogChunk> {
    const { follow = true } = query;
    const doing = `read the logs of the service "${idOrName}"`;
    const answer = await this.#transport.send({
      doing,
      method: "GET",
      path: `/services/${encodePath(idOrName)}/logs`,
      query: { ...logQuery({ ...query, follow }), details: query.details },
      options,
      timeoutMs: follow ? Number.POSITIVE_INFINITY : undefined,
    });
    yield* readLog(answer.body, false, { doing, where: this.#transport.where });
  }

  /** The last lines that a task wrote, gathered by the manager from the task's node. */
  async taskLog(id: string, tail: number, options?: CallOptions): Promise<string> {
    const doing = `read the log of the task ${id}`;
    const { where } = this.#transport;
    const answer = await this.#transport.send({
      doing,
      method: "GET",
      path: `/tasks/${encodePath(id)}/logs`,
      query: { stdout: true, stderr: true, tail },
      options,
    });
    return joinLog(readLog(answer.body, false, { doing, where }));
  }
}
