// The pure halves of the operations: what has to be done about what was seen, and texts both ways.
import fc from "fast-check";
import * as assert from "uvu/assert";
import {
  type ObservedUser,
  planGroup,
  planUser,
} from "../../../../sdk/host/operations/accounts.ts";
import { commandKey } from "../../../../sdk/host/operations/command.ts";
import { type ObservedFile, planFile } from "../../../../sdk/host/operations/file.ts";
import { noteKey, refuseForeign } from "../../../../sdk/host/operations/operation.ts";
import { planPackage } from "../../../../sdk/host/operations/package.ts";
import { planReboot } from "../../../../sdk/host/operations/reboot.ts";
import { planSysctl, sysctlPath } from "../../../../sdk/host/operations/sysctl.ts";
import { renderTemplate, undeclaredNames } from "../../../../sdk/host/operations/template.ts";
import { type ObservedUnit, planUnit } from "../../../../sdk/host/operations/unit.ts";
import { readDefinition, unitFiles } from "../../../../sdk/host/operations/unit-files.ts";
import { parseSaid } from "../../../../sdk/host/script.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/operations");
const fieldsOf = (list: readonly { readonly field: string }[]) => list.map(({ field }) => field);

const file = { path: "/etc/a", content: Buffer.from("x"), mode: 0o644, owner: "root", group: "5" };
const seenFile: ObservedFile = {
  kind: "file",
  content: file.content,
  expected: true,
  sizeBytes: 1,
  mode: 0o644,
  owner: "root",
  ownerId: "0",
  group: "tty",
  groupId: "5",
  target: "",
  folder: true,
  notedBy: undefined,
};
const fileCases: readonly [string, Partial<ObservedFile>, readonly string[]][] = [
  ["as declared, a group by its number", {}, []],
  ["missing", { kind: "none", expected: false }, ["content"]],
  ["other bytes", { expected: false }, ["content"]],
  ["mode and owner", { mode: 0o600, owner: "daemon", ownerId: "1" }, ["mode", "owner"]],
  ["group", { group: "root", groupId: "0" }, ["group"]],
];
for (const [name, seen, want] of fileCases) {
  test(`a file: ${name}`, () => {
    assert.equal(fieldsOf(planFile(file, { ...seenFile, ...seen })), want);
  });
}

const seenUser: ObservedUser = {
  exists: true,
  uid: 1000,
  group: "a",
  groups: ["b", "c"],
  home: "/home/a",
  shell: "/bin/sh",
  comment: "",
  authorizedKeys: ["k1", "k2"],
  notedBy: undefined,
};
test("a user: only what is declared counts, and lists in any order", () => {
  assert.equal(planUser({ name: "a" }, seenUser), []);
  const same = { name: "a", groups: ["c", "b"], authorizedKeys: ["k2", "k1"] };
  assert.equal(planUser(same, seenUser), []);
  const other = { name: "a", uid: 5, shell: "/bin/bash", groups: [], authorizedKeys: ["k1"] };
  assert.equal(fieldsOf(planUser(other, seenUser)), ["uid", "shell", "groups", "authorizedKeys"]);
  assert.equal(fieldsOf(planUser({ name: "a" }, { ...seenUser, exists: false })), ["name"]);
});

test("a group: its number only where declared", () => {
  const seen = { exists: true, gid: 7, notedBy: undefined };
  assert.equal(planGroup({ name: "g" }, seen), []);
  assert.equal(fieldsOf(planGroup({ name: "g", gid: 8 }, seen)), ["gid"]);
});

const seenPackage = { installed: true, version: "1.0", held: false, notedBy: undefined };
const packageCases: readonly [string, object, object, readonly string[]][] = [
  ["any version is as good", {}, {}, []],
  ["a pinned one is that one", { version: "2.0" }, {}, ["version"]],
  ["hold counts where declared", { hold: true }, {}, ["hold"]],
  ["held, and nobody said so", {}, { held: true }, []],
  ["held, and not to be", { hold: false }, { held: true }, ["hold"]],
  ["missing", {}, { installed: false }, ["version"]],
];
for (const [name, spec, seen, want] of packageCases) {
  test(`a package: ${name}`, () => {
    const plan = planPackage({ name: "p", ...spec }, { ...seenPackage, ...seen });
    assert.equal(fieldsOf(plan), want);
  });
}

test("a kernel parameter: spaces are tabs, and the file counts too", () => {
  const spec = { name: "net.x", value: "1  2" };
  assert.equal(planSysctl(spec, { value: "1 2", kept: "1 2", notedBy: undefined }), []);
  const lost = planSysctl(spec, { value: "1 2", kept: undefined, notedBy: undefined });
  assert.equal(fieldsOf(lost), ["kept"]);
});

const paths: readonly [string, string][] = [
  ["net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"],
  ["net/ipv4/conf/eth0.1/forwarding", "/proc/sys/net/ipv4/conf/eth0.1/forwarding"],
  ["net.ipv4.conf.eth0/1.forwarding", "/proc/sys/net/ipv4/conf/eth0.1/forwarding"],
];
for (const [name, want] of paths) {
  test(`the file of ${name}`, () => assert.is(sysctlPath(name), want));
}

const reboots: readonly [string, boolean, string, boolean, string][] = [
  ["a first wish reboots", false, "", false, "reboot"],
  ["one that was noted before its kernel ended is begun again", false, "now", false, "reboot"],
  ["one that is back is done", false, "earlier", false, "done"],
  ["not required, not done", true, "", false, "none"],
  ["required, done", true, "", true, "reboot"],
];
for (const [name, onlyIfRequired, before, required, want] of reboots) {
  test(`a reboot: ${name}`, () => {
    const spec = { key: "k", onlyIfRequired, timeoutMs: 1 };
    assert.is(planReboot(spec, { bootId: "now", before, required }), want);
  });
}

