// The swarm that a daemon is in, and its nodes. Specification: Docker Engine API, /swarm, /nodes.
// Join tokens go in bodies only; nothing here puts them into a message.
import { encodePath } from "./call.ts";
import type {
  LocalNode,
  NodeInspect,
  NodeSpec,
  SwarmInitBody,
  SwarmInspect,
  SwarmJoinBody,
} from "./swarm-types.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions } from "./types.ts";

export class SwarmApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What the daemon says of itself as a node; every daemon answers. */
  async localNode(
    options?: CallOptions,
  ): Promise<LocalNode & { readonly liveRestore: boolean; readonly hostname: string }> {
    const info = await this.#transport.jsonOf<{
      readonly Swarm: LocalNode;
      readonly LiveRestoreEnabled: boolean;
      readonly Name: string;
    }>({ doing: "read the state of the swarm", method: "GET", path: "/info", options });
    return { ...info.Swarm, liveRestore: info.LiveRestoreEnabled, hostname: info.Name };
  }

  /** The swarm, with its secret tokens; undefined where the daemon is no manager of one. */
  async inspect(options?: CallOptions): Promise<SwarmInspect | undefined> {
    const call = {
      doing: "inspect the swarm",
      method: "GET",
      path: "/swarm",
      accept: [404, 503],
      options,
    } as const;
    const { status, text } = await this.#transport.text(call);
    return status >= 300 ? undefined : (JSON.parse(text) as SwarmInspect);
  }

  /** Makes a swarm of this daemon alone; gives the node's id. 503: it is in one already. */
  async init(body: SwarmInitBody, options?: CallOptions): Promise<string> {
    return this.#transport.jsonOf({
      doing: "make a swarm",
      method: "POST",
      path: "/swarm/init",
      json: body,
      options,
    });
  }

  async join(body: SwarmJoinBody, options?: CallOptions): Promise<void> {
    await this.#transport.done({
      doing: "join the swarm",
      method: "POST",
      path: "/swarm/join",
      json: body,
      options,
    });
  }

  /** Leaves; false when the daemon was in no swarm. A manager leaves only by `force`. */
  async leave(options: CallOptions & { readonly force?: boolean } = {}): Promise<boolean> {
    const { force, ...rest } = options;
    const status = await this.#transport.done({
      doing: "leave the swarm",
      method: "POST",
      path: "/swarm/leave",
      query: { force },
      // 503 and 406: it is in none, as newer and older daemons say it.
      accept: [406, 503],
      options: rest,
    });
    return status < 300;
  }
}

export class NodesApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async list(options?: CallOptions): Promise<readonly NodeInspect[]> {
    return this.#transport.jsonOf({
      doing: "list the nodes of the swarm",
      method: "GET",
      path: "/nodes",
      options,
    });
  }

  async inspect(id: string, options?: CallOptions): Promise<NodeInspect | undefined> {
    return this.#transport.json({
      doing: `inspect the node ${id}`,
      method: "GET",
      path: `/nodes/${encodePath(id)}`,
      accept: [404],
      options,
    });
  }

  /** Changes role, availability or labels of the node as it was seen at this version. */
  async update(id: string, version: number, spec: NodeSpec, options?: CallOptions): Promise<void> {
    await this.#transport.done({
      doing: `change the node ${id}`,
      method: "POST",
      path: `/nodes/${encodePath(id)}/update`,
      query: { version },
      json: spec,
      options,
    });
  }

  /** Takes it off the list; false when it was not on it. One that is not down, by `force` only. */
  async remove(
    id: string,
    options: CallOptions & { readonly force?: boolean } = {},
  ): Promise<boolean> {
    const { force, ...rest } = options;
    const status = await this.#transport.done({
      doing: `remove the node ${id}`,
      method: "DELETE",
      path: `/nodes/${encodePath(id)}`,
      query: { force },
      accept: [404],
      options: rest,
    });
    return status !== 404;
  }
}
