// What cloud-init reads at a machine's first boot: its user and keys, the host key among them, so
// that whoever connects knows it before there is a machine. Pure. Follows cloud-init's NoCloud
// source and its multi-part archives (RFC 2046); JSON is YAML, so nothing needs quoting of its own.
import type { KeyPair, VmSpec } from "./types.ts";

export interface Seed {
  readonly "meta-data": string;
  readonly "user-data": string;
}

const boundary = "==dockwright==";

function part(type: string, text: string): string {
  const head = `Content-Type: ${type}; charset="utf-8"\nContent-Transfer-Encoding: base64`;
  const body = Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\n");
  return `--${boundary}\nMIME-Version: 1.0\n${head}\n\n${body}\n`;
}

/** The type of a text that cloud-init is given, by its first line. */
function typeOf(text: string): string {
  if (text.startsWith("#!")) return "text/x-shellscript";
  if (text.startsWith("#cloud-boothook")) return "text/cloud-boothook";
  return "text/cloud-config";
}

function ownConfig(spec: VmSpec, keys: { readonly host: KeyPair; readonly access: KeyPair }) {
  return {
    // What others add to a list stays; in all else this part has the last word.
    merge_how: "dict(recurse_array)+list(append)+str()",
    hostname: spec.hostname,
    preserve_hostname: false,
    manage_etc_hosts: true,
    // A root made here has it so: setting it restarts sshd in the middle of a boot.
    ...(spec.image.debian ? {} : { ssh_pwauth: false }),
    no_ssh_fingerprints: true,
    ssh: { emit_keys_to_console: false },
    disable_root: true,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: keys.host.secret, ed25519_public: keys.host.open },
    users: [
      {
        name: spec.user,
        shell: "/bin/bash",
        lock_passwd: true,
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: [keys.access.open, ...spec.authorizedKeys],
      },
    ],
  };
}

/** The files of a seed. */
export function seedFiles(
  spec: VmSpec,
  keys: { readonly host: KeyPair; readonly access: KeyPair },
  origin: string,
): Seed {
  const own = `#cloud-config\n${JSON.stringify(ownConfig(spec, keys), undefined, 1)}\n`;
  const others = spec.userData === undefined ? [] : [part(typeOf(spec.userData), spec.userData)];
  const head = `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n`;
  const parts = [...others, part("text/cloud-config", own)].join("\n");
  const meta = { "instance-id": origin.slice(0, 16), "local-hostname": spec.hostname };
  return {
    "meta-data": `${JSON.stringify(meta)}\n`,
    "user-data": `${head}${parts}\n--${boundary}--\n`,
  };
}
