// Ansible on the hosts of a bench: Debian's ansible-core, as its manual tunes it (ten forks,
// pipelining), with its default connections (kept open between runs) and facts gathered, in a folder
// of its own. The interpreter is told, so that no time goes into looking for one.
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { installPackages, withoutInstalled } from "../../sdk/bootstrap/machine.mjs";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import type { LabHost } from "../lab/hosts.ts";
import type { BenchContext } from "./bench.ts";

const debianPackage = "ansible-core";

export interface Ansible {
  /** Runs the playbook; gives the seconds it took. An error where it changed or failed anything. */
  run(): Promise<number>;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, in the bench's folder and without the caller's settings. */
export function runProgram(
  [program = "", ...args]: readonly string[],
  context: BenchContext,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: context.directory,
    env: { PATH: process.env.PATH ?? "", HOME: context.directory, LANG: "C.UTF-8", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    signal: context.signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** What OpenSSH needs to log in: a key file, and the hosts' keys. */
export async function writeLogin(
  hosts: readonly LabHost[],
  directory: string,
): Promise<{ readonly key: string; readonly knownHosts: string }> {
  const [key, knownHosts] = [path.join(directory, "key"), path.join(directory, "known_hosts")];
  await writeFile(key, hosts[0]?.privateKey ?? "", { mode: 0o600 });
  await writeFile(knownHosts, hosts.map((at) => `${at.address} ${at.hostKey}\n`).join(""));
  return { key, knownHosts };
}

const settings = (directory: string): string => `[defaults]
inventory = ${directory}/inventory
forks = 10
interpreter_python = /usr/bin/python3
retry_files_enabled = False
nocows = True
[ssh_connection]
pipelining = True
control_path_dir = ${directory}/cp
`;

/** Installs Ansible where it is missing, and writes what it needs. */
export async function makeAnsible(
  context: BenchContext,
  hosts: readonly LabHost[],
  playbook: string,
): Promise<Ansible> {
  const { log, signal } = context;
  const missing = await withoutInstalled([debianPackage]);
  if (missing.length > 0) await installPackages(missing, { tell: log, signal });
  const directory = path.join(context.directory, "ansible");
  await mkdir(directory);
  const { key, knownHosts } = await writeLogin(hosts, directory);
  const common = `ansible_ssh_private_key_file=${key} ansible_ssh_common_args='-o UserKnownHostsFile=${knownHosts}'`;
  const inventory = hosts.map(({ name, address, user }) =>
    [name, `ansible_host=${address}`, `ansible_user=${user}`, common].join(" "),
  );
  const file = path.join(directory, "playbook.yml");
  await writeFile(path.join(directory, "inventory"), `${inventory.join("\n")}\n`);
  await writeFile(path.join(directory, "ansible.cfg"), settings(directory));
  await writeFile(file, playbook);
  const env = { ANSIBLE_CONFIG: path.join(directory, "ansible.cfg") };
  return {
    async run() {
      signal.throwIfAborted();
      const started = performance.now();
      const { code, output } = await runProgram(["ansible-playbook", file], context, env);
      const tookMs = performance.now() - started;
      const silent = output.match(/ok=\d+\s+changed=0\s+unreachable=0\s+failed=0/g)?.length;
      if (code === 0 && silent === hosts.length) return tookMs / 1000;
      throw new SdkError(ErrorCode.CommandFailed, `ansible-playbook ended with ${String(code)}`, {
        cause: new Error(output),
      });
    },
  };
}
