// What cloud-init is given at a first boot; keys that OpenSSH's format holds; where machines are kept.
import { createPrivateKey, sign, verify } from "node:crypto";
import ssh2 from "ssh2";
import * as assert from "uvu/assert";
import { newSshKey } from "../../../../sdk/host/vm/keys.ts";
import { seedFiles } from "../../../../sdk/host/vm/seed.ts";
import { dataDir, vmFolder } from "../../../../sdk/host/vm/store.ts";
import type { VmSpec } from "../../../../sdk/host/vm/types.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/vm seed");

const spec: VmSpec = {
  name: "vm1",
  owner: "urn:a",
  hostname: "box",
  image: { path: "/image" },
  cpus: 1,
  memoryBytes: 1024 ** 3,
  diskBytes: 1024 ** 3,
  user: "me",
  authorizedKeys: ["ssh-ed25519 OTHER"],
  userData: undefined,
  ports: [],
  accel: "auto",
};
const keys = {
  host: { secret: "HOST SECRET", open: "ssh-ed25519 HOST" },
  access: { secret: "ACCESS SECRET", open: "ssh-ed25519 ACCESS" },
};

/** The parts of a multi-part archive, decoded, by a reader of its own. */
function partsOf(archive: string): readonly { readonly type: string; readonly text: string }[] {
  const boundary = /boundary="([^"]+)"/.exec(archive)?.[1] ?? "";
  assert.ok(archive.trimEnd().endsWith(`--${boundary}--`));
  const parts = archive.split(`--${boundary}\n`).slice(1);
  return parts.map((part) => {
    const [head = "", body = ""] = part.split("\n\n");
    const type = /Content-Type: ([^;]+)/.exec(head)?.[1] ?? "";
    return { type, text: Buffer.from(body.split("--")[0] ?? "", "base64").toString() };
  });
}

interface CloudConfig {
  readonly hostname: string;
  readonly ssh_keys: { readonly ed25519_private: string; readonly ed25519_public: string };
  readonly users: readonly {
    readonly name: string;
    readonly lock_passwd: boolean;
    readonly ssh_authorized_keys: readonly string[];
  }[];
}
const configOf = (text: string) => JSON.parse(text.replace("#cloud-config\n", "")) as CloudConfig;

test("a first boot gets the host key, the user with both keys, and never the user's secret key", () => {
  const seed = seedFiles(spec, keys, "0123456789abcdef0");
  const [own] = partsOf(seed["user-data"]);
  assert.is(own?.type, "text/cloud-config");
  const config = configOf(own?.text ?? "");
  assert.is(config.hostname, "box");
  assert.equal(config.ssh_keys, { ed25519_private: "HOST SECRET", ed25519_public: keys.host.open });
  assert.equal(config.users[0]?.ssh_authorized_keys, ["ssh-ed25519 ACCESS", "ssh-ed25519 OTHER"]);
  assert.is(config.users[0]?.lock_passwd, true);
  assert.not.match(own?.text ?? "", "ACCESS SECRET");
  assert.equal(JSON.parse(seed["meta-data"]), {
    "instance-id": "0123456789abcdef",
    "local-hostname": "box",
  });
});

const types: readonly (readonly [string, string])[] = [
  ["#!/bin/sh\necho ä --==dockwright==--\n", "text/x-shellscript"],
  ["#cloud-config\nruncmd: [true]\n", "text/cloud-config"],
  ["#cloud-boothook\n", "text/cloud-boothook"],
];
for (const [userData, type] of types) {
  test(`user data that begins with ${userData.split("\n")[0]} is a part of its own, byte by byte`, () => {
    const parts = partsOf(seedFiles({ ...spec, userData }, keys, "0")["user-data"]);
    assert.is(parts.length, 2);
    assert.equal(parts[0], { type, text: userData });
  });
}

test("keys are read by an SSH library, and both halves belong together", async () => {
  const pair = await newSshKey("a comment");
  const secret = ssh2.utils.parseKey(pair.secret);
  const open = ssh2.utils.parseKey(pair.open);
  if (secret instanceof Error || open instanceof Error) throw new Error("the key cannot be read");
  assert.is(secret.comment, "a comment");
  assert.equal(secret.getPublicSSH(), open.getPublicSSH());
  const text = Buffer.from("x");
  const signature = sign(null, text, createPrivateKey(secret.getPrivatePEM()));
  assert.ok(verify(null, text, open.getPublicPEM(), signature));
});

test("machines lie in the user's data folder, never in the cache", () => {
  assert.is(dataDir({ HOME: "/h" }), "/h/.local/share/dockwright");
  assert.is(dataDir({ HOME: "/h", XDG_DATA_HOME: "/d" }), "/d/dockwright");
  assert.is(dataDir({ HOME: "/h", XDG_DATA_HOME: "relative" }), "/h/.local/share/dockwright");
  assert.is(dataDir({ DOCKWRIGHT_DATA: "/own" }), "/own");
  assert.throws(() => dataDir({ DOCKWRIGHT_DATA: "own" }), /relative/);
  assert.throws(() => vmFolder("../x"), /cannot be the name/);
});

test.run();
