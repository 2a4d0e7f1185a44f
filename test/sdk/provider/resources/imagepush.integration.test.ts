// Images into a registry, through the real plugin.
import * as assert from "uvu/assert";
import { registryPassword } from "../../../support/registry.ts";
import { refusal, textOf, urnOf } from "../plugin.ts";
import { auth, ImageLab } from "./imagelab.ts";

const its = new ImageLab("imagepush", { registry: true });
const { lab } = its;

its.rule(
  "pushed by digest, silent, pushed again where the tag moved, kept at the end",
  async () => {
    const urn = urnOf("ImagePush", lab.name());
    const source = `${lab.prefix}-push:1`;
    const first = await its.newImage(source);
    const to = `${its.registry.host}/pushed:1`;
    const declared = { image: source, to, auth };
    const made = await its.plugin.make(urn, declared);
    const digest = textOf(made.outputs.values, "digest");
    assert.is(made.outputs.values["ref"], `${its.registry.host}/pushed@${digest}`);
    assert.is((await its.images.distribution(to, { auth }))?.digest, digest);
    assert.is(await its.images.inspect(to), undefined, "no name is left on the daemon");
    await its.silent(urn, made, declared);
    await its.newImage(to);
    await its.images.push(to, { auth });
    const seen = await its.refreshed(urn, made);
    assert.equal(await its.changesOf(urn, seen, declared), { liveDigest: "update" });
    const again = await its.update(urn, seen, declared);
    assert.is((await its.images.distribution(to, { auth }))?.digest, digest);
    assert.is(again.outputs.values["imageId"], first);
    assert.ok(await its.images.inspect(to), "what was there under that name is there again");
    await its.nextRun();
    await its.plugin.delete(urn, again);
    assert.is((await its.images.distribution(to, { auth }))?.digest, digest);
    assert.not.match(its.said, registryPassword);
  },
);

its.rule("a target without a tag is refused; a push with no credentials is told", async () => {
  const urn = urnOf("ImagePush", lab.name());
  const open = { image: "a:1", to: "registry.example.com/shop" };
  const { failures } = await its.plugin.check(urn, open);
  assert.is(failures.map(({ property }) => property).join(), "to");
  const source = `${lab.prefix}-push:2`;
  await its.newImage(source);
  const to = `${its.registry.host}/no:1`;
  const error = await refusal(its.plugin.make(urn, { image: source, to }));
  assert.match(error, /cannot push the image/);
  assert.is(await its.images.inspect(to), undefined);
});

its.test.run();
