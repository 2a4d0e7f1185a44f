import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { findAuth, findRegistryAuth } from "../../../sdk/docker/auth.ts";
import { encodeHeader } from "../../../sdk/docker/call.ts";
import type { RegistryAuth } from "../../../sdk/docker/types.ts";
import { SdkError } from "../../../sdk/errors.ts";
import { suite } from "../../support/suite.ts";

const test = suite("docker: registry credentials");
const base64 = (text: string) => Buffer.from(text).toString("base64");

interface Case {
  readonly config?: unknown;
  /** Bodies of `docker-credential-fake`, a shell script; `$key` is what it was asked for. */
  readonly helper?: string;
}

async function lookUp(
  registry: string,
  { config, helper }: Case,
): Promise<RegistryAuth | undefined> {
  const dir = await mkdtemp(join(tmpdir(), "dwtest-auth-"));
  try {
    if (config !== undefined) {
      const text = typeof config === "string" ? config : JSON.stringify(config);
      await writeFile(join(dir, "config.json"), text);
    }
    const program = join(dir, "docker-credential-fake");
    if (helper) await writeFile(program, `#!/bin/sh\nread -r key\n${helper}\n`);
    if (helper) await chmod(program, 0o755);
    const env = { DOCKER_CONFIG: dir, PATH: `${dir}:/usr/bin:/bin` };
    return await findRegistryAuth(registry, { env });
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function failure(work: Promise<unknown>): Promise<SdkError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SdkError) return error;
    throw error;
  }
  throw new Error("it passed");
}

const host = "r.example.com:5000";
const pair = { username: "me", password: "a:b", serveraddress: host };
const says = (username: string, secret: string) =>
  `echo '{"ServerURL":"'$key'","Username":"${username}","Secret":"${secret}"}'`;

for (const [rule, registry, found, want] of [
  ["no configuration means none", host, {}, undefined],
  ["an empty configuration means none", host, { config: {} }, undefined],
  [
    "auth is user:password, the password may hold colons",
    host,
    { config: { auths: { [host]: { auth: base64("me:a:b") } } } },
    pair,
  ],
  [
    "a URL for a key is its host",
    host,
    { config: { auths: { [`https://${host}/v2/`]: { auth: base64("me:a:b") } } } },
    pair,
  ],
  [
    "other hosts do not count",
    host,
    { config: { auths: { "r.example.com": { auth: base64("me:a:b") } } } },
    undefined,
  ],
  ["an entry without a secret means none", host, { config: { auths: { [host]: {} } } }, undefined],
  [
    "the hub has its old key",
    "docker.io",
    { config: { auths: { "https://index.docker.io/v1/": { auth: base64("u:p") } } } },
    { username: "u", password: "p", serveraddress: "https://index.docker.io/v1/" },
  ],
  [
    "an identity token goes first",
    host,
    { config: { auths: { [host]: { auth: base64("me:"), identitytoken: "t" } } } },
    { identitytoken: "t", serveraddress: host },
  ],
  [
    "the helper of a registry is asked for it",
    host,
    { config: { credHelpers: { [host]: "fake" } }, helper: says("me", "a:b") },
    pair,
  ],
  [
    "a helper may give a token",
    host,
    { config: { credHelpers: { [host]: "fake" } }, helper: says("<token>", "t") },
    { identitytoken: "t", serveraddress: host },
  ],
  [
    "a helper that has none means none",
    host,
    {
      config: { credHelpers: { [host]: "fake" } },
      helper: "echo credentials not found in native keychain; exit 1",
    },
    undefined,
  ],
  [
    "the store is asked with the hub's key",
    "docker.io",
    {
      config: { credsStore: "fake" },
      helper: `test "$key" = https://index.docker.io/v1/ && ${says("u", "p")}`,
    },
    { username: "u", password: "p", serveraddress: "https://index.docker.io/v1/" },
  ],
  [
    "where the store has none, auths are looked at",
    host,
    {
      config: { credsStore: "fake", auths: { [host]: { auth: base64("me:a:b") } } },
      helper: "echo credentials not found in native keychain; exit 1",
    },
    pair,
  ],
] as const) {
  test(rule, async () => assert.equal(await lookUp(registry, found), want));
}

test("a helper that is not there is named", async () => {
  const error = await failure(lookUp(host, { config: { credHelpers: { [host]: "fake" } } }));
  assert.is(error.code, "MISSING");
  assert.match(error.message, /docker-credential-fake/);
});

test("a helper that fails is named, and nothing that it printed is shown", async () => {
  for (const helper of ["echo hush; exit 3", "echo hush", "echo '{\"Secret\": hush'"]) {
    const config = { credHelpers: { [host]: "fake" } };
    const error = await failure(lookUp(host, { config, helper }));
    assert.is(error.code, "COMMAND_FAILED");
    assert.not.ok(`${error.message} ${error.fix} ${String(error.cause)}`.includes("hush"));
  }
});

test("a configuration that is not JSON is told without its text", async () => {
  const error = await failure(lookUp(host, { config: '{"auths": hush' }));
  assert.is(error.code, "BAD_INPUT");
  assert.not.ok(`${error.message} ${error.stack} ${String(error.cause)}`.includes("hush"));
});

test("an image reference is looked up by its registry", async () => {
  const env = { DOCKER_CONFIG: "/nonexistent-dwtest" };
  assert.is(await findAuth("debian:12", { env }), undefined);
});

test("credentials travel as base64 with the URL alphabet and padding", () => {
  const header = encodeHeader({ username: "u", password: "\u00ff\u00fe?>" });
  assert.is(header.length % 4, 0);
  assert.match(header, /^[A-Za-z0-9_-]+=*$/);
  assert.equal(JSON.parse(Buffer.from(header, "base64url").toString()), {
    username: "u",
    password: "\u00ff\u00fe?>",
  });
});
test.run();
