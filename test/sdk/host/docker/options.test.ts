// Each option of dockerd: its place in daemon.json, that it reads back as it was declared, what a change of
// it asks of a running daemon, and what is refused. An option without a row in the table fails.
import * as assert from "uvu/assert";
import type { DaemonInfo } from "../../../../sdk/docker/types.ts";
import { type DaemonOptions, daemonOptions } from "../../../../sdk/host/docker/options.ts";
import { differences } from "../../../../sdk/host/docker/probe.ts";
import {
  compareJson,
  jsonText,
  optionsFromJson,
  optionsToJson,
  parseJson,
} from "../../../../sdk/host/docker/render.ts";
import type { Value } from "../../../../sdk/provider/values.ts";
import { failuresOf } from "../../../support/hostresource.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/docker/options");

type Change = "reload" | "restart" | "recreate-data";

interface Row {
  readonly value: Value;
  /** What daemon.json then says. */
  readonly json: object;
  readonly change: Change;
  /** A value that is refused, the place, and words of the reason. */
  readonly bad: Value;
  readonly at?: string;
  readonly words: RegExp;
}

const flag = (key: string, change: Change = "restart"): Row => ({
  value: true,
  json: { [key]: true },
  change,
  bad: "yes",
  words: /true or false/,
});
const text = (key: string, value: string, change: Change = "restart"): Row => ({
  value,
  json: { [key]: value },
  change,
  bad: 7,
  words: /text|string/,
});
const list = (key: string, value: readonly string[], change: Change = "restart"): Row => ({
  value,
  json: { [key]: value },
  change,
  bad: "one",
  words: /list/,
});
const refused = (row: Row, bad: Value, words: RegExp, at?: string): Row => ({
  ...row,
  bad,
  words,
  ...(at === undefined ? {} : { at }),
});

