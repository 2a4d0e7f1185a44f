// A provisioning of 30 steps, cut at random points: whoever repeats it gets all of it, once.
// DOCKWRIGHT_CUTS says how many runs are cut, DOCKWRIGHT_SEED where; both are printed.
import { createHash, randomInt } from "node:crypto";
import * as assert from "uvu/assert";
import { SdkError } from "../../../sdk/errors.ts";
import type { Machine } from "../../../sdk/host/machine.ts";
import { noteKey } from "../../../sdk/host/operations/operation.ts";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { openSshMachine } from "../../../sdk/ssh/machine.ts";
import { type Cut, type CutProxy, chances, cutProxy } from "../../support/cutproxy.ts";
import { type Life, lifeOf } from "../../support/hostresource.ts";
import { makeSshHost, missingForSshHost, type SshHost } from "../../support/sshhost.ts";
import { suite } from "../../support/suite.ts";

const cuts = Number(process.env["DOCKWRIGHT_CUTS"] ?? "6");
const seed = Number(process.env["DOCKWRIGHT_SEED"] ?? randomInt(1_000_000));
const test = suite("ssh/faults", {
  long: true,
  timeoutMs: 120_000 + cuts * 30_000,
  missing: missingForSshHost(),
});

/** The largest goes over the connection in many packets. */
const fileBytes = [10, 900, 4_000, 33_000, 66_000, 150_000, 300_000, 1_000_000];
const commands = 12;
/** A run that hangs is ended here, and fails. */
const runLimitMs = 60_000;
const mostRuns = 4;

interface Step {
  readonly name: string;
  readonly kind: string;
  readonly inputs: ValueMap;
}

const contentOf = (run: string, bytes: number) => `${run} ${bytes} `.repeat(bytes).slice(0, bytes);

/** 30 steps in groups, the steps of a group side by side, as `host.provision` makes them. */
function recipe(run: string): readonly (readonly Step[])[] {
  const at = `/srv/${run}`;
  const directories: readonly Step[] = ["", "/etc", "/data", "/data/deep"].map((name) => ({
    name: `dir${name}`,
    kind: "Directory",
    inputs: { path: `${at}${name}`, mode: "0750" },
  }));
  const files: readonly Step[] = fileBytes.map((bytes) => ({
    name: `file${bytes}`,
    kind: "File",
    inputs: { path: `${at}/etc/f${bytes}`, content: contentOf(run, bytes), mode: "0640" },
  }));
  const accounts: readonly Step[] = ["a", "b"].map((name) => ({
    name: `group-${name}`,
    kind: "Group",
    inputs: { name: `g${name}${run}` },
  }));
  const users: readonly Step[] = ["a", "b"].map((name) => ({
    name: `user-${name}`,
    kind: "User",
    inputs: { name: `u${name}${run}`, groups: [`g${name}${run}`] },
  }));
  const lines: readonly Step[] = Array.from({ length: commands }, (_, index) => ({
    name: `command${index}`,
    kind: "Command",
    inputs: {
      script: `echo ${index} >>${at}/log; sleep 0.0${index % 10}; echo ${index} >>${at}/ends`,
    },
  }));
  // The name of the machine's domain is one of its own namespace.
  const kernel: readonly Step[] = [
    { name: "domain", kind: "Sysctl", inputs: { name: "kernel.domainname", value: `${run}.test` } },
    { name: "late", kind: "File", inputs: { path: `${at}/etc/late`, content: "late\n" } },
  ];
  const [root = [], ...folders] = directories.map((step) => [step]);
  return [
    root,
    ...folders,
    files.slice(0, 4),
    files.slice(4),
    accounts,
    users,
    lines.slice(0, 6),
    lines.slice(6),
    kernel,
  ];
}

interface Attempt {
  readonly lives: Map<string, Life>;
  readonly errors: readonly Error[];
}

/** One update: makes what is not made yet, group by group, and stops after one with an error. */
async function attempt(machine: Machine, run: string, lives: Map<string, Life>): Promise<Attempt> {
  for (const group of recipe(run)) {
    const missing = group.filter(({ name }) => !lives.has(name));
    const results = await Promise.allSettled(
      missing.map(async ({ name, kind, inputs }) => {
        const life = lifeOf(
          machine,
          { kind, name: `${run}-${name}`, signal: AbortSignal.timeout(runLimitMs) },
          inputs,
        );
        await life.create();
        lives.set(name, life);
      }),
    );
    const errors = results.flatMap((one) =>
      one.status === "rejected" ? [one.reason as Error] : [],
    );
    if (errors.length > 0) return { lives, errors };
  }
  return { lives, errors: [] };
}

let host: SshHost;
let proxy: CutProxy;
test.before(async () => {
  host = await makeSshHost();
  proxy = await cutProxy(host.sshd.port);
});
test.after(async () => {
  await (proxy as CutProxy | undefined)?.close();
  await (host as SshHost | undefined)?.close();
});

/** A plugin's machine: a new connection, as each update has it. */
const connect = () => openSshMachine({ ...host.admin, port: proxy.port }, { keepaliveMs: 300 });

/** Repeats the update until it is through; gives how often it was begun and what it said. */
async function provision(run: string): Promise<{ runs: number; said: readonly Error[] }> {
  const lives = new Map<string, Life>();
  const said: Error[] = [];
  for (let runs = 1; runs <= mostRuns; runs += 1) {
    const machine = connect();
    const { errors } = await attempt(machine, run, lives);
    machine.close();
    said.push(...errors);
    if (errors.length === 0) return { runs, said };
  }
  throw new Error(`${run}: not through after ${mostRuns} runs: ${said.map(String).join("\n")}`);
}

