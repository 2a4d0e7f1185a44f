// The hosts of a rollout. It works on several daemons, of which the provider instance is one at most:
// the others are reached by the connections among its inputs, opened when first needed.

import type { DockerClient } from "../../docker/client.ts";
import type { Machine } from "../../host/machine.ts";
import { connectDocker } from "../config.ts";
import type { Context } from "../resource.ts";
import { sharedMachines } from "../sharedmachines.ts";
import { isMap, type ValueMap } from "../values.ts";

export class RolloutHosts {
  private readonly context: Context;
  private readonly connections: ValueMap;
  private readonly opened = new Map<string, Context>();
  private readonly closing: (() => void)[] = [];

  constructor(context: Context, connections: ValueMap | undefined) {
    this.context = context;
    this.connections = connections ?? {};
  }

  /** The same hosts for other work: by another signal. */
  as(context: Context): RolloutHosts {
    const same = new RolloutHosts(context, this.connections);
    this.closing.push(() => {
      same.close();
    });
    return same;
  }

  /** The context of work on that host. */
  on(host: string | undefined): Context {
    const config = host === undefined ? undefined : this.connections[host];
    if (host === undefined || !isMap(config)) return this.context;
    const known = this.opened.get(host);
    if (known !== undefined) return known;
    const made = this.open(config);
    this.opened.set(host, made);
    return made;
  }

  private open(config: ValueMap): Context {
    const { context, closing } = this;
    let machine: Machine | undefined;
    let docker: DockerClient | undefined;
    const reach = () => {
      machine ??= sharedMachines.hold(config);
      return machine;
    };
    closing.push(() => {
      docker?.close();
      machine?.close();
    });
    // All else is the instance's own: its signal, its log, its scrubbing.
    return Object.create(context, {
      docker: {
        get: () => {
          docker ??= connectDocker(config, reach);
          return docker;
        },
      },
      machine: { get: reach },
      overSsh: { value: isMap(config["ssh"]) },
    }) as Context;
  }

  close(): void {
    for (const end of this.closing.splice(0)) end();
  }
}