const table: { readonly [name: string]: Row } = {
  bridge: refused(text("bridge", "br0"), "a bridge", /interface's name/),
  bip: refused(text("bip", "172.30.0.1/24"), "172.30.0.0/24", /subnet itself/),
  fixedCidr: refused(text("fixed-cidr", "172.30.0.128/25"), "172.30.0.1/24", /beyond its prefix/),
  fixedCidrV6: refused(text("fixed-cidr-v6", "fd00:30::/64"), "fd00:30::", /IPv6 subnet/),
  defaultGateway: refused(text("default-gateway", "172.30.0.254"), "gate", /IP address/),
  defaultAddressPools: {
    value: [{ base: "10.77.0.0/16", size: 24 }],
    json: { "default-address-pools": [{ base: "10.77.0.0/16", size: 24 }] },
    change: "restart",
    bad: [{ base: "10.77.0.0", size: 24 }],
    at: "options.defaultAddressPools[0].base",
    words: /CIDR/,
  },
  icc: flag("icc"),
  ipMasq: flag("ip-masq"),
  ip: refused(text("ip", "127.0.0.1"), "localhost", /IP address/),
  ipForward: flag("ip-forward"),
  iptables: flag("iptables"),
  ip6tables: flag("ip6tables"),
  ipv6: flag("ipv6"),
  dns: refused(list("dns", ["192.0.2.53"]), ["192.0.2.53", "dns1"], /"dns1" is no IP address/),
  dnsSearch: list("dns-search", ["example.com"]),
  dnsOptions: list("dns-opts", ["ndots:2"]),
  mtu: { value: 1400, json: { mtu: 1400 }, change: "restart", bad: 20, words: /68 to 65535/ },
  userlandProxy: flag("userland-proxy"),
  logDriver: text("log-driver", "journald"),
  logOptions: {
    value: { "max-size": "10m" },
    json: { "log-opts": { "max-size": "10m" } },
    change: "restart",
    bad: { "max-file": 3 },
    at: 'options.logOptions["max-file"]',
    words: /text|string/,
  },
  logLevel: refused(text("log-level", "warn"), "loud", /debug.*info.*warn/),
  debug: flag("debug", "reload"),
  liveRestore: flag("live-restore", "reload"),
  usernsRemap: text("userns-remap", "default", "recreate-data"),
  storageDriver: refused(
    text("storage-driver", "overlay2", "recreate-data"),
    "aufs",
    /write overlay2/,
  ),
  storageOptions: list("storage-opts", ["overlay2.size=10G"]),
  dataRoot: refused(text("data-root", "/srv/docker", "recreate-data"), "docker", /absolute path/),
  execOptions: list("exec-opts", ["native.cgroupdriver=systemd"]),
  cgroupParent: text("cgroup-parent", "/containers"),
  defaultRuntime: text("default-runtime", "crun", "reload"),
  runtimes: {
    value: { crun: { path: "/usr/bin/crun", args: ["--debug"] }, bare: { path: "youki" } },
    json: {
      runtimes: {
        crun: { path: "/usr/bin/crun", runtimeArgs: ["--debug"] },
        bare: { path: "youki" },
      },
    },
    change: "reload",
    bad: { crun: {} },
    at: "options.runtimes.crun.path",
    words: /required/,
  },
  defaultUlimits: {
    value: { nofile: { soft: 1024, hard: 4096 } },
    json: { "default-ulimits": { nofile: { Name: "nofile", Soft: 1024, Hard: 4096 } } },
    change: "restart",
    bad: { nofile: { soft: 1 } },
    at: "options.defaultUlimits.nofile.hard",
    words: /required/,
  },
  defaultShmSizeBytes: {
    value: 134217728,
    json: { "default-shm-size": "134217728" },
    change: "restart",
    bad: "128m",
    words: /number/,
  },
  defaultCgroupnsMode: refused(text("default-cgroupns-mode", "private"), "own", /private.*host/),
  defaultIpcMode: refused(text("default-ipc-mode", "shareable"), "host", /private.*shareable/),
  init: flag("init"),
  noNewPrivileges: flag("no-new-privileges"),
  seccompProfile: refused(
    text("seccomp-profile", "/etc/docker/seccomp.json"),
    "unconfined",
    /takes the filter away/,
  ),
  selinuxEnabled: flag("selinux-enabled"),
  labels: {
    value: { tier: "web", a: "b=c" },
    json: { labels: ["a=b=c", "tier=web"] },
    change: "reload",
    bad: ["tier=web"],
    words: /map|object/,
  },
  shutdownTimeoutSeconds: {
    value: 30,
    json: { "shutdown-timeout": 30 },
    change: "reload",
    bad: -2,
    words: /-1 or more/,
  },
  maxConcurrentDownloads: {
    value: 6,
    json: { "max-concurrent-downloads": 6 },
    change: "reload",
    bad: 0,
    words: /1 or more/,
  },
  maxConcurrentUploads: {
    value: 6,
    json: { "max-concurrent-uploads": 6 },
    change: "reload",
    bad: 1.5,
    words: /whole number|integer/,
  },
  maxDownloadAttempts: {
    value: 9,
    json: { "max-download-attempts": 9 },
    change: "reload",
    bad: 0,
    words: /1 or more/,
  },
  registryMirrors: refused(
    list("registry-mirrors", ["https://mirror.example.com"], "reload"),
    ["mirror.example.com"],
    /is no address/,
  ),
  insecureRegistries: list("insecure-registries", ["registry.example.com:5000"], "reload"),
  httpProxy: { ...text("", "http://proxy.example.com:3128"), json: inProxies("http-proxy") },
  httpsProxy: { ...text("", "http://proxy.example.com:3128"), json: inProxies("https-proxy") },
  noProxy: {
    ...text("", "localhost,.example.com"),
    json: { proxies: { "no-proxy": "localhost,.example.com" } },
  },
  execRoot: text("exec-root", "/run/docker"),
  metricsAddress: refused(text("metrics-addr", "127.0.0.1:9323"), "9323", /ADDRESS:PORT/),
  features: {
    value: { buildkit: true },
    json: { features: { buildkit: true } },
    change: "reload",
    bad: { buildkit: "on" },
    at: "options.features.buildkit",
    words: /true or false/,
  },
  builderGc: {
    value: { enabled: true, keepStorage: "10GB" },
    json: { builder: { gc: { enabled: true, defaultKeepStorage: "10GB" } } },
    change: "restart",
    bad: { enabled: "no" },
    at: "options.builderGc.enabled",
    words: /true or false/,
  },
  authorizationPlugins: list("authorization-plugins", ["opa"], "reload"),
  containerd: refused(text("containerd", "/run/containerd/containerd.sock"), "c", /absolute path/),
  experimental: flag("experimental"),
};

function inProxies(key: string): object {
  return { proxies: { [key]: "http://proxy.example.com:3128" } };
}

test("each option has a row, and each row an option", () => {
  assert.equal(Object.keys(table).sort(), Object.keys(daemonOptions).sort());
});

for (const [name, { value, json, change, bad, at, words }] of Object.entries(table)) {
  const options = { [name]: value } as DaemonOptions;

  test(`${name}: its place in the file, and back`, () => {
    const written = optionsToJson(options);
    assert.equal(written, json);
    assert.equal(optionsFromJson(parseJson(jsonText(written)) ?? {}), { options, others: {} });
  });

  test(`${name}: a change asks for a ${change}`, () => {
    assert.equal(
      compareJson({}, optionsToJson(options)).map((one) => one.change),
      [change],
    );
    assert.equal(compareJson(optionsToJson(options), optionsToJson(options)), []);
  });

  test(`${name}: a wrong value is refused at its place`, () => {
    const failures = failuresOf("DockerDaemon", { options: { [name]: bad } });
    const [first = "nothing was refused"] = failures;
    assert.is(first.slice(0, first.indexOf(":")), at ?? `options.${name}`);
    assert.match(first, words);
  });
}

test("all options at once read back, and what nobody declared is told", () => {
  const all = Object.fromEntries(Object.entries(table).map(([name, { value }]) => [name, value]));
  const written = { ...optionsToJson(all as DaemonOptions), "node-generic-resources": ["gpu=1"] };
  const read = optionsFromJson(parseJson(jsonText(written)) ?? {});
  assert.equal(read, { options: all, others: { "node-generic-resources": ["gpu=1"] } });
});

test("all that is wrong is told at once", () => {
  const failures = failuresOf("DockerDaemon", {
    options: { mtu: 1, dns: ["x"], liveRestore: "on", graph: "/x", "fixed-cidr": "10.0.0.0/8" },
  });
  const places = failures.map((line) => line.slice(0, line.indexOf(": ")));
  assert.equal(places.sort(), [
    "options.dns",
    "options.graph",
    "options.liveRestore",
    "options.mtu",
    'options["fixed-cidr"]',
  ]);
});

const renamed: readonly (readonly [string, RegExp])[] = [
  ["fixed_cidr", /write fixedCidr/],
  ["default-ulimits", /write defaultUlimits/],
  ["graph", /write dataRoot/],
  ["cluster_store", /dropped it with its classic Swarm/],
  ["hosts", /said by listen/],
  ["tlscacert", /said by tlsCa/],
];
for (const [name, words] of renamed) {
  test(`${name}, as others write it: what to write here`, () => {
    assert.match(failuresOf("DockerDaemon", { options: { [name]: "x" } }).join(), words);
  });
}

const info = (more: object) => more as unknown as DaemonInfo;
test("a daemon that runs otherwise than declared is told apart by option", () => {
  const running = info({ LiveRestoreEnabled: false, Debug: true, Labels: ["tier=db"] });
  assert.equal(differences({ liveRestore: true, debug: true, labels: { tier: "web" } }, running), [
    "liveRestore: declared true, running false",
    'labels: declared {"tier":"web"}, running {"tier":"db"}',
  ]);
  assert.equal(differences({ icc: false, mtu: 1400 }, info({})), [], "it does not say these");
});

test.run();
