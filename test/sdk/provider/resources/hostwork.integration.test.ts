// Units, commands, facts and reboots on a machine of their own; what each host resource refuses.
import { existsSync } from "node:fs";
import * as assert from "uvu/assert";
import { ErrorCode, SdkError } from "../../../../sdk/errors.ts";
import type { Machine } from "../../../../sdk/host/machine.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { failuresOf, lifeOf } from "../../../support/hostresource.ts";
import type { Namespaced } from "../../../support/namespaced.ts";
import { refusal, textOf } from "../plugin.ts";
import { drift, rulesFor, silent } from "./hostrules.ts";

const { rule, test } = rulesFor("provider/host work");

rule(
  "a unit under runit: started, supervised, every field; removed with its processes",
  async (host) => {
    const declared = {
      name: "shop",
      command: "sleep 4242 $EXTRA",
      user: "daemon",
      environment: { EXTRA: "1", TOKEN: "it's\n$x" },
      triggers: ["a"],
    };
    const life = await lifeOf(host.machine, { kind: "Unit" }, declared).create();
    const pid = () => host.sh("pgrep -f '^sleep 4242'");
    const first = await pid();
    assert.is(await host.sh("ps -o user= -C sleep | sort | uniq -c | grep -c daemon"), "1");
    assert.match(await host.sh(`tr '\\0' '|' </proc/${first}/environ`), "TOKEN=it's\n$x|");
    await silent(life);
    await drift(host, life, "sv stop shop", ["delete running"]);
    await drift(host, life, "touch /etc/sv/shop/down", ["delete enabled"]);
    await drift(host, life, "echo 2 >/etc/sv/shop/env/EXTRA", ["update environment.EXTRA"]);
    await drift(host, life, "rm /etc/sv/shop/env/TOKEN", ["add environment.TOKEN"]);
    await drift(host, life, "sed -i 's/-u daemon/-u root/' /etc/sv/shop/run", ["update user"]);
    await drift(host, life, "sed -i 's/4242/4243/' /etc/sv/shop/run", ["update command"]);
    await drift(
      host,
      life,
      "sv stop shop; rm -r /etc/service/shop /etc/sv/shop; pkill -x runsv; sleep 1",
      ["gone"],
    );
    const before = await pid();
    await life.up({ ...declared, triggers: ["b"] });
    assert.is.not(await pid(), before, "a trigger restarts it");
    await life.delete();
    assert.is(await host.sh("pgrep -f '^sleep 4242'; ls /etc/sv /etc/service | grep shop; :"), "");
  },
);

rule(
  "a unit that does not stay up is an error with its last lines; a unit that is missing one by name",
  async (host) => {
    const dies = { name: "dies", command: "echo no such database; sleep 0.1; exit 3" };
    const life = lifeOf(host.machine, { kind: "Unit", name: "d" }, dies);
    assert.match(await refusal(life.create()), "no such database");
    await life.up({ name: "dies", command: "sleep 4244" });
    await silent(life);
    await life.delete();
    const none = lifeOf(host.machine, { kind: "Unit", name: "n" }, { name: "nosuch" });
    assert.match(await refusal(none.create()), "has no unit nosuch");
    const systemd = lifeOf(
      host.machine,
      { kind: "Unit", name: "s" },
      { name: "s", content: "[Unit]\n" },
    );
    assert.match(await refusal(systemd.create()), "has no systemd");
  },
);

rule("a unit that was there before runs again when the resource goes", async (host) => {
  await host.sh(`mkdir -p /etc/sv/former; printf '#!/bin/sh\\nexec sleep 4246\\n' >/etc/sv/former/run
    chmod 755 /etc/sv/former/run; mkdir -p /etc/service; ln -s /etc/sv/former /etc/service/former
    pgrep -x runsvdir >/dev/null || setsid runsvdir -P /etc/service </dev/null >/dev/null 2>&1 &
    until sv status former 2>/dev/null | grep -q ^run; do sleep 0.1; done`);
  const runs = () => host.sh("pgrep -fc '^sleep 4246' || :");
  const declared = { name: "former", enabled: false, running: false };
  const life = await lifeOf(host.machine, { kind: "Unit", name: "former" }, declared).create();
  assert.is(await runs(), "0");
  await silent(life);
  await drift(host, life, "sv start former", ["update running"]);
  await drift(host, life, "rm /etc/sv/former/down", ["update enabled"]);
  await life.delete();
  await host.sh("until sv status former | grep -q ^run; do sleep 0.1; done");
  assert.is(await runs(), "1");
});

