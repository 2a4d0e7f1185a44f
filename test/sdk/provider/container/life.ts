// The life of each option of the table on one daemon, through the real plugin's own protocol: made; a
// second look is silent; adopted by an import; changed; taken away; changed behind its back. All rows
// side by side, a few at a time.
import { readdirSync } from "node:fs";
import * as assert from "uvu/assert";
import type { DockerClient } from "../../../../sdk/docker/client.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import type { Fixture } from "../../docker/fixture.ts";
import { type Plugin, type Recorded, urnOf } from "../plugin.ts";
import type { Places, Row } from "./table/row.ts";

export interface Site {
  readonly plugin: Plugin;
  /** Of the engine's next run: one deletes nothing that it has found to be as declared. */
  readonly later: Plugin;
  readonly docker: DockerClient;
  /** The API that is spoken with the daemon. */
  readonly api: string;
  readonly lab: Pick<Fixture, "image" | "prefix">;
}

/** The objects that rows name with a $, made once. */
export async function furnish({ docker, lab }: Omit<Site, "plugin" | "later">): Promise<void> {
  const name = (text: string) => nameIn(lab.prefix, text);
  for (const number of [1, 2, 3]) {
    const Config = [{ Subnet: `10.213.${number}.0/24` }];
    await docker.networks.create({ Name: name(`$net${number}`), IPAM: { Config } });
  }
  await docker.volumes.create({ Name: name("$vol1") });
  const body = {
    Image: lab.image,
    HostConfig: { Init: true, Binds: [`${name("$vol1")}:/shared`] },
  };
  const id = await docker.containers.create(name("$holder"), body);
  await docker.containers.start(id);
}

/** A block device of this machine. */
export const disk =
  readdirSync("/dev").find((name) => /^(vda|sda|xvda|nvme0n1)$/.test(name)) ?? "loop0";

function nameIn(prefix: string, text: string): string {
  return text.replaceAll("$disk", disk).replace(/\$([a-z]+\d?)/g, `${prefix}-$1`);
}

function filled(site: Site, value: Value): Value {
  const text = JSON.stringify(value).replaceAll("$image", site.lab.image);
  return JSON.parse(nameIn(site.lab.prefix, text)) as Value;
}

/** One option on its way. */
class Life {
  readonly site: Site;
  readonly option: string;
  readonly row: Row;
  readonly urn: string;
  record: Recorded | undefined;

  constructor(site: Site, option: string, row: Row) {
    this.site = site;
    this.option = option;
    this.row = row;
    this.urn = urnOf("Container", `${site.lab.prefix}-${option}`);
  }

  /** The program with that value of the option, or without it. */
  program(value?: Value): ValueMap {
    const { lab } = this.site;
    const base = { image: lab.image, ready: { runningMs: 1 }, stopGraceMs: 0, init: true };
    const { [this.option]: _, ...rest } = base as { [name: string]: Value };
    const more = filled(this.site, this.row.with ?? {}) as ValueMap;
    const own = value === undefined ? {} : { [this.option]: filled(this.site, value) };
    return { ...rest, ...more, ...own } as ValueMap;
  }

  recorded(): Recorded {
    if (!this.record) throw new Error("nothing was made");
    return this.record;
  }

  /** What the next preview shows. */
  async places(program: ValueMap, of = this.recorded()): Promise<Places> {
    const { plugin } = this.site;
    const { inputs, failures } = await plugin.check(this.urn, program, of.inputs);
    assert.equal(failures, [], "the program passes its checks");
    return (await plugin.diff(this.urn, of, inputs)).changes;
  }

  async refresh(): Promise<void> {
    const old = this.recorded();
    const seen = await this.site.plugin.read(this.urn, old.id, old);
    assert.ok(seen, "it is there");
    this.record = seen;
  }

