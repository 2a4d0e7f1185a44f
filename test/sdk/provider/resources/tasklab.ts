// What the tests of tasks share: the real plugin on a real daemon, and tasks that count their runs.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, type Given, Plugin, type Recorded, textOf, urnOf } from "../plugin.ts";

export interface Task {
  readonly urn: string;
  readonly declared: ValueMap;
  /** How often it has been run. */
  runs(): Promise<number>;
}

/** One test file's: a plugin for each rule. */
export class TaskLab {
  readonly lab: Fixture;
  readonly test: ReturnType<typeof suite>;
  folder = "";
  #built: Awaited<ReturnType<typeof bundle>> | undefined;
  #plugin: Plugin | undefined;
  /** A volume in which each run leaves a line, and a container that reads it. */
  volume = "";
  #reader = "";
  readonly #reason = missing();

  constructor(topic: string) {
    this.lab = new Fixture(`provider-${topic}`);
    this.test = suite(`provider/${topic}`);
    this.test.before(async () => {
      if (this.#reason) return;
      this.#built = await bundle();
      this.folder = await mkdtemp(join(tmpdir(), "dwtest-task-"));
      await this.lab.makeImage();
      this.volume = this.lab.name();
      const data = { Type: "volume", Source: this.volume, Target: "/data" } as const;
      this.#reader = await this.lab.run({ HostConfig: { Mounts: [data] } });
    });
    this.test.after(async () => {
      await this.#built?.remove();
      if (this.#reason) return;
      await rm(this.folder, { recursive: true });
      await this.lab.clean();
    });
  }

  get plugin(): Plugin {
    if (!this.#plugin) throw new Error("no plugin runs");
    return this.#plugin;
  }

  /** What Node runs as the plugin. */
  get bundle(): string {
    return this.#built?.path ?? "";
  }

  /** A rule, within a run of the engine of its own. */
  rule(name: string, run: () => Promise<void>): void {
    if (this.#reason) {
      this.test.skip(`${name} (${this.#reason})`);
      return;
    }
    this.test(name, async () => {
      this.#plugin = await Plugin.start(this.bundle);
      try {
        await run();
      } finally {
        await this.plugin.stop();
      }
    });
  }

  async nextRun(): Promise<void> {
    await this.plugin.stop();
    this.#plugin = await Plugin.start(this.bundle);
  }

  /** A task that leaves a line, and then does as it is told. */
  taskOf(line: string, more: ValueMap = {}): Task {
    const mark = this.lab.name();
    const declared = {
      image: this.lab.image,
      command: ["/bin/sh", "-c", `echo ${mark} >>/data/runs; ${line}`],
      mounts: [{ source: this.volume, target: "/data" }],
      init: true,
      stopGraceMs: 0,
      ...more,
    };
    const runs = async () => {
      const cmd = ["/bin/sh", "-c", `/bin/busybox grep -cx ${mark} /data/runs || true`];
      const { stdout } = await this.lab.client.exec.run(this.#reader, { cmd });
      return Number(stdout.trim() || "0");
    };
    return { urn: urnOf("Task", mark), declared, runs };
  }

  async changesOf(urn: string, made: Recorded, declared: Given) {
    const { inputs } = await this.plugin.check(urn, declared, made.inputs);
    return (await this.plugin.diff(urn, made, inputs)).changes;
  }

  async nameFor({ urn, declared }: Task): Promise<string> {
    return textOf((await this.plugin.check(urn, declared)).inputs.values, "name");
  }

  async stateOf(id: string) {
    return (await this.lab.client.containers.inspect(id))?.State;
  }
}
