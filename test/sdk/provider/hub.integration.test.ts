// Many launchers of one engine: who shares a process with whom, how each ends, what stays behind, and
// that nobody is told of another's work. Only the last rules need a daemon.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../sdk/provider/values.ts";
import { killAll, processesOf } from "../../support/processes.ts";
import { suite } from "../../support/suite.ts";
import { Fixture, missing } from "../docker/fixture.ts";
import {
  bundle,
  type Engine,
  Plugin,
  refusal,
  startEngine,
  textOf,
  until,
  urnOf,
} from "./plugin.ts";

const test = suite("provider/hub", { timeoutMs: 60_000 });
let built: Awaited<ReturnType<typeof bundle>> | undefined;
const lab = new Fixture("provider-hub");
const reason = missing();
test.before(async () => {
  built = await bundle();
  if (!reason) await lab.makeImage();
});
test.after(async () => {
  await built?.remove();
  if (!reason) await lab.clean();
});

/** One engine, whose launchers meet in a folder of its own. */
class Run {
  readonly folder: string;
  readonly engine: Engine;
  readonly plugins: Plugin[] = [];
  readonly env: NodeJS.ProcessEnv;
  /** Where the room is. */
  readonly base: string;

  private constructor(folder: string, engine: Engine) {
    this.folder = folder;
    this.engine = engine;
    this.env = { ...process.env, TMPDIR: folder, XDG_RUNTIME_DIR: undefined };
    this.base = join(folder, `dockwright-${basename(homedir())}`);
  }

  static async start(): Promise<Run> {
    return new Run(await mkdtemp(join(tmpdir(), "dwtest-hub-")), await startEngine());
  }

  async launch(env: NodeJS.ProcessEnv = this.env): Promise<Plugin> {
    const plugin = await Plugin.launch({ path: built?.launcher ?? "", engine: this.engine, env });
    this.plugins.push(plugin);
    return plugin;
  }

  async launchAll(count: number): Promise<readonly Plugin[]> {
    const all: Plugin[] = [];
    for (let at = 0; at < count; at++) all.push(await this.launch());
    return all;
  }

  /** The processes of Node that serve: those with many instances, and those with one. */
  async servers(): Promise<{ readonly hubs: number[]; readonly alone: number[] }> {
    const all = await processesOf(this.folder);
    const node = all.filter(({ command }) => /^node .*\.cjs /.test(command));
    const isHub = ({ command }: { command: string }) => command.includes(" --hub ");
    return {
      hubs: node.filter(isHub).map(({ pid }) => pid),
      alone: node.filter((one) => !isHub(one)).map(({ pid }) => pid),
    };
  }

  async nothingLeft(): Promise<void> {
    await until("no process is left", async () => (await processesOf(this.folder)).length === 0);
  }

