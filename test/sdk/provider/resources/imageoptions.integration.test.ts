// Every option of every way to an image: what a change of it shows in a preview, and what it does to the
// image. An option without a row fails: nobody would have seen it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import type { ImageInspect } from "../../../../sdk/docker/types.ts";
import { imageFields, sourceNames } from "../../../../sdk/provider/image/fields.ts";
import type { Value, ValueMap } from "../../../../sdk/provider/values.ts";
import { type Recorded, urnOf } from "../plugin.ts";
import { auth, ImageLab } from "./imagelab.ts";

const its = new ImageLab("imageoptions", { registry: true });
const { lab } = its;

interface Row {
  readonly value: Value;
  readonly other: Value;
  /**
   * The place that a preview names; empty: a change of it alone changes nothing.
   * @defaultValue the option
   */
  readonly place?: string;
  /** What of an image tells the value. @defaultValue nothing does */
  readonly told?: (image: ImageInspect) => Value | undefined;
}

const platform = ({ Os, Architecture }: ImageInspect) => `${Os}/${Architecture}`;
const label = (name: string) => (image: ImageInspect) => image.Config?.Labels?.[name];

/** Where an option is shown with more than a change and a look can tell. */
const elsewhere: Readonly<Record<string, string>> = {
  "build.context": "imagework.integration.test.ts: the content decides, by its hash",
  "build.secrets": "imagework.integration.test.ts",
  "build.cacheFrom": "imagecache.integration.test.ts",
  "build.inlineCache": "imagecache.integration.test.ts",
  "build.auths": "imagecache.integration.test.ts",
  "build.builder": "imagecache.integration.test.ts",
  "pull.ref": "image.integration.test.ts",
  "pull.auth": "image.integration.test.ts",
  "load.path": "imagework.integration.test.ts",
  "load.ref": "imagework.integration.test.ts",
  "rootfs.path": "imagework.integration.test.ts",
  "commit.container": "imagework.integration.test.ts",
  "commit.triggers": "imagework.integration.test.ts",
  "copy.image": "../../docker/image-copy.integration.test.ts",
  "copy.from": "../../docker/image-copy.integration.test.ts",
};

const rows: Readonly<Record<string, Row>> = {
  "build.dockerfile": { value: "Dockerfile", other: "other.Dockerfile", told: label("file") },
  "build.args": {
    value: { WORD: "a" },
    other: { WORD: "b" },
    place: "build.args.WORD",
    told: (image) => ({ WORD: label("word")(image) ?? "" }),
  },
  "build.target": { value: "first", other: "second", told: label("stage") },
  "build.platform": { value: "linux/amd64", other: "linux/arm64", told: platform },
  "build.labels": {
    value: { mine: "a" },
    other: { mine: "b" },
    place: "build.labels.mine",
    told: (image) => ({ mine: label("mine")(image) ?? "" }),
  },
  "build.noCache": { value: false, other: true, place: "" },
  "build.refreshBase": { value: false, other: true, place: "" },
  "build.networkMode": { value: "none", other: "host" },
  "pull.platform": { value: "linux/amd64", other: "linux/arm64" },
  "rootfs.changes": {
    value: ["LABEL one=a"],
    other: ["LABEL one=b"],
    place: "rootfs.changes[0]",
    told: (image) => [`LABEL one=${label("one")(image) ?? ""}`],
  },
  "rootfs.platform": { value: "linux/amd64", other: "linux/arm64" },
  "commit.changes": {
    value: ["LABEL two=a"],
    other: ["LABEL two=b"],
    place: "commit.changes[0]",
    told: (image) => [`LABEL two=${label("two")(image) ?? ""}`],
  },
  "commit.author": { value: "one", other: "two", told: ({ Author }) => Author },
  "commit.comment": { value: "one", other: "two", told: ({ Comment }) => Comment },
  "commit.pause": { value: true, other: false },
};

/** What each source needs beside the option. */
const bases: Readonly<Record<string, () => Promise<ValueMap>>> = {
  build: async () => {
    const context = join(its.folder, lab.name());
    await mkdir(context);
    await writeFile(join(context, "page"), context);
    for (const file of ["Dockerfile", "other.Dockerfile"]) {
      const lines = [
        "FROM scratch AS first",
        "ARG WORD",
        `LABEL stage=first file=${file} word=$WORD`,
        "COPY page /page",
        "FROM first AS second",
        "LABEL stage=second",
      ];
      await writeFile(join(context, file), `${lines.join("\n")}\n`);
    }
    return { context };
  },
  pull: async () => ({ ref: (await its.upstream("options")).ref, auth }),
  rootfs: async () => {
    const path = join(its.folder, lab.name());
    await writeFile(path, await packFiles([{ path: "content", content: path }]));
    return { path };
  },
  commit: async () => {
    const image = `${lab.prefix}-commit:1`;
    await its.newImage(image);
    return { container: await lab.client.containers.create(lab.name(), { Image: image }) };
  },
};

its.test("every option has its row, or is shown elsewhere", () => {
  const all = sourceNames
    .filter((source) => source !== "debian")
    .flatMap((source) => {
      const { shape } = imageFields[source];
      return Object.keys(shape.kind === "object" ? shape.fields : {}).map((n) => `${source}.${n}`);
    });
  assert.equal([...Object.keys(rows), ...Object.keys(elsewhere)].sort(), all.sort());
});

for (const [option, { value, other, place = option, told }] of Object.entries(rows)) {
  its.rule(`${option}: made, silent, changed`, async () => {
    const [source = "", name = ""] = option.split(".");
    const base = (await bases[source]?.()) ?? {};
    const declared = (one: Value): ValueMap => ({ [source]: { ...base, [name]: one } });
    const urn = urnOf("Image", lab.name());
    const made = await its.plugin.make(urn, declared(value));
    await its.silent(urn, made, declared(value));
    const hash = source === "pull" ? {} : { contentHash: "update_replace" };
    const changes = place === "" ? {} : { [place]: "update_replace", ...hash };
    assert.equal(await its.changesOf(urn, made, declared(other)), changes);
    if (!told) return;
    const tell = async ({ id }: Recorded) => {
      const image = await its.images.inspect(id);
      return image && told(image);
    };
    assert.equal(await tell(made), value);
    await its.nextRun();
    assert.equal(await tell(await its.plugin.make(urn, declared(other))), other);
  });
}

its.rule(
  "rootfs.platform: another than the daemon's is made, or refused by an old one",
  async () => {
    const base = await bases["rootfs"]?.();
    const urn = urnOf("Image", lab.name());
    const making = its.plugin.make(urn, { rootfs: { ...base, platform: "linux/arm64" } });
    const outcome = await making.catch(({ message }: Error) => message);
    if (typeof outcome === "string") {
      assert.match(outcome, "imports for linux/amd64 alone, not for linux/arm64");
      assert.equal(await its.ownTags(urn), []);
    } else {
      const image = await its.images.inspect(outcome.id);
      assert.is(image && platform(image), "linux/arm64");
    }
  },
);

its.test.run();
