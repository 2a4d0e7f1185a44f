// What a classic build does when another client removes images while it looks for a cache.
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { suite } from "../../support/suite.ts";
import { failure, removeFakes, withFake } from "./fakedaemon.ts";

const test = suite("docker: image builds", { timeoutMs: 15_000 });
test.after(removeFakes);

const id = `sha256:${"a".repeat(64)}`;
/** In the words of dockerd 20.10. */
const lost = `unable to find image "sha256:${"b".repeat(64)}"`;

/** Each is one message of the builder. */
function lines(...messages: readonly object[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join("");
}
const step = { stream: "Step 2/3 : COPY low /low\n" };
const built = lines(step, { aux: { ID: id } });
const failed = (message: string) => lines(step, { errorDetail: { message }, error: message });

/** The answers of the builds, one after the other; the last one stays. */
async function builds(
  answers: readonly string[],
  version: "classic" | "buildkit" = "classic",
): Promise<{ readonly imageId: string; readonly sent: readonly string[] }> {
  const sent: string[] = [];
  let imageId = "";
  await withFake(
    (request, response, calls) => {
      const path = request.url ?? "";
      if (!path.includes("/build")) {
        response.writeHead(404, { "Content-Length": 0 }).end();
        return;
      }
      let body = "";
      request.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on("end", () => {
        sent.push(body);
        response.end(answers[Math.min(calls, answers.length) - 1]);
      });
    },
    async (client) => {
      const context = () => Readable.from(["the context"]);
      const tags = ["web:1"];
      const made = client.images.build({ context, tags, version });
      imageId = (
        await made.catch((error: unknown) => {
          throw Object.assign(error as Error, { sent });
        })
      ).imageId;
    },
  );
  return { imageId, sent };
}

test("an image that goes away during the search for a cache: built again, with the context", async () => {
  const { imageId, sent } = await builds([failed(lost), failed(lost), built]);
  assert.is(imageId, id);
  assert.equal(sent, ["the context", "the context", "the context"]);
});

test("it is given up in the end, and told", async () => {
  const error = await failure(builds([failed(lost)]));
  assert.match(error.message, /cannot build the image "web:1" .* unable to find image/);
  assert.is((error as Error & { readonly sent?: readonly string[] }).sent?.length, 5);
});

test("any other failure is told at once", async () => {
  const words = ["COPY failed: no source files", 'pull access denied for "x"', "unable to find x"];
  for (const message of words) {
    const error = await failure(builds([failed(message), built]));
    assert.ok(error.message.includes(message));
    assert.is((error as Error & { readonly sent?: readonly string[] }).sent?.length, 1);
  }
});

test.run();