  async close(): Promise<void> {
    for (const { child } of this.plugins) child.kill("SIGKILL");
    await killAll(this.folder);
    this.engine.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function rule(name: string, work: (run: Run) => Promise<void>): void {
  test(name, async () => {
    const run = await Run.start();
    try {
      await work(run);
    } finally {
      await run.close();
    }
  });
}

async function answers(plugin: Plugin): Promise<void> {
  const asked = new messages.GetSchemaRequest();
  const answer = await plugin.call<messages.GetSchemaResponse>("getSchema", asked);
  assert.match(answer.getSchema(), "dockwright");
}

rule("all share one process; each has its port", async (run) => {
  const plugins = await run.launchAll(5);
  assert.is(new Set(plugins.map(({ port }) => port)).size, 5);
  for (const plugin of plugins) await answers(plugin);
  const { hubs, alone } = await run.servers();
  assert.is(hubs.length, 1);
  assert.is(alone.length, 0);
});

rule("many at once: one process for all of them", async (run) => {
  const plugins = await Promise.all(Array.from({ length: 8 }, () => run.launch()));
  assert.is(new Set(plugins.map(({ port }) => port)).size, 8);
  await Promise.all(plugins.map(answers));
  const { hubs, alone } = await run.servers();
  assert.is(hubs.length, 1);
  assert.is(alone.length, 0);
});

rule("another engine shares nothing with this one", async (run) => {
  await run.launchAll(2);
  const engine = await startEngine();
  const other = { path: built?.launcher ?? "", engine, env: run.env };
  try {
    for (let at = 0; at < 2; at++) run.plugins.push(await Plugin.launch(other));
    assert.is((await run.servers()).hubs.length, 2);
  } finally {
    engine.stop();
  }
});

// The engine lets go of one after the other, and waits each time until nobody holds its output. It has
// 5 s for all: while the process that serves many held on to the output of the launcher that started
// it, whoever came after that one was given up on ("exited prematurely").
rule(
  "each ends by itself while the others go on, also the one that started the process",
  async (run) => {
    const plugins = [...(await run.launchAll(5))];
    for (const at of [1, 0, 2, 0, 0]) {
      const [leaver] = plugins.splice(at, 1);
      await leaver?.cancel();
      await leaver?.interrupt();
      for (const plugin of plugins) await answers(plugin);
    }
    await run.nothingLeft();
    assert.equal(await readdir(run.base), [], "the room is gone");
  },
);

rule(
  "when all have left and one comes, it works; so does one that comes a moment before",
  async (run) => {
    await Promise.all((await run.launchAll(3)).map((plugin) => plugin.interrupt()));
    await answers(await run.launch());
    const next = await run.launch();
    await answers(next);
  },
);

rule("those who come in the moment in which the process leaves are served too", async (run) => {
  for (const waitMs of [950, 1000, 1050]) {
    const plugins = await run.launchAll(2);
    await Promise.all(plugins.map((plugin) => plugin.interrupt()));
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await Promise.all((await run.launchAll(2)).map(answers));
    await Promise.all(run.plugins.slice(-2).map((plugin) => plugin.interrupt()));
  }
});

rule("the engine is killed: all end, and nothing is left", async (run) => {
  const script = `
    const { spawn } = require("node:child_process");
    let left = 4;
    for (let at = 0; at < 4; at++) {
      const child = spawn(process.argv[1], [process.argv[2]], { stdio: ["pipe", "pipe", "pipe"], detached: true });
      child.stdout.once("data", () => { left -= 1; if (left === 0) process.stdout.write("ready"); });
    }
    setInterval(() => undefined, 1000);`;
  const args = ["-e", script, built?.launcher ?? "", run.engine.address];
  const parent = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: run.env,
  });
  await once(parent.stdout, "data");
  assert.is((await run.servers()).hubs.length, 1);
  parent.kill("SIGKILL");
  await run.nothingLeft();
  assert.equal(await readdir(run.base), [], "the room is gone");
});

rule("the shared process is killed: a call says so, and the next provider works", async (run) => {
  const plugins = await run.launchAll(3);
  const [hub] = (await run.servers()).hubs;
  process.kill(hub ?? 0, "SIGKILL");
  await until("the room is gone", async () => (await readdir(run.base)).length === 0);
  for (const plugin of plugins) {
    assert.match(await refusal(answers(plugin)), /ECONNRE|No connection|Connection dropped/);
  }
  await answers(await run.launch());
  await Promise.all(plugins.map((plugin) => plugin.interrupt()));
});

rule("the room of an engine that is gone is swept away", async (run) => {
  await run.launch();
  const gone = spawn("true");
  await once(gone, "exit");
  const old = join(run.base, `${gone.pid ?? 0}-1`);
  await mkdir(old);
  const engine = await startEngine();
  const other = { path: built?.launcher ?? "", engine, env: run.env };
  run.plugins.push(await Plugin.launch(other));
  engine.stop();
  assert.not((await readdir(run.base)).includes(`${gone.pid ?? 0}-1`));
});

/** Each launcher is a process of its own, and works. */
async function allAlone(run: Run, env = run.env): Promise<void> {
  for (let at = 0; at < 3; at++) await answers(await run.launch(env));
  const { hubs, alone } = await run.servers();
  assert.is(hubs.length, 0);
  assert.is(alone.length, 3);
}

rule(
  "a room that another engine swept away: those inside go on, and all ends with them",
  async (run) => {
    const plugins = await run.launchAll(3);
    for (const room of await readdir(run.base)) await rm(join(run.base, room), { recursive: true });
    for (const plugin of plugins) await answers(plugin);
    for (const plugin of plugins) plugin.child.stdin?.end();
    await run.nothingLeft();
  },
);