/** All steps are there, whole, and each was done once. */
async function verify(run: string): Promise<void> {
  const at = `/srv/${run}`;
  const want = Array.from({ length: commands }, (_, index) => String(index))
    .sort()
    .join(" ");
  for (const log of ["log", "ends"]) {
    assert.is(await host.sh(`sort ${at}/${log} | tr '\\n' ' '`), want);
  }
  const sums = await host.sh(`cd ${at}/etc; sha256sum f* | sort -k2 -V`);
  const sum = (bytes: number) => createHash("sha256").update(contentOf(run, bytes)).digest("hex");
  assert.is(sums, fileBytes.map((bytes) => `${sum(bytes)}  f${bytes}`).join("\n"));
  // What the cut ended may be a moment from its end.
  const half = `find ${at} -name '.*'`;
  const left = await host.sh(
    `for i in $(seq 60); do [ "$(${half})" ] || exit 0; sleep 0.1; done; ${half}`,
  );
  assert.is(left, "", "nothing half-made is left");
  assert.is(await host.sh(`stat -c %a ${at}/data/deep ${at}/etc/f10 | tr '\\n' ' '`), "750 640");
  assert.is(
    await host.sh(`id -nG ua${run}; id -nG ub${run}`),
    `ua${run} ga${run}\nub${run} gb${run}`,
  );
  assert.is(await host.sh("cat /proc/sys/kernel/domainname"), `${run}.test`);
}

/** Nothing is different: the next update would be silent. */
async function silent(run: string): Promise<void> {
  const machine = connect();
  const lives = new Map<string, Life>();
  const { errors } = await attempt(machine, run, lives);
  assert.equal(errors.map(String), []);
  for (const [name, life] of lives) {
    assert.ok(await life.refresh(), `${run} ${name} is there`);
    assert.equal(life.changes(), [], `${run} ${name}`);
  }
  machine.close();
}

test("what a killed write left beside a file goes with the next write of it, and nothing else", async () => {
  await host.sh("mkdir -p /srv/left");
  const file = "/srv/left/f";
  const hash = noteKey("file", file).split("-").at(-1) ?? "";
  await host.sh(`cd /srv/left; touch .dockwright.${hash}.aB3xyz .dockwright.other.aB3xyz`);
  await lifeOf(host.machine, { kind: "File", name: "left" }, { path: file, content: "x" }).create();
  assert.is(await host.sh("ls -A /srv/left | tr '\\n' ' '"), ".dockwright.other.aB3xyz f");
});

test("a connection that is cut before its first script is unreachable, never refused", async () => {
  const first = async () => {
    const machine = connect();
    await machine.run("exit 0", { timeoutMs: runLimitMs }).finally(() => machine.close());
  };
  proxy.plan(undefined);
  await first();
  const whole = proxy.bytes;
  const codes = new Map<string, number>();
  for (let point = 0; point < 40; point += 1) {
    proxy.plan({ how: "reset", bytes: Math.ceil((whole * (point + 0.5)) / 40) });
    const code = await first().then(
      () => "none",
      (error: unknown) =>
        error instanceof SdkError ? `${error.code} ${error.message}` : String(error),
    );
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  assert.equal(
    [...codes.keys()].filter((code) => !/^(none|UNREACHABLE)/.test(code)),
    [],
  );
});

test(`30 steps, the connection cut at random: ${cuts} runs, seed ${seed}`, async () => {
  const steps = recipe("x").flat().length;
  assert.is(steps, 30);
  proxy.plan(undefined);
  const started = performance.now();
  assert.is((await provision("whole")).runs, 1);
  const [bytes, wholeMs] = [proxy.bytes, performance.now() - started];
  await verify("whole");
  await silent("whole");
  const chance = chances(seed);
  const told = { cut: 0, again: 0, through: 0, slowestMs: 0, errors: new Map<string, number>() };
  for (let count = 0; count < cuts; count += 1) {
    const run = `c${count}`;
    const how = chance() < 0.25 ? "silence" : "reset";
    const where = chance();
    const cut: Cut =
      chance() < 0.5 ? { how, bytes: Math.ceil(where * bytes) } : { how, afterMs: where * wholeMs };
    proxy.plan(cut);
    const begun = performance.now();
    const { runs, said } = await provision(run);
    told.slowestMs = Math.max(told.slowestMs, performance.now() - begun);
    if (proxy.cut) told.cut += 1;
    if (runs > 1) told.again += 1;
    else if (proxy.cut) told.through += 1;
    for (const error of said) {
      const words = error instanceof SdkError ? error.code : `${error.name}: ${error.message}`;
      told.errors.set(words, (told.errors.get(words) ?? 0) + 1);
    }
    proxy.plan(undefined);
    await verify(run).catch((error: unknown) => {
      throw new Error(
        `seed ${seed}, ${JSON.stringify(cut)}: ${error instanceof Error ? `${error.message} ${JSON.stringify((error as { details?: unknown }).details ?? "")}` : ""}; said ${said.join("; ")}`,
      );
    });
  }
  const errors = [...told.errors].map(([words, times]) => `${words} ${times}`).join(", ");
  process.stdout.write(
    `\n${steps} steps, ${bytes} bytes, ${Math.round(wholeMs)} ms uncut; seed ${seed}: ${cuts} runs, ` +
      `${told.cut} cut, ${told.again} repeated, ${told.through} came through by themselves, ` +
      `slowest ${Math.round(told.slowestMs)} ms; errors: ${errors || "none"}\n`,
  );
  assert.equal(
    [...told.errors.keys()].filter((code) => code !== "UNREACHABLE"),
    [],
  );
  if (cuts > 0) await silent(`c${cuts - 1}`);
});

test.run();
