// Commands in containers through the real plugin on a real daemon: what is recorded, what fails and
// how, when a command is run again and when it is not.
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { suite } from "../../../support/suite.ts";
import { Fixture, missing } from "../../docker/fixture.ts";
import { bundle, type Given, Plugin, type Recorded, refusal, textOf, urnOf } from "../plugin.ts";

const test = suite("provider/exec");
const lab = new Fixture("provider-exec");
const reason = missing();
let built: Awaited<ReturnType<typeof bundle>> | undefined;
let plugin: Plugin;
let first = "";
let second = "";

test.before(async () => {
  if (reason) return;
  built = await bundle();
  await lab.makeImage();
  [first, second] = [await lab.run(), await lab.run()];
});
test.after(async () => {
  await built?.remove();
  if (!reason) await lab.clean();
});

/** A rule, within a run of the engine of its own. */
function rule(name: string, run: () => Promise<void>): void {
  if (reason) {
    test.skip(`${name} (${reason})`);
    return;
  }
  test(name, async () => {
    plugin = await Plugin.start(built?.path ?? "");
    try {
      await run();
    } finally {
      await plugin.stop();
    }
  });
}

const sh = (line: string, more: ValueMap = {}): ValueMap => ({
  container: first,
  command: ["/bin/sh", "-c", line],
  ...more,
});

const linesOf = async (container: string, file: string) =>
  (await lab.client.exec.run(container, { cmd: ["/bin/sh", "-c", `cat ${file} | wc -l`] })).stdout;

/** An update in place of what is recorded; the same record where nothing changed. */
async function up(urn: string, made: Recorded, declared: Given): Promise<Recorded> {
  const { inputs } = await plugin.check(urn, declared, made.inputs);
  const { changes } = await plugin.diff(urn, made, inputs);
  return Object.keys(changes).length === 0 ? made : plugin.update(urn, made, inputs);
}

rule("its output, exit code, user, folder, variables and input are as declared", async () => {
  const urn = urnOf("Exec", lab.name());
  const declared = sh("id -u; pwd; echo $A; cat; echo bad >&2", {
    user: "33",
    workingDir: "/tmp",
    env: { A: "one two" },
    stdin: "from the input",
  });
  const made = await plugin.make(urn, declared);
  const { values, secrets } = made.outputs;
  assert.equal([values["exitCode"], values["skipped"], values["stderr"]], [0, "", "bad\n"]);
  assert.is(values["stdout"], "33\n/tmp\n[secret]\n[secret]");
  assert.ok(secrets.has("env") && secrets.has("stdin"));
  assert.is(await up(urn, made, declared), made);
  await plugin.delete(urn, made);
});

rule("secrets are in no state in plain, no line, no error and no argument", async () => {
  const urn = urnOf("Exec", lab.name());
  const [word, input] = ["the-secret-of-the-word", "the-secret-of-the-input"];
  const declared = (code: number) =>
    sh(`echo $W; cat; exit ${code}`, { env: { W: word }, stdin: input });
  const made = await plugin.make(urn, declared(0));
  const error = await refusal(plugin.make(urn, declared(4)));
  assert.match(error, /ended with exit code 4:\n\[secret\]/);
  const { stdout, stderr } = made.outputs.values;
  const said = JSON.stringify([plugin.lines, plugin.stderr, error, stdout, stderr]);
  for (const secret of [word, input]) assert.not.match(said, secret);
});

rule("run once; again for a trigger or another container; not for a guard or a limit", async () => {
  const urn = urnOf("Exec", lab.name());
  const line = "echo x >>/tmp/again; echo ran >&2";
  const made = await plugin.make(urn, sh(line));
  const limited = await up(urn, made, sh(line, { timeoutMs: 5000, unless: ["/bin/true"] }));
  assert.equal(limited.outputs.values["stderr"], "ran\n");
  assert.is(await linesOf(first, "/tmp/again"), "1\n");
  const triggered = await up(urn, made, sh(line, { triggers: ["2"] }));
  assert.is(await linesOf(first, "/tmp/again"), "2\n");
  const moved = sh(line, { triggers: ["2"], container: second });
  const { inputs } = await plugin.check(urn, moved, triggered.inputs);
  await plugin.update(urn, triggered, inputs, true);
  assert.ok(plugin.lines.some(({ text }) => text === `will run: /bin/sh -c ${line}`));
  await plugin.update(urn, triggered, inputs);
  assert.is(await linesOf(second, "/tmp/again"), "1\n");
  assert.is(await linesOf(first, "/tmp/again"), "2\n");
});

