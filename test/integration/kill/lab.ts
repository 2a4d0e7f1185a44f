// Where updates are killed: a project whose daemon is behind a proxy, and what its scenes find there,
// made by the test and not by the project.

import { createWriteStream } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as assert from "uvu/assert";
import { packFiles } from "../../../sdk/docker/archive.ts";
import { backupContainerName, backupVolume } from "../../../sdk/docker/volume-backup.ts";
import { helperImage } from "../../../sdk/docker/volume-helper.ts";
import type { Project } from "../../../sdk/engine/project.ts";
import { busyboxRoot } from "../../sdk/docker/fixture.ts";
import { type ApiProxy, apiProxy } from "../../support/apiproxy.ts";
import { nothing } from "../../support/owned.ts";
import { killAll } from "../../support/processes.ts";
import { registryPassword, registryUser, TestRegistry } from "../../support/registry.ts";
import { makeSite, type Site, succeeded } from "../../support/site.ts";
import { endAt, letPass } from "./end.ts";
import { killProgram } from "./program.ts";
import { type KillRow, type Scene, stages, type When } from "./table.ts";

const daemonSocket = "/var/run/docker.sock";

export class KillLab {
  readonly site: Site;
  readonly proxy: ApiProxy;
  readonly project: Project;
  readonly #registry: TestRegistry | undefined;

  private constructor(site: Site, proxy: ApiProxy, project: Project, registry?: TestRegistry) {
    this.site = site;
    this.proxy = proxy;
    this.project = project;
    this.#registry = registry;
  }

  static async start(options: { readonly registry: boolean }): Promise<KillLab> {
    const registry = options.registry ? await TestRegistry.start() : undefined;
    const site = await makeSite({ topic: "kill", files: { "index.ts": killProgram } });
    const proxy = await apiProxy(path.join(site.dir, "proxy.sock"), daemonSocket);
    const lab = new KillLab(site, proxy, await site.stack("dev"), registry);
    await lab.#furnish();
    return lab;
  }

  /** What the scenes find. */
  async #furnish(): Promise<void> {
    const { docker, dir, name } = this.site;
    const root = await busyboxRoot();
    const changes = ['CMD ["/bin/busybox", "sleep", "86400"]', "ENV PATH=/bin"];
    const importRoot = (bytes: Buffer, reference: string) =>
      docker.images.importRoot(Readable.from([bytes]), { reference, changes });
    await importRoot(root, `${name}-base:1`);
    for (const one of ["a", "b"]) {
      await docker.networks.create({ Name: `${name}-${one}`, Internal: true });
    }
    await docker.volumes.create({ Name: `${name}-data` });
    const id = await docker.containers.create(`${name}-user`, {
      Image: `${name}-base:1`,
      StopTimeout: 1,
      HostConfig: { Binds: [`${name}-data:/data`], NetworkMode: "none", Init: true },
    });
    await docker.containers.start(id);
    await backupVolume(docker, `${name}-data`, path.join(dir, "data.tar"), { consistency: "none" });
    const small = await packFiles([{ path: "content", content: name }]);
    await writeFile(path.join(dir, "root.tar"), small);
    await importRoot(small, `${name}-saved:1`);
    const saved = await docker.images.save([`${name}-saved:1`]);
    await pipeline(saved, createWriteStream(path.join(dir, "saved.tar")));
    await docker.images.remove(`${name}-saved:1`);
    await this.site.write("context/Dockerfile", "FROM scratch\nCOPY page /page\n");
    await this.site.write("context/page", name);
    if (!this.#registry) return;
    const up = `${this.#registry.host}/up:1`;
    await importRoot(await packFiles([{ path: "up", content: name }]), up);
    const auth = { username: registryUser, password: registryPassword };
    await docker.images.push(up, { auth });
    await docker.images.remove(up);
  }

  environment(scene: Scene, stage: number) {
    return {
      DWTEST_SOCKET: this.proxy.socketPath,
      DWTEST_SCENE: scene,
      DWTEST_STAGE: String(stage),
      DWTEST_NAME: this.site.name,
      DWTEST_REGISTRY: this.#registry?.host ?? "127.0.0.1:1",
    };
  }

  /** To a stage, undisturbed. */
  async reach(scene: Scene, stage: number, args: readonly string[] = []): Promise<void> {
    letPass([this.proxy]);
    succeeded(await this.project.up({ env: this.environment(scene, stage), args }));
  }

