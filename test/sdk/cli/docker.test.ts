// Asking a daemon for its version: what answers, and what each silence is called.
import { mkdtemp, rm } from "node:fs/promises";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import * as assert from "uvu/assert";
import { dockerVersion } from "../../../sdk/cli/docker.ts";
import { suite } from "../../support/suite.ts";

const test = suite("cli/docker");
let base = "";
const servers: http.Server[] = [];

test.before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "dwtest-docker-"));
});
test.after(async () => {
  for (const server of servers) server.close();
  await rm(base, { recursive: true, force: true });
});

function serve(name: string, body: string): Promise<string> {
  const socket = path.join(base, name);
  const server = http.createServer((_, response) => response.end(body));
  servers.push(server);
  return new Promise((resolve) => server.listen(socket, () => resolve(`unix://${socket}`)));
}

test("a daemon says its version", async () => {
  const endpoint = await serve("good", '{"Version":"20.10.24"}');
  assert.equal(await dockerVersion({ DOCKER_HOST: endpoint }), { endpoint, version: "20.10.24" });
});

test("something else that answers is no daemon", async () => {
  const endpoint = await serve("other", "{}");
  assert.is((await dockerVersion({ DOCKER_HOST: endpoint })).trouble, "it is no Docker daemon");
});

const silences = [
  ["no socket", { DOCKER_HOST: "unix:///nonexistent/x" }, /ENOENT/],
  ["SSH", { DOCKER_HOST: "ssh://h" }, /only unix/],
  ["TLS", { DOCKER_HOST: "tcp://h:2376", DOCKER_TLS_VERIFY: "1" }, /TLS/],
] as const;
for (const [name, env, want] of silences) {
  test(`says what is wrong: ${name}`, async () => {
    const { version, trouble } = await dockerVersion(env);
    assert.is(version, undefined);
    assert.match(trouble ?? "", want);
  });
}

test.run();
