// Files, folders, accounts, kernel parameters and packages on a machine of their own: made, seen as
// declared, changed behind our back, shown at the exact place, repaired, deleted with what was there
// before put back.
import * as assert from "uvu/assert";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { serveDebs } from "../../../support/debs.ts";
import { imported, lifeOf } from "../../../support/hostresource.ts";
import { refusal } from "../plugin.ts";
import { drift, rulesFor, silent } from "./hostrules.ts";

const { rule, test } = rulesFor("provider/host things", (host) =>
  serveDebs(host, [
    { name: "tiny", version: "1.0" },
    { name: "tiny", version: "2.0" },
    { name: "lower", version: "1.0" },
    { name: "upper", version: "1.0", depends: "lower" },
  ]),
);

rule("a file: bytes, mode and owners; the former file comes back", async (host) => {
  await host.sh(
    "printf 'former' >/etc/shop.conf; chmod 600 /etc/shop.conf; chown daemon:adm /etc/shop.conf",
  );
  const declared = { path: "/etc/shop.conf", content: "port = {{port}}\n", values: { port: "80" } };
  const life = await lifeOf(host.machine, { kind: "File" }, declared).create();
  assert.is(
    await host.sh("cat /etc/shop.conf; stat -c '%a %U %G' /etc/shop.conf"),
    "port = 80\n644 root root",
  );
  await silent(life);
  await drift(host, life, "echo more >>/etc/shop.conf", ["update content"]);
  await drift(host, life, "chmod 666 /etc/shop.conf", ["delete mode"]);
  await drift(host, life, "chown daemon /etc/shop.conf", ["delete owner"]);
  await drift(host, life, "chgrp adm /etc/shop.conf", ["delete group"]);
  await drift(host, life, "rm /etc/shop.conf", ["gone"]);
  const before = life.recorded.outputs["fingerprint"];
  await life.up({ ...declared, values: { port: "81" }, mode: "0640" });
  assert.is(await host.sh("cat /etc/shop.conf; stat -c %a /etc/shop.conf"), "port = 81\n640");
  assert.is.not(life.recorded.outputs["fingerprint"], before);
  await silent(life);
  await drift(host, life, "chmod 600 /etc/shop.conf", ["update mode"]);
  await life.delete();
  assert.is(
    await host.sh("cat /etc/shop.conf; stat -c ' %a %U %G' /etc/shop.conf"),
    "former 600 daemon adm",
  );
});

rule("a file that was not there goes; binary bytes; import by path", async (host) => {
  const contentBase64 = Buffer.from([0, 255, 10, 128]).toString("base64");
  const declared = { path: "/srv/binary", contentBase64, owner: "1" };
  const life = await lifeOf(host.machine, { kind: "File" }, declared).create();
  await silent(life);
  assert.equal(await imported(host.machine, { kind: "File" }, "/srv/binary"), {
    path: "/srv/binary",
    contentBase64,
    owner: "daemon",
  });
  await life.delete();
  assert.is(await host.sh("ls /srv | grep binary || :"), "");
  await life.delete();
  assert.is(await imported(host.machine, { kind: "File" }, "/srv/binary"), undefined);
});

rule(
  "a file is refused where a link, a folder or another program's file is, and without a folder",
  async (host) => {
    await host.sh("ln -s /etc/passwd /srv/link; mkdir -p /srv/folder");
    const make = (path: string, project?: string) =>
      lifeOf(host.machine, { kind: "File", ...(project ? { project } : {}) }, { path }).create();
    assert.match(await refusal(make("/srv/link")), "is a link to /etc/passwd");
    assert.match(await refusal(make("/srv/folder")), "is a folder");
    assert.match(await refusal(make("/srv/none/x")), "its folder is not there");
    const life = await make("/srv/ours");
    assert.match(await refusal(make("/srv/ours", "another")), "managed by another program");
    await life.delete();
  },
);

rule("a secret's bytes are in no note, no argument and no error", async (host) => {
  const secret = "tUvW-secret-xYz";
  const life = lifeOf(
    host.machine,
    { kind: "File" },
    { path: "/srv/secret", content: secret, mode: "0600" },
  );
  await life.create();
  assert.is(await host.sh(`grep -rl ${secret} /var/lib/dockwright /srv /etc || :`), "/srv/secret");
  await life.delete();
});

rule("a folder: mode and owners; made folders go as far as they are empty", async (host) => {
  const declared = { path: "/srv/a/b/c", mode: "0750", owner: "daemon" };
  const life = await lifeOf(host.machine, { kind: "Directory" }, declared).create();
  await silent(life);
  await drift(host, life, "chmod 755 /srv/a/b/c", ["update mode"]);
  await drift(host, life, "chown root:adm /srv/a/b/c", ["update owner", "delete group"]);
  await drift(host, life, "rmdir /srv/a/b/c", ["gone"]);
  await host.sh("touch /srv/a/kept");
  await life.delete();
  assert.is(await host.sh("find /srv/a"), "/srv/a\n/srv/a/kept");
});

