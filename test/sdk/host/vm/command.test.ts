// The command line of a virtual machine, what is read back from one, and the names and ports it has.
import * as assert from "uvu/assert";
import {
  checkName,
  macOf,
  observedOf,
  originOf,
  portsFor,
  qemuArguments,
} from "../../../../sdk/host/vm/command.ts";
import type { VmSpec } from "../../../../sdk/host/vm/types.ts";
import { settleForwards } from "../../../../sdk/host/vm/vm.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/vm command");

const spec: VmSpec = {
  name: "vm1",
  owner: "urn:a",
  hostname: "vm1",
  image: { debian: {} },
  cpus: 3,
  memoryBytes: 768 * 1024 ** 2,
  diskBytes: 1024 ** 3,
  user: "admin",
  authorizedKeys: [],
  userData: undefined,
  ports: [{ guest: 22 }],
  accel: "auto",
};
const forwards = [
  { guest: 22, host: 20_022, address: "127.0.0.1" },
  { guest: 80, host: 8080, address: "0.0.0.0" },
];
const boot = { kernel: true, initrd: true, arguments: undefined };
const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] ?? "";

test("what a machine was started with is read back from its command line", () => {
  for (const accel of ["kvm", "tcg"] as const) {
    const args = qemuArguments(spec, forwards, boot, accel);
    const { cpus, memoryBytes } = spec;
    assert.equal(observedOf(args), { cpus, memoryBytes, accel, forwards });
    const alone = qemuArguments({ ...spec, cpus: 1 }, [], boot, accel);
    assert.equal(observedOf(alone), { cpus: 1, memoryBytes, accel, forwards: [] });
  }
});

test("an emulated machine trusts the time stamp counter; one under KVM keeps its mitigations", () => {
  const append = (accel: "kvm" | "tcg") => after(qemuArguments(spec, [], boot, accel), "-append");
  assert.match(append("tcg"), "clocksource=tsc");
  assert.match(append("tcg"), "mitigations=off");
  assert.not.match(append("kvm"), "mitigations");
});

test("a kernel's own arguments are passed on as they are; an image that boots by itself gets none", () => {
  const own = qemuArguments(spec, [], { ...boot, arguments: "root=/dev/vda1 ro" }, "tcg");
  assert.is(after(own, "-append"), "root=/dev/vda1 ro");
  const itself = qemuArguments(spec, [], { ...boot, kernel: false, initrd: false }, "tcg");
  assert.not(itself.includes("-append"));
  assert.not(itself.includes("-kernel"));
});

test("no secret and no absolute path is on the command line", () => {
  const args = qemuArguments(
    { ...spec, userData: "#!/bin/sh\necho s3cret" },
    forwards,
    boot,
    "tcg",
  );
  assert.not.match(args.join(" "), "s3cret");
  assert.not(args.some((arg) => arg.startsWith("/") || arg.includes("=/tmp")));
});

test("the network card's address is local, not multicast, and stays", () => {
  assert.match(macOf("vm1"), /^52:54:00(:[0-9a-f]{2}){3}$/);
  assert.is(macOf("vm1"), macOf("vm1"));
  assert.is.not(macOf("vm1"), macOf("vm2"));
});

test("only what a disk and a first boot are made from needs a new machine", () => {
  const same: readonly Partial<VmSpec>[] = [
    { cpus: 8 },
    { memoryBytes: 1024 ** 3 },
    { diskBytes: 1024 ** 4 },
    { ports: [] },
    { accel: "tcg" },
  ];
  for (const change of same) assert.is(originOf({ ...spec, ...change }), originOf(spec));
  const other: readonly Partial<VmSpec>[] = [
    { image: { debian: { packages: ["vim"] } } },
    { user: "me" },
    { hostname: "other" },
    { authorizedKeys: ["ssh-ed25519 AAAA"] },
    { userData: "#!/bin/sh" },
  ];
  for (const change of other) assert.is.not(originOf({ ...spec, ...change }), originOf(spec));
});

test("ports to try are the same for the same owner, and lie below those that the kernel gives", () => {
  const some = [...portsFor("urn:a", 22)];
  assert.equal(some, [...portsFor("urn:a", 22)]);
  assert.is.not(some[0], [...portsFor("urn:b", 22)][0]);
  assert.ok(some.length > 10 && some.every((port) => port >= 20_000 && port < 30_000));
  assert.is(new Set(some).size, some.length);
});

test("a port left open keeps what it was; one that is declared is taken as it is", async () => {
  const known = [{ guest: 22, host: 20_111, address: "127.0.0.1" }];
  const wanted = [{ guest: 22 }, { guest: 80, host: 8080, address: "127.0.0.2" }];
  assert.equal(await settleForwards("urn:a", wanted, known), [
    { guest: 22, host: 20_111, address: "127.0.0.1" },
    { guest: 80, host: 8080, address: "127.0.0.2" },
  ]);
});

for (const name of ["", "..", "a/b", "-a", ".a", "a b", "x".repeat(101)]) {
  test(`the name ${JSON.stringify(name.slice(0, 10))} is refused`, () => {
    assert.throws(() => checkName(name), /cannot be the name/);
  });
}

test.run();
