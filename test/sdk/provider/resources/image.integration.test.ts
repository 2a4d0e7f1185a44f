// Images from a registry, through the real plugin: credentials from each place, tags that move, and
// references that must not be mixed up.
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../../sdk/docker/archive.ts";
import { apiProxy } from "../../../support/apiproxy.ts";
import { registryPassword, registryUser } from "../../../support/registry.ts";
import { socketPath } from "../../docker/fixture.ts";
import { Plugin, type Recorded, refusal, textOf, until, urnOf } from "../plugin.ts";
import { auth, ImageLab } from "./imagelab.ts";

const its = new ImageLab("image", { registry: true });
const { lab } = its;
const newUrn = () => urnOf("Image", lab.name());

its.rule("credentials as arguments are used, kept as secrets, and said nowhere", async () => {
  const { ref, id, digest, pinned } = await its.upstream("args");
  const urn = newUrn();
  const declared = { pull: { ref, auth } };
  const made = await its.plugin.make(urn, declared);
  const { values, secrets } = made.outputs;
  assert.equal([values["imageId"], values["digest"], values["ref"]], [id, digest, pinned]);
  assert.ok(secrets.has("pull.auth.password"), [...secrets].join());
  const { pull: _, ...rest } = values;
  assert.not.match(JSON.stringify(rest), registryPassword);
  await its.silent(urn, made, declared);
  const other = { pull: { ref, auth: { username: "you", password: "another-secret" } } };
  assert.equal(await its.changesOf(urn, made, other), {}, "a new password replaces nothing");
  assert.not.match(its.said, registryPassword);
  await its.nextRun();
  await its.plugin.delete(urn, made);
  assert.is(await its.images.inspect(id), undefined);
});

its.rule("a wrong password is told, and not what it was", async () => {
  const { ref } = await its.upstream("wrong");
  const wrong = { username: registryUser, password: "wrong-but-secret" };
  const error = await refusal(its.plugin.make(newUrn(), { pull: { ref, auth: wrong } }));
  assert.match(error, /cannot pull the image .*wrong.*(unauthorized|authentication)/s);
  assert.not.match(error + its.said, /wrong-but-secret/);
});

its.rule("Docker's own configuration is used without being asked for", async () => {
  const { ref, id } = await its.upstream("config");
  const plain = Buffer.from(`${registryUser}:${registryPassword}`).toString("base64");
  await its.withConfig({ auths: { [its.registry.host]: { auth: plain } } }, async () => {
    const made = await its.plugin.make(newUrn(), { pull: { ref } });
    assert.is(made.outputs.values["imageId"], id);
    const all = JSON.stringify(made.outputs.values) + its.said;
    assert.not.match(all, registryPassword);
    assert.not.match(all, plain);
  });
});

its.rule(
  "a credential helper is asked at each use: no token is stale, a refresh needs none",
  async () => {
    const { ref, id } = await its.upstream("helper");
    const token = join(its.folder, "token");
    const helper = join(its.folder, "docker-credential-dwtest");
    const answer = `'{"Username":"${registryUser}","Secret":"%s"}' "$(cat ${token})"`;
    await writeFile(helper, `#!/bin/sh\nread server\nprintf ${answer}\n`);
    await chmod(helper, 0o755);
    await writeFile(token, "ran-out-secret");
    await its.withConfig({ credHelpers: { [its.registry.host]: "dwtest" } }, async () => {
      const urn = newUrn();
      const error = await refusal(its.plugin.make(urn, { pull: { ref } }));
      assert.not.match(error, /ran-out-secret/);
      await writeFile(token, registryPassword);
      const made = await its.plugin.make(urn, { pull: { ref } });
      assert.is(made.outputs.values["imageId"], id);
      await writeFile(token, "ran-out-secret");
      await its.refreshed(urn, made);
      assert.not.match(its.said, registryPassword);
    });
  },
);

its.rule("a helper that is not there is named with what to do", async () => {
  const { ref } = await its.upstream("nohelper");
  await its.withConfig({ credHelpers: { [its.registry.host]: "dwtest-none" } }, async () => {
    const error = await refusal(its.plugin.make(newUrn(), { pull: { ref } }));
    assert.match(error, /docker-credential-dwtest-none.*not there/);
  });
});

