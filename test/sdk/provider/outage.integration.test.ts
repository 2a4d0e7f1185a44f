// A daemon that is killed and comes back in the middle of a step, at a call that a proxy chooses, and one
// whose disk is full; on a host of the lab. A step passes, or fails soon in words that say what it was
// about; done again it passes, and what is made is there once. DOCKWRIGHT_OUTAGES=all: at every call, or
// of one kind (Volume).
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as assert from "uvu/assert";
import { packFiles } from "../../../sdk/docker/archive.ts";
import { DockerClient } from "../../../sdk/docker/client.ts";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { type Lab, type LabHost, makeHosts, missingForLab } from "../../lab/hosts.ts";
import {
  missingRegistry,
  registryPassword,
  registryUser,
  TestRegistry,
} from "../../support/registry.ts";
import { suite } from "../../support/suite.ts";
import { busyboxRoot, missing } from "../docker/fixture.ts";
import { start } from "../docker/tlshost.ts";
import { Disturbed, type Life } from "./disturbed.ts";
import { bundle, Plugin, refusal, urnOf } from "./plugin.ts";

const test = suite("provider/outage", { long: true, timeoutMs: 20 * 60_000 });
const reason = missingForLab() ?? missing() ?? missingRegistry();
const wanted = process.env["DOCKWRIGHT_OUTAGES"];
const log = (line: string) => void process.stdout.write(`${line}\n`);
const image = "dwtest-outage:1";
/** Longer than a client waits for a daemon that is away. */
const stepLimitMs = 40_000;

let lab: Lab | undefined;
let built: Awaited<ReturnType<typeof bundle>>;
let folder = "";
let docker: DockerClient;
let registry: TestRegistry | undefined;

function host(): LabHost {
  const found = lab?.hosts[0];
  if (!found) throw new Error("the lab is not there");
  return found;
}

const socketOf = (one: LabHost) => one.path("/run/docker.sock");
/** Its daemon, which takes the registry of this machine without TLS. */
const startDaemon = () => start(host(), `--insecure-registry ${registry?.host ?? ""}`);
const stopDaemon = () =>
  host().run("p=$(cat /run/docker.pid); kill $p; while kill -0 $p; do sleep 0.02; done");
const rule = (name: string, run: () => Promise<void>) => {
  if (reason) test.skip(`${name} (${reason})`);
  else test(name, run);
};

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-outage-"));
  lab = await makeHosts([{ name: "outage", suite: "trixie", docker: "installed" }], { log });
  registry = await TestRegistry.start(host().address.replace(/\d+$/, "1"));
  await startDaemon();
  docker = new DockerClient({ kind: "unix", socketPath: socketOf(host()) });
  await docker.images.importRoot(Readable.from([await busyboxRoot()]), {
    reference: image,
    changes: ['CMD ["/bin/busybox", "sleep", "600"]', "ENV PATH=/bin"],
  });
  await writeFile(join(folder, "root.tar"), await packFiles([{ path: "a", content: "b" }]));
});
test.after(async () => {
  if (reason) return;
  docker.close();
  await registry?.stop();
  await lab?.close();
  await built.remove();
  await rm(folder, { recursive: true });
});

/** `at`: the calls that are chosen by default. */
const lives: readonly (Life & { readonly at: readonly RegExp[] })[] = [
  {
    kind: "Container",
    program: () => ({
      image,
      files: { "/srv/page": { content: "x" } },
      ready: { runningMs: 300 },
      stopGraceMs: 0,
      init: true,
    }),
    at: [/^POST .*\/create$/, /^POST .*\/start$/, /^GET \/events/],
  },
  { kind: "Network", program: () => ({ internal: true }), at: [] },
  { kind: "Volume", program: () => ({ delete: true }), at: [] },
  {
    kind: "Image",
    program: () => ({ rootfs: { path: join(folder, "root.tar") } }),
    at: [/^POST .*\/create$/],
  },
];

/** kill -9, and it is started again. The containers of a daemon that ends so go with it. */
async function restart({ proxy }: Disturbed): Promise<void> {
  await proxy.down();
  await host().run("p=$(cat /run/docker.pid); kill -9 $p; while kill -0 $p; do sleep 0.02; done");
  await startDaemon();
  await proxy.up();
}

/** The calls of an undisturbed life, and which of them are chosen. */
async function chosen(disturbed: Disturbed, life: (typeof lives)[number]): Promise<number[]> {
  // The first one also asks for the API's version.
  await disturbed.count(life, `first-${life.kind.toLowerCase()}`);
  const before = disturbed.proxy.seen.length;
  await disturbed.count(life, `second-${life.kind.toLowerCase()}`);
  const seen = disturbed.proxy.seen.slice(before);
  if (wanted !== undefined) return seen.map((_, index) => index);
  return life.at.map((call) => seen.findIndex((one) => call.test(one)));
}

interface Told {
  readonly faults: string[];
  readonly lines: string[];
  longestMs: number;
}

/** One life, in which the daemon is restarted at a call. */
async function outage(
  disturbed: Disturbed,
  life: Life,
  index: number,
  when: "before" | "after",
  told: Told,
): Promise<void> {
  let back: Promise<void> | undefined;
  const reached = () => {
    back = restart(disturbed);
  };
  const settled = () => back ?? Promise.resolve();
  const name = `${life.kind.toLowerCase()}-${index}-${when}`;
  const fate = { kind: "hold", when, reached } as const;
  try {
    const { call, said, longestMs } = await disturbed.live(life, name, index, fate, settled);
    told.longestMs = Math.max(told.longestMs, longestMs);
    told.lines.push(`${when} ${call}: ${said ?? "passed"}`);
    if (longestMs > stepLimitMs) told.faults.push(`${when} ${call}: took too long`);
    if (said !== undefined && !/cannot |exited|it does not run/.test(said)) {
      told.faults.push(`${when} ${call}: says only "${said}"`);
    }
  } catch (error) {
    told.faults.push(`${when} call ${index}: ${String(error)}`);
  } finally {
    await settled();
  }
}

