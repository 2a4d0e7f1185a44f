// What Daemon and TlsDaemon register: the safe defaults, the children's names, and whom each side trusts.
import * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  CertificateAuthority,
  Daemon,
  Host,
  LocalDaemon,
  LocalHost,
  TlsDaemon,
  type TlsDaemonArgs,
} from "../../components/index.ts";
import { named, type Registered, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("components/daemon");
const login = { address: "203.0.113.10", privateKey: "PRIVATE KEY", hostKey: "ssh-ed25519 AAAA" };
const safe = {
  liveRestore: true,
  noNewPrivileges: true,
  logOptions: { "max-size": "10m", "max-file": "3" },
};

type Options = TlsDaemonArgs["options"];
const kindsOf = (all: readonly Registered[], prefix: string) =>
  all
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`)
    .toSorted();
const tls = (args: Partial<TlsDaemonArgs> = {}) =>
  register(() => {
    new TlsDaemon("docker", { host: new Host("web1", login), ...args });
  });
const optionsWith = async (options: Options) => {
  const all = await register(() => {
    new Daemon("docker", { host: new LocalHost("here"), ...(options ? { options } : {}) });
  });
  return named(all, "docker-daemon").inputs["options"];
};

test("a daemon over the host's connection: its children", async () => {
  const all = await register(() => {
    new Daemon("docker", { host: new Host("web1", login), engine: { version: "26.1.5" } });
  });
  assert.equal(kindsOf(all, "docker"), [
    "Daemon docker",
    "DockerDaemon docker-daemon",
    "DockerEngine docker-engine",
    "dockwright docker-provider",
  ]);
  assert.equal(named(all, "docker-engine").inputs, { version: "26.1.5" });
  assert.match(JSON.stringify(named(all, "docker-provider").inputs), /203\.0\.113\.10/);
  assert.is(named(all, "docker-daemon").inputs["listen"], undefined);
});

test("daemons on a lost host are lost, and so is the machine's own where it is told to be", async () => {
  const lost: (boolean | undefined)[] = [];
  const all = await register(() => {
    const host = new Host("web1", { ...login, lost: true });
    lost.push(new Daemon("docker", { host }).lost, new TlsDaemon("tls", { host }).lost);
    lost.push(new LocalDaemon("local", { lost: true }).lost, new LocalDaemon("other").lost);
    new LocalDaemon("fresh", { lost: true, install: true });
  });
  assert.equal(lost, [true, true, true, false]);
  for (const name of ["docker", "tls", "local", "fresh"]) {
    assert.is(named(all, `${name}-provider`).inputs["lost"], true, name);
  }
  assert.is(named(all, "fresh-machine").inputs["lost"], true);
  assert.not.ok("lost" in named(all, "other-provider").inputs);
  assert.match(named(all, "tls-ca").provider, "web1-provider");
});

test("a TLS daemon: its children, its own authority among them", async () => {
  assert.equal(kindsOf(await tls(), "docker"), [
    "Certificate docker-client",
    "Certificate docker-server",
    "CertificateAuthority docker-ca",
    "DockerDaemon docker-daemon",
    "DockerEngine docker-engine",
    "TlsDaemon docker",
    "dockwright docker-provider",
  ]);
});

test("an authority can be shared: none is made", async () => {
  const all = await register(() => {
    const ca = new CertificateAuthority("fleet");
    for (const name of ["web1", "web2"]) {
      new TlsDaemon(`${name}-docker`, { host: new Host(name, login), ca });
    }
  });
  const authorities = all.filter(({ type }) => type.endsWith(":CertificateAuthority"));
  assert.equal(
    authorities.map(({ name }) => name),
    ["fleet"],
  );
});

interface Reach {
  readonly listen: readonly string[];
  readonly address: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}
const reaches: readonly (readonly [string, Partial<TlsDaemonArgs>, Reach])[] = [
  [
    "by the host's address",
    {},
    {
      listen: ["0.0.0.0:2376"],
      address: "tcp://203.0.113.10:2376",
      names: [],
      addresses: ["203.0.113.10"],
    },
  ],
  [
    "by a name, with more names and a port",
    { address: "web1.example.com", names: ["10.0.0.5", "web1", "web1.example.com"], port: 12376 },
    {
      listen: ["0.0.0.0:12376"],
      address: "tcp://web1.example.com:12376",
      names: ["web1.example.com", "web1"],
      addresses: ["10.0.0.5"],
    },
  ],
  [
    "by an IPv6 address",
    { address: "2001:db8::5" },
    {
      listen: ["[::]:2376"],
      address: "tcp://[2001:db8::5]:2376",
      names: [],
      addresses: ["2001:db8::5"],
    },
  ],
  [
    "on one address of the host alone",
    { listen: ["10.0.0.5"], address: pulumi.output("10.0.0.5") },
    {
      listen: ["10.0.0.5:2376"],
      address: "tcp://10.0.0.5:2376",
      names: [],
      addresses: ["10.0.0.5"],
    },
  ],
];
for (const [name, args, wanted] of reaches) {
  test(`it is reached ${name}`, async () => {
    const all = await tls(args);
    const { listen, address } = named(all, "docker-daemon").inputs;
    const { names, addresses } = named(all, "docker-server").inputs;
    assert.equal({ listen, address, names, addresses }, wanted);
  });
}

const told: readonly (readonly [string, Options, object])[] = [
  ["safe unless told otherwise", undefined, safe],
  ["the user's word counts", { liveRestore: false }, { ...safe, liveRestore: false }],
  ["icc is Docker's own unless given", { icc: false }, { ...safe, icc: false }],
  [
    "another log driver has its own options",
    { logDriver: "journald" },
    { liveRestore: true, noNewPrivileges: true, logDriver: "journald" },
  ],
];
for (const [name, options, wanted] of told) {
  test(`options: ${name}`, async () => {
    assert.equal(await optionsWith(options), wanted);
  });
}

test.run();
