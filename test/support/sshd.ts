// A real OpenSSH server of a test's own: its keys, its configuration, one port of 127.0.0.1, and
// nothing of the machine's. Root logs in by a key that the test makes. `close` leaves nothing behind.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { SshTarget } from "../../sdk/ssh/types.ts";
import { freePort } from "./ports.ts";

const run = promisify(execFile);
const program = "/usr/sbin/sshd";

/** Why there can be no server here, if there cannot. */
export function missingForSshd(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can run an SSH server for others";
  return existsSync(program) ? undefined : "there is no sshd (Debian's package openssh-server)";
}

export type KeyType = "ed25519" | "ecdsa" | "rsa";

export interface SshdOptions {
  /** Further lines of sshd_config. */
  readonly lines?: readonly string[];
  /** The types of its host keys. @defaultValue ed25519 */
  readonly hostKeys?: readonly KeyType[];
  /** The type of the user's key. @defaultValue ed25519 */
  readonly userKey?: KeyType;
  /** @defaultValue root */
  readonly user?: string;
  /** @defaultValue any free one */
  readonly port?: number;
  /** What stands before the server's command: a program that runs it elsewhere. */
  readonly prefix?: readonly string[];
}

export interface Sshd {
  readonly port: number;
  /** What its connections need: the pinned key is of the first type. */
  readonly target: SshTarget;
  readonly dir: string;
  /** The server's own process. */
  readonly pid: number;
  /** Everything it logged. */
  readonly log: () => string;
  hostKey(type: KeyType): Promise<string>;
  close(): Promise<void>;
}

const sizes: Readonly<Record<KeyType, readonly string[]>> = {
  ed25519: [],
  ecdsa: ["-b", "256"],
  rsa: ["-b", "3072"],
};

/** Makes a key pair; gives the path of the private one. */
export async function makeKey(file: string, type: KeyType, passphrase = ""): Promise<string> {
  await run("ssh-keygen", ["-q", "-t", type, ...sizes[type], "-N", passphrase, "-f", file]);
  return file;
}

const publicPart = async (file: string) =>
  (await readFile(`${file}.pub`, "utf8")).split(" ").slice(0, 2).join(" ");

async function answers(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port });
    const greeted = await Promise.race([
      once(socket, "data").then(
        () => true,
        () => false,
      ),
      sleep(2_000, false),
    ]);
    socket.destroy();
    if (greeted) return;
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`sshd does not answer on ${port}: ${log()}`);
    }
    await sleep(50);
  }
}

async function configuration(dir: string, port: number, options: SshdOptions): Promise<string> {
  const { lines = [], hostKeys = ["ed25519"], user = "root" } = options;
  for (const type of hostKeys) await makeKey(path.join(dir, `host_${type}`), type);
  const key = await makeKey(path.join(dir, "user"), options.userKey ?? "ed25519");
  await writeFile(path.join(dir, "authorized_keys"), await readFile(`${key}.pub`, "utf8"));
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...hostKeys.map((type) => `HostKey ${path.join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${path.join(dir, "authorized_keys")}`,
    `PidFile ${path.join(dir, "pid")}`,
    `AllowUsers ${user}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    "LogLevel VERBOSE",
    ...lines,
    "",
  ].join("\n");
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { hostKeys = ["ed25519"], user = "root", prefix = [] } = options;
  const dir = await mkdtemp(path.join(os.tmpdir(), "dwtest-sshd-"));
  const port = options.port ?? (await freePort());
  const file = path.join(dir, "sshd_config");
  await writeFile(file, await configuration(dir, port, options));
  // The server insists on this folder for its unprivileged half.
  await mkdir("/run/sshd", { recursive: true });
  const [command = program, ...args] = [...prefix, program, "-D", "-e", "-f", file];
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-100_000);
  });
  const close = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await answers(port, child, () => log);
  } catch (error) {
    await close();
    throw error;
  }
  const hostKey = (type: KeyType) => publicPart(path.join(dir, `host_${type}`));
  return {
    port,
    dir,
    pid: child.pid ?? 0,
    log: () => log,
    hostKey,
    target: {
      host: "127.0.0.1",
      port,
      user,
      privateKey: await readFile(path.join(dir, "user"), "utf8"),
      hostKey: await hostKey(hostKeys[0] ?? "ed25519"),
    },
    close,
  };
}
