// Push, pull and builds from a private registry with a password: Debian's docker-registry on the
// loopback, where dockerd needs no TLS.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { DockerApiError } from "../../../sdk/docker/client.ts";
import { packContext } from "../../../sdk/docker/context.ts";
import { freePort } from "../../support/ports.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "./fixture.ts";

const fixture = new Fixture("registry");
const { images } = fixture.client;
const auth = { username: "me", password: "dwtest-secret" };
/** bcrypt of the password; the registry takes no other kind. */
const bcrypt = "$2b$04$abcdefghijklmnopqrstuuIaVsWWXFStX.rXdqfwLgBZ0ccuhxHIm";

function missingRegistry(): string | undefined {
  try {
    execFileSync("docker-registry", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no docker-registry (apt-get install docker-registry)";
  }
}

async function listening(port: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`the registry does not listen on port ${port}`);
}

let registry: ChildProcess | undefined;
let dir = "";
let port = 0;

async function start(): Promise<void> {
  dir = await mkdtemp(join(tmpdir(), "dwtest-registry-"));
  port = await freePort();
  await writeFile(join(dir, "htpasswd"), `me:${bcrypt}\n`);
  const config = {
    version: 0.1,
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(dir, "data") } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: "test", path: join(dir, "htpasswd") } },
  };
  await writeFile(join(dir, "config.yml"), JSON.stringify(config));
  registry = spawn("docker-registry", ["serve", join(dir, "config.yml")], { stdio: "ignore" });
  await listening(port);
}

async function failure(work: Promise<unknown>): Promise<DockerApiError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DockerApiError) return error;
    throw error;
  }
  throw new Error("it passed");
}

const test = suite("docker: a private registry");
const absent = missing() ?? missingRegistry();
if (absent) {
  test.skip(`skipped: ${absent}`);
} else {
  let ref = "";
  let digest = "";
  test.before(async () => {
    await start();
    await fixture.makeImage();
    ref = `127.0.0.1:${port}/${fixture.prefix}:1`;
    await images.tag(fixture.image, ref.slice(0, -2), "1");
  });
  test.after(async () => {
    registry?.kill();
    await images.remove(ref, { force: true });
    await fixture.clean();
    await rm(dir, { recursive: true });
  });

  test("a push without credentials is refused", async () => {
    assert.match((await failure(images.push(ref))).message, /cannot push .*(auth|denied)/);
  });

  test("a push with credentials gives the digest that the registry has", async () => {
    const seen: string[] = [];
    const pushed = await images.push(ref, { auth, onProgress: ({ text }) => seen.push(text) });
    digest = pushed.digest ?? "";
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.ok(seen.length > 0);
  });

  test("a pull by digest gets the same image; without credentials it is refused", async () => {
    const id = (await images.inspect(ref))?.Id;
    await images.remove(ref);
    const pinned = `${ref.slice(0, -2)}@${digest}`;
    const refused = await failure(images.pull(pinned));
    assert.not.match(refused.message, /dwtest-secret/);
    await images.pull(pinned, { auth });
    assert.is((await images.inspect(pinned))?.Id, id);
    await images.remove(pinned);
    await images.pull(ref, { auth });
    assert.is((await images.inspect(ref))?.Id, id);
  });

  for (const version of ["classic", "buildkit"] as const) {
    test(`${version}: a base image is fetched with the credentials given, and not without`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "dwtest-build-"));
      const tags = [`${fixture.name()}:b`];
      await writeFile(join(folder, "Dockerfile"), `FROM ${ref}\nLABEL v=${version}\n`);
      const build = (auths?: Record<string, typeof auth>) =>
        images.build({
          context: () => packContext(folder),
          version,
          tags,
          pull: true,
          noCache: true,
          ...(auths ? { registryAuths: auths } : {}),
        });
      const refused = await failure(build());
      assert.match(refused.message, /127\.0\.0\.1/);
      const { imageId } = await build({ [`127.0.0.1:${port}`]: auth });
      assert.is((await images.inspect(tags[0] ?? ""))?.Id, imageId);
      await rm(folder, { recursive: true });
    });
  }
}
test.run();
