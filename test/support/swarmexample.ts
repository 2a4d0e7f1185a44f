// An example that makes a swarm, on two hosts of the lab: a manager and a worker.
import type { Project } from "../../sdk/engine/project.ts";
import { type Lab, makeHosts } from "../lab/hosts.ts";
import { makeSite, type Site, succeeded } from "./site.ts";

export interface SwarmExample {
  readonly lab: Lab;
  readonly site: Site;
  readonly project: Project;
  /** The address of the manager. */
  readonly address: string;
  /** Ends the hosts, then what is left of the project. */
  readonly close: () => Promise<void>;
}

/** Starts the hosts, and tells the stack `dev` of the example how they are reached. */
export async function swarmExample(topic: string, example: string): Promise<SwarmExample> {
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const specs = ["node1", "node2"].map((name) => {
    return { name, suite: "bookworm", docker: "installed" } as const;
  });
  const lab = await makeHosts(specs, { log });
  const site = await makeSite({ topic, example });
  const close = async () => {
    await lab.close();
    await site.close();
  };
  try {
    const project = await site.stack("dev");
    const machines = lab.hosts.map(({ name, address, user, hostKey }, index) => {
      return { name, address, user, hostKey, role: index === 0 ? "manager" : "worker" };
    });
    const { address = "", privateKey = "" } = lab.hosts[0] ?? {};
    succeeded(await project.setConfig("machines", JSON.stringify(machines)));
    succeeded(await project.setConfig("adopt", "true"));
    succeeded(await project.setConfig("privateKey", privateKey, { secret: true }));
    return { lab, site, project, address, close };
  } catch (error) {
    await close();
    throw error;
  }
}
