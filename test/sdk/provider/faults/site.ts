// What the rows of the faults work with: the real plugin, the real daemon, and the steps of a run.
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import type { Fixture } from "../../docker/fixture.ts";
import { Plugin, type Recorded, urnOf } from "../plugin.ts";

export interface FaultRow {
  /** The number of its kind in list.ts. Absent: a fault of its own, which the rule's name tells. */
  readonly kind?: number;
  /** What is so here. */
  readonly rule: string;
  readonly run: (site: FaultSite) => Promise<void>;
}

/** A row's own objects; it has a name of its own, and shares plugin and daemon. */
export class FaultSite {
  readonly plugin: Plugin;
  readonly lab: Fixture;
  readonly #path: string;

  constructor(plugin: Plugin, lab: Fixture, path: string) {
    this.plugin = plugin;
    this.lab = lab;
    this.#path = path;
  }

  urn(kind = "Container"): string {
    return urnOf(kind, this.lab.name());
  }

  /** A plugin of its own: a later run, or another provider. */
  start(config: ValueMap = {}): Promise<Plugin> {
    return Plugin.start(this.#path, config);
  }

  /** A container that is ready at once, with more options. */
  container(more: object = {}): ValueMap {
    const base = { image: this.lab.image, ready: { runningMs: 1 }, stopGraceMs: 0, init: true };
    return { ...base, ...more };
  }

  /** What the next preview shows. */
  async places(urn: string, made: Recorded, program: ValueMap) {
    const { inputs, failures } = await this.plugin.check(urn, program, made.inputs);
    assert.equal(failures, []);
    return (await this.plugin.diff(urn, made, inputs)).changes;
  }

  /** The places that a check refuses. */
  async refused(program: ValueMap): Promise<readonly string[]> {
    const { failures } = await this.plugin.check(this.urn(), program);
    return failures.map(({ property }) => property);
  }

  async reread(urn: string, made: Recorded): Promise<Recorded> {
    const seen = await this.plugin.read(urn, made.id, made);
    assert.ok(seen, "it is there");
    return seen;
  }

  /** Deleted, as by a later run: the one that made it keeps it. */
  async removed(urn: string, made: Recorded): Promise<void> {
    const later = await this.start();
    await later.delete(urn, made);
    await later.stop();
  }

  /** Made; then neither a preview nor one after a refresh shows anything. */
  async silent(more: object): Promise<Recorded> {
    const urn = this.urn();
    const program = this.container(more);
    const made = await this.plugin.make(urn, program);
    assert.equal(await this.places(urn, made, program), {}, "the second preview");
    const seen = await this.reread(urn, made);
    assert.equal(await this.places(urn, seen, program), {}, "after a refresh");
    return made;
  }

  /** What a preview shows of a change, without anything being made. */
  async change(before: object, after: object) {
    const urn = this.urn();
    const olds = (await this.plugin.check(urn, this.container(before))).inputs;
    const { inputs } = await this.plugin.check(urn, this.container(after), olds);
    const outputs = { values: { running: true }, secrets: new Set<string>() };
    return this.plugin.diff(urn, { id: "x", inputs: olds, outputs }, inputs);
  }
}
