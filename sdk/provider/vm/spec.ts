// Between the fields of a virtual machine and what sdk/host/vm knows: a declaration as a specification
// with every default filled in, and a machine as it is in the words of its declaration. Pure.

import { observedOf, sshGuestPort, vmFiles } from "../../host/vm/command.ts";
import type { Forward, VmPort, VmSpec } from "../../host/vm/types.ts";
import type { Vm } from "../../host/vm/vm.ts";
import type { Failure } from "../check.ts";
import type { Plain } from "../fields.ts";
import type { Identity } from "../names.ts";
import type { qemuMachineInputs, qemuMachineOutputs } from "./fields.ts";

export type QemuInputs = Plain<typeof qemuMachineInputs>;
export type QemuOutputs = Plain<typeof qemuMachineOutputs>;

const gibibyte = 1024 ** 3;
const defaults = { cpus: 1, memoryBytes: gibibyte, diskBytes: 10 * gibibyte, user: "admin" };
const everywhere = "0.0.0.0";
const loopback = "127.0.0.1";

/** A name that can be a host's, of a resource's. */
function hostnameOf(logicalName: string): string {
  const name = logicalName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63);
  return name.replace(/^-+|-+$/g, "") || "machine";
}

/** The port of SSH comes first, whether it is declared or not. */
function portsOf(ports: readonly VmPort[]): readonly VmPort[] {
  const ssh = ports.find(({ guest }) => guest === sshGuestPort);
  return [ssh ?? { guest: sshGuestPort }, ...ports.filter((port) => port !== ssh)];
}

export function specOf({ urn, logicalName }: Identity, inputs: QemuInputs): VmSpec {
  return {
    ...defaults,
    ...inputs,
    name: inputs.name ?? hostnameOf(logicalName),
    owner: urn,
    hostname: inputs.hostname ?? hostnameOf(logicalName),
    authorizedKeys: inputs.authorizedKeys ?? [],
    userData: inputs.userData,
    ports: portsOf(inputs.ports ?? []),
    accel: inputs.accel ?? "auto",
  };
}

/** What no single field can tell. */
export function checkMachine({ image, ports = [] }: QemuInputs): readonly Failure[] {
  const failures: Failure[] = [];
  const given = (["path", "url", "debian"] as const).filter((name) => image[name] !== undefined);
  if (given.length !== 1) {
    const words = given.length === 0 ? "none of them" : given.join(" and ");
    failures.push({
      property: "image",
      reason: `has ${words}; give exactly one of path, url and debian`,
    });
  }
  if (image.sha256 !== undefined && image.url === undefined) {
    failures.push({ property: "image.sha256", reason: "is for url, which is not given" });
  }
  for (const name of ["initrd", "kernelArguments"] as const) {
    if (image[name] === undefined || image.kernel !== undefined) continue;
    if (name === "kernelArguments" && image.debian !== undefined) continue;
    failures.push({ property: `image.${name}`, reason: "is for kernel, which is not given" });
  }
  const seen = new Set<string>();
  for (const [index, { guest, host, address = loopback }] of ports.entries()) {
    const keys = [`${address} guest ${guest}`, ...(host ? [`${address} host ${host}`] : [])];
    if (keys.some((key) => seen.has(key))) {
      failures.push({ property: `ports[${index}]`, reason: "is declared twice; leave one out" });
    }
    for (const key of keys) seen.add(key);
  }
  return failures;
}

const same = (one: Forward, { guest, address = loopback }: VmPort) =>
  one.guest === guest && one.address === address;

/** The declared ports that are there, and those that are there and were not declared. */
function observedPorts(declared: readonly VmPort[], found: readonly Forward[]): readonly VmPort[] {
  const known = declared.flatMap((port) => {
    const forward = found.find((each) => same(each, port));
    if (!forward) return [];
    return [{ ...port, ...(port.host === undefined ? {} : { host: forward.host }) }];
  });
  const others = found.filter(
    (each) => each.guest !== sshGuestPort && !declared.some((port) => same(each, port)),
  );
  return [...known, ...others];
}

/** What is declared, with what is otherwise on the machine as it is there. */
export function observedInputs(vm: Vm, inputs: QemuInputs, spec: VmSpec): QemuInputs {
  const seen = vm.running && observedOf(vm.running.arguments);
  const number = (name: "cpus" | "memoryBytes" | "diskBytes", value: number | undefined) =>
    value === undefined || value === spec[name] ? {} : { [name]: value };
  const accel = seen && spec.accel !== "auto" && seen.accel !== spec.accel;
  const forwards = seen?.forwards ?? vm.record.forwards;
  const ports = observedPorts(inputs.ports ?? [], forwards);
  return {
    ...inputs,
    ...number("cpus", seen?.cpus),
    ...number("memoryBytes", seen?.memoryBytes),
    ...number("diskBytes", vm.diskBytes),
    ...(accel ? { accel: seen.accel } : {}),
    ...(inputs.ports === undefined && ports.length === 0 ? {} : { ports }),
  };
}

const typeAndKey = (line: string) => line.split(" ").slice(0, 2).join(" ");

export function outputsOf(vm: Vm, spec: VmSpec): QemuOutputs {
  const { forwards, hostKey, accessKey } = vm.record;
  const [ssh] = forwards;
  const address = ssh?.address ?? loopback;
  return {
    host: address === everywhere ? loopback : address,
    sshPort: ssh?.host ?? 0,
    hostKey: typeAndKey(hostKey.open),
    loginUser: spec.user,
    privateKey: accessKey.secret,
    forwards,
    running: vm.running !== undefined,
    acceleration: vm.running ? observedOf(vm.running.arguments).accel : "",
    console: `${vm.folder}/${vmFiles.console}`,
  };
}
