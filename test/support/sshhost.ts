// A throw-away machine that answers SSH: namespaces on a Debian root of their own, and in them a real
// sshd, sudo and users. Its port is one of 127.0.0.1. What is done to it never meets this machine.
import type { SshTarget } from "../../sdk/ssh/types.ts";
import { makeNamespaced, missingForNamespaces, type Namespaced } from "./namespaced.ts";
import { type Sshd, type SshdOptions, startSshd } from "./sshd.ts";

export interface SshHost extends Namespaced {
  readonly sshd: Sshd;
  /** How `admin` logs in, whom sudo asks for `sudoPassword`. */
  readonly admin: SshTarget;
  /** How `deploy` logs in, whom sudo asks for nothing. */
  readonly deploy: SshTarget;
}

/** Why there can be none here, if there cannot. */
export const missingForSshHost = missingForNamespaces;

export const adminPassword = "corr3ct h'orse $battery";

/** Runs in the machine: users as a cloud image or an administrator makes them. */
const usersScript = `useradd -m -s /bin/bash admin
useradd -m -s /bin/sh deploy
useradd -m -s /bin/sh guest
usermod -p '*' deploy
usermod -p '*' guest
echo 'admin ALL=(ALL) ALL' >/etc/sudoers.d/admin
echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deploy
chmod 440 /etc/sudoers.d/*
chpasswd`;

export async function makeSshHost(options: SshdOptions = {}): Promise<SshHost> {
  const host = await makeNamespaced();
  try {
    const input = `admin:${adminPassword}\n`;
    const { code, stderr } = await host.machine.run(usersScript, { input, timeoutMs: 60_000 });
    if (code !== 0) throw new Error(`the users were not made: ${stderr}`);
    const others = ["admin", "deploy", "guest", ...(options.others ?? [])];
    const sshd = await startSshd({ ...options, others, within: host.pid });
    return {
      ...host,
      sshd,
      admin: { ...sshd.target, user: "admin", sudoPassword: adminPassword },
      deploy: { ...sshd.target, user: "deploy" },
      async close() {
        await sshd.stop();
        await host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}