its.rule("a tag that moved is a new digest in the preview, and replaces", async () => {
  const first = await its.upstream("moved");
  const urn = newUrn();
  const declared = { pull: { ref: first.ref, auth }, tags: [`${lab.prefix}:t`] };
  const made = await its.plugin.make(urn, declared);
  const second = await its.upstream("moved");
  assert.is.not(second.digest, first.digest);
  await its.nextRun();
  const { inputs } = await its.plugin.check(urn, declared, made.inputs);
  assert.is(inputs.values["digest"], second.digest);
  const { changes, deleteBeforeReplace } = await its.plugin.diff(urn, made, inputs);
  assert.equal(changes, { digest: "update_replace" });
  assert.is(deleteBeforeReplace, false);
  const preview = await its.plugin.create(urn, inputs, { preview: true });
  assert.is(textOf(preview.outputs.values, "ref"), second.pinned);
  const next = await its.plugin.create(urn, inputs);
  assert.is(next.outputs.values["imageId"], second.id);
  await its.silent(urn, next, declared);
  assert.ok(await its.images.inspect(first.id), "there until the engine deletes it");
  await its.plugin.delete(urn, made);
  assert.is(await its.images.inspect(first.id), undefined);
  assert.is((await its.images.inspect(`${lab.prefix}:t`))?.Id, second.id);
  await its.nextRun();
  await its.plugin.delete(urn, next);
  assert.is(await its.images.inspect(second.id), undefined);
});

its.rule(
  "keep: of what was pulled the last contents stay, older go, a delete takes all",
  async () => {
    const urn = newUrn();
    const ids: string[] = [];
    let state: Recorded | undefined;
    for (let release = 0; release < 4; release += 1) {
      const { ref, id } = await its.upstream("kept");
      ids.push(id);
      await its.nextRun();
      const next = await its.plugin.make(urn, { pull: { ref, auth }, keep: 1 });
      if (state) await its.plugin.delete(urn, state);
      state = next;
    }
    const there = async () => Promise.all(ids.map(async (id) => !!(await its.images.inspect(id))));
    assert.equal(await there(), [false, false, true, true]);
    await its.nextRun();
    if (state) await its.plugin.delete(urn, state);
    assert.equal(await there(), [false, false, false, false]);
  },
);

its.rule("by digest, a tag that moved changes nothing", async () => {
  const first = await its.upstream("pinned");
  const urn = newUrn();
  const declared = { pull: { ref: first.pinned, auth } };
  const made = await its.plugin.make(urn, declared);
  await its.upstream("pinned");
  await its.silent(urn, made, declared);
});

its.rule("a registry that is away changes nothing, and is told", async () => {
  const { ref } = await its.upstream("away");
  const urn = newUrn();
  const declared = { pull: { ref, auth } };
  const made = await its.plugin.make(urn, declared);
  await its.registry.halt();
  try {
    assert.equal(await its.changesOf(urn, made, declared), {});
    await until("it is told", () => its.said.includes("was not found out"));
  } finally {
    await its.registry.run();
  }
});

its.rule("an image that was there before us stays when ours goes", async () => {
  const { ref, id } = await its.upstream("before");
  await its.images.pull(ref, { auth });
  const urn = newUrn();
  const made = await its.plugin.make(urn, { pull: { ref, auth } });
  await its.nextRun();
  await its.plugin.delete(urn, made);
  assert.equal((await its.images.inspect(id))?.RepoTags, [ref]);
});

its.rule(
  "a pull that was cut off once the image had come: it is ours, and goes with ours",
  async () => {
    const { ref, id } = await its.upstream("cutoff");
    const urn = newUrn();
    const socket = join(its.folder, "cutoff.sock");
    const proxy = await apiProxy(socket, socketPath);
    const held = new Promise<void>((reached) => {
      proxy.judge = ({ method, query }) =>
        method === "POST" && query.has("fromImage")
          ? { kind: "hold", when: "after", reached }
          : { kind: "pass" };
    });
    const cut = await Plugin.start(its.bundle, { host: `unix://${socket}` });
    const making = refusal(cut.make(urn, { pull: { ref, auth } }));
    await held;
    await cut.kill();
    await making;
    await proxy.close();
    assert.ok(await its.images.inspect(id), "it came");
    const made = await its.plugin.make(urn, { pull: { ref, auth } });
    assert.not.match(made.id, /-found$/);
    assert.equal(await its.ownTags(urn), [made.id], "the mark went");
    await its.nextRun();
    await its.plugin.delete(urn, made);
    assert.is(await its.images.inspect(id), undefined);
  },
);

its.rule(
  "a pull that was cut off, and its tag moved meanwhile: the former content goes",
  async () => {
    const first = await its.upstream("cutmoved");
    const urn = newUrn();
    // What such a run leaves: the mark, and the image without a tag.
    const repository = `dwtest/dev/${urn.split("::").at(-1) ?? ""}`;
    const changes = [`LABEL dockwright.pulling=${first.pinned}`];
    const root = await packFiles([{ path: "x", content: "" }]);
    const reference = `${repository}:pulling`;
    await its.images.importRoot(Readable.from([root]), { reference, changes });
    await its.images.pull(first.pinned, { auth });
    const second = await its.upstream("cutmoved");
    const made = await its.plugin.make(urn, { pull: { ref: second.ref, auth } });
    assert.is(made.outputs.values["imageId"], second.id);
    assert.is(await its.images.inspect(first.id), undefined);
    assert.equal(await its.ownTags(urn), [made.id]);
  },
);

