// A real OpenSSH server of a test's own: its keys, its configuration, one port of 127.0.0.1, and
// nothing of the machine's. Users log in by a key that the test makes. `close` leaves nothing behind.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { SshTarget } from "../../sdk/ssh/types.ts";
import { freePort } from "./ports.ts";

const run = promisify(execFile);
const program = "/usr/sbin/sshd";

/** Why there can be none here, if there cannot. */
export function missingForSshd(): string | undefined {
  if (!existsSync(program)) return "there is no sshd";
  return process.getuid?.() === 0 ? undefined : "needs root, for sshd";
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
  /** Who else may log in, with the same key. @defaultValue nobody */
  readonly others?: readonly string[];
  /** Of the user's key. @defaultValue none */
  readonly passphrase?: string;
  /** A process in whose file system and processes the server runs; its port is one of this machine. */
  readonly within?: number;
}

export interface Sshd {
  readonly port: number;
  /** What its connections need: the pinned key is of the first type. */
  readonly target: SshTarget;
  /** Its files, as this machine sees them. */
  readonly dir: string;
  /** The server's own process, as this machine sees it. */
  readonly pid: number;
  /** Everything it logged. */
  readonly log: () => string;
  hostKey(type: KeyType): Promise<string>;
  /** Processes of the server that each have a connection, whoever it is. */
  connections(): Promise<readonly number[]>;
  /** Starts it anew, with another host key of the same types where asked for. */
  restart(how?: { readonly newKeys?: boolean }): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

const sizes: Readonly<Record<KeyType, readonly string[]>> = {
  ed25519: [],
  ecdsa: ["-b", "256"],
  rsa: ["-b", "3072"],
};

/** What stands before a command that is to run in the file system and processes of that process. */
export function enter(within: number | undefined): readonly string[] {
  if (within === undefined) return [];
  return ["nsenter", "--target", String(within), "--mount", "--uts", "--pid"];
}

/** Makes a key pair; `file` is the private one's path there. */
export async function makeKey(
  file: string,
  type: KeyType,
  how: { readonly passphrase?: string | undefined; readonly within?: number | undefined } = {},
): Promise<void> {
  const own = ["ssh-keygen", "-q", "-t", type, ...sizes[type], "-N", how.passphrase ?? ""];
  const [command = "", ...args] = [...enter(how.within), ...own, "-f", file];
  await run(command, args);
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

/** Processes that a process started and that are still there. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

interface Place {
  /** Before a path in the server's file system, to find it in this machine's. */
  readonly root: string;
  readonly dir: string;
  readonly port: number;
  readonly within: number | undefined;
}

async function makeHostKeys(place: Place, types: readonly KeyType[]): Promise<void> {
  for (const type of types) {
    const file = path.join(place.dir, `host_${type}`);
    await rm(place.root + file, { force: true });
    await makeKey(file, type, place);
  }
}

async function configuration(place: Place, options: SshdOptions): Promise<string> {
  const { lines = [], hostKeys = ["ed25519"], user = "root", others = [] } = options;
  const { root, dir, port } = place;
  await makeHostKeys(place, hostKeys);
  const how = { passphrase: options.passphrase, within: place.within };
  await makeKey(path.join(dir, "user"), options.userKey ?? "ed25519", how);
  const publicKey = await readFile(path.join(root, dir, "user.pub"), "utf8");
  await writeFile(path.join(root, dir, "authorized_keys"), publicKey, { mode: 0o644 });
  return [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...hostKeys.map((type) => `HostKey ${path.join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${path.join(dir, "authorized_keys")}`,
    "PidFile none",
    `AllowUsers ${[user, ...others].join(" ")}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    "LogLevel VERBOSE",
    // A test's own server is not a target of anybody: it must not drop what a test starts at once.
    "MaxStartups 100",
    ...lines,
    "",
  ].join("\n");
}

/** One run of the server. */
async function serve(place: Place, onLog: (text: string) => void) {
  const prefix = enter(place.within);
  const own = [program, "-D", "-e", "-f", path.join(place.dir, "sshd_config")];
  const [command = program, ...args] = [...prefix, ...own];
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.setEncoding("utf8").on("data", onLog);
  let log = "";
  child.stderr.on("data", (text: string) => {
    log += text;
  });
  const outer = child.pid ?? 0;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    const [inner = outer] = prefix.length > 0 ? await childrenOf(outer) : [outer];
    process.kill(inner, "SIGTERM");
    await gone;
  };
  try {
    await answers(place.port, child, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = async () => (prefix.length > 0 ? ((await childrenOf(outer))[0] ?? outer) : outer);
  return { pid: await pid(), stop };
}

/** A folder of the server's that its users can look into: their key's other half is there. */
async function makePlace({ within, port }: SshdOptions): Promise<Place> {
  const root = within === undefined ? "" : `/proc/${within}/root`;
  const full = await mkdtemp(
    path.join(root, within === undefined ? os.tmpdir() : "/tmp", "dwtest-sshd-"),
  );
  await chmod(full, 0o755);
  // The server insists on this folder for its unprivileged half.
  await mkdir(path.join(root, "/run/sshd"), { recursive: true, mode: 0o755 });
  return { root, dir: full.slice(root.length), port: port ?? (await freePort()), within };
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { hostKeys = ["ed25519"], user = "root", passphrase } = options;
  const place = await makePlace(options);
  const dir = place.root + place.dir;
  await writeFile(path.join(dir, "sshd_config"), await configuration(place, options));
  let log = "";
  const start = () =>
    serve(place, (text) => {
      log = (log + text).slice(-200_000);
    });
  let running = await start();
  const hostKey = (type: KeyType) => publicPart(path.join(dir, `host_${type}`));
  return {
    port: place.port,
    dir,
    get pid() {
      return running.pid;
    },
    log: () => log,
    hostKey,
    connections: () => childrenOf(running.pid),
    async restart({ newKeys = false } = {}) {
      await running.stop();
      if (newKeys) await makeHostKeys(place, hostKeys);
      running = await start();
    },
    stop: () => running.stop(),
    target: {
      host: "127.0.0.1",
      port: place.port,
      user,
      privateKey: await readFile(path.join(dir, "user"), "utf8"),
      ...(passphrase === undefined ? {} : { passphrase }),
      hostKey: await hostKey(hostKeys[0] ?? "ed25519"),
    },
    async close() {
      await running.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
