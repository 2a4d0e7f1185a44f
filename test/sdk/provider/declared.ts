// One resource of a kind that lives in the state alone, driven as the engine drives it: each preview
// and update is a run of its own, on a clock that the test sets.
import * as assert from "uvu/assert";
import { Instance } from "../../../sdk/provider/instance.ts";
import type { AnyRecorded } from "../../../sdk/provider/resource.ts";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import type { Properties } from "../../../sdk/provider/wire.ts";
import { textOf, urnOf } from "./plugin.ts";

const dayMs = 24 * 60 * 60 * 1000;
let daysLater = 0;

/** Sets the clock of all instances that are made from now on, in days from now. */
export function setDaysLater(days: number): void {
  daysLater = days;
}

export function newInstance(): Instance {
  const start = Date.now();
  const aheadMs = daysLater * dayMs;
  return new Instance(() => new Date(start + aheadMs));
}

export class Declared {
  readonly call: { readonly urn: string; readonly type: string };
  id = "";
  state: AnyRecorded | undefined;
  outputs: ValueMap = {};
  secrets: ReadonlySet<string> = new Set();

  constructor(kind: string, name: string) {
    this.call = { urn: urnOf(kind, name), type: `dockwright:index:${kind}` };
  }

  private async checked(run: Instance, values: ValueMap): Promise<Properties> {
    const { inputs, failures } = await run.check(
      this.call,
      { values: {}, secrets: new Set() },
      { values, secrets: new Set() },
    );
    assert.equal(failures, []);
    return inputs;
  }

  /** What a preview shows: the places that change, and the outputs. */
  async preview(values: ValueMap): Promise<{ places: readonly string[]; outputs: ValueMap }> {
    const run = newInstance();
    const inputs = await this.checked(run, values);
    if (!this.state) {
      return { places: ["(create)"], outputs: (await run.previewCreate(this.call, inputs)).values };
    }
    const { changes } = await run.diff(this.call, this.id, this.state, inputs);
    assert.ok(changes.every((change) => !change.replace));
    const places = changes.map(({ property }) => property);
    if (changes.length === 0) return { places, outputs: this.outputs };
    return { places, outputs: (await run.previewUpdate(this.call, this.state, inputs)).values };
  }

  /** An update; gives the places that changed. */
  async up(values: ValueMap): Promise<readonly string[]> {
    const { places } = await this.preview(values);
    if (places.length === 0) return places;
    const run = newInstance();
    const inputs = await this.checked(run, values);
    let made: Properties;
    if (!this.state) {
      const created = await run.create(this.call, inputs);
      this.id = created.id;
      made = created.properties;
    } else made = await run.update(this.call, this.id, this.state, inputs);
    this.state = { inputs: inputs.values, outputs: made.values };
    this.outputs = made.values;
    this.secrets = made.secrets;
    return places;
  }

  text(name: string): string {
    return textOf(this.outputs, name);
  }
}