rule("creates: not run where its work is; asked again by a refresh", async () => {
  const urn = urnOf("Exec", lab.name());
  const declared = sh("echo 1 >>/tmp/made", { creates: "/tmp/made" });
  const made = await plugin.make(urn, declared);
  assert.is(made.outputs.values["skipped"], "");
  const again = await plugin.make(urn, declared);
  assert.is(again.outputs.values["skipped"], "what it creates is there");
  assert.is(await linesOf(first, "/tmp/made"), "1\n");
  assert.ok(await plugin.read(urn, made.id, made));
  await lab.client.exec.run(first, { cmd: ["/bin/busybox", "rm", "/tmp/made"] });
  assert.is(await plugin.read(urn, made.id, made), undefined);
  const wrong = await refusal(plugin.make(urn, sh("true", { creates: "/tmp/never" })));
  assert.match(wrong, "ended with exit code 0, and yet /tmp/never is not there");
});

rule("unless and onlyIf say whether it is run; a guard that is no program is told", async () => {
  const urn = urnOf("Exec", lab.name());
  const skippedBy = async (more: ValueMap) =>
    textOf((await plugin.make(urn, sh("exit 9", more))).outputs.values, "skipped");
  assert.match(await skippedBy({ unless: ["/bin/true"] }), "unless");
  assert.match(await skippedBy({ onlyIf: ["/bin/false"] }), "onlyIf");
  const run = sh("echo 1 >/tmp/u", { unless: ["/bin/sh", "-c", "cat /tmp/u"] });
  assert.is((await plugin.make(urn, run)).outputs.values["skipped"], "");
  const odd = await refusal(plugin.make(urn, sh("true", { unless: ["/no/such"] })));
  assert.match(odd, /`unless` cannot be run in the container "[0-9a-f]{12}" \(exit code 12[67]\)/);
});

rule("one that fails is told with its last lines, and its record stays as it was", async () => {
  const urn = urnOf("Exec", lab.name());
  const made = await plugin.make(urn, sh("echo fine"));
  const error = await refusal(up(urn, made, sh("echo why; echo how >&2; exit 7")));
  assert.match(error, /ended with exit code 7:\nwhy\nhow/);
  const nothing = await refusal(plugin.make(urn, sh("x", { command: ["/no/such"] })));
  assert.match(nothing, /exit code 12[67]/);
});

rule("one that takes too long fails the update in time", async () => {
  const begun = performance.now();
  const error = await refusal(
    plugin.make(urnOf("Exec", lab.name()), sh("sleep 20", { timeoutMs: 500 })),
  );
  assert.match(error, "had not ended after 0.5 s; Docker cannot end it");
  assert.ok(performance.now() - begun < 10_000);
});

rule("a container that does not run, or is not there, is named", async () => {
  const urn = urnOf("Exec", lab.name());
  const gone = await refusal(plugin.make(urn, sh("true", { container: "dwtest-none" })));
  assert.match(gone, 'cannot be run in the container "dwtest-none": it is not there');
  const stopped = await lab.run();
  await lab.client.containers.stop(stopped, { graceMs: 0 });
  const error = await refusal(plugin.make(urn, sh("true", { container: stopped })));
  assert.match(error, 'it does not run (state "exited")');
  const made = await plugin.make(urn, sh("echo 1 >/tmp/r", { creates: "/tmp/r" }));
  const inputs = { ...made.inputs, container: stopped };
  assert.ok(await plugin.read(urn, made.id, { ...made, inputs }), "it tells nothing");
  assert.match(await refusal(plugin.read(urn, "x")), "cannot be imported");
});

test.run();
