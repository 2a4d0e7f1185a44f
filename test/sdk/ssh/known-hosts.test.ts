// known_hosts: which line means which host. Hashed lines are made by ssh-keygen's own rule.
import { createHmac } from "node:crypto";
import * as assert from "uvu/assert";
import { findKnownHost } from "../../../sdk/ssh/known-hosts.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/known-hosts");

/** A key of a type that is well formed, another one for each letter. */
function keyOf(type: string, letter: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const blob = Buffer.concat([length, Buffer.from(type), Buffer.alloc(32, letter)]);
  return `${type} ${blob.toString("base64")}`;
}
const a = keyOf("ssh-ed25519", "a");
const b = keyOf("ssh-ed25519", "b");
const rsa = keyOf("ssh-rsa", "r");
const ecdsa = keyOf("ecdsa-sha2-nistp256", "e");

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 3);
  const digest = createHmac("sha1", salt).update(name).digest("base64");
  return `|1|${salt.toString("base64")}|${digest}`;
}

const cases: readonly [string, string, string, number | undefined, readonly string[]][] = [
  ["a name", `web1 ${a}`, "web1", undefined, [a]],
  ["case does not count", `WEB1 ${a}`, "Web1", undefined, [a]],
  ["another name", `web1 ${a}`, "web2", undefined, []],
  ["one of several names", `web1,203.0.113.10 ${a}`, "203.0.113.10", undefined, [a]],
  ["a port", `[web1]:2222 ${a}`, "web1", 2222, [a]],
  ["another port", `[web1]:2222 ${a}`, "web1", undefined, []],
  ["a name without a port is that of port 22", `web1 ${a}`, "web1", 2222, []],
  ["a hashed name", `${hashed("web1")} ${a}`, "web1", undefined, [a]],
  ["a hashed name with a port", `${hashed("[web1]:2222")} ${a}`, "web1", 2222, [a]],
  ["another's hashed name", `${hashed("web2")} ${a}`, "web1", undefined, []],
  ["a hash that is none", `|1|x ${a}`, "web1", undefined, []],
  ["a glob", `*.example.com ${a}`, "web1.example.com", undefined, [a]],
  ["a glob's dot is a dot", `*.example.com ${a}`, "web1-example.com", undefined, []],
  ["a negation", `*.example.com,!web1.example.com ${a}`, "web1.example.com", undefined, []],
  [
    "a negation of another",
    `*.example.com,!web2.example.com ${a}`,
    "web1.example.com",
    undefined,
    [a],
  ],
  [
    "comments and empty lines",
    `# web1 ${b}\n\n  \nweb1 ${a} comment here\r\n`,
    "web1",
    undefined,
    [a],
  ],
  [
    "the strongest first",
    `web1 ${rsa}\nweb1 ${ecdsa}\nweb1 ${a}`,
    "web1",
    undefined,
    [a, ecdsa, rsa],
  ],
  [
    "a revoked key is none, wherever it stands",
    `web1 ${a}\n@revoked * ${a}\nweb1 ${b}`,
    "web1",
    undefined,
    [b],
  ],
  ["authorities are not taken", `@cert-authority web1 ${a}`, "web1", undefined, []],
  ["types that are not taken", `web1 ssh-dss AAAA\nweb1 ${rsa}`, "web1", undefined, [rsa]],
  ["tabs between", `web1\t${a}`, "web1", undefined, [a]],
];
for (const [name, text, host, port, want] of cases) {
  test(name, () => {
    assert.equal(findKnownHost(text, host, port).keys, want);
  });
}

test.run();