const unit = {
  name: "shop",
  command: "run",
  enabled: true,
  running: true,
  onChange: "restart",
} as const;
function seenUnit(more: Partial<ObservedUnit> = {}): ObservedUnit {
  const files = new Map(unitFiles(unit, "runit").map(({ path, content }) => [path, content]));
  return {
    supervisor: "runit",
    exists: true,
    files,
    definition: {},
    enabled: true,
    running: true,
    pending: false,
    notedBy: undefined,
    ...more,
  };
}
const unitCases: readonly [string, Partial<ObservedUnit>, object, boolean, readonly string[]][] = [
  ["as declared", {}, {}, false, []],
  ["stopped", { running: false }, {}, false, ["start"]],
  ["to be stopped", {}, { running: false }, false, ["stop"]],
  ["not enabled", { enabled: false }, {}, false, ["enable"]],
  [
    "new",
    { files: new Map(), enabled: false, running: false },
    {},
    false,
    ["write", "enable", "start"],
  ],
  ["another command restarts", {}, { command: "other" }, false, ["write", "restart"]],
  [
    "another command reloads",
    {},
    { command: "other", onChange: "reload" },
    false,
    ["write", "reload"],
  ],
  ["a trigger restarts", {}, {}, true, ["restart"]],
  ["a trigger of what is stopped does not", { running: false }, { running: false }, true, []],
  ["what was written and not taken up is", { pending: true }, {}, false, ["restart"]],
];
for (const [name, seen, more, triggered, want] of unitCases) {
  test(`a unit: ${name}`, () => {
    assert.equal(planUnit({ ...unit, ...more }, seenUnit(seen), triggered).steps, want);
  });
}

test("a variable that is not declared any more is a change of the unit's files", () => {
  const files = new Map([...seenUnit().files, ["/etc/sv/shop/env/OLD", "1\n"]]);
  assert.equal(planUnit(unit, seenUnit({ files }), false).steps, ["write", "restart"]);
});

const lineText = fc.string().filter((text) => !/[\0\n\r]/.test(text) && text.trim() !== "");
const variables = fc.dictionary(
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}$/),
  fc.string().filter((text) => !/[\0\r]/.test(text)),
  { maxKeys: 4 },
);
for (const supervisor of ["systemd", "runit"] as const) {
  test(`what ${supervisor}'s files say is what was declared`, () => {
    const property = fc.property(lineText, variables, (command, environment) => {
      const spec = { ...unit, command, user: "shop", environment };
      const files = new Map(
        unitFiles(spec, supervisor).map(({ path, content }) => [path, content]),
      );
      const read = readDefinition("shop", supervisor, files);
      assert.is(read.command, command);
      assert.is(read.user, "shop");
      assert.equal({ ...read.environment }, { ...environment });
    });
    fc.assert(property, { numRuns: 300 });
  });
}

test("files that are not ours are told as they are", () => {
  const text = "#!/bin/sh\nexec something else\n";
  const read = readDefinition("shop", "runit", new Map([["/etc/sv/shop/run", text]]));
  assert.is(read.command, text);
});

test("a template: each place has its value, once, and values are no templates", () => {
  const values = { a: "1", "b.c": "{{a}} $& $1" };
  assert.is(renderTemplate("{{a}} {{ b.c }} {a} {{a}}", values), "1 {{a}} $& $1 {a} 1");
  assert.equal(undeclaredNames("{{z}}{{y}}{{z}}{{a}}", values), ["y", "z"]);
  assert.throws(() => renderTemplate("{{toString}}", {}), /asks for \{\{toString\}\}/);
});

test("notes: what another program manages is refused, and what was renamed within one is not", () => {
  const machine = { label: "h" } as never;
  const work = { machine, owner: "urn:pulumi:dev::shop::T::a" };
  refuseForeign(work, undefined, "x");
  refuseForeign(work, "urn:pulumi:dev::shop::T::b", "x");
  assert.throws(() => refuseForeign(work, "urn:pulumi:prod::shop::T::a", "x"), /managed by/);
  assert.is.not(noteKey("file", "/a/b"), noteKey("file", "/a_b"));
  assert.match(noteKey("file", "/etc/x y"), /^[\w.-]+$/);
});

test("a command's key follows from all that makes it another run, and from nothing else", () => {
  const spec = { script: "x", timeoutMs: 1 };
  const key = commandKey("u", spec);
  assert.is(commandKey("u", { ...spec, timeoutMs: 2, creates: "/x" }), key);
  const environment = { B: "1", A: "2" };
  const swapped = { A: "2", B: "1" };
  assert.is(
    commandKey("u", { ...spec, environment }),
    commandKey("u", { ...spec, environment: swapped }),
  );
  const others = [
    commandKey("v", spec),
    commandKey("u", { ...spec, script: "y" }),
    commandKey("u", { ...spec, environment }),
    commandKey("u", { ...spec, triggers: ["1"] }),
  ];
  assert.is(new Set([key, ...others]).size, 5);
});

test("what a script says: lines of KEY=VALUE and KEY:BASE64, and nothing else", () => {
  const said = parseSaid("noise here\na=1=2\nb:aGkK\n=x\na=3\n");
  assert.equal(
    [...said],
    [
      ["a", "3"],
      ["b", "hi\n"],
    ],
  );
});

test.run();