its.rule("a pull that fails leaves nothing", async () => {
  const { ref } = await its.upstream("fails");
  const urn = newUrn();
  const wrong = { username: registryUser, password: "wrong" };
  await refusal(its.plugin.make(urn, { pull: { ref, auth: wrong } }));
  assert.equal(await its.ownTags(urn), []);
});

its.rule("an image that another stack has too stays when ours goes", async () => {
  const { ref, id } = await its.upstream("shared");
  const declared = { pull: { ref, auth } };
  const [one, two] = [newUrn(), newUrn()];
  const first = await its.plugin.make(one, declared);
  const second = await its.plugin.make(two, declared);
  await its.nextRun();
  await its.plugin.delete(one, first);
  await its.silent(two, second, declared);
  await its.nextRun();
  await its.plugin.delete(two, second);
  assert.ok(await its.images.inspect(id), "the second one found it there");
});

its.rule("an image in two repositories is named by the one that was asked for", async () => {
  const { ref, id, pinned } = await its.upstream("asked");
  const other = `${its.registry.host}/aaa-other`;
  await its.images.pull(ref, { auth });
  await its.images.tag(ref, other, "1");
  await its.images.push(`${other}:1`, { auth });
  const urn = newUrn();
  const declared = { pull: { ref, auth } };
  const made = await its.plugin.make(urn, declared);
  assert.equal([made.outputs.values["ref"], made.outputs.values["imageId"]], [pinned, id]);
  await its.silent(urn, made, declared);
});

its.rule("import by tag or by id: adopted by its name, and then silent", async () => {
  const { ref, id } = await its.upstream("adopted");
  await its.images.pull(ref, { auth });
  for (const by of [ref, id]) {
    const urn = newUrn();
    const read = await its.plugin.read(urn, by);
    if (!read) throw new Error("it was not found");
    assert.is(textOf(read.outputs.values, "imageId"), id);
    assert.equal(await its.changesOf(urn, read, { pull: { ref, auth } }), {});
  }
});

const wrong: readonly [string, RegExp][] = [
  ["Shop:1", /upper-case/],
  ["https://registry.example.com/shop:1", /scheme/],
  ["a".repeat(64), /image id/],
  [`shop@sha256:${"a".repeat(63)}`, /digest/],
];
its.rule(
  "what is no reference, half a login, or two sources, is refused at its place",
  async () => {
    for (const [ref, words] of wrong) {
      const { failures } = await its.plugin.check(newUrn(), { pull: { ref } });
      assert.is(failures.map(({ property }) => property).join(), "pull.ref");
      assert.match(failures[0]?.reason ?? "", words);
    }
    const pull = { ref: "shop:1", auth: { username: "me" } };
    const half = await its.plugin.check(newUrn(), { pull });
    assert.is(half.failures.map(({ property }) => property).join(), "pull.auth");
    const many = { pull: { ref: "shop:1" }, load: { path: "x.tar" } };
    const { failures } = await its.plugin.check(newUrn(), many);
    assert.match(failures[0]?.reason ?? "", /pull and load are given/);
  },
);

its.rule("tags: given, taken behind its back, given again, changed, removed", async () => {
  const { ref, id } = await its.upstream("tags");
  const urn = newUrn();
  const [a, b] = [`${lab.prefix}:a`, `${lab.prefix}:b`];
  const declared = { pull: { ref, auth }, tags: [a, b] };
  const made = await its.plugin.make(urn, declared);
  await its.silent(urn, made, declared);
  await its.images.remove(b);
  const seen = await its.refreshed(urn, made);
  assert.equal(await its.changesOf(urn, seen, declared), { "tags[1]": "add" });
  const again = await its.update(urn, seen, declared);
  assert.is((await its.images.inspect(b))?.Id, id);
  const left = await its.update(urn, again, { pull: { ref, auth }, tags: [b] });
  assert.is(await its.images.inspect(a), undefined);
  const none = { pull: { ref, auth } };
  assert.equal(await its.changesOf(urn, left, none), { tags: "delete" });
  await its.update(urn, left, none);
  assert.is(await its.images.inspect(b), undefined);
});

its.rule(
  "where the tag of ours is gone, the image is gone; the digest alone is drift",
  async () => {
    const { ref, id } = await its.upstream("stolen");
    const urn = newUrn();
    const declared = { pull: { ref, auth } };
    const made = await its.plugin.make(urn, declared);
    await its.images.remove(textOf(made.outputs.values, "ref"));
    const seen = await its.refreshed(urn, made);
    assert.equal(await its.changesOf(urn, seen, declared), { ref: "update_replace" });
    const again = await its.plugin.make(urn, declared);
    await its.silent(urn, again, declared);
    await its.plugin.delete(urn, seen);
    assert.ok(await its.images.inspect(id), "what this run made stays, under the same name");
    await its.images.remove(again.id);
    assert.is(await its.plugin.read(urn, again.id, again), undefined);
  },
);

its.test.run();
