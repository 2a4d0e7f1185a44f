// Releases through the real plugin on a real daemon: which images are kept, by which tags, and when
// they go.
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing, socketPath } from "../../docker/fixture.ts";
import { bundle, Plugin, type Recorded, textOf, urnOf } from "../plugin.ts";

const test = suite("provider/releases");
const lab = new Fixture("provider-release");
const { images } = lab.client;
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;
let count = 0;

test.before(async () => {
  if (reason) return;
  built = await bundle();
  plugin = await Plugin.start(built.path);
});
test.after(async () => {
  if (reason) return;
  await plugin.stop();
  await built?.remove();
  for (const { RepoTags } of await images.list()) {
    const mine = (RepoTags ?? []).filter((ref) => ref.includes(lab.prefix));
    for (const ref of mine) await images.remove(ref, { force: true });
  }
  await lab.clean();
});

const rule = (name: string, run: () => Promise<void>) => {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
};

/** Takes it away in a run of its own: what a run has made, it does not delete. */
async function gone(urn: string, state: Recorded): Promise<void> {
  await plugin.stop();
  plugin = await Plugin.start(built?.path ?? "");
  await plugin.delete(urn, state);
}

/** An image that nobody else has. `made`: as if a resource of ours had made it. */
async function newImage(service: string, made = true): Promise<{ ref: string; imageId: string }> {
  count += 1;
  const tar = packFiles([{ path: "file", content: `${process.pid} ${count}` }]);
  const tag = made ? String(count).padStart(16, "0") : `v${count}`;
  const ref = `${service}:${tag}`;
  const imageId = await images.importRoot(Readable.from([tar]), { reference: ref });
  return { ref, imageId };
}

const inputsOf = (service: string, { ref }: { ref: string }, text = ref) => ({
  service,
  spec: JSON.stringify({ args: { text, TOKEN: "hush-hush" }, secrets: [["TOKEN"]], pool: false }),
  containers: [],
  images: [{ ref }],
  keep: 2,
});

const tagsOf = async (imageId: string) => (await images.inspect(imageId))?.RepoTags ?? undefined;
const pinOf = (service: string, number: string) =>
  `dockwright-release/dwtest/dev/${service}:${number}`;

rule("an image is kept while its release is, and goes with it", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const made = [await newImage(service), await newImage(service), await newImage(service)];
  let state: Recorded | undefined;
  for (const image of made) {
    const { inputs } = await plugin.check(urn, inputsOf(service, image));
    state = state ? await plugin.update(urn, state, inputs) : await plugin.create(urn, inputs);
    await images.remove(image.ref);
  }
  assert.ok(state);
  assert.equal(
    await Promise.all(made.map(({ imageId }) => tagsOf(imageId))),
    [undefined, [pinOf(service, "2")], [pinOf(service, "3")]],
    "the first left the history of two",
  );
  const { values, secrets } = state.outputs;
  assert.is(values["number"], 3);
  assert.ok(secrets.has("spec") && secrets.has("releases[0].spec"), [...secrets].join());
  const { spec: _, releases, ...told } = values;
  assert.not.match(JSON.stringify(told), "hush-hush");
  assert.is((releases as readonly unknown[]).length, 2);
  await gone(urn, state);
  assert.equal(await Promise.all(made.map(({ imageId }) => tagsOf(imageId))), [
    undefined,
    undefined,
    undefined,
  ]);
});

rule("an image that was there before us stays when its tag goes", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const { ref, imageId } = await newImage(service, false);
  const state = await plugin.make(urn, inputsOf(service, { ref }));
  assert.equal(await tagsOf(imageId), [pinOf(service, "1-found"), ref].sort());
  await gone(urn, state);
  assert.equal(await tagsOf(imageId), [ref]);
});

rule("a tag that was taken away is told by a refresh, and given again", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const image = await newImage(service);
  const state = await plugin.make(urn, inputsOf(service, image));
  await images.remove(pinOf(service, "1"));
  const seen = await plugin.read(urn, state.id, state);
  assert.ok(seen);
  assert.equal(seen.outputs.values["missing"], [`release 1: ${pinOf(service, "1")}`]);
  assert.equal(await plugin.diff(urn, seen, seen.inputs), {
    changes: { missing: "update" },
    deleteBeforeReplace: false,
  });
  const again = await plugin.update(urn, seen, seen.inputs);
  assert.equal([again.outputs.values["number"], again.outputs.values["missing"]], [1, []]);
  assert.ok((await tagsOf(image.imageId))?.includes(pinOf(service, "1")));
  await gone(urn, again);
});

