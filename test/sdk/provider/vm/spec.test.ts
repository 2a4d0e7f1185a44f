// The fields of a virtual machine against what runs: defaults, what is refused, what a refresh shows.
import * as assert from "uvu/assert";
import { qemuArguments } from "../../../../sdk/host/vm/command.ts";
import type { VmSpec } from "../../../../sdk/host/vm/types.ts";
import { settleForwards, type Vm } from "../../../../sdk/host/vm/vm.ts";
import { diffFields } from "../../../../sdk/provider/diff.ts";
import { parseUrn } from "../../../../sdk/provider/names.ts";
import type { ValueMap } from "../../../../sdk/provider/values.ts";
import { qemuMachineInputs } from "../../../../sdk/provider/vm/fields.ts";
import {
  observedInputs,
  outputsOf,
  type QemuInputs,
  specOf,
} from "../../../../sdk/provider/vm/spec.ts";
import { failuresOf } from "../../../support/hostresource.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/vm");

const identity = parseUrn("urn:pulumi:dev::shop::dockwright:index:QemuMachine::My VM_1");
const image = { debian: {} };
const key = { secret: "SECRET", open: "ssh-ed25519 AAAA comment" };

/** A machine that runs as `inputs` say. */
async function machine(inputs: QemuInputs): Promise<Vm> {
  const spec = specOf(identity, inputs);
  const forwards = await settleForwards(spec.owner, spec.ports, []);
  const boot = { kernel: true, initrd: true, arguments: undefined };
  return {
    folder: "/machines/x",
    record: { owner: spec.owner, origin: "o", hostKey: key, accessKey: key, forwards },
    running: { pid: 1, arguments: qemuArguments(spec, forwards, boot, "tcg") },
    diskBytes: spec.diskBytes,
  };
}

function changes(vm: Vm, inputs: QemuInputs): readonly string[] {
  const seen = observedInputs(vm, inputs, specOf(identity, inputs));
  const found = diffFields(qemuMachineInputs, seen as ValueMap, inputs as ValueMap);
  return found.map(({ property, replace }) => `${replace ? "replace " : ""}${property}`);
}

test("what is left out has its default; the name of a host is made of the resource's", () => {
  const spec: VmSpec = specOf(identity, { image });
  assert.equal(
    [spec.hostname, spec.cpus, spec.memoryBytes, spec.user, spec.accel],
    ["my-vm-1", 1, 1024 ** 3, "admin", "auto"],
  );
  assert.is(spec.owner, identity.urn);
});

test("the port of SSH is always there, and first", () => {
  const ports = (inputs: Partial<QemuInputs>) => specOf(identity, { image, ...inputs }).ports;
  assert.equal(ports({}), [{ guest: 22 }]);
  assert.equal(ports({ ports: [{ guest: 80 }] }), [{ guest: 22 }, { guest: 80 }]);
  const both = [{ guest: 80 }, { guest: 22, host: 2222 }];
  assert.equal(ports({ ports: both }), [{ guest: 22, host: 2222 }, { guest: 80 }]);
});

const declared: readonly QemuInputs[] = [
  { image },
  { image, cpus: 2, memoryBytes: 2 * 1024 ** 3, diskBytes: 1024 ** 3, accel: "tcg" },
  { image, ports: [{ guest: 80, host: 8080 }, { guest: 443 }] },
  { image, ports: [] },
];
for (const inputs of declared) {
  test(`a refresh of ${JSON.stringify(inputs)} is silent`, async () => {
    assert.equal(changes(await machine(inputs), inputs), []);
  });
}

test("a refresh shows each field that the machine has otherwise, and no other", async () => {
  const was: QemuInputs = { image, cpus: 1, accel: "tcg", ports: [{ guest: 80, host: 8080 }] };
  const vm = await machine(was);
  assert.equal(changes(vm, { ...was, cpus: 2 }), ["cpus"]);
  assert.equal(changes(vm, { ...was, memoryBytes: 512 * 1024 ** 2 }), ["memoryBytes"]);
  assert.equal(changes(vm, { ...was, diskBytes: 20 * 1024 ** 3 }), ["diskBytes"]);
  assert.equal(changes(vm, { ...was, accel: "kvm" }), ["accel"]);
  assert.equal(changes(vm, { ...was, ports: [{ guest: 80, host: 9090 }] }), ["ports[0].host"]);
  assert.equal(changes(vm, { ...was, ports: [] }), ["ports[0]"]);
  assert.equal(changes(vm, { ...was, user: "other" }), []);
});

test("a machine that does not run, and one that others reach too, give an address to connect to", async () => {
  const inputs: QemuInputs = { image, ports: [{ guest: 22, host: 2222, address: "0.0.0.0" }] };
  const vm = { ...(await machine(inputs)), running: undefined };
  const outputs = outputsOf(vm, specOf(identity, inputs));
  assert.equal([outputs.host, outputs.sshPort, outputs.running], ["127.0.0.1", 2222, false]);
  assert.equal([outputs.hostKey, outputs.acceleration], ["ssh-ed25519 AAAA", ""]);
});

const wrong: readonly (readonly [ValueMap, string])[] = [
  [{ image: {} }, "image: has none of them"],
  [{ image: { path: "/a", url: "https://b" } }, "image: has path and url"],
  [{ image: { path: "/a", sha256: "0".repeat(64) } }, "image.sha256: is for url"],
  [{ image: { url: "https://a", sha256: "abc" } }, "image.sha256: is"],
  [{ image: { url: "ftp://a" } }, "image.url: is"],
  [{ image: { path: "/a", initrd: "/b" } }, "image.initrd: is for kernel"],
  [{ image, user: "root" }, "user: is"],
  [{ image, memoryBytes: 1000 }, "memoryBytes: is"],
  [{ image, diskBytes: 1024 ** 2 + 1 }, "diskBytes: is"],
  [{ image, cpus: 0 }, "cpus: is"],
  [{ image, name: "../x" }, "name: is"],
  [{ image, hostname: "a_b" }, "hostname: is"],
  [{ image, ports: [{ guest: 0 }] }, "ports[0].guest: is"],
  [{ image, ports: [{ guest: 80, address: "::1" }] }, "ports[0].address: is"],
  [{ image, ports: [{ guest: 80 }, { guest: 80 }] }, "ports[1]: is declared twice"],
  [
    {
      image,
      ports: [
        { guest: 80, host: 1 },
        { guest: 81, host: 1 },
      ],
    },
    "ports[1]: is declared twice",
  ],
];
for (const [inputs, want] of wrong) {
  test(`refused: ${JSON.stringify(inputs)}`, () => {
    assert.match(failuresOf("QemuMachine", inputs).join("; "), want);
  });
}

test.run();
