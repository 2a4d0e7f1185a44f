// Where updates of a swarm are killed: two hosts of the lab, each with a dockerd behind a proxy, and a
// project whose swarm they are. What is there after a kill is asked of the daemons themselves.

import * as path from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { Project } from "../../../sdk/engine/project.ts";
import { type Lab, type LabHost, makeHosts } from "../../lab/hosts.ts";
import { busyboxRoot } from "../../sdk/docker/fixture.ts";
import { must, start } from "../../sdk/docker/tlshost.ts";
import { type ApiProxy, apiProxy } from "../../support/apiproxy.ts";
import { killAll } from "../../support/processes.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { endAt, letPass } from "./end.ts";
import { swarmKillProgram } from "./swarm-program.ts";
import type { SwarmRow, SwarmScene } from "./swarm-table.ts";
import { stages, type When } from "./table.ts";

interface Node {
  readonly host: LabHost;
  readonly docker: DockerClient;
  readonly proxy: ApiProxy;
}

export class SwarmKillLab {
  readonly #lab: Lab;
  readonly #site: Site;
  readonly #project: Project;
  readonly #nodes: readonly Node[];

  private constructor(lab: Lab, site: Site, project: Project, nodes: readonly Node[]) {
    this.#lab = lab;
    this.#site = site;
    this.#project = project;
    this.#nodes = nodes;
  }

  static async start(log: (line: string) => void): Promise<SwarmKillLab> {
    const spec = { suite: "bookworm", docker: "installed" } as const;
    const specs = ["first", "second"].map((name) => ({ name, ...spec }));
    const lab = await makeHosts(specs, { log });
    const site = await makeSite({ topic: "killswarm", files: { "index.ts": swarmKillProgram } });
    const nodes: Node[] = [];
    for (const host of lab.hosts) {
      await start(host, "--live-restore=false");
      const socketPath = host.path("/run/docker.sock");
      const proxy = await apiProxy(path.join(site.dir, `${host.name}.sock`), socketPath);
      nodes.push({ host, proxy, docker: new DockerClient({ kind: "unix", socketPath }) });
    }
    const image = await nodes[0]?.docker.images.importRoot(Readable.from([await busyboxRoot()]), {
      reference: "dwtest-killswarm:1",
      changes: ["ENV PATH=/bin"],
    });
    const hosts = nodes.map(({ host: { name, address }, proxy: { socketPath } }) => {
      return { name, address, socketPath, image };
    });
    await site.write("hosts.json", JSON.stringify(hosts));
    return new SwarmKillLab(lab, site, await site.stack("dev"), nodes);
  }

  get #proxies(): readonly ApiProxy[] {
    return this.#nodes.map(({ proxy }) => proxy);
  }

  #environment(scene: SwarmScene, stage: number) {
    return { DWTEST_SCENE: scene, DWTEST_STAGE: String(stage) };
  }

  /** To a stage, undisturbed. */
  async reach(scene: SwarmScene, stage: number, args: readonly string[] = []): Promise<void> {
    letPass(this.#proxies);
    succeeded(await this.#project.up({ env: this.#environment(scene, stage), args }));
  }

  /** One kill, and that the next update makes all as it should be. */
  async survive(row: SwarmRow, when: When): Promise<void> {
    const { scene } = row;
    const [before, after] = stages[row.step];
    await this.reach(scene, before);
    const env = this.#environment(scene, after);
    const [project, proxies] = [this.#project, this.#proxies];
    await endAt({ project, env, proxies, row, when });
    await this.reach(scene, after);
    await this.#asDeclared(scene, after);
    await this.reach(scene, after, ["--expect-no-changes"]);
    await this.reach(scene, 0);
    await this.#asDeclared(scene, 0);
  }

  /** After a row that failed: nothing of it is left for the next one. */
  async reset(): Promise<void> {
    letPass(this.#proxies);
    await killAll(this.#site.dir);
    await this.#project.recover();
    await this.#project.up({ env: this.#environment("cluster", 0) });
  }

  async #asDeclared(scene: SwarmScene, stage: number): Promise<void> {
    const [manager] = this.#nodes;
    if (manager === undefined) throw new Error("no node");
    const ask = async (line: string) => (await must(manager.host, `docker ${line}`)).split("\n");
    const isSwarm = scene === "service" || stage > 0;
    const whole = scene === "smaller" && stage === 2 ? 1 : 2;
    const size = isSwarm ? whole : 0;
    for (const [at, { host }] of this.#nodes.entries()) {
      const state = await must(host, "docker info --format '{{.Swarm.LocalNodeState}}'");
      assert.is(state, at < size ? "active" : "inactive", host.name);
    }
    if (!isSwarm) return;
    const listed = await ask("node ls -q");
    assert.is(listed.length, size, "an entry for each node");
    const labels = await ask(`node inspect ${listed.join(" ")} --format '{{.Spec.Labels.tier}}'`);
    const tier = scene === "cluster" && stage === 2 ? "two" : "one";
    assert.equal([...new Set(labels)], [tier]);
    const count = scene === "service" && stage > 0 ? 1 : 0;
    for (const kind of ["service", "secret", "config"]) {
      const found = (await ask(`${kind} ls -q`)).filter((line) => line !== "");
      assert.is(found.length, count, kind);
    }
    if (count === 0) return;
    const [name = ""] = await ask("service ls --format '{{.Name}}'");
    const env = await ask(
      `service inspect ${name} --format '{{.Spec.TaskTemplate.ContainerSpec.Env}}'`,
    );
    assert.match(env.join(), `STAGE=${stage}`);
    const tasks = await ask(`service ps ${name} -q --filter desired-state=running`);
    assert.is(tasks.length, 1, "one task");
  }

  async close(): Promise<void> {
    for (const { docker, proxy } of this.#nodes) {
      docker.close();
      await proxy.close();
    }
    await this.#lab.close();
    await this.#site.close();
  }
}