rule("a folder that is in use is kept, and said to be", async (host) => {
  const life = await lifeOf(host.machine, { kind: "Directory" }, { path: "/srv/used" }).create();
  await host.sh("touch /srv/used/x");
  await life.delete();
  assert.match(life.said.join(), "kept the folder /srv/used");
  await host.sh("test -e /srv/used/x");
});

rule("a group and a user: every field; made ones go", async (host) => {
  const group = await lifeOf(host.machine, { kind: "Group" }, { name: "shop", gid: 712 }).create();
  await silent(group);
  await drift(host, group, "groupmod -g 713 shop", ["update gid"]);
  const declared = {
    name: "alice",
    uid: 1712,
    group: "shop",
    groups: ["daemon", "adm"],
    shell: "/bin/sh",
    home: "/home/al",
    comment: "Alice $(x)",
    authorizedKeys: ["ssh-ed25519 AAAA one", 'command="x" ssh-ed25519 BBBB two'],
  };
  const user = await lifeOf(host.machine, { kind: "User" }, declared).create();
  assert.is(
    await host.sh("stat -c '%a %U' /home/al/.ssh /home/al/.ssh/authorized_keys"),
    "700 alice\n600 alice",
  );
  await silent(user);
  await drift(host, user, "usermod -s /bin/bash alice", ["update shell"]);
  await drift(host, user, "usermod -u 1713 -c other alice", ["update uid", "update comment"]);
  await drift(host, user, "gpasswd -d alice adm", ["add groups[1]"]);
  await drift(host, user, "echo ssh-ed25519 EVIL >>/home/al/.ssh/authorized_keys", [
    "delete authorizedKeys[2]",
  ]);
  await drift(host, user, "rm /home/al/.ssh/authorized_keys", [
    "add authorizedKeys[0]",
    "add authorizedKeys[1]",
  ]);
  await drift(host, user, "userdel alice", ["gone"]);
  const { authorizedKeys: _, ...rest } = declared;
  assert.equal(await imported(host.machine, { kind: "User" }, "alice"), {
    name: "alice",
    groups: ["adm", "daemon"],
    authorizedKeys: declared.authorizedKeys,
    comment: "Alice $(x)",
  });
  await user.up({ ...rest, deleteHome: true });
  await user.delete();
  await group.delete();
  assert.is(await host.sh("getent passwd alice; getent group shop; ls /home; :"), "");
});

rule("a user that was there before stays, with its former keys", async (host) => {
  await host.sh(
    "useradd -m old; mkdir -p ~old/.ssh; echo former-key >~old/.ssh/authorized_keys; chown -R old ~old/.ssh",
  );
  const user = await lifeOf(
    host.machine,
    { kind: "User" },
    { name: "old", authorizedKeys: ["new"] },
  ).create();
  await silent(user);
  await user.delete();
  assert.is(await host.sh("cat ~old/.ssh/authorized_keys"), "former-key");
});

rule(
  "a kernel parameter: now, and at the next start; the former value comes back",
  async (host) => {
    const name = "net.ipv4.ip_local_port_range";
    const former = await host.sh(`sysctl -n ${name}`);
    const life = await lifeOf(
      host.machine,
      { kind: "Sysctl" },
      { name, value: "20000 30000" },
    ).create();
    await silent(life);
    await drift(host, life, `sysctl -qw ${name}='20000 40000'`, ["update value"]);
    await drift(host, life, "rm /etc/sysctl.d/90-dockwright-*", ["update kept"]);
    await life.up({ name, value: "20001 30000" });
    await silent(life);
    await life.delete();
    assert.is(await host.sh(`sysctl -n ${name}; ls /etc/sysctl.d | grep dockwright || :`), former);
    const none = lifeOf(host.machine, { kind: "Sysctl" }, { name: "net.nothing.here", value: "1" });
    assert.match(await refusal(none.create()), "has no parameter net.nothing.here");
  },
);

rule("a package: a version, held; repaired, changed, removed", async (host) => {
  const declared = { name: "tiny", version: "1.0", hold: true };
  const life = await lifeOf(host.machine, { kind: "Package" }, declared).create();
  assert.is(await host.sh("cat /usr/share/tiny/version"), "1.0");
  await silent(life);
  await drift(host, life, "apt-mark unhold tiny", ["update hold"]);
  await drift(
    host,
    life,
    "apt-get install -y -q --allow-change-held-packages tiny=2.0; apt-mark hold tiny",
    ["update version"],
  );
  await drift(host, life, "dpkg -r --force-hold tiny", ["gone"]);
  assert.equal(await imported(host.machine, { kind: "Package" }, "tiny"), {
    name: "tiny",
    hold: true,
  });
  const { hold: _, ...unheld } = declared;
  await life.up({ ...unheld, version: "2.0" });
  assert.is(await host.sh("cat /usr/share/tiny/version"), "2.0");
  await life.delete();
  assert.is(await host.sh("dpkg -l tiny 2>/dev/null | grep ^.i || :"), "");
  const none = lifeOf(host.machine, { kind: "Package" }, { name: "tiny", version: "3.0" });
  assert.match(await refusal(none.create()), /apt offers no tiny=3.0.*1\.0/s);
});

