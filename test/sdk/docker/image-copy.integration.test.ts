// Copies between two daemons without a registry, both ways between 20.10 and 26.1, whose archives differ:
// only missing layers are sent, and how much that is is known before. On the newer daemon also what
// builds give there.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../sdk/docker/archive.ts";
import { DockerClient } from "../../../sdk/docker/client.ts";
import { packContext } from "../../../sdk/docker/context.ts";
import {
  type CopyPlan,
  copyImage,
  describeCopy,
  planCopy,
} from "../../../sdk/docker/image-copy.ts";
import { type Lab, makeHosts, missingForLab } from "../../lab/hosts.ts";
import { suite } from "../../support/suite.ts";
import { bundle, Plugin, until, urnOf } from "../provider/plugin.ts";
import { Fixture, missing, socketPath } from "./fixture.ts";
import { start } from "./tlshost.ts";

const test = suite("docker: copies between daemons", { timeoutMs: 8 * 60_000 });
const reason = missing() ?? missingForLab();
const lab = new Fixture("copy");
const old = lab.client;
let hosts: Lab | undefined;
let newer: DockerClient;
let newerSocket = "";
let folder = "";
const base = `${lab.prefix}-base:1`;
const child = `${lab.prefix}-child:1`;
const baseBytes = 3_000_000;
const topBytes = 200_000;

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

/** Two layers, the lower one the base's, and two that are the same; no bytes that a packer could save. */
async function buildPair(on: DockerClient, version: "classic" | "buildkit"): Promise<string> {
  const { randomBytes } = await import("node:crypto");
  await writeFile(join(folder, "low"), randomBytes(baseBytes));
  await writeFile(join(folder, "top"), randomBytes(topBytes));
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nCOPY low /low\nENV A=b\n");
  await on.images.build({ context: () => packContext(folder), tags: [base], version });
  await writeFile(
    join(folder, "Dockerfile"),
    `FROM ${base}\nLABEL l=v\nCOPY top /top\nCMD ["/x"]\n`,
  );
  const built = await on.images.build({
    context: () => packContext(folder),
    tags: [child],
    version,
  });
  return built.imageId;
}