rule("a preview knows the number, and touches nothing", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const image = await newImage(service);
  const state = await plugin.make(urn, inputsOf(service, image));
  const next = inputsOf(service, image, "another");
  const preview = await plugin.update(urn, state, next, true);
  assert.is(preview.outputs.values["number"], 2);
  assert.is(await images.inspect(pinOf(service, "2")), undefined);
  assert.match(plugin.lines.map(({ text }) => text).join("\n"), `release 2 of ${service}`);
  await gone(urn, state);
});

rule("one that a container still runs loses its tag, and the next prune finds it", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const imageId = await lab.makeImage();
  const id = await lab.run({ Image: imageId });
  const state = await plugin.make(urn, inputsOf(service, { ref: lab.image }));
  await images.remove(lab.image);
  await gone(urn, state);
  assert.equal(await tagsOf(imageId), []);
  await lab.client.containers.remove(id, { force: true });
  await images.remove(imageId);
});

rule("one that a stopped container of others needs is kept, and it is said", async () => {
  const service = lab.name();
  const urn = urnOf("Release", `${service}-release`);
  const { ref, imageId } = await newImage(service);
  const state = await plugin.make(urn, inputsOf(service, { ref }));
  const id = await lab.client.containers.create(lab.name(), { Image: ref, Cmd: ["/x"] });
  await images.remove(ref);
  await gone(urn, state);
  assert.equal(await tagsOf(imageId), [pinOf(service, "1")]);
  const said = plugin.lines.map(({ text }) => text).join("\n");
  assert.match(said, `kept the image ${pinOf(service, "1")}: a container still uses it`);
  await lab.client.containers.remove(id);
  await images.remove(pinOf(service, "1"));
});

/** An earlier run's record, as if that host were out of reach by now. */
function cutOff({ id, outputs: { values, secrets } }: Recorded, host: string): Recorded {
  const away = { host: "unix:///nowhere/docker.sock" };
  const connections = { ...(values["connections"] as ValueMap), [host]: away };
  const [service, spec] = [textOf(values, "service"), textOf(values, "spec")];
  const inputs: ValueMap = { service, spec, images: [], containers: [], connections };
  return { id, inputs, outputs: { values: { ...values, connections }, secrets } };
}

const hosts = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { host: `unix://${socketPath}` }]));

rule(
  "over a pool: on every host; one that left is let go of, one that is lost not asked",
  async () => {
    const service = lab.name();
    const urn = urnOf("Release", `${service}-release`);
    const { ref, imageId } = await newImage(service);
    const of = (names: readonly string[], lost: readonly string[] = []) => ({
      ...inputsOf(service, { ref }),
      images: names.map((host) => ({ host, ref })),
      connections: hosts(names),
      lost,
    });
    const both = await plugin.make(urn, of(["web1", "web2"]));
    const placesOf = ({ outputs }: Recorded) =>
      ((outputs.values["current"] as ValueMap)["images"] as readonly ValueMap[]).map(
        ({ host }) => host,
      );
    assert.equal(placesOf(both), ["web1", "web2"]);
    const before = plugin.lines.length;
    const lost = await plugin.update(urn, cutOff(both, "web2"), of(["web1"], ["web2"]));
    assert.equal([placesOf(lost), plugin.lines.length], [["web1"], before]);
    const left = await plugin.update(urn, cutOff(both, "web2"), of(["web1"]));
    assert.equal(placesOf(left), ["web1"]);
    assert.match(plugin.lines.at(-1)?.text ?? "", /:1 on web2 was left, which is out of reach/);
    await images.remove(pinOf(service, "1"));
    await images.remove(ref);
    assert.is(await images.inspect(imageId), undefined);
  },
);

rule("releases are not imported", async () => {
  const urn = urnOf("Release", `${lab.name()}-release`);
  try {
    await plugin.read(urn, "shop");
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), "cannot be imported");
  }
});

test.run();