rule("a unit is told to reload where that is declared", async (host) => {
  const declared = {
    name: "tells",
    command: "sh -c 'trap \"touch /srv/told\" HUP; while :; do sleep 0.1; done'",
    onChange: "reload",
    triggers: ["a"],
  };
  const life = await lifeOf(host.machine, { kind: "Unit", name: "tells" }, declared).create();
  const pid = await host.sh("cat /etc/service/tells/supervise/pid");
  await life.up({ ...declared, triggers: ["b"] });
  await host.sh("until [ -e /srv/told ]; do sleep 0.1; done");
  assert.is(await host.sh("cat /etc/service/tells/supervise/pid"), pid);
  await silent(life);
  await life.delete();
});

rule(
  "a command runs once, again when its triggers change, and when its work is gone",
  async (host) => {
    const declared: ValueMap = {
      script: 'echo "ran with $TOKEN"; echo x >>/srv/count; touch /srv/made',
      creates: "/srv/made",
      environment: { TOKEN: "hunter2222" },
      triggers: ["1"],
      undo: "echo undone >>/srv/count",
    };
    const count = () => host.sh("cat /srv/count | tr '\\n' ' '");
    const life = await lifeOf(host.machine, { kind: "Command" }, declared).create();
    assert.is(life.recorded.outputs["stdout"], "ran with [secret]\n");
    await silent(life);
    assert.is(await count(), "x");
    await drift(host, life, "rm /srv/made", ["gone"]);
    assert.is(await count(), "x x");
    const { creates: _, ...free } = declared;
    await life.up({ ...free, triggers: ["2"] });
    await life.up({ ...free, triggers: ["1"] });
    assert.is(await count(), "x x x x");
    assert.is(await host.sh("grep -rl --exclude=out hunter2222 /var/lib/dockwright || :"), "");
    await life.delete();
    assert.is(await count(), "x x x x undone");
  },
);

rule("a command's guards", async (host) => {
  const run = async (more: ValueMap) => {
    const script = "touch /srv/guarded";
    const life = await lifeOf(
      host.machine,
      { kind: "Command", name: JSON.stringify(more) },
      { script, ...more },
    ).create();
    await life.delete();
    return textOf(life.recorded.outputs, "skipped");
  };
  assert.match(await run({ onlyIf: "exit 1" }), "not for this machine");
  assert.match(await run({ unless: "exit 0" }), "it is done");
  assert.is(await host.sh("ls /srv | grep guarded || :"), "");
  assert.match(await refusal(run({ unless: "exit 1" })), "`unless` does not hold");
  assert.is(await run({ onlyIf: "exit 0" }), "");
});

rule("facts are read; a change is told, and what always moves is not", async (host) => {
  const life = await lifeOf(host.machine, { kind: "Facts" }, {}).create();
  const before = life.recorded.outputs;
  await life.refresh();
  assert.equal(life.recorded.outputs, before);
  await host.sh("hostname another");
  await life.refresh();
  assert.is(life.recorded.outputs["hostname"], "another");
});

rule("namespaces are not rebooted", async (host) => {
  const life = lifeOf(host.machine, { kind: "Reboot" }, {});
  assert.match(await refusal(life.create()), "cannot be rebooted");
});