test.before(async () => {
  if (reason) return;
  folder = await mkdtemp(join(tmpdir(), "dwtest-copy-"));
  hosts = await makeHosts([{ name: "new", suite: "trixie", docker: "installed" }], {
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const [host] = hosts.hosts;
  if (!host) throw new Error("no host");
  await start(host);
  newerSocket = host.path("/run/docker.sock");
  newer = new DockerClient({ kind: "unix", socketPath: newerSocket });
});
test.after(async () => {
  if (reason) return;
  newer.close();
  await hosts?.close();
  await rm(folder, { recursive: true });
  await lab.clean();
});

async function copied(from: DockerClient, to: DockerClient, ref: string) {
  let told: CopyPlan | undefined;
  const { plan, sentBytes } = await copyImage(from, to, ref, {
    onPlan: (plan) => {
      told = plan;
    },
  });
  assert.is(told, plan);
  process.stdout.write(`  ${ref}: ${describeCopy(plan)}; ${sentBytes} bytes of archive\n`);
  return { plan, sentBytes };
}

for (const way of ["old to new", "new to old"] as const) {
  for (const version of ["classic", "buildkit"] as const) {
    rule(`${way}, built by ${version}: only what is missing is sent, and told before`, async () => {
      const [from, to] = way === "old to new" ? [old, newer] : [newer, old];
      const id = await buildPair(from, version);
      const first = await copied(from, to, base);
      assert.is(first.plan.present, 0);
      assert.equal([first.plan.bytes, first.plan.exact], [baseBytes, true]);
      const plan = await planCopy(from, to, child);
      assert.equal([plan.bytes, plan.exact, plan.missing.size], [topBytes, true, 1]);
      const second = await copied(from, to, child);
      assert.ok(second.sentBytes >= topBytes && second.sentBytes < topBytes + 100_000);
      const there = await to.images.inspect(id);
      assert.equal(there?.RootFS?.Layers, [...plan.layers]);
      assert.equal(there?.Config?.Cmd, ["/x"]);
      const container = await to.containers.create(lab.name(), { Image: id });
      const top = await to.containers.getArchive(container, "/top");
      let bytes = 0;
      for await (const chunk of top) bytes += (chunk as Buffer).length;
      assert.ok(bytes > topBytes, "the layer that was sent is whole");
      await to.containers.remove(container);
      assert.is((await copied(from, to, child)).sentBytes, 0);
      const baseId = (await from.images.inspect(base))?.Id ?? "";
      for (const each of [id, baseId]) await to.images.remove(each, { force: true });
      for (const each of [child, base]) await from.images.remove(each, { force: true });
    });
  }
}

rule("an image that is not there is told", async () => {
  try {
    await planCopy(old, newer, `${lab.prefix}:none`);
  } catch (error) {
    assert.match((error as Error).message, /has no image/);
    return;
  }
  throw new Error("it passed");
});

rule("Image.copy by the plugin: the preview tells the bytes, a new source replaces", async () => {
  const built = await bundle();
  const plugin = await Plugin.start(built.path, { host: `unix://${newerSocket}` });
  try {
    const id = await buildPair(old, "classic");
    const urn = urnOf("Image", lab.name());
    const declared = { copy: { image: child, from: { host: `unix://${socketPath}` } } };
    const { inputs } = await plugin.check(urn, declared);
    const told = () => plugin.lines.some(({ text }) => /2 of 2 layers.*3\.2 MB/.test(text));
    await until("the preview tells what will be sent", told);
    const made = await plugin.create(urn, inputs);
    assert.is(made.outputs.values["imageId"], id);
    assert.is((await newer.images.inspect(made.id))?.Id, id);
    const same = await plugin.check(urn, declared, made.inputs);
    assert.equal((await plugin.diff(urn, made, same.inputs)).changes, {});
    await buildPair(old, "classic");
    const moved = await plugin.check(urn, declared, made.inputs);
    assert.equal((await plugin.diff(urn, made, moved.inputs)).changes, {
      imageId: "update_replace",
    });
  } finally {
    await plugin.stop();
    await built.remove();
  }
});

rule("26.1 builds with BuildKit: secrets, targets, and the cache of an earlier build", async () => {
  await lab.makeImage();
  await copied(old, newer, lab.image);
  const id = (await old.images.inspect(lab.image))?.Id ?? "";
  await newer.images.tag(id, lab.prefix, "base");
  const lines = [
    `FROM ${lab.prefix}:base AS one`,
    "RUN --mount=type=secret,id=token cat /run/secrets/token | wc -c >/size",
    "FROM one AS two",
    "RUN false",
  ];
  await writeFile(join(folder, "Dockerfile"), lines.join("\n"));
  const said: string[] = [];
  const build = () =>
    newer.images.build({
      context: () => packContext(folder),
      tags: [`${lab.prefix}:built`],
      target: "one",
      platform: "linux/amd64",
      secrets: { token: "12345" },
      onProgress: ({ text }) => said.push(text),
    });
  const first = await build();
  assert.ok(said.length > 2, "progress is told as it goes");
  said.length = 0;
  const second = await build();
  assert.is(second.imageId, first.imageId);
  assert.match(said.join("\n"), /cached/);
  const container = await newer.containers.create(lab.name(), { Image: second.imageId });
  const { unpackFiles } = await import("../../../sdk/docker/archive.ts");
  const files = await unpackFiles(await newer.containers.getArchive(container, "/size"));
  assert.is(files.get("size")?.toString().trim(), "5");
});

rule("26.1 imports a root for another platform", async () => {
  const root = await packFiles([{ path: "a", content: "b" }]);
  const options = { reference: `${lab.prefix}:arm`, platform: "linux/arm64" };
  await newer.images.importRoot(Readable.from([root]), options);
  const found = await newer.images.inspect(options.reference);
  assert.equal([found?.Os, found?.Architecture], ["linux", "arm64"]);
});

test.run();
