// The record of releases, as far as no daemon is needed: which change is another release, what is kept,
// and what of it is secret.
import * as assert from "uvu/assert";
import { actorOf } from "../../../../sdk/provider/release/actor.ts";
import type {
  ReleaseImage,
  ReleaseInputs,
  ReleaseOutputs,
} from "../../../../sdk/provider/release/fields.ts";
import { recorded, wantedImages } from "../../../../sdk/provider/release/history.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { newInstance } from "../declared.ts";
import { urnOf } from "../plugin.ts";

const test = suite("provider/release");
const urn = urnOf("Release", "shop-release");
const call = { urn, type: "dockwright:index:Release" };
const none = { values: {}, secrets: new Set<string>() };

const specOf = (args: object, secrets: readonly string[][] = []) =>
  JSON.stringify({ args, secrets, pool: false });

const inputsOf = (text: string, more: Partial<ReleaseInputs> = {}): ReleaseInputs => ({
  service: "shop",
  spec: specOf({ text }),
  containers: [{ name: `shop-1-${text}`, imageId: "sha256:aa" }],
  images: [{ ref: "shop:1" }],
  ...more,
});

let minute = 0;
function after(
  old: ReleaseOutputs | undefined,
  inputs: ReleaseInputs,
  images: readonly ReleaseImage[] = [],
): ReleaseOutputs {
  minute += 1;
  return recorded(inputs, images, old, { urn, at: `minute ${minute}`, by: `by ${minute}` });
}

const numbers = ({ releases }: ReleaseOutputs) => releases.map(({ number }) => number);

test("what runs is another: a release; the last ones are kept, the newest first", () => {
  const texts = ["a", "b", "c", "d", "e", "f", "g"];
  const last = texts.reduce<ReleaseOutputs | undefined>(
    (old, text) => after(old, inputsOf(text)),
    undefined,
  );
  assert.ok(last);
  assert.equal(numbers(last), [7, 6, 5, 4, 3]);
  assert.is(last.current.number, 7);
  assert.equal(numbers(after(last, inputsOf("h", { keep: 2 }))), [8, 7]);
});

test("what ran before runs again: a release of its own", () => {
  const two = after(after(undefined, inputsOf("a")), inputsOf("b"));
  const back = after(two, inputsOf("a", { rollbackOf: 1 }));
  assert.equal(numbers(back), [3, 2, 1]);
  assert.equal([back.current.rollbackOf, back.current.hash], [1, two.releases[1]?.hash]);
});

test("containers that moved are the same release, made when and by whom it was", () => {
  const one = after(undefined, inputsOf("a", { rollout: went(7) }));
  const containers = [{ name: "shop-1-new", host: "web2", imageId: "sha256:aa" }];
  const moved = after(one, inputsOf("a", { containers, rollout: went(9) }));
  assert.equal(moved.current, { ...one.current, containers });
  assert.equal(numbers(moved), [1]);
});

const went = (durationMs: number) => ({ durationMs, drained: 0, cut: 0, steps: [] });

test("a host that has left the pool has no part in what can be brought back", () => {
  const image = (host: string) => ({ host, ref: "shop:1", imageId: "sha256:aa", tag: "t:1" });
  const connections = { web1: {}, web2: {} };
  const two = after(undefined, inputsOf("a", { connections }), [image("web1"), image("web2")]);
  const one = after(two, inputsOf("b", { connections: { web1: {} } }), [image("web1")]);
  assert.equal(
    one.releases.map(({ images }) => images.map(({ host }) => host)),
    [["web1"], ["web1"]],
  );
});

test("the hash of a release with secrets is dear to try, and its reference is not told", () => {
  const hashes = [specOf({ image: "a" }), specOf({ image: "a" }, [["image", "ref"]])].map((spec) =>
    after(undefined, inputsOf("a", { spec }), [{ ref: "a", imageId: "i", tag: "t" }]),
  );
  assert.is.not(hashes[0]?.current.hash, hashes[1]?.current.hash);
  assert.equal(
    hashes.map(({ current }) => current.images[0]?.ref),
    ["a", "[secret]"],
  );
});

test("the image of a host is that which its container runs", () => {
  const images = [
    { host: "web1", ref: "shop:1" },
    { host: "web2", ref: "shop:1" },
  ];
  const containers = [{ name: "shop-1", host: "web2", imageId: "sha256:bb" }];
  assert.equal(wantedImages(inputsOf("a", { images, containers })), [
    { host: "web1", ref: "shop:1", imageId: undefined },
    { host: "web2", ref: "shop:1", imageId: "sha256:bb" },
  ]);
});

const person = { user: "ann", host: "desk" };
const actors: readonly [string, NodeJS.ProcessEnv, string][] = [
  ["a person", {}, "ann@desk"],
  ["a person by sudo", { SUDO_USER: "bob" }, "bob@desk"],
  ["GitHub's actor", { GITHUB_ACTOR: "carl", SUDO_USER: "bob" }, "carl"],
  ["GitLab's user", { GITLAB_USER_LOGIN: "dora" }, "dora"],
  ["an empty variable", { GITHUB_ACTOR: "" }, "ann@desk"],
];
for (const [name, env, by] of actors) {
  test(`by whom: ${name}`, () => assert.is(actorOf(env, person), by));
}

test("what it ran is secret in the state, of every release; what is told of it is not", async () => {
  const given = { values: inputsOf("a") as ValueMap, secrets: new Set<string>() };
  const { inputs } = await newInstance().check(call, none, given);
  assert.ok(inputs.secrets.has("spec"));
  assert.not.ok(inputs.secrets.has("images"));
});

test("how a rollout went, how hosts are reached and which are lost are no reason for a change", async () => {
  const one = after(undefined, inputsOf("a"));
  const recordedAs = { inputs: inputsOf("a") as ValueMap, outputs: one as ValueMap };
  const differ = async (more: Partial<ReleaseInputs>) => {
    const news = { values: inputsOf("a", more) as ValueMap, secrets: new Set<string>() };
    const { changes } = await newInstance().diff(call, "shop", recordedAs, news);
    return changes.map(({ property, replace }) => [property, replace]);
  };
  assert.equal(await differ({ rollout: went(5), connections: { web1: {} }, lost: ["web9"] }), []);
  assert.equal(await differ({ spec: specOf({ text: "b" }) }), [["spec", false]]);
  assert.equal(await differ({ keep: 9 }), [["keep", false]]);
});

test.run();
