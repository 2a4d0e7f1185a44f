// Key pairs of a virtual machine: its host key, known before there is a machine, and the one that
// its owner comes in with. Ed25519 by node:crypto, written in OpenSSH's format (PROTOCOL.key), which
// cloud-init and sshd take. Not by ssh2's generator: of its Ed25519 keys 1 of 256 is broken.
import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { KeyPair } from "./types.ts";

const generate = promisify(generateKeyPair);

const type = "ssh-ed25519";
const blockBytes = 8;

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A string of RFC 4251: its length, then its bytes. */
function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function secretPart(seed: Buffer, open: Buffer, comment: string): Buffer {
  // Written twice: who decrypts with a wrong passphrase sees two that differ.
  const check = randomBytes(4);
  const key = [text(type), text(open), text(Buffer.concat([seed, open])), text(comment)];
  const bare = Buffer.concat([check, check, ...key]);
  const missing = (blockBytes - (bare.length % blockBytes)) % blockBytes;
  return Buffer.concat([bare, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))]);
}

/** A new key pair; the comment says what it is for. */
export async function newSshKey(comment: string): Promise<KeyPair> {
  const { privateKey } = await generate("ed25519");
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  const [seed, open] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const blob = Buffer.concat([text(type), text(open)]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[text("none"), text("none"), text(""), number(1)],
    text(blob),
    text(secretPart(seed, open, comment)),
  ]);
  const lines = whole.toString("base64").replace(/.{70}/g, "$&\n").trimEnd();
  const frame = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----\n`;
  return {
    secret: `${frame("BEGIN")}${lines}\n${frame("END")}`,
    open: `${type} ${blob.toString("base64")} ${comment}`,
  };
}
