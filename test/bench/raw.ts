// The Docker Engine API by hand, over the unix socket: what a replacement costs when nothing stands
// between the caller and the daemon. Does not use the client of this package, which is measured.
// Docker Engine API 1.41, /containers and /events.
import { Agent, type IncomingMessage, request } from "node:http";
import { socketPath } from "../sdk/docker/fixture.ts";

interface Inspected {
  readonly Id: string;
  readonly Config: { readonly Env?: readonly string[] } & Readonly<Record<string, unknown>>;
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly State: { readonly Running: boolean };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

interface Listed {
  readonly Names: readonly string[];
}

const healthTimeoutMs = 60_000;

/** A container as the daemon describes it: enough to make another one like it. */
export interface Model {
  readonly body: Readonly<Record<string, unknown>>;
  readonly network: string;
}

export interface RawContainer {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

export class RawDaemon {
  private readonly agent = new Agent({ keepAlive: true });

  private open(method: string, path: string, body?: object): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? "" : JSON.stringify(body);
      const headers = { "content-type": "application/json", "content-length": text.length };
      const { agent } = this;
      request({ socketPath, agent, method, path: `/v1.41${path}`, headers }, resolve)
        .on("error", reject)
        .end(text);
    });
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.open(method, path, body);
    let text = "";
    for await (const chunk of answer) text += String(chunk);
    const status = answer.statusCode ?? 0;
    if (status >= 400) throw new Error(`${method} ${path}: status ${status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  private async inspect(id: string): Promise<Inspected> {
    return (await this.call("GET", `/containers/${id}/json`)) as Inspected;
  }

  /** How the container was made, without what says whose it is. */
  async modelOf(name: string): Promise<Model> {
    const { Config, HostConfig, NetworkSettings } = await this.inspect(name);
    const [network = "bridge"] = Object.keys(NetworkSettings.Networks);
    const { Hostname: _, Labels: __, ...config } = Config;
    return { body: { ...config, HostConfig }, network };
  }

  /** Creates one like the model, starts it, and waits until Docker says that it is healthy. */
  async make(name: string, model: Model): Promise<RawContainer> {
    const { body, network } = model;
    const networking = { EndpointsConfig: { [network]: {} } };
    const wanted = { ...body, NetworkingConfig: networking };
    const made = (await this.call("POST", `/containers/create?name=${name}`, wanted)) as Inspected;
    const healthy = this.healthy(made.Id);
    await this.call("POST", `/containers/${made.Id}/start`);
    await healthy;
    const { NetworkSettings } = await this.inspect(made.Id);
    return { id: made.Id, name, address: NetworkSettings.Networks[network]?.IPAddress ?? "" };
  }

  /** Creates one like the model, starts it, and looks whether it runs. */
  async run(name: string, { body }: Model): Promise<RawContainer> {
    const made = (await this.call("POST", `/containers/create?name=${name}`, body)) as Inspected;
    await this.call("POST", `/containers/${made.Id}/start`);
    const { State } = await this.inspect(made.Id);
    if (!State.Running) throw new Error(`${name} does not run`);
    return { id: made.Id, name, address: "" };
  }

  /** Stops it with grace and removes it. */
  async end(id: string): Promise<void> {
    await this.call("POST", `/containers/${id}/stop?t=10`);
    await this.call("DELETE", `/containers/${id}?v=1`);
  }

  /** Removes every container whose name begins so, whatever its state. */
  async removeAll(prefix: string): Promise<void> {
    for (const name of await this.namesOf(prefix)) {
      await this.call("DELETE", `/containers/${name}?force=1&v=1`);
    }
  }

  /** The containers whose name begins so, whatever their state. */
  async namesOf(prefix: string): Promise<readonly string[]> {
    const filters = encodeURIComponent(JSON.stringify({ name: [`^/${prefix}`] }));
    const found = await this.call("GET", `/containers/json?all=1&filters=${filters}`);
    return (found as readonly Listed[]).map(({ Names }) => (Names[0] ?? "").slice(1));
  }

  close(): void {
    this.agent.destroy();
  }

  /** The daemon says it the moment it knows; asking again and again would be later, and cost more. */
  private async healthy(id: string): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ container: [id] }));
    const events = await this.open("GET", `/events?filters=${filters}`);
    const timer = setTimeout(() => events.destroy(new Error("not healthy")), healthTimeoutMs);
    try {
      for await (const chunk of events) {
        const text = String(chunk);
        if (text.includes("health_status: healthy")) return;
        if (text.includes('"Action":"die"')) throw new Error("it ended before it was healthy");
      }
    } finally {
      clearTimeout(timer);
      events.destroy();
    }
  }
}
