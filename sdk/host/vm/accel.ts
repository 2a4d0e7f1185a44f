// Whether this machine's KVM can be used. The device may be there and its guests hang, end at once, or
// run more slowly than emulated ones (nested virtualization), so a guest of one sector is started, with
// the very processor: it says by its exit that it ran. Emulation needs half a second, a good KVM less.
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Accel } from "./command.ts";
import { processorArguments, qemuProgram } from "./command.ts";

/** mov al,0x10; out 0xf4,al; hlt; jmp back: the device at 0xf4 ends qemu with 0x10 * 2 + 1. */
const code = [0xb0, 0x10, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd];
const ranCode = 0x21;
const sectorBytes = 512;
const timeoutMs = 5_000;

function bootSector(): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.set(code);
  sector.set([0x55, 0xaa], sectorBytes - 2);
  return sector;
}

const ends = (args: readonly string[]) =>
  new Promise<number | null>((resolve) => {
    const child = spawn(qemuProgram, args, { stdio: "ignore", env: { PATH: process.env["PATH"] } });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const done = (status: number | null) => {
      clearTimeout(timer);
      resolve(status);
    };
    child.once("error", () => done(null));
    child.once("exit", done);
  });

/** Whether a guest runs under an accelerator, in bounded time. */
export async function guestRuns(accel: Accel): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-vm-"));
  try {
    const disk = join(folder, "boot.img");
    await writeFile(disk, bootSector());
    const args = ["-no-user-config", "-nodefaults", "-display", "none", "-m", "32"];
    const exit = ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"];
    const drive = ["-drive", `file=${disk},format=raw,if=ide`];
    return (
      (await ends(["-machine", "pc", ...processorArguments(accel), ...args, ...exit, ...drive])) ===
      ranCode
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What to run with: KVM where a guest was seen to run under it. */
export async function chooseAccel(wanted: "auto" | Accel): Promise<Accel> {
  if (wanted !== "auto") return wanted;
  const open = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return open && (await guestRuns("kvm")) ? "kvm" : "tcg";
}