async function outages(life: (typeof lives)[number]): Promise<void> {
  const disturbed = await Disturbed.start(built.path, folder, life.kind, socketOf(host()));
  const told: Told = { faults: [], lines: [], longestMs: 0 };
  try {
    for (const index of await chosen(disturbed, life)) {
      for (const when of ["before", "after"] as const) {
        await outage(disturbed, life, index, when, told);
      }
    }
  } finally {
    await disturbed.stop();
  }
  const { faults, lines, longestMs } = told;
  assert.equal(faults, []);
  const passed = lines.filter((one) => one.endsWith(": passed")).length;
  log(
    `  ${life.kind}: ${lines.length} restarts, ${passed} of them not noticed; the longest step took ${Math.round(longestMs)} ms`,
  );
}

const isChosen = ({ kind, at }: (typeof lives)[number]) =>
  wanted === undefined ? at.length > 0 : wanted === "all" || wanted === kind;

for (const life of lives.filter(isChosen)) {
  rule(`${life.kind}: a daemon that is killed and comes back`, () => outages(life));
}

rule("nothing is left over", async () => {
  const containers = await docker.containers.list({ all: true });
  assert.equal(
    containers.map(({ Names }) => Names),
    [],
  );
  const networks = (await docker.networks.list()).map(({ Name }) => Name).sort();
  assert.equal(networks, ["bridge", "host", "none"]);
  assert.equal(await docker.volumes.list(), []);
});

/** A file that no compression makes small. */
async function bigContent(file: string, mib: number): Promise<void> {
  const blocks = Array.from({ length: mib }, () => randomBytes(1024 * 1024));
  await pipeline(Readable.from(blocks), createWriteStream(file));
}

/** On a disk of so many MiB, which none of them fits. */
const fullDisks: readonly { readonly mib: number; readonly ways: readonly string[] }[] = [
  // What comes over the line finds no room.
  { mib: 24, ways: ["rootfs", "pull", "build"] },
  // It does, beside what BuildKit kept of the context, and what is unpacked from it does not.
  { mib: 90, ways: ["pull"] },
];

/** Programs for an image of 40 MiB; the registry has it already. */
async function bigPrograms(): Promise<Readonly<Record<string, ValueMap>>> {
  await mkdir(join(folder, "big"));
  await bigContent(join(folder, "big", "content"), 40);
  await writeFile(join(folder, "big", "Dockerfile"), "FROM scratch\nCOPY content /content\n");
  const content = await readFile(join(folder, "big", "content"));
  const tar = await packFiles([{ path: "content", content }]);
  await writeFile(join(folder, "big.tar"), tar);
  const auth = { username: registryUser, password: registryPassword };
  const ref = `${registry?.host ?? ""}/big:1`;
  await docker.images.importRoot(Readable.from([tar]), { reference: ref });
  await docker.images.push(ref, { auth });
  return {
    rootfs: { rootfs: { path: join(folder, "big.tar") } },
    build: { build: { context: join(folder, "big") } },
    pull: { pull: { ref, auth } },
  };
}

/** KiB that lie on the daemon's disk. */
async function usedKib(folder: string): Promise<number> {
  return Number((await host().run(`df -k --output=used ${folder} | tail -1`)).stdout.trim());
}

async function refusedForRoom(plugin: Plugin, way: string, program: ValueMap): Promise<void> {
  const started = performance.now();
  const said = await refusal(plugin.make(urnOf("Image", way), program));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  log(`  ${way}, after ${seconds} s: ${said.split("\n")[0] ?? ""}`);
  assert.match(said, /cannot (import|build|pull) the image/);
  assert.match(said, /no space left on device/);
  assert.match(said, /\nfix: make room on the disk of that daemon.*docker system df/);
}

rule("a full disk: each way to an image says so, and works once there is room", async () => {
  const data = "/var/lib/docker";
  const programs = await bigPrograms();
  await stopDaemon();
  await host().run(`mount -t tmpfs -o size=24m tmpfs ${data}`);
  await startDaemon();
  const plugin = await Plugin.start(built.path, { host: `unix://${socketOf(host())}` });
  try {
    for (const { mib, ways } of fullDisks) {
      await host().run(`mount -o remount,size=${mib}m ${data}`);
      for (const way of ways) {
        const before = await usedKib(data);
        await refusedForRoom(plugin, way, programs[way] ?? {});
        assert.equal(await docker.images.list(), [], `${way}: half an image stays`);
        const left = (await usedKib(data)) - before;
        // BuildKit cannot even remove what it has on a disk that is full to the last byte.
        assert.ok(way === "build" || left < 4096, `${way}: ${left} KiB stay`);
      }
    }
    await host().run(`mount -o remount,size=400m ${data}`);
    for (const [way, program] of Object.entries(programs)) {
      const made = await plugin.make(urnOf("Image", way), program);
      const seen = await plugin.read(urnOf("Image", way), made.id, made);
      assert.is(seen?.id, made.id);
    }
  } finally {
    await plugin.stop();
  }
});

test.run();