/** The machine as one that can be started anew: `reboot` takes it away for a while, as another boot. */
async function rebootable(host: Namespaced): Promise<Machine> {
  await host.sh(`echo kthreadd >/srv/kthreadd; echo boot-1 >/srv/boot_id
    cat >/usr/local/sbin/reboot <<'END'
#!/bin/sh
touch /srv/down; echo x >>/srv/reboots; sleep 2; echo "boot-$(wc -l </srv/reboots)-again" >/srv/boot_id; rm /srv/down
END
    chmod 755 /usr/local/sbin/reboot`);
  const down = `/proc/${host.pid}/root/srv/down`;
  return {
    ...host.machine,
    run(script, options) {
      if (existsSync(down)) {
        return Promise.reject(new SdkError(ErrorCode.Unreachable, "no route to the machine"));
      }
      const there = script
        .replaceAll("/proc/2/comm", "/srv/kthreadd")
        .replaceAll("/proc/sys/kernel/random/boot_id", "/srv/boot_id")
        .replaceAll("/run/reboot-required", "/srv/reboot-required");
      return host.machine.run(there, options);
    },
  };
}

rule(
  "a reboot: once, again for other triggers, only where the system asks for it; back by its boot id",
  async (host) => {
    const machine = await rebootable(host);
    const reboots = () => host.sh("cat /srv/reboots 2>/dev/null | wc -l");
    const life = await lifeOf(machine, { kind: "Reboot" }, { triggers: ["1"] }).create();
    assert.equal(life.recorded.outputs, { bootId: "boot-1-again", rebooted: true });
    await silent(life);
    assert.equal(life.changes({ triggers: ["2"] }), ["update triggers[0]"]);
    // A run that was cut off after the reboot: the wish was fulfilled, and is not done again.
    const again = await lifeOf(machine, { kind: "Reboot" }, { triggers: ["1"] }).create();
    assert.is(await reboots(), "1");
    await life.up({ triggers: ["2"] });
    assert.is(life.recorded.outputs["bootId"], "boot-2-again");
    await again.delete();
    await life.delete();
    const asked = lifeOf(machine, { kind: "Reboot", name: "asked" }, { onlyIfRequired: true });
    await asked.create();
    assert.is(asked.recorded.outputs["rebooted"], false);
    await asked.delete();
    await host.sh("touch /srv/reboot-required");
    await asked.create();
    assert.is(asked.recorded.outputs["rebooted"], true);
    assert.is(await reboots(), "3");
  },
);

rule("a machine that does not come back is an error that says what was last seen", async (host) => {
  const machine = await rebootable(host);
  await host.sh("printf '#!/bin/sh\\ntouch /srv/down\\n' >/usr/local/sbin/reboot");
  const inputs = { timeoutMs: 3000 };
  const life = lifeOf(machine, { kind: "Reboot", name: "lost" }, inputs);
  assert.match(
    await refusal(life.create()),
    /is not back 3000 ms after its reboot: no route to the machine/,
  );
  await host.sh("rm /srv/down");
});

const wrong: readonly [string, ValueMap, string][] = [
  ["File", { path: "etc/x" }, "path: is"],
  ["File", { path: "/etc/../x" }, "path: is"],
  ["File", { path: "/x", mode: "rw" }, "mode: is"],
  ["File", { path: "/x", content: "a", contentBase64: "YQ==" }, "contentBase64: is given"],
  ["File", { path: "/x", contentBase64: "$$" }, "contentBase64: is"],
  ["File", { path: "/x", content: "{{a}}{{b}}", values: { a: "1" } }, "content: asks for {{b}}"],
  ["Directory", { path: "/x/" }, "path: is"],
  ["User", { name: "a b" }, "name: is"],
  ["Group", { name: "-r" }, "name: is"],
  ["Package", { name: "Tiny;" }, "name: is"],
  ["Sysctl", { name: "net/../x", value: "1" }, "name: is"],
  ["Unit", { name: "a", content: "x", command: "y" }, "command: is given"],
  ["Unit", { name: "a", user: "x" }, "user: is for command"],
  ["Command", { script: "x", environment: { "A-B": "1" } }, "A-B is no name of a variable"],
];
for (const [kind, inputs, want] of wrong) {
  test(`${kind} refuses ${JSON.stringify(inputs)}`, () => {
    assert.match(failuresOf(kind, inputs).join("; "), want);
  });
}

test.run();
