// A virtual machine on this machine: observe, make what is missing, return. The record with its keys
// and ports is written first, so that a try that was killed is finished by the next with the same
// ones. Linux on x86-64 only, by qemu; its state lies in one folder (store.ts).
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { cacheDir } from "../../cache.ts";
import { withLock } from "../../debian/lock.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { chooseAccel } from "./accel.ts";
import { observedOf, originOf, portsFor, qemuArguments, type VmBoot, vmFiles } from "./command.ts";
import { diskSize, ensureDisk, growDisk, mustGrow } from "./disk.ts";
import { newSshKey } from "./keys.ts";
import { findRunning, type Running, startMachine, stopMachine } from "./process.ts";
import { type Seed, seedFiles } from "./seed.ts";
import { readRecord, vmFolder, writePrivate, writeRecord } from "./store.ts";
import type { Forward, VmPort, VmRecord, VmSpec } from "./types.ts";

export interface VmOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

export interface Vm {
  readonly folder: string;
  readonly record: VmRecord;
  readonly running: Running | undefined;
  readonly diskBytes: number;
}

/** Emulated machines take their time to end. */
const graceMs = 90_000;

const locked = <T>(name: string, options: VmOptions, work: (folder: string) => Promise<T>) => {
  const folder = vmFolder(name);
  const onWait = () => options.progress("waiting: another run works on this machine");
  // Not in the folder, which a removal takes away.
  const lock = join(cacheDir(), "vm", `machine-${name}.lock`);
  return withLock(lock, { signal: options.signal, onWait }, () => work(folder));
};

function refuseForeign(record: VmRecord, spec: { readonly name: string; readonly owner: string }) {
  if (record.owner === spec.owner) return;
  const message = `the virtual machine "${spec.name}" exists and was not made by this resource`;
  const fix = "give this one another name, or remove the other by its own program";
  throw new SdkError(ErrorCode.Foreign, message, { fix });
}

const isFree = (port: number, address: string) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });

async function choosePort(owner: string, { guest, address }: Forward): Promise<number> {
  for (const port of portsFor(owner, guest)) if (await isFree(port, address)) return port;
  throw new SdkError(ErrorCode.Refused, `no port of this machine is free for port ${guest}`, {
    fix: "give the port of this machine",
  });
}

/** Ports as declared; those left open keep what they were, and are chosen where they are new. */
export async function settleForwards(
  owner: string,
  wanted: readonly VmPort[],
  known: readonly Forward[],
): Promise<readonly Forward[]> {
  const settled: Forward[] = [];
  for (const { guest, host, address = "127.0.0.1" } of wanted) {
    const former = known.find((each) => each.guest === guest && each.address === address);
    const port = host ?? former?.host ?? (await choosePort(owner, { guest, host: 0, address }));
    settled.push({ guest, host: port, address });
  }
  return settled;
}

async function freshRecord(spec: VmSpec): Promise<VmRecord> {
  const [hostKey, accessKey] = await Promise.all([newSshKey(spec.hostname), newSshKey(spec.name)]);
  return { owner: spec.owner, origin: originOf(spec), hostKey, accessKey, forwards: [] };
}

/** The record, made or brought up to date. What was made from something else is taken away. */
async function ensureRecord(folder: string, spec: VmSpec): Promise<VmRecord> {
  const found = await readRecord(folder);
  if (found) refuseForeign(found, spec);
  const known = found?.origin === originOf(spec) ? found : undefined;
  // What a removal that was killed left goes, too.
  if (known === undefined) await removeFolder(folder, 0);
  const record = known ?? (await freshRecord(spec));
  const forwards = await settleForwards(spec.owner, spec.ports, record.forwards);
  const settled = { ...record, forwards };
  if (JSON.stringify(settled) !== JSON.stringify(known)) await writeRecord(folder, settled);
  return settled;
}

/** Written once: a machine reads it at its first boot, and has its keys from then on. */
async function ensureSeed(folder: string, spec: VmSpec, record: VmRecord): Promise<void> {
  const place = join(folder, vmFiles.seed);
  if (existsSync(place)) return;
  const work = `${place}.partial`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  const keys = { host: record.hostKey, access: record.accessKey };
  const files: Seed = seedFiles(spec, keys, record.origin);
  for (const [name, text] of Object.entries(files)) await writePrivate(join(work, name), text);
  await rename(work, place);
}

const bootOf = (folder: string, spec: VmSpec): VmBoot => ({
  kernel: existsSync(join(folder, vmFiles.kernel)),
  initrd: existsSync(join(folder, vmFiles.initrd)),
  arguments: spec.image.kernelArguments,
});

/** Whether a machine runs with just these arguments; how it is accelerated counts where it is said. */
function isAsWanted(running: Running, spec: VmSpec, wanted: (accel: "kvm" | "tcg") => string[]) {
  const { accel } = observedOf(running.arguments);
  if (spec.accel !== "auto" && spec.accel !== accel) return false;
  return JSON.stringify(wanted(accel)) === JSON.stringify(running.arguments);
}

async function ensureRunning(folder: string, spec: VmSpec, record: VmRecord, options: VmOptions) {
  const boot = bootOf(folder, spec);
  const wanted = (accel: "kvm" | "tcg") => [...qemuArguments(spec, record.forwards, boot, accel)];
  const running = await findRunning(folder);
  const grow = await mustGrow(folder, spec);
  if (running && !grow && isAsWanted(running, spec, wanted)) return running;
  if (running) {
    options.progress("stopping it, to start it as declared");
    await stopMachine(folder, graceMs);
  }
  await growDisk(folder, spec);
  const accel = await chooseAccel(spec.accel);
  options.progress(accel === "kvm" ? "starting" : "starting under emulation (slow)");
  return startMachine(folder, spec.name, wanted(accel));
}

/** Makes a machine, or finds it, and has it run as declared. It may still be booting. */
export async function ensureVm(spec: VmSpec, options: VmOptions): Promise<Vm> {
  return locked(spec.name, options, async (folder) => {
    const record = await ensureRecord(folder, spec);
    await ensureDisk(folder, spec, options);
    await ensureSeed(folder, spec, record);
    const running = await ensureRunning(folder, spec, record, options);
    return { folder, record, running, diskBytes: await diskSize(folder) };
  });
}

/** A machine as it is; undefined where there is none, or none of this owner. */
export async function readVm(name: string, owner: string): Promise<Vm | undefined> {
  const folder = vmFolder(name);
  const record = await readRecord(folder);
  if (record?.owner !== owner || !existsSync(join(folder, vmFiles.disk))) return undefined;
  const running = await findRunning(folder);
  return { folder, record, running, diskBytes: await diskSize(folder) };
}

async function removeFolder(folder: string, grace: number): Promise<"asked" | "forced"> {
  const how = await stopMachine(folder, grace);
  // The record goes first: what is left of a removal that was killed has no owner, and no disk that
  // another run could take for a whole one.
  await rm(join(folder, vmFiles.record), { force: true });
  await rm(folder, { recursive: true, force: true });
  return how;
}

/** Shuts a machine down and takes it away with its disk. */
export async function removeVm(name: string, owner: string, options: VmOptions): Promise<void> {
  await locked(name, options, async (folder) => {
    const record = await readRecord(folder);
    if (record === undefined || record.owner !== owner) return;
    options.progress("shutting down");
    const how = await removeFolder(folder, graceMs);
    if (how === "forced") options.progress("it did not shut down in time and was ended");
  });
}
