// Images that are made here, through the real plugin: builds, files, commits, and how many are kept.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import { refusal, textOf, urnOf } from "../plugin.ts";
import { ImageLab } from "./imagelab.ts";

const its = new ImageLab("imagework", { registry: false });
const { lab } = its;
const newUrn = () => urnOf("Image", lab.name());
const container = (image: string) =>
  lab.client.containers.create(lab.name(), { Image: image, Cmd: ["/none"] });

its.rule(
  "keep: the last contents stay, older go; those in use and foreign ones never",
  async () => {
    const urn = newUrn();
    const context = await its.buildFolder("keep", "0");
    const declared = { build: { context }, keep: 1 };
    const repository = `dwtest/dev/${urn.split("::").at(-1) ?? ""}`;
    let state = await its.plugin.make(urn, declared);
    const first = state;
    const used = await container(first.id);
    await its.images.tag(first.id, repository, "latest");
    const ids = [first.id];
    for (const text of ["1", "2", "3"]) {
      await its.buildFolder("keep", text);
      await its.nextRun();
      const { inputs } = await its.plugin.check(urn, declared, state.inputs);
      const { changes } = await its.plugin.diff(urn, state, inputs);
      assert.equal(changes, { contentHash: "update_replace" });
      const next = await its.plugin.create(urn, inputs);
      await its.plugin.delete(urn, state);
      state = next;
      ids.push(next.id);
    }
    const foreign = `${repository}:latest`;
    const kept = [first.id, ...ids.slice(2), foreign];
    assert.equal([...(await its.ownTags(urn))].sort(), kept.sort());
    assert.is((await its.images.inspect(first.id))?.Id, textOf(first.outputs.values, "imageId"));
    await lab.client.containers.remove(used, { force: true });
    await its.nextRun();
    await its.plugin.delete(urn, state);
    assert.equal(await its.ownTags(urn), [foreign]);
  },
);

its.rule(
  "keep 0: the former one goes; while a container uses it, it stays, and goes later",
  async () => {
    const urn = newUrn();
    const build = { context: await its.buildFolder("keep0", "0") };
    const first = await its.plugin.make(urn, { build });
    const used = await container(first.id);
    await its.buildFolder("keep0", "1");
    await its.nextRun();
    const second = await its.plugin.make(urn, { build });
    await its.plugin.delete(urn, first);
    assert.match(its.said, /kept the image/);
    assert.ok(await its.images.inspect(first.id));
    await lab.client.containers.remove(used, { force: true });
    await its.buildFolder("keep0", "2");
    await its.nextRun();
    const third = await its.plugin.make(urn, { build });
    await its.plugin.delete(urn, second);
    assert.equal(await its.ownTags(urn), [third.id]);
  },
);

its.rule(
  "build: a preview knows the new reference, and the same content builds nothing",
  async () => {
    const urn = newUrn();
    const build = { context: await its.buildFolder("same", "x") };
    const made = await its.plugin.make(urn, { build });
    await its.silent(urn, made, { build });
    assert.match(textOf(made.outputs.values, "contentHash"), /^[0-9a-f]{64}$/);
    const { inputs } = await its.plugin.check(urn, { build });
    const preview = await its.plugin.create(urn, inputs, { preview: true });
    assert.is(preview.outputs.values["ref"], made.id);
  },
);

its.rule("build: a Dockerfile that is not there is told before anything starts", async () => {
  const build = { context: await its.buildFolder("nofile", "x"), dockerfile: "docker/Dockerfile" };
  const error = await refusal(its.plugin.check(newUrn(), { build }));
  assert.match(error, /has no file "docker\/Dockerfile".*relative to the context/s);
});

its.rule("build: secrets are mounted, and in no layer, log, name or plain state", async () => {
  const urn = newUrn();
  await lab.makeImage();
  const context = await its.buildFolder("secret", "x");
  const step = "RUN --mount=type=secret,id=token cat /run/secrets/token | wc -c >/size";
  await writeFile(join(context, "Dockerfile"), `FROM ${lab.image}\n${step}\n`);
  const secret = "build-time-secret";
  const build = { context, secrets: { token: secret } };
  const made = await its.plugin.make(urn, { build });
  assert.ok([...made.outputs.secrets].some((place) => place.startsWith("build.secrets")));
  const history = JSON.stringify(await its.images.history(made.id));
  const hash = textOf(made.outputs.values, "contentHash");
  for (const text of [history, its.said, made.id, hash]) assert.not.match(text, secret);
  const other = { build: { context, secrets: { token: "another" } } };
  assert.equal(await its.changesOf(urn, made, other), {});
  const classic = await its.plugin.check(urn, { build: { ...build, builder: "classic" } });
  assert.is(classic.failures.map(({ property }) => property).join(), "build.secrets");
});

