// What bounds a call that may last for ever, and what a daemon of a newer API is spoken to in.
import * as assert from "uvu/assert";
import { maxApiVersion } from "../../../sdk/docker/transport.ts";
import { waitUntil } from "../../../sdk/docker/wait-until.ts";
import { suite } from "../../support/suite.ts";
import { failure, removeFakes, withFake } from "./fakedaemon.ts";

const test = suite("docker: streams", { timeoutMs: 15_000 });
test.after(removeFakes);

test("a stream that never begins ends at the limit for that, and one that has begun does not", () =>
  withFake(
    (_, response, calls) => {
      if (calls === 1) return;
      response.writeHead(200);
      response.flushHeaders();
      setTimeout(() => response.end('{"Action":"late"}\n'), 150);
    },
    async (client) => {
      const error = await failure(client.system.openEvents());
      assert.is(error.code, "TIMEOUT");
      assert.match(error.message, /cannot listen to events .* not begun to answer after 50 ms/);
      const seen: string[] = [];
      for await (const { Action } of client.system.events()) seen.push(Action);
      assert.equal(seen, ["late"]);
    },
    { headTimeoutMs: 50 },
  ));

test("a gate whose events never begin ends at its own limit", () =>
  withFake(
    () => undefined,
    async (client) => {
      const wait = waitUntil(client, "web", () => ({ kind: "waiting", seen: "x" }), {
        timeoutMs: 100,
        wanted: "healthy",
      });
      assert.is((await failure(wait)).code, "TIMEOUT");
    },
  ));

test("a daemon of a newer API is spoken to in the newest that is known", () =>
  withFake(
    (_, response) => response.end("[]"),
    async (client, fake) => {
      await client.containers.list();
      assert.equal(fake.seen, [`GET /v${maxApiVersion}/containers/json`]);
    },
    {},
    "1.99",
  ));

test.run();
