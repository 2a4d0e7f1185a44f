// What a daemon answers while an image goes away under a remove.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../../sdk/docker/client.ts";
import { parseDockerHost } from "../../../../sdk/docker/endpoint.ts";
import { removeUnused } from "../../../../sdk/provider/image/tags.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/image/tags");

/** Removes from a daemon that answers so; what came of it, as a word. */
async function removed(status: number, message: string, isThere: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dwtest-tags-"));
  const server = createServer((request, response) => {
    const here = isThere || request.url?.includes("_ping") === true;
    const answers = request.method === "DELETE" ? status : here ? 200 : 404;
    response.writeHead(answers, { "content-type": "application/json", "api-version": "1.41" });
    const words = answers === 404 ? "No such image: shop:1" : message;
    response.end(JSON.stringify(answers === 200 ? { Id: "sha256:1" } : { message: words }));
  });
  const socket = join(folder, "docker.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const docker = new DockerClient(parseDockerHost(`unix://${socket}`, undefined));
  try {
    return (await removeUnused(docker, "shop:1")) ? "gone" : "used";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    docker.close();
    server.close();
    await rm(folder, { recursive: true });
  }
}

test("another one took the last tag meanwhile: it is gone", async () => {
  assert.is(await removed(500, "unrecognized image ID sha256:1", false), "gone");
});

test("what the daemon cannot do stays an error", async () => {
  assert.match(await removed(500, "the disk is broken", true), /the disk is broken/);
});

test("a container uses it", async () => {
  assert.is(await removed(409, "conflict: image is being used", true), "used");
});

test.run();
