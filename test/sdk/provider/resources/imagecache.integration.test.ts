// The cache of a build from a registry with a password: BuildKit's of both releases, on daemons that
// have forgotten what they built; and the classic builder's, which takes what is on the daemon.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { DockerClient } from "../../../../sdk/docker/client.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../../lab/hosts.ts";
import {
  missingRegistry,
  registryPassword,
  registryUser,
  TestRegistry,
} from "../../../support/registry.ts";
import { suite } from "../../../support/suite.ts";
import { missing } from "../../docker/fixture.ts";
import { must, start } from "../../docker/tlshost.ts";
import { bundle, Plugin, type Recorded, textOf, urnOf } from "../plugin.ts";

const test = suite("provider/image-cache", { timeoutMs: 10 * 60_000 });
const reason = missingForLab() ?? missing() ?? missingRegistry();
const auth = { username: registryUser, password: registryPassword };
const releases = ["bookworm", "trixie"] as const;
type Release = (typeof releases)[number];

/** A daemon with a plugin of its own. */
interface Daemon {
  readonly host: LabHost;
  readonly docker: DockerClient;
  readonly plugin: Plugin;
}

let lab: Lab | undefined;
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let registry: TestRegistry;
let folder = "";
const daemons = new Map<Release, Daemon>();

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-cache-"));
  const log = (line: string) => void process.stdout.write(`${line}\n`);
  lab = await makeHosts(
    releases.map((suite) => ({ name: suite, suite, docker: "installed" as const })),
    { log },
  );
  registry = await TestRegistry.start((lab.hosts[0]?.address ?? "").replace(/\d+$/, "1"));
  for (const [index, host] of lab.hosts.entries()) {
    const release = releases[index];
    if (release) daemons.set(release, await daemonOn(host));
  }
});
test.after(async () => {
  for (const { docker, plugin } of daemons.values()) {
    docker.close();
    await plugin.stop();
  }
  await lab?.close();
  if (reason) return;
  await registry.stop();
  await built?.remove();
  await rm(folder, { recursive: true });
});

async function daemonOn(host: LabHost): Promise<Daemon> {
  // BuildKit of 20.10 takes "insecure" for TLS without trust, unless the scheme is there.
  await start(host, `--insecure-registry http://${registry.host}`);
  const socketPath = host.path("/run/docker.sock");
  const plugin = await Plugin.start(built?.path ?? "", { host: `unix://${socketPath}` });
  return { host, docker: new DockerClient({ kind: "unix", socketPath }), plugin };
}

function on(release: Release): Daemon {
  const daemon = daemons.get(release);
  if (!daemon) throw new Error(`there is no daemon of ${release}`);
  return daemon;
}

function rule(name: string, run: () => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
}

/** A context whose one command leaves something else each time that it is run. */
async function contextOf(name: string): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir);
  await copyFile("/bin/busybox", join(dir, "busybox"));
  await writeFile(join(dir, "name"), name);
  const random = "/busybox cat /proc/sys/kernel/random/uuid >/uuid";
  const lines = [
    "FROM scratch",
    "COPY name busybox /",
    `RUN ["/busybox", "sh", "-c", "${random}"]`,
  ];
  await writeFile(join(dir, "Dockerfile"), `${lines.join("\n")}\n`);
  return dir;
}

/** Its layers: the last is the command's. */
async function layersOf({ docker }: Daemon, { outputs }: Recorded): Promise<readonly string[]> {
  return (await docker.images.inspect(textOf(outputs.values, "imageId")))?.RootFS?.Layers ?? [];
}

/** The line that stays of its build. */
function told({ plugin }: Daemon, { id }: Recorded): string {
  return plugin.lines.find(({ text }) => text.startsWith(`built ${id}`))?.text ?? "";
}

/** Builds it on a daemon, pushes it, and has the daemon forget it. */
async function published(release: Release, name: string, builder: "buildkit" | "classic") {
  const daemon = on(release);
  const context = await contextOf(name);
  const build = { context, builder, ...(builder === "buildkit" ? { inlineCache: true } : {}) };
  const made = await daemon.plugin.make(urnOf("Image", name), { build });
  assert.not.match(told(daemon, made), /out of the cache/);
  const layers = await layersOf(daemon, made);
  const ref = `${registry.host}/${name}:1`;
  const push = { image: made.id, to: ref, auth };
  await daemon.plugin.make(urnOf("ImagePush", `${name}-push`), push);
  await daemon.docker.images.remove(made.id, { force: true });
  await must(daemon.host, "docker builder prune --all --force");
  return { context, ref, layers };
}

for (const release of releases) {
  rule(`BuildKit of ${release}: with the password given, what was pushed is reused`, async () => {
    const { context, ref, layers } = await published(release, `cache-${release}`, "buildkit");
    const daemon = on(release);
    const build = { context, builder: "buildkit", inlineCache: true, cacheFrom: [ref] };
    const auths = { [registry.host]: auth };
    const made = await daemon.plugin.make(urnOf("Image", "reused"), { build: { ...build, auths } });
    assert.equal(await layersOf(daemon, made), layers);
    assert.match(told(daemon, made), /2 steps out of the cache/);
    assert.not.match(JSON.stringify(daemon.plugin.lines), registryPassword);
  });
}

rule("without the password it is built anew, and why is told", async () => {
  const { context, ref, layers } = await published("trixie", "cache-closed", "buildkit");
  const daemon = on("trixie");
  const build = { context, builder: "buildkit", cacheFrom: [ref] };
  const made = await daemon.plugin.make(urnOf("Image", "anew"), { build });
  assert.is.not((await layersOf(daemon, made)).at(-1), layers.at(-1));
  assert.not.match(told(daemon, made), /out of the cache/);
  const warning = daemon.plugin.lines.find(({ text }) => text.includes("was not used"));
  assert.match(warning?.text ?? "", new RegExp(`cache.*${ref}.*(auth|401)`));
});

rule("classic: an image that is on the daemon is reused, another is not asked for", async () => {
  const { context, ref, layers } = await published("trixie", "cache-classic", "classic");
  const daemon = on("bookworm");
  const build = { context, builder: "classic", cacheFrom: [ref] };
  const alone = await daemon.plugin.make(urnOf("Image", "alone"), { build });
  assert.is.not((await layersOf(daemon, alone)).at(-1), layers.at(-1));
  const pulled = await daemon.plugin.make(urnOf("Image", "there"), { pull: { ref, auth } });
  const made = await daemon.plugin.make(urnOf("Image", "reused-classic"), {
    build: { ...build, cacheFrom: [pulled.id] },
  });
  assert.equal(await layersOf(daemon, made), layers);
  assert.match(told(daemon, made), /2 steps out of the cache/);
});

test.run();
