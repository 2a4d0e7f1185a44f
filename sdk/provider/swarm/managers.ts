// The client of a swarm: of whichever manager answers and can manage. A manager that is lost costs one
// new choice, and no configuration. No other swarm is ever spoken to than the one that is named.

import type { Duplex } from "node:stream";
import { DockerClient } from "../../docker/client.ts";
import { dialEndpoint } from "../../docker/connector.ts";
import { describeError, ErrorCode, SdkError } from "../../errors.ts";

/** How to reach a manager; nothing is connected before it is asked. */
export interface ManagerWay {
  readonly name: string;
  readonly make: () => DockerClient;
  /** Ends what the client was made over. */
  readonly end: () => void;
}

/** How long a manager may take to say that it can manage. */
const askTimeoutMs = 20_000;

class Chooser {
  private readonly ways: readonly ManagerWay[];
  private readonly swarmId: string;
  private readonly clients = new Map<string, DockerClient>();
  private chosen: Promise<DockerClient> | undefined;

  constructor(ways: readonly ManagerWay[], swarmId: string) {
    this.ways = ways;
    this.swarmId = swarmId;
  }

  private client(way: ManagerWay): DockerClient {
    const known = this.clients.get(way.name);
    if (known) return known;
    const made = way.make();
    this.clients.set(way.name, made);
    return made;
  }

  private async ask(way: ManagerWay): Promise<DockerClient> {
    const client = this.client(way);
    const node = await client.swarm.localNode({ timeoutMs: askTimeoutMs });
    const id = node.Cluster?.ID ?? "";
    if (node.ControlAvailable && id === this.swarmId) return client;
    const why =
      id === "" || id === this.swarmId
        ? "it is no manager that can manage"
        : "it is in another swarm";
    throw new SdkError(ErrorCode.Unreachable, node.Error === "" ? why : `${why}: ${node.Error}`);
  }

  /** The first of all that are asked at once. */
  private async choose(): Promise<DockerClient> {
    const faults: string[] = [];
    const asked = this.ways.map(async (way) => {
      try {
        return await this.ask(way);
      } catch (error) {
        faults.push(`${way.name}: ${describeError(error).split("\n")[0] ?? ""}`);
        throw error;
      }
    });
    try {
      return await Promise.any(asked);
    } catch {
      throw new SdkError(
        ErrorCode.Unreachable,
        `no manager of the swarm answers: ${faults.sort().join("; ")}`,
        { fix: "bring a majority of the managers back" },
      );
    }
  }

  async dial(): Promise<Duplex> {
    for (let left = 1; ; left -= 1) {
      this.chosen ??= this.choose();
      const now = this.chosen;
      try {
        const { endpoint } = await now;
        return await new Promise<Duplex>((resolve, reject) => {
          dialEndpoint(endpoint, (error, socket) => {
            if (socket) resolve(socket);
            else reject(error ?? new Error("no connection"));
          });
        });
      } catch (error) {
        if (this.chosen === now) this.chosen = undefined;
        if (left === 0) throw error;
      }
    }
  }

  close(): void {
    for (const client of this.clients.values()) client.close();
    for (const { end } of this.ways) end();
  }
}

export class ManagersClient extends DockerClient {
  readonly #chooser: Chooser;

  constructor(ways: readonly ManagerWay[], swarmId: string) {
    const chooser = new Chooser(ways, swarmId);
    super({ kind: "stream", name: "a manager of the swarm", connect: () => chooser.dial() });
    this.#chooser = chooser;
  }

  override close(): void {
    super.close();
    this.#chooser.close();
  }
}
