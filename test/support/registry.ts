// A private registry with a password: Debian's docker-registry on the loopback, where dockerd needs no
// TLS, or on another address of this machine. Its data is in a folder that goes with it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./ports.ts";

/** bcrypt of the password; the registry takes no other kind. */
const bcrypt = "$2b$04$abcdefghijklmnopqrstuuIaVsWWXFStX.rXdqfwLgBZ0ccuhxHIm";

/** Who may log in: a name, and bcrypt of the password. */
export interface RegistryLogin {
  readonly username: string;
  readonly bcrypt: string;
}

export const registryUser = "me";
export const registryPassword = "dwtest-secret";

/** Why there can be no registry here, if there cannot. */
export function missingRegistry(): string | undefined {
  try {
    execFileSync("docker-registry", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no docker-registry (apt-get install docker-registry)";
  }
}

/** Waits until a port takes connections. */
export async function listening(port: number, host = "127.0.0.1"): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host, port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

export class TestRegistry {
  /** `ADDRESS:PORT` */
  readonly host: string;
  readonly #dir: string;
  #child: ChildProcess | undefined;

  private constructor(host: string, dir: string) {
    this.host = host;
    this.#dir = dir;
  }

  static async start(address = "127.0.0.1"): Promise<TestRegistry> {
    const dir = await mkdtemp(join(tmpdir(), "dwtest-registry-"));
    const port = await freePort();
    const config = {
      version: 0.1,
      log: { level: "error" },
      storage: { filesystem: { rootdirectory: join(dir, "data") }, delete: { enabled: true } },
      http: { addr: `${address}:${port}` },
      auth: { htpasswd: { realm: "test", path: join(dir, "htpasswd") } },
    };
    await writeFile(join(dir, "config.yml"), JSON.stringify(config));
    const registry = new TestRegistry(`${address}:${port}`, dir);
    await registry.only({ username: registryUser, bcrypt });
    return registry;
  }

  /** From now on this one may log in, and nobody else. */
  async only(login: RegistryLogin): Promise<void> {
    await writeFile(join(this.#dir, "htpasswd"), `${login.username}:${login.bcrypt}\n`);
    await this.halt();
    await this.run();
  }

  /** Starts it again after `halt`, with what it has. */
  async run(): Promise<void> {
    this.#child = spawn("docker-registry", ["serve", join(this.#dir, "config.yml")], {
      stdio: "ignore",
    });
    const [address, port] = this.host.split(":");
    await listening(Number(port), address);
  }

  async halt(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await ended;
  }

  async stop(): Promise<void> {
    await this.halt();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
