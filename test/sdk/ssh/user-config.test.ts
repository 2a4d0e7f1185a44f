// `readSshConfig`: what the user's files say of a host, as ssh would read them.
import { createHmac } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import ssh2 from "ssh2";
import * as assert from "uvu/assert";
import { readSshConfig, type SshConfigHost } from "../../../sdk/ssh/user-config.ts";
import { suite } from "../../support/suite.ts";

const test = suite("ssh/user-config");
const me = os.userInfo().username;

const keyText = (name: string) =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${name}\n-----END OPENSSH PRIVATE KEY-----\n`;
function hostKey(letter: string): string {
  const type = "ssh-ed25519";
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  const blob = Buffer.concat([length, Buffer.from(type), Buffer.alloc(32, letter)]);
  return `${type} ${blob.toString("base64")}`;
}
function hashed(name: string): string {
  const salt = Buffer.alloc(20, 5);
  const digest = createHmac("sha1", salt).update(name).digest("base64");
  return `|1|${salt.toString("base64")}|${digest}`;
}

type Files = Readonly<Record<string, string>>;

/** What is read of `web1` in a home folder with these files in its .ssh. */
async function read(
  files: Files,
  alias = "web1",
  env: Readonly<Record<string, string | undefined>> = { SSH_AUTH_SOCK: undefined },
): Promise<SshConfigHost> {
  const home = await mkdtemp(path.join(os.tmpdir(), "dwtest-sshconfig-"));
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  const set = (values: typeof env) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(home, ".ssh", name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    set(env);
    const told = readSshConfig(alias, { home, knownHosts: [path.join(home, ".ssh/known_hosts")] });
    return JSON.parse(JSON.stringify(told).replaceAll(home, "HOME")) as SshConfigHost;
  } finally {
    set(before);
    await rm(home, { recursive: true, force: true });
  }
}

const cases: readonly [string, Files, SshConfigHost][] = [
  ["no file at all: the alias is the name", {}, { host: "web1", user: me }],
  [
    "HostName, User, Port, IdentityFile",
    {
      config:
        "Host web1\n  HostName 203.0.113.10\n  User admin\n  Port 2222\n  IdentityFile ~/.ssh/mine\n",
      mine: keyText("mine"),
    },
    { host: "203.0.113.10", user: "admin", port: 2222, privateKey: keyText("mine") },
  ],
  [
    "the first value counts, wherever it stands; a pattern later fills in",
    {
      config: "Host web1\n  User first\nHost web*\n  User second\n  Port 2022\nHost *\n  Port 22\n",
    },
    { host: "web1", user: "first", port: 2022 },
  ],
  [
    "what stands before any Host is for all",
    { config: "Port 2022\nHost web1\n User a\n" },
    { host: "web1", user: "a", port: 2022 },
  ],
  [
    "a negated pattern",
    { config: "Host web* !web1\n  User other\nHost *\n  User me\n" },
    { host: "web1", user: "me" },
  ],
  [
    "keywords in any case, with = and quotes",
    { config: 'host web1\n  hostname="203.0.113.10"\n  USER = "admin"\n' },
    { host: "203.0.113.10", user: "admin" },
  ],
  [
    "Match host and originalhost",
    {
      config:
        "Host web1\n  HostName web1.example.com\nMatch host *.example.com\n  User bymatch\nMatch originalhost web1\n  Port 2022\n",
    },
    { host: "web1.example.com", user: "bymatch", port: 2022 },
  ],
  [
    "Match exec runs nothing and does not match",
    {
      config: 'Match exec "touch /tmp/dwtest-must-not-be; true"\n  User bad\nHost *\n  User good\n',
    },
    { host: "web1", user: "good" },
  ],
  [
    "Include, with a glob, in the order of names",
    {
      config: "Include conf.d/*.conf\nHost *\n  Port 9\n",
      "conf.d/20.conf": "Host web1\n  User second\n  Port 2022\n",
      "conf.d/10.conf": "Host web1\n  User first\n",
      "conf.d/30.txt": "Host web1\n  HostName wrong\n",
    },
    { host: "web1", user: "first", port: 2022 },
  ],
  [
    "what follows an Include is not of the included file's last section",
    {
      config: "Include more\nUser all\nHost other\n  Port 1\n",
      more: "Host other\n  HostName x\n",
    },
    { host: "web1", user: "all" },
  ],
  [
    "an Include within a section, and one that is not there",
    {
      config: "Host web1\n  Include login nothere\n  Port 2022\nHost other\n  User wrong\n",
      login: "User admin\n",
    },
    { host: "web1", user: "admin", port: 2022 },
  ],
  [
    "an Include of itself ends",
    { config: "Include config\nHost web1\n  User a\n" },
    { host: "web1", user: "a" },
  ],
  [
    "tokens in IdentityFile and HostName",
    {
      config:
        "Host web1\n  HostName %h.example.com\n  User admin\n  IdentityFile %d/.ssh/%r-%h-%n\n",
      "admin-web1.example.com-web1": keyText("token"),
    },
    { host: "web1.example.com", user: "admin", privateKey: keyText("token") },
  ],
  [
    "the first identity file that is there",
    {
      config: "Host web1\n  IdentityFile ~/.ssh/none\n  IdentityFile ~/.ssh/two\n",
      two: keyText("two"),
      id_ed25519: keyText("usual"),
    },
    { host: "web1", user: me, privateKey: keyText("two") },
  ],
  [
    "the usual identity files, where none is named",
    { id_rsa: keyText("rsa"), id_ed25519: keyText("ed") },
    { host: "web1", user: me, privateKey: keyText("ed") },
  ],
  [
    "the pinned key, under the name that is connected to",
    {
      config: "Host web1\n  HostName 203.0.113.10\n",
      known_hosts: `web1 ${hostKey("x")}\n203.0.113.10 ${hostKey("a")}\n`,
    },
    { host: "203.0.113.10", user: me, hostKey: hostKey("a") },
  ],
  [
    "the pinned key, hashed, with a port",
    {
      config: "Host web1\n  Port 2222\n",
      known_hosts: `${hashed("[web1]:2222")} ${hostKey("a")}\n`,
    },
    { host: "web1", user: me, port: 2222, hostKey: hostKey("a") },
  ],
  [
    "a key without a port counts on others too",
    { config: "Host web1\n  Port 2222\n", known_hosts: `web1 ${hostKey("a")}\n` },
    { host: "web1", user: me, port: 2222, hostKey: hostKey("a") },
  ],
  [
    "HostKeyAlias is the name in known_hosts",
    {
      config: "Host web1\n  HostKeyAlias farm\n  Port 2222\n",
      known_hosts: `farm ${hostKey("a")}\nweb1 ${hostKey("b")}\n`,
    },
    { host: "web1", user: me, port: 2222, hostKey: hostKey("a") },
  ],
  [
    "ProxyJump, itself described, with a user and a port of its own",
    {
      config:
        "Host web1\n  User admin\n  ProxyJump guest@bastion:2022\nHost bastion\n  HostName 198.51.100.1\n  User other\n  IdentityFile ~/.ssh/b\n",
      b: keyText("b"),
      known_hosts: `[198.51.100.1]:2022 ${hostKey("j")}\n`,
    },
    {
      host: "web1",
      user: "admin",
      jump: {
        host: "198.51.100.1",
        user: "guest",
        port: 2022,
        privateKey: keyText("b"),
        hostKey: hostKey("j"),
      },
    },
  ],
  [
    "several jumps: the last is reached through the one before it",
    { config: "Host web1\n  User a\n  ProxyJump one,ssh://two:2022\nHost one two\n  User j\n" },
    {
      host: "web1",
      user: "a",
      jump: { host: "two", port: 2022, user: "j", jump: { host: "one", user: "j" } },
    },
  ],
  [
    "ProxyJump none",
    { config: "Host web1\n  User a\n  ProxyJump none\nHost *\n  ProxyJump bastion\n" },
    { host: "web1", user: "a" },
  ],
  [
    "an agent that is asked for, beside a key",
    { config: "Host web1\n  User a\n  IdentityAgent ~/agent.sock\n", id_ed25519: keyText("k") },
    { host: "web1", user: "a", agentSocket: "HOME/agent.sock", privateKey: keyText("k") },
  ],
  [
    "an agent by the name of a variable stays a name",
    { config: "Host web1\n  User a\n  IdentityAgent $MY_AGENT\n" },
    { host: "web1", user: "a", agentSocket: "$MY_AGENT" },
  ],
];
for (const [name, files, want] of cases) {
  test(name, async () => {
    assert.equal(await read(files), want);
  });
}

test("the session's agent is taken where no key can be read without a passphrase", async () => {
  const env = { SSH_AUTH_SOCK: "/run/agent.1" };
  const config = "Host web1\n  User a\n";
  const made = { passphrase: "secret", cipher: "aes256-ctr", rounds: 2 } as const;
  const encrypted = ssh2.utils.generateKeyPairSync("ed25519", made).private;
  const agent = { host: "web1", user: "a", agentSocket: "SSH_AUTH_SOCK" };
  const key = { host: "web1", user: "a", privateKey: encrypted };
  assert.equal(await read({ config, id_ed25519: encrypted }, "web1", env), agent);
  assert.equal(await read({ config }, "web1", env), agent);
  assert.equal(await read({ config, id_ed25519: encrypted }), key);
  const none = { config: `${config}  IdentityAgent none\n`, id_ed25519: encrypted };
  assert.equal(await read(none, "web1", env), key);
  const plain = ssh2.utils.generateKeyPairSync("ed25519").private;
  const usable = { host: "web1", user: "a", privateKey: plain };
  assert.equal(await read({ config, id_ed25519: plain }, "web1", env), usable);
});

const refused: readonly [string, Files, RegExp][] = [
  [
    "jumps in a circle",
    { config: "Host web1\n  ProxyJump b\nHost b\n  ProxyJump web1\n" },
    /go in a circle: web1 -> b -> web1/,
  ],
  ["a jump that is none", { config: "Host web1\n  ProxyJump a@:2022\n" }, /ProxyJump is "a@:2022"/],
];
for (const [name, files, want] of refused) {
  test(`refused: ${name}`, async () => {
    const words = await read(files).then(JSON.stringify, (error: Error) => error.message);
    assert.match(words, want);
  });
}

test("a file that is asked for by its path must be there", () => {
  assert.throws(() => readSshConfig("web1", { path: "/nowhere/config" }), /there is no SSH/);
});

test.run();