rule("a package goes with what came along, and stays when another needs it", async (host) => {
  const top = await lifeOf(
    host.machine,
    { kind: "Package", name: "t" },
    { name: "upper" },
  ).create();
  await top.delete();
  assert.is(await host.sh("dpkg -l upper lower 2>/dev/null | grep ^.i || :"), "");
  const base = await lifeOf(
    host.machine,
    { kind: "Package", name: "b" },
    { name: "lower" },
  ).create();
  await host.sh("apt-get install -y -q upper");
  await base.delete();
  assert.match(base.said.join(), "kept the package lower: upper, which is not ours, needs it");
  await host.sh("dpkg -s upper lower >/dev/null");
  await host.sh("apt-get purge -y -q upper lower");
  const [lower, upper] = [
    await lifeOf(host.machine, { kind: "Package", name: "l" }, { name: "lower" }).create(),
    await lifeOf(host.machine, { kind: "Package", name: "u" }, { name: "upper" }).create(),
  ];
  await lower.delete();
  await host.sh("dpkg -s upper lower >/dev/null");
  await upper.delete();
  assert.is(await host.sh("dpkg -l upper lower 2>/dev/null | grep ^.i || :"), "");
  await host.sh("apt-get install -y -q upper");
  const had = await lifeOf(
    host.machine,
    { kind: "Package", name: "h" },
    { name: "upper" },
  ).create();
  await had.delete();
  await host.sh("dpkg -s upper >/dev/null");
});

const foreign: readonly [kind: string, inputs: ValueMap][] = [
  ["Directory", { path: "/srv/shared" }],
  ["Group", { name: "shared" }],
  ["User", { name: "shareduser" }],
  ["Sysctl", { name: "net.ipv4.ip_default_ttl", value: "63" }],
  ["Package", { name: "tiny" }],
  ["Unit", { name: "shared", command: "sleep 4250" }],
];
for (const [kind, inputs] of foreign) {
  rule(`a ${kind} of another program is refused, and untouched`, async (host) => {
    const life = await lifeOf(host.machine, { kind, name: "first" }, inputs).create();
    const theirs = lifeOf(host.machine, { kind, name: "first", project: "another" }, inputs);
    assert.match(await refusal(theirs.create()), "is managed by another program's resource");
    await silent(life);
    await life.delete();
    assert.not(await life.refresh());
    // Once the first has let go, it is free to be had.
    await theirs.create();
    await silent(theirs);
    await theirs.delete();
  });
}

rule("an import tells what a program would have to say", async (host) => {
  await host.sh(
    "install -d -m 750 -o daemon /srv/old; groupadd -g 731 olders; mkdir -p /etc/sv/old; touch /etc/sv/old/down",
  );
  const imports = async (kind: string, id: string) => imported(host.machine, { kind }, id);
  assert.equal(await imports("Directory", "/srv/old"), {
    path: "/srv/old",
    mode: "0750",
    owner: "daemon",
  });
  assert.equal(await imports("Group", "olders"), { name: "olders" });
  assert.equal(await imports("Sysctl", "net.ipv4.ip_default_ttl"), {
    name: "net.ipv4.ip_default_ttl",
    value: "64",
  });
  assert.equal(await imports("Unit", "old"), { name: "old", enabled: false, running: false });
  for (const [kind, id] of [
    ["Directory", "/srv/nothing"],
    ["Group", "nobodies"],
    ["User", "nobodies"],
    ["Sysctl", "net.nothing"],
    ["Package", "nothing"],
    ["Unit", "nothing"],
    ["Command", "it-1"],
  ] as const) {
    assert.is(await imports(kind, id), undefined, kind);
  }
});

rule("a folder and a group that were there before stay, as they were", async (host) => {
  await host.sh("install -d -m 750 -o daemon -g adm /srv/before; groupadd before");
  const folder = lifeOf(host.machine, { kind: "Directory" }, { path: "/srv/before" });
  const group = lifeOf(host.machine, { kind: "Group" }, { name: "before" });
  await folder.create();
  await group.create();
  assert.is(await host.sh("stat -c '%a %U %G' /srv/before"), "755 root root");
  await folder.delete();
  await group.delete();
  assert.is(
    await host.sh("stat -c '%a %U %G' /srv/before; getent group before | cut -d: -f1"),
    "750 daemon adm\nbefore",
  );
});

rule("what has no apt is refused by the name that its facts say", async (host) => {
  await host.sh("mv /usr/bin/apt-get /usr/bin/apt-get.away");
  try {
    const life = lifeOf(host.machine, { kind: "Package" }, { name: "tiny" });
    assert.match(
      await refusal(life.create()),
      /runs Debian GNU\/Linux 12 \(bookworm\) \(family debian\), and packages are provisioned on the Debian family only, by apt$/,
    );
  } finally {
    await host.sh("mv /usr/bin/apt-get.away /usr/bin/apt-get");
  }
});

test.run();
