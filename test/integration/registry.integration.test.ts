// The stack `registry` from its example: the real docker-registry with TLS and a password. An image goes
// there and comes back; without the password nothing does; what was pushed outlives the stack.

import { request } from "node:https";
import * as assert from "uvu/assert";
import { missingDaemon } from "../support/owned.ts";
import { freePort } from "../support/ports.ts";
import { makeSite, type Site, said, succeeded } from "../support/site.ts";
import { suite } from "../support/suite.ts";

const test = suite("integration/registry", { timeoutMs: 400_000, missing: missingDaemon() });

let site: Site;
let port = 0;

test.before(async () => {
  site = await makeSite({ topic: "registry", example: "registry" });
  port = await freePort();
});
test.after(() => site.close());

/** The status of the registry's root, its certificate held against an authority. */
function statusOf(ca: string, auth?: string): Promise<number> {
  const host = "127.0.0.1";
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path: "/v2/", ca, ...(auth ? { auth } : {}) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.once("error", reject).end();
  });
}

test("an image is pushed and pulled; TLS and password hold; its data outlives it", async () => {
  const project = await site.stack("dev");
  succeeded(await project.setConfig("port", String(port)));
  const first = succeeded(await project.up());
  const outputs = await project.outputs({ showSecrets: true });
  assert.is(outputs["sameImage"], true);
  assert.is(outputs["pushedRef"], outputs["pulledRef"]);
  assert.match(String(outputs["pushedRef"]), `127.0.0.1:${port}/page@sha256:`);
  const { deployment } = await project.export({ showSecrets: true });
  const authority = (deployment.resources ?? []).find(({ type }) =>
    type.endsWith(":CertificateAuthority"),
  );
  const ca = String(authority?.outputs?.["bundle"]);
  const password = (outputs["passwords"] as Record<string, string>)["dockwright"] ?? "";
  assert.ok(password.length > 20);
  assert.is(await statusOf(ca), 401);
  assert.is(await statusOf(ca, "dockwright:wrong"), 401);
  assert.is(await statusOf(ca, `dockwright:${password}`), 200);
  const again = succeeded(await project.up());
  assert.not.match(said(again), /created|replaced|updated/);
  const encrypted = JSON.stringify(await project.export());
  for (const text of [encrypted, said(first), said(again)]) assert.not.match(text, password);
  const removed = succeeded(await project.destroy());
  assert.match(said(removed), String(outputs["volume"]));
  assert.ok(await site.docker.volumes.inspect(String(outputs["volume"])));
});

test.run();
