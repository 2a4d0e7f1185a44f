// Answers of the daemon that are late, cut, or no answers: each call of the life of a container, a
// network, a volume, an image, a task, a backup and a command meets each of them. The step passes, or fails in words that say what
// it was about, soon; then it is done again and passes, and nothing is left over. By default each call
// meets one; DOCKWRIGHT_DISTURBANCES=all makes it all of them, DOCKWRIGHT_DISTURBANCES=Exec those of one life.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { packFiles } from "../../../sdk/docker/archive.ts";
import { missingRegistry, TestRegistry } from "../../support/registry.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import { Disturbed, disturbances, type Life, type Outcome, titleOf, wordOf } from "./disturbed.ts";
import { clear, furnish, longLives, noImagesLeft, type Surroundings } from "./lives.ts";
import { bundle } from "./plugin.ts";

const test = suite("provider/disturbed", { long: true, timeoutMs: 15 * 60_000 });
const lab = new Fixture("disturbed");
const reason = missing();
const wanted = process.env["DOCKWRIGHT_DISTURBANCES"];
/** How many lives are lived at a time: each has two processes of Node. */
const atOnce = 4;
/** Longer than a step takes that waits for a daemon which is away. */
const stepLimitMs = 25_000;

let built: Awaited<ReturnType<typeof bundle>>;
let folder = "";
let registry: TestRegistry | undefined;

const around: Surroundings = {
  ...{ docker: lab.client, image: lab.image, prefix: lab.prefix },
  get folder() {
    return folder;
  },
  get registry() {
    return registry;
  },
};

const container = (memoryMib: number) => () => ({
  image: lab.image,
  files: { "/srv/page": { content: "x" } },
  memoryBytes: memoryMib * 1024 * 1024,
  ready: { runningMs: 1 },
  stopGraceMs: 0,
  init: true,
});

const lives: readonly Life[] = [
  { kind: "Container", workers: 2, program: container(16), changed: container(32) },
  { kind: "Network", program: () => ({ internal: true }) },
  { kind: "Volume", program: () => ({ delete: true }) },
  { kind: "Image", program: () => ({ rootfs: { path: join(folder, "root.tar") } }) },
];
const noRegistry = missingRegistry();
const allLives = [
  ...lives,
  ...longLives(around).filter(({ title }) => !noRegistry || title !== "Image, pulled"),
];

/** Words that only tell how Node saw it. */
const bare = /^(aborted|socket hang up|Parse Error|Unexpected|premature|terminated)/i;

test.before(async () => {
  if (reason) return;
  built = await bundle();
  folder = await mkdtemp(join(tmpdir(), "dwtest-disturbed-"));
  await lab.makeImage();
  await writeFile(
    join(folder, "root.tar"),
    await packFiles([{ path: "content", content: lab.prefix }]),
  );
  if (noRegistry === undefined) registry = await TestRegistry.start();
  await furnish(around);
});
test.after(async () => {
  if (reason) return;
  await registry?.stop();
  await built.remove();
  await rm(folder, { recursive: true });
  await lab.clean();
});

/** What may be tried on a call: all, or one after the other. */
function chosen(index: number): readonly string[] {
  const names = Object.keys(disturbances);
  return wanted ? names : [names[index % names.length] ?? ""];
}

/** What the workers of a life share. */
interface Sweep {
  readonly life: Life;
  readonly queue: { readonly index: number; readonly what: string }[];
  readonly faults: string[];
  runs: number;
  failures: number;
  longestMs: number;
}

function judge(sweep: Sweep, what: string, { call, said, longestMs }: Outcome): void {
  if (call === "") return;
  sweep.runs += 1;
  sweep.longestMs = Math.max(sweep.longestMs, longestMs);
  if (longestMs > stepLimitMs) {
    sweep.faults.push(`${call} ${what}: a step took ${Math.round(longestMs)} ms`);
  }
  if (said === undefined) return;
  sweep.failures += 1;
  if (bare.test(said) || !said.includes("cannot ")) {
    sweep.faults.push(`${call} ${what}: says only "${said}"`);
  }
}

async function work(sweep: Sweep, disturbed: Disturbed): Promise<void> {
  for (let next = sweep.queue.shift(); next; next = sweep.queue.shift()) {
    const { index, what } = next;
    const fate = disturbances[what];
    if (!fate) throw new Error(`no disturbance "${what}"`);
    try {
      judge(sweep, what, await disturbed.live(sweep.life, lab.name(), index, fate));
    } catch (error) {
      sweep.faults.push(`call ${index} ${what}: ${String(error)}`);
    }
  }
}

async function runSweep(life: Life): Promise<string> {
  const workers: Disturbed[] = [];
  const sweep: Sweep = { life, queue: [], faults: [], runs: 0, failures: 0, longestMs: 0 };
  try {
    for (let number = 0; number < (life.workers ?? 1); number++) {
      workers.push(await Disturbed.start(built.path, folder, `${wordOf(life)}${number}`));
    }
    const calls = (await workers[0]?.count(life, lab.name())) ?? 0;
    for (let index = 0; index < calls; index++) {
      for (const what of chosen(index)) sweep.queue.push({ index, what });
    }
    await Promise.all(workers.map((one) => work(sweep, one)));
  } finally {
    await Promise.all(workers.map((one) => one.stop()));
  }
  assert.equal(sweep.faults, []);
  const { runs, failures, longestMs } = sweep;
  return `${runs} lives, ${failures} steps failed in words, the longest took ${Math.round(longestMs)} ms`;
}

/** Side by side: they wait more than they work. */
const sweeps = new Map<Life, Promise<string>>();
function startAll(): void {
  const lanes = Array.from({ length: atOnce }, () => Promise.resolve());
  chosenLives.forEach((life, index) => {
    const lane = index % atOnce;
    const sweep = (lanes[lane] ?? Promise.resolve()).then(() => runSweep(life));
    sweeps.set(life, sweep);
    lanes[lane] = sweep.then(
      () => undefined,
      () => undefined,
    );
  });
}

const chosenLives = allLives.filter(
  (life) => wanted === undefined || wanted === "all" || titleOf(life).startsWith(wanted),
);
if (noRegistry) test.skip(`Image, pulled (${noRegistry})`);
for (const life of chosenLives) {
  const name = `${titleOf(life)}: no call spoils what is there`;
  if (reason) test.skip(`${name} (${reason})`);
  else {
    test(name, async () => {
      if (sweeps.size === 0) startAll();
      process.stdout.write(`  ${titleOf(life)}: ${(await sweeps.get(life)) ?? ""}\n`);
    });
  }
}

test("nothing is left over", async () => {
  if (reason) return;
  const { client, prefix } = lab;
  await noImagesLeft(around);
  await clear(around);
  const filters = { name: [prefix] };
  assert.equal(await client.containers.list({ all: true, filters }), []);
  assert.equal(await client.networks.list(filters), []);
  assert.equal(await client.volumes.list(filters), []);
});

test.run();