rule("a folder that is a link to elsewhere is not used", async (run) => {
  const elsewhere = join(run.folder, "elsewhere");
  await mkdir(elsewhere);
  await symlink(elsewhere, run.base);
  await allAlone(run);
  assert.equal(await readdir(elsewhere), []);
});

rule("a file where the folder should be: each is on its own", async (run) => {
  await symlink("/dev/null", run.base);
  await allAlone(run);
});

rule("somebody else's folder is not used", async (run) => {
  if (process.getuid?.() !== 0) return;
  await mkdir(run.base, { mode: 0o777 });
  await chmod(run.base, 0o777);
  await chown(run.base, 65534, 65534);
  await allAlone(run);
  assert.equal(await readdir(run.base), []);
});

for (const missing of ["setsid", "mkfifo"]) {
  rule(`without ${missing}, each is a process of its own`, async (run) => {
    const bin = join(run.folder, "bin");
    await mkdir(bin);
    const tools = { node: process.execPath, id: "/usr/bin/id", mkdir: "/bin/mkdir", rm: "/bin/rm" };
    const more = { cat: "/bin/cat", setsid: "/usr/bin/setsid", mkfifo: "/usr/bin/mkfifo" };
    for (const [name, path] of Object.entries({ ...tools, ...more })) {
      if (name !== missing) await symlink(path, join(bin, name));
    }
    await allAlone(run, { ...run.env, PATH: bin });
  });
}

rule("a launcher that is a link elsewhere finds its bundle", async (run) => {
  const link = join(run.folder, "pulumi-resource-dockwright");
  await symlink(built?.launcher ?? "", link);
  const plugin = await Plugin.launch({ path: link, engine: run.engine, env: run.env });
  run.plugins.push(plugin);
  await answers(plugin);
});

function ruleWithDaemon(name: string, work: (run: Run) => Promise<void>): void {
  if (reason) test.skip(`${name} (${reason})`);
  else rule(name, work);
}

const running = (name: string) => async () =>
  (await lab.client.containers.inspect(name))?.State.Running === true;

/** Begins to make a container which takes for ever to get ready, or until the program asks for more. */
async function standAtGate(plugin: Plugin, more: ValueMap = {}) {
  const urn = urnOf("Container", lab.name());
  const ready = { runningMs: 300_000, timeoutMs: 300_000 };
  const { inputs } = await plugin.check(urn, { image: lab.image, ready, ...more });
  const name = textOf(inputs.values, "name");
  const work = plugin.create(urn, inputs);
  work.catch(() => undefined);
  return { name, work };
}

ruleWithDaemon("a Cancel, or the end, of one does not stop the work of another", async (run) => {
  const [, first, second, third] = await run.launchAll(4);
  if (!first || !second || !third) throw new Error("they were not launched");
  const stopped = await standAtGate(first);
  const left = await standAtGate(second);
  const goesOn = await standAtGate(third, { ready: { runningMs: 5000, timeoutMs: 60_000 } });
  for (const { name } of [stopped, left, goesOn]) await until("it runs", running(name));
  await first.cancel();
  await second.interrupt();
  assert.match(await refusal(stopped.work), "stopped on request");
  const gone = async () => (await lab.client.containers.inspect(left.name)) === undefined;
  await until("what the one that ended had half made is gone", gone);
  assert.is((await goesOn.work).id, (await lab.client.containers.inspect(goesOn.name))?.Id);
});

ruleWithDaemon("each hides its own secrets, in its errors and in its lines", async (run) => {
  const [, ...sharing] = await run.launchAll(3);
  const words = ["hunter2222", "correcthorse"];
  const said = await Promise.all(
    sharing.map(async (plugin, at) => {
      const urn = urnOf("Container", lab.name());
      const env = { TOKEN: words[at] ?? "" };
      const command = ["sh", "-c", "echo token $TOKEN; exit 3"];
      const values = { image: lab.image, command, env, ready: { timeoutMs: 30_000 } };
      const given = { values, secrets: new Set(["env.TOKEN"]) };
      const { inputs } = await plugin.check(urn, given);
      return refusal(plugin.create(urn, inputs));
    }),
  );
  for (const text of said) assert.match(text, "token [secret]");
  const lines = JSON.stringify(run.engine.lines);
  for (const word of words) assert.not.match(`${said.join()} ${lines}`, word);
});

test.run();
