// What the tests of images share: the real plugin, a real daemon, a private registry, and contents that
// nobody else has.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import {
  missingRegistry,
  registryPassword,
  registryUser,
  TestRegistry,
} from "../../../support/registry.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, type Given, Plugin, type Recorded } from "../plugin.ts";

export const auth = { username: registryUser, password: registryPassword };

/** One test file's: a plugin for each rule, and a registry where the file has need of one. */
export class ImageLab {
  readonly lab: Fixture;
  readonly test: ReturnType<typeof suite>;
  readonly #reason: string | undefined;
  #built: Awaited<ReturnType<typeof bundle>> | undefined;
  #registry: TestRegistry | undefined;
  #plugin: Plugin | undefined;
  #contents = 0;
  folder = "";

  constructor(topic: string, needs: { readonly registry: boolean }) {
    this.lab = new Fixture(`provider-${topic}`);
    this.test = suite(`provider/${topic}`);
    this.#reason = missing() ?? (needs.registry ? missingRegistry() : undefined);
    this.test.before(async () => {
      if (this.#reason) return;
      this.#built = await bundle();
      this.folder = await mkdtemp(join(tmpdir(), "dwtest-images-"));
      if (needs.registry) this.#registry = await TestRegistry.start();
    });
    this.test.after(() => this.#clean());
  }

  get images() {
    return this.lab.client.images;
  }

  get plugin(): Plugin {
    if (!this.#plugin) throw new Error("no plugin runs");
    return this.#plugin;
  }

  /** What Node runs as the plugin. */
  get bundle(): string {
    return this.#built?.path ?? "";
  }

  get registry(): TestRegistry {
    if (!this.#registry) throw new Error("there is no registry");
    return this.#registry;
  }

  async #clean(): Promise<void> {
    if (this.#reason) return;
    // Names of declared images carry the file's prefix.
    const own = [`dwtest/dev/${this.lab.prefix}`];
    if (this.#registry) own.push(`${this.#registry.host}/`);
    for (const { RepoTags, RepoDigests } of await this.images.list()) {
      const refs = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
      const mine = refs.filter((ref) => own.some((start) => ref.startsWith(start)));
      for (const ref of mine) await this.images.remove(ref, { force: true });
    }
    await this.#registry?.stop();
    await this.#built?.remove();
    await rm(this.folder, { recursive: true });
    await this.lab.clean();
  }

  /** A rule, within a run of the engine of its own. */
  rule(name: string, run: () => Promise<void>): void {
    if (this.#reason) {
      this.test.skip(`${name} (${this.#reason})`);
      return;
    }
    this.test(name, async () => {
      this.#plugin = await Plugin.start(this.#built?.path ?? "");
      try {
        await run();
      } finally {
        await this.plugin.stop();
      }
    });
  }

  async nextRun(): Promise<void> {
    await this.plugin.stop();
    this.#plugin = await Plugin.start(this.#built?.path ?? "");
  }

  /** Docker's configuration, and programs of `folder`, for the plugin of this rule. */
  async withConfig<T>(config: object, run: () => Promise<T>): Promise<T> {
    const dir = await mkdtemp(join(this.folder, "config-"));
    await writeFile(join(dir, "config.json"), JSON.stringify(config));
    const { DOCKER_CONFIG: before, PATH: path } = process.env;
    process.env["DOCKER_CONFIG"] = dir;
    process.env["PATH"] = `${this.folder}:${path ?? ""}`;
    try {
      await this.nextRun();
      return await run();
    } finally {
      if (before === undefined) delete process.env["DOCKER_CONFIG"];
      else process.env["DOCKER_CONFIG"] = before;
      process.env["PATH"] = path;
    }
  }

  /** An image of one small file, with a content of its own; gives its id. */
  async newImage(reference: string): Promise<string> {
    this.#contents += 1;
    const content = `${process.pid} ${this.#contents}`;
    const root = await packFiles([{ path: "content", content }]);
    return this.images.importRoot(Readable.from([root]), { reference, changes: ['CMD ["/none"]'] });
  }

  /** A new content under a tag of the registry, and nothing of it on the daemon. */
  async upstream(name: string) {
    const ref = `${this.registry.host}/${name}:1`;
    const id = await this.newImage(ref);
    const { digest = "" } = await this.images.push(ref, { auth });
    await this.images.remove(ref);
    assert.is(await this.images.inspect(id), undefined);
    return { ref, id, digest, pinned: `${this.registry.host}/${name}@${digest}` };
  }

  /** What the next `up` with this declaration would show. */
  async changesOf(urn: string, made: Recorded, declared: Given) {
    const { inputs, failures } = await this.plugin.check(urn, declared, made.inputs);
    assert.equal(failures, []);
    return (await this.plugin.diff(urn, made, inputs)).changes;
  }

  /** A second `up` shows nothing, nor does one after a refresh. */
  async silent(urn: string, made: Recorded, declared: Given): Promise<void> {
    assert.equal(await this.changesOf(urn, made, declared), {});
    const seen = await this.refreshed(urn, made);
    assert.equal(seen.outputs.values, made.outputs.values);
    assert.equal(await this.changesOf(urn, seen, declared), {});
  }

  async refreshed(urn: string, made: Recorded): Promise<Recorded> {
    const read = await this.plugin.read(urn, made.id, made);
    if (!read) throw new Error(`${made.id} is gone`);
    return read;
  }

  /** Check and update in place. */
  async update(urn: string, old: Recorded, declared: Given): Promise<Recorded> {
    const { inputs } = await this.plugin.check(urn, declared, old.inputs);
    return this.plugin.update(urn, old, inputs);
  }

  /** All that the plugin said. */
  get said(): string {
    return this.plugin.lines.map(({ text }) => text).join("\n") + this.plugin.stderr;
  }

  /** A build context with one page. */
  async buildFolder(name: string, text: string): Promise<string> {
    const dir = join(this.folder, name);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, "Dockerfile"), "FROM scratch\nCOPY page /page\n");
    await writeFile(join(dir, "page"), text);
    return dir;
  }

  /** What the daemon has in the repository of a declared image. */
  async ownTags(urn: string): Promise<readonly string[]> {
    const name = urn.split("::").at(-1) ?? "";
    const listed = await this.images.list({ reference: [`dwtest/dev/${name}`] });
    return listed.flatMap(({ RepoTags }) => RepoTags ?? []);
  }
}
