// The look at a container's image: one for all containers of it, also when they ask at the same time.
import * as assert from "uvu/assert";
import type { DockerClient } from "../../../../sdk/docker/client.ts";
import { imageById } from "../../../../sdk/provider/container/images.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/container: images");
const { signal } = new AbortController();

/** A daemon that gives these answers, one after the other; an error is thrown. */
function daemon(...answers: readonly unknown[]) {
  const asked: string[] = [];
  const inspect = (id: string) => {
    const answer = answers[asked.length];
    asked.push(id);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, client: { images: { inspect } } as unknown as DockerClient };
}

const one = { Config: { User: "one" } };
const two = { Config: { User: "two" } };

test("one look serves all that ask for an image, at once and later", async () => {
  const { asked, client } = daemon(one);
  const seen = await Promise.all([1, 2, 3].map(() => imageById(client, "a", signal)));
  seen.push(await imageById(client, "a", signal));
  assert.equal(seen, [one, one, one, one]);
  assert.equal(asked, ["a"]);
});

test("another image, and another daemon, are looked at by themselves", async () => {
  const { asked, client } = daemon(one, two);
  const other = daemon(two);
  assert.is(await imageById(client, "a", signal), one);
  assert.is(await imageById(client, "b", signal), two);
  assert.is(await imageById(other.client, "a", signal), two);
  assert.equal([asked, other.asked], [["a", "b"], ["a"]]);
});

test("one that was not found, or could not be asked for, is asked for again", async () => {
  const { asked, client } = daemon(undefined, new Error("away"), one);
  assert.is(await imageById(client, "a", signal), undefined);
  assert.is(await imageById(client, "a", signal).catch(() => "failed"), "failed");
  assert.is(await imageById(client, "a", signal), one);
  assert.is(asked.length, 3);
});

test.run();