  /** An update in place; then a refresh and a preview find nothing. */
  async update(program: ValueMap, what: string): Promise<void> {
    const { plugin } = this.site;
    const old = this.recorded();
    const { inputs } = await plugin.check(this.urn, program, old.inputs);
    this.record = await plugin.update(this.urn, old, inputs);
    await this.refresh();
    assert.equal(await this.places(program), {}, `nothing is to be done after ${what}`);
  }

  async make(): Promise<void> {
    const program = this.program(this.row.value);
    this.record = await this.site.plugin.make(this.urn, program);
    assert.equal(await this.places(program), {}, "a second preview is silent");
    await this.refresh();
    assert.equal(await this.places(program), {}, "a refresh finds nothing");
  }

  async adopt(): Promise<void> {
    const { plugin } = this.site;
    const seen = await plugin.read(this.urn, this.recorded().id);
    assert.ok(seen);
    // What only the update uses stands nowhere in the real container: it is added in place.
    const own: Places = { ready: "add", ...this.row.adopted };
    const program = this.program(this.row.value);
    assert.equal(await this.places(program, seen), own, "an import");
  }

  async change(): Promise<void> {
    const { changed } = this.row;
    if (!changed) return;
    const program = this.program(changed.value);
    const places = filled(this.site, changed.places) as Places;
    assert.equal(await this.places(program), places, "another value");
    if (!isReplaced(changed.places)) await this.update(program, "the change");
  }

  async hand(): Promise<void> {
    const { behind, changed, value } = this.row;
    if (!behind) return;
    const inPlace = changed && !isReplaced(changed.places);
    const program = this.program(inPlace ? changed.value : value);
    const { docker, lab } = this.site;
    await behind.act(docker, this.recorded().id, (text) => nameIn(lab.prefix, text));
    await this.refresh();
    assert.equal(await this.places(program), behind.places, "changed behind its back");
    if (!isReplaced(behind.places)) await this.update(program, "the repair");
  }

  async remove(): Promise<void> {
    const places = this.row.removed ?? { [this.option]: "delete_replace" };
    const program = this.program();
    if (this.option === "image") return;
    assert.equal(await this.places(program), places, "taken away");
    if (Object.keys(places).length > 0 && !isReplaced(places)) await this.update(program, "that");
  }

  async run(): Promise<void> {
    const { row, site, option } = this;
    const { failures } = await site.plugin.check(this.urn, this.program(row.value));
    if (row.api !== undefined && isOlder(site.api, row.api)) {
      assert.is(failures.length, 1);
      assert.is(failures[0]?.property, option);
      assert.match(failures[0]?.reason ?? "", `needs API ${row.api}`);
      assert.match(failures[0]?.reason ?? "", `API ${site.api} is spoken`);
      return;
    }
    const said = await outcome(this.make());
    if (said !== undefined) {
      if (!row.refused?.test(said)) throw new Error(said);
      return;
    }
    await this.adopt();
    await this.change();
    await this.hand();
    await this.remove();
    const record = this.recorded();
    await site.later.delete(this.urn, record);
    assert.is(await site.docker.containers.inspect(record.id), undefined, "deleted");
  }
}

/** What work failed with. */
async function outcome(work: Promise<void>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

function isReplaced(places: Places): boolean {
  return Object.values(places).some((kind) => kind.endsWith("_replace"));
}

function isOlder(api: string, than: string): boolean {
  return Number(api.split(".")[1]) < Number(than.split(".")[1]);
}

/** The outcome of each option's life, as promises: a few run at a time. */
export function runLives(
  site: () => Site,
  table: { readonly [option: string]: Row },
  ready: Promise<unknown>,
): ReadonlyMap<string, Promise<void>> {
  const waiting: (() => void)[] = [];
  let free = 6;
  const slot = async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const done = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  const lives = Object.entries(table).map(([option, row]) => {
    const life = ready.then(slot).then(() => new Life(site(), option, row).run().finally(done));
    // Whoever asks for it hears of its failure; until then it is not unhandled.
    life.catch(() => undefined);
    return [option, life] as const;
  });
  return new Map(lives);
}
