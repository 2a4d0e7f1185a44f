// The same replacement behind the proxy: gated, switched to and drained. The floor has a route of
// its own in the same proxy, and does by hand what the engine and the plugin do for the other one.

import { DockerClient } from "../../sdk/docker/client.ts";
import { openAgent } from "../../sdk/haproxy/agent.ts";
import { backendOf } from "../../sdk/haproxy/render.ts";
import { ensureRoute } from "../../sdk/haproxy/route.ts";
import type { Agent } from "../../sdk/haproxy/types.ts";
import { socketPath } from "../sdk/docker/fixture.ts";
import { freePort } from "../support/ports.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { exchange } from "./by-hand.ts";
import { atMostMore, type Figure, figureOf, takeTurns } from "./figure.ts";
import { BenchStack, emptyProgram } from "./project.ts";
import { type RawContainer, RawDaemon } from "./raw.ts";

const port = 8080;
const key = "by-hand";

const program = (prefix: string, publishedPort: number): string => `
import { Bridge, debianImages, Image, LocalDaemon, Proxy, Service } from "dockwright";
const on = new LocalDaemon("here");
const front = new Bridge("${prefix}-front", { daemon: on });
const image = new Image("image", { daemon: on, debian: debianImages.webServer });
const service = new Service("${prefix}-web", {
  on, image, networks: [front], port: ${port}, env: { RELEASE: process.env.RELEASE },
  health: { http: "/" },
  healthCheck: { test: ["CMD", "dw-health", "${port}", "/"], intervalMs: 250 },
});
const proxy = new Proxy("${prefix}-edge", {
  on, networks: [front], hostIp: "127.0.0.1", port: ${publishedPort},
  routes: [{ host: "bench.test", service }],
});
export const name = service.containers[0].name;
export const proxyName = proxy.containerName;
`;

/** The other route, and its replacement by hand: the Engine API, and one command in the proxy. */
class ByHand {
  private readonly raw = new RawDaemon();
  private readonly docker = new DockerClient({ kind: "unix", socketPath });
  private readonly prefix: string;
  private count = 0;

  constructor(prefix: string) {
    this.prefix = `${prefix}-hand-`;
  }

  private async inProxy<T>(proxy: string, work: (agent: Agent) => Promise<T>): Promise<T> {
    const agent = await openAgent((cmd) => this.docker.exec.open(proxy, { cmd, user: "0" }));
    try {
      return await work(agent);
    } finally {
      await agent.close();
    }
  }

  async begin(modelName: string, proxy: string): Promise<() => Promise<number>> {
    const model = await this.raw.modelOf(modelName);
    const next = () => this.raw.make(`${this.prefix}${this.count++}`, model);
    let old: RawContainer = await next();
    const server = { name: old.name, host: old.name, address: old.address, port };
    const sites = [{ host: "by-hand.test", path: "/" }];
    const check = { path: "/", intervalMs: 1000 };
    await this.inProxy(proxy, (agent) =>
      ensureRoute(agent, { key, sites, servers: [server], check }),
    );
    let [from, to] = ["s1", "s2"];
    return async () => {
      const started = performance.now();
      const made = await next();
      await this.inProxy(proxy, (agent) =>
        exchange(agent, made, { backend: backendOf(key), port, from, to }),
      );
      await this.raw.end(old.id);
      [from, to] = [to, from];
      old = made;
      return (performance.now() - started) / 1000;
    };
  }

  async remove(): Promise<void> {
    await this.raw.removeAll(this.prefix);
    this.raw.close();
    this.docker.close();
  }
}

async function run(context: BenchContext): Promise<readonly Figure[]> {
  const { prefix } = context;
  const text = program(prefix, await freePort());
  const empty = await BenchStack.make(context, { name: "empty", program: emptyProgram });
  const stack = await BenchStack.make(context, { name: "routed", program: text });
  const hand = new ByHand(prefix);
  let release = 0;
  try {
    await stack.up(/created/, { RELEASE: `${release}` });
    const { name, proxyName } = await stack.outputs();
    const byHand = await hand.begin(String(name), String(proxyName));
    const turns = await takeTurns(
      {
        value: () => stack.up(/\+-1 replaced/, { RELEASE: `${++release}` }),
        floor: async () => (await byHand()) + (await empty.up(/Duration/)),
      },
      context,
    );
    const goal = atMostMore(0.5, "s");
    return [figureOf({ name: "replace-1-routed", unit: "s", goal }, turns)];
  } finally {
    await hand.remove();
    await stack.remove();
    await empty.remove();
  }
}

export const replace1Routed: Bench = {
  name: "replace-1-routed",
  says: "one container replaced behind the proxy, against the same by hand and an empty run",
  run,
};