  /** One kill, and that the next update makes all as it should be. */
  async survive(row: KillRow, when: When): Promise<void> {
    const { scene } = row;
    const [before, after] = stages[row.step];
    if (before > 0) await this.reach(scene, before);
    const { project, proxy } = this;
    const env = this.environment(scene, after);
    await endAt({ project, env, proxies: [proxy], row, when });
    await this.reach(scene, after);
    await this.#asDeclared(after);
    await this.reach(scene, after, ["--expect-no-changes"]);
    if (after > 0) await this.reach(scene, 0);
    await this.#asDeclared(0);
  }

  /** After a row that failed: nothing of it is left for the next one. */
  async reset({ scene }: KillRow): Promise<void> {
    letPass([this.proxy]);
    await killAll(this.site.dir);
    await this.project.recover();
    await this.project.up({ env: this.environment(scene, 0) });
  }

  /** Each declared object is there once, and nothing else of the project. */
  async #asDeclared(stage: number): Promise<void> {
    const { docker, name } = this.site;
    const { deployment } = await this.project.export();
    const resources = (deployment.resources ?? []).filter(({ type }) =>
      /^dockwright:index:(Container|Network|Volume|Image)$/.test(type),
    );
    const kind = (type: string) =>
      resources.filter((one) => one.type.endsWith(`:${type}`)).map(({ id }) => id ?? "");
    const owned = await this.site.owned();
    const ids = async (names: readonly string[]) =>
      Promise.all(names.map(async (one) => (await docker.containers.inspect(one))?.Id));
    assert.equal(await ids(owned.containers), kind("Container"), "containers");
    assert.equal(owned.volumes, kind("Volume"), "volumes");
    assert.is(owned.networks.length, kind("Network").length, "networks");
    assert.equal(owned.images, kind("Image"), "images");
    assert.is(resources.length > 0, stage > 0 && resources.length > 0);
    if (stage === 0) assert.equal(owned, nothing);
    if (stage === 0) await this.#nothingPulled();
    await this.#noHelpers();
    const user = await docker.containers.inspect(`${name}-user`);
    assert.is(user?.State.Status, "running", "the container that uses the volume");
  }

  /** What was pulled went, though it has no tag of ours by which to tell whose it is. */
  async #nothingPulled(): Promise<void> {
    if (!this.#registry) return;
    const repository = `${this.#registry.host}/up`;
    const images = await this.site.docker.images.list();
    const refs = images.flatMap(({ RepoTags, RepoDigests }) => [
      ...(RepoTags ?? []),
      ...(RepoDigests ?? []),
    ]);
    assert.equal(
      refs.filter((ref) => ref.startsWith(repository)),
      [],
      "what was pulled",
    );
  }

  /** Nothing of what an operation makes for itself only. */
  async #noHelpers(): Promise<void> {
    const { docker, name } = this.site;
    const all = await docker.containers.list({ all: true });
    const ours = all.filter(({ Labels, Mounts = [] }) => {
      const told = JSON.stringify(Labels).includes(name);
      return told || Mounts.some((mount) => String(mount.Name).includes(name));
    });
    const kept = new Set([`/${name}-user`, ...(await this.site.containers()).map(({ Id }) => Id)]);
    const left = ours.filter(({ Id, Names }) => !kept.has(Id) && !kept.has(Names[0] ?? ""));
    assert.equal(
      left.map(({ Names, Image }) => `${Names.join()} of ${Image}`),
      [],
      "helpers",
    );
    const images = (await docker.images.list()).flatMap(({ RepoTags }) => RepoTags ?? []);
    assert.equal(
      images.filter((tag) => this.#helperImages().includes(tag)),
      [],
      "images of helpers",
    );
  }

  #helperImages(): readonly string[] {
    const { dir, name } = this.site;
    const backup = backupContainerName(`${name}-data`, path.join(dir, "out.tar"));
    return [backup].map(helperImage);
  }

  async close(): Promise<void> {
    const { docker, dir, name } = this.site;
    await this.proxy.close();
    const ours = { all: true, filters: { name: [name] } };
    const users = { all: true, filters: { volume: [`${name}-data`] } };
    for (const query of [ours, users]) {
      for (const { Id } of await docker.containers.list(query)) {
        await docker.containers.remove(Id, { force: true, volumes: true });
      }
    }
    for (const one of ["a", "b"]) await docker.networks.remove(`${name}-${one}`);
    await docker.volumes.remove(`${name}-data`, { force: true });
    for (const one of ["base", "saved"]) {
      await docker.images.remove(`${name}-${one}:1`, { force: true });
    }
    await this.#registry?.stop();
    await this.site.close();
    await rm(dir, { recursive: true, force: true });
  }
}
