// What a Host registers: which keys are learned, through whom, and what its provider is made of.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import { File, Host, type HostArgs, readSshConfig } from "../../components/index.ts";
import { named, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("components/host");
const login = { address: "203.0.113.10", privateKey: "PRIVATE KEY" };
const key = "ssh-ed25519 AAAA";

const kindsOf = (all: readonly Registered[]) =>
  all
    .filter(({ type }) => !/Stack$|index:Host$/.test(type))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);

function made(args: HostArgs): Promise<readonly Registered[]> {
  return register(() => {
    const host = new Host("web1", args);
    new File("motd", { host, path: "/etc/motd", content: "hello" });
    host.provision([{ package: "haproxy" }]);
  });
}

test("a key is learned, the host waited for, the provider made of what was checked", async () => {
  const all = await made(login);
  assert.equal(kindsOf(all).toSorted(), [
    "Facts web1-facts",
    "File motd",
    "HostKey web1-key",
    "HostReady web1-ready",
    "Package web1-package-haproxy",
    "dockwright web1-provider",
  ]);
  assert.equal(named(all, "web1-key").inputs, { address: "203.0.113.10" });
  const ssh = { host: "203.0.113.10", user: "root", privateKey: "PRIVATE KEY" };
  assert.equal(named(all, "web1-ready").inputs, {
    ssh: { ...ssh, hostKey: "learned by web1-key" },
  });
  const { inputs } = named(all, "web1-provider");
  assert.match(JSON.stringify(inputs), "checked by web1-ready");
  assert.not.match(JSON.stringify(inputs), "learned by");
});

test("a lost host: its provider knows no way to it, and everything on it has that provider", async () => {
  const all = await made({ ...login, lost: true });
  assert.equal(named(all, "web1-provider").inputs, { lost: true });
  const on = all.filter(({ type }) => /index:(Facts|File|HostKey|HostReady|Package)$/.test(type));
  assert.is(on.length, 5);
  for (const { name, provider } of on) assert.match(provider, "web1-provider", name);
});

test("a pinned key is not learned", async () => {
  const all = await made({
    ...login,
    port: 2222,
    hostKey: key,
    wait: { onCloudInitError: "continue" },
  });
  assert.not.ok(kindsOf(all).some((one) => one.startsWith("HostKey")));
  assert.equal(named(all, "web1-ready").inputs, {
    ssh: {
      host: "203.0.113.10",
      port: 2222,
      user: "root",
      privateKey: "PRIVATE KEY",
      hostKey: key,
    },
    onCloudInitError: "continue",
  });
});

test("jumps: the nearest first, each learned through those before it, with the host's own key or theirs", async () => {
  const jump = [
    { address: "near", hostKey: key },
    { address: "far", port: 2022, user: "guest", agentSocket: "SSH_AUTH_SOCK" },
  ];
  const all = await made({ ...login, user: "admin", passphrase: "p", sudoPassword: "s", jump });
  const near = {
    privateKey: "PRIVATE KEY",
    passphrase: "p",
    host: "near",
    user: "root",
    hostKey: key,
  };
  assert.equal(named(all, "web1-jump2-key").inputs, { address: "far", port: 2022, jumps: [near] });
  const far = {
    port: 2022,
    agentSocket: "SSH_AUTH_SOCK",
    host: "far",
    user: "guest",
    hostKey: "learned by web1-jump2-key",
  };
  assert.equal(named(all, "web1-key").inputs, { address: "203.0.113.10", jumps: [near, far] });
  assert.equal(named(all, "web1-ready").inputs, {
    ssh: {
      host: "203.0.113.10",
      user: "admin",
      privateKey: "PRIVATE KEY",
      passphrase: "p",
      sudoPassword: "s",
      hostKey: "learned by web1-key",
      jumps: [near, far],
    },
  });
  assert.not.ok(all.some(({ name }) => name === "web1-jump1-key"));
});

test("without a key and an agent there is no host", async () => {
  let said = "";
  await register(() => {
    try {
      new Host("web1", { address: "203.0.113.10" });
    } catch (error) {
      said = pulumi.InputPropertyError.isInstance(error) ? error.message : String(error);
    }
  });
  assert.match(said, "agentSocket");
});

test("the user's SSH configuration gives a host's arguments, its key as a secret", async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), "dwtest-readssh-"));
  try {
    await mkdir(path.join(home, "keys"));
    await writeFile(path.join(home, "keys/mine"), "PRIVATE KEY of mine");
    const blob = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519xyz")]);
    const known = `ssh-ed25519 ${blob.toString("base64")}`;
    await writeFile(path.join(home, "known"), `203.0.113.10 ${known}\n`);
    const config = path.join(home, "config");
    await writeFile(
      config,
      `Host web1\n  HostName 203.0.113.10\n  User admin\n  ProxyJump two,one\nHost *\n  IdentityFile ${home}/keys/mine\n  IdentityAgent none\n  User jumper\n`,
    );
    const args = readSshConfig("web1", { path: config, knownHosts: [path.join(home, "known")] });
    assert.ok(await pulumi.isSecret(pulumi.output(args.privateKey)));
    const jumps = (args.jump ?? []).map(({ address, user }) => [user, address]);
    assert.equal(jumps, [
      ["jumper", "two"],
      ["jumper", "one"],
    ]);
    const { privateKey: _, jump: __, ...rest } = args;
    assert.equal(rest, { address: "203.0.113.10", user: "admin", hostKey: known });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

test.run();