its.rule("build: the end of a failed step is in the error", async () => {
  await lab.makeImage();
  const context = await its.buildFolder("fails", "x");
  await writeFile(join(context, "Dockerfile"), `FROM ${lab.image}\nRUN echo the reason; exit 7\n`);
  const error = await refusal(its.plugin.make(newUrn(), { build: { context } }));
  assert.match(error, /RUN echo the reason; exit 7/);
  assert.match(error, /\n {2}the reason/);
});

its.rule("load: an image of a file, without the file's own name; once", async () => {
  const ref = `${lab.prefix}-file:1`;
  const id = await its.newImage(ref);
  const path = join(its.folder, "saved.tar");
  await writeFile(path, await its.images.save([ref]));
  await its.images.remove(ref);
  const urn = newUrn();
  const loaded = await its.plugin.make(urn, { load: { path } });
  assert.is(loaded.outputs.values["imageId"], id);
  assert.is(await its.images.inspect(ref), undefined);
  await its.silent(urn, loaded, { load: { path } });
  const error = await refusal(its.plugin.make(newUrn(), { load: { path, ref: "other:1" } }));
  assert.match(error, /holds no image other:1/);
});

its.rule(
  "load: one of several, packed or not; what the file's names lead to here stays",
  async () => {
    const [first, second] = [`${lab.prefix}-one:1`, `${lab.prefix}-two:1`];
    const ids = [await its.newImage(first), await its.newImage(second)];
    const path = join(its.folder, "both.tar.gz");
    await writeFile(path, gzipSync(await buffer(await its.images.save([first, second]))));
    await its.images.remove(second);
    const other = await its.newImage(first);
    assert.is.not(other, ids[0]);
    const error = await refusal(its.plugin.make(newUrn(), { load: { path } }));
    assert.match(error, `holds 2 images: `);
    const declared = { load: { path, ref: second } };
    const loaded = await its.plugin.make(newUrn(), declared);
    assert.is(loaded.outputs.values["imageId"], ids[1]);
    assert.is((await its.images.inspect(first))?.Id, other);
    assert.is(await its.images.inspect(second), undefined);
    await its.images.remove(first);
    const spoilt = join(its.folder, "spoilt.tar");
    await writeFile(spoilt, "no tar");
    const why = await refusal(its.plugin.make(newUrn(), { load: { path: spoilt } }));
    assert.match(why, "is no archive of images");
  },
);

its.rule("rootfs: a file becomes an image, again when its content changes", async () => {
  const path = join(its.folder, "root.tar");
  await writeFile(path, await packFiles([{ path: "a", content: "1" }]));
  const urn = newUrn();
  const declared = { rootfs: { path, changes: ['CMD ["/a"]'] } };
  const made = await its.plugin.make(urn, declared);
  assert.equal((await its.images.inspect(made.id))?.Config?.Cmd, ["/a"]);
  await its.silent(urn, made, declared);
  await writeFile(path, await packFiles([{ path: "a", content: "2" }]));
  assert.equal(await its.changesOf(urn, made, declared), { contentHash: "update_replace" });
  const gone = await refusal(its.plugin.check(newUrn(), { rootfs: { path: `${path}.none` } }));
  assert.match(gone, /cannot be read/);
});

its.rule("commit: a container as it is, once; a trigger commits again", async () => {
  await lab.makeImage();
  const from = await lab.run();
  await lab.client.exec.run(from, { cmd: ["/bin/busybox", "sh", "-c", "echo hi >/made"] });
  const urn = newUrn();
  const commit = { container: from, changes: ['CMD ["/bin/cat","/made"]', "ENV A=b"] };
  const made = await its.plugin.make(urn, { commit });
  const found = await its.images.inspect(made.id);
  assert.equal(found?.Config?.Cmd, ["/bin/cat", "/made"]);
  assert.ok(found?.Config?.Env?.includes("A=b"));
  await its.silent(urn, made, { commit });
  const changed = { commit: { ...commit, triggers: { v: "2" } } };
  assert.equal(await its.changesOf(urn, made, changed), {
    "commit.triggers": "add_replace",
    contentHash: "update_replace",
  });
});

its.test.run();
