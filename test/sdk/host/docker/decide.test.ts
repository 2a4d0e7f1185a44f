// What a difference between a daemon and its declaration asks for, and the files of a declaration.
import * as assert from "uvu/assert";
import { decide } from "../../../../sdk/host/docker/decide.ts";
import {
  type DaemonSite,
  type DaemonSpec,
  environmentText,
  type Generation,
  planGeneration,
  proxiesOf,
} from "../../../../sdk/host/docker/files.ts";
import { type ObservedDaemon, parseResult, sha256 } from "../../../../sdk/host/docker/observe.ts";
import { jsonText } from "../../../../sdk/host/docker/render.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("host/docker/decide");
const site: DaemonSite = { init: "systemd", dockerd: "/usr/sbin/dockerd", version: "26.1.5" };
const plan = (spec: DaemonSpec, more: Partial<DaemonSite> = {}) =>
  planGeneration(spec, { ...site, ...more });

/** A daemon that is as this generation says. */
function running(of: Generation, more: Partial<ObservedDaemon> = {}): ObservedDaemon {
  const beside = of.files.filter(({ path }) => path !== "daemon.json");
  return {
    init: "systemd",
    dockerd: site.dockerd,
    version: site.version,
    containerd: undefined,
    pid: 100,
    command: "dockerd",
    json: jsonText(of.json),
    linked: true,
    service: of.service,
    otherDropIns: [],
    generation: of.id,
    hashes: new Map(beside.map(({ path, text }) => [path, sha256(text)])),
    modes: new Map(beside.map(({ path, mode }) => [path, mode.toString(8)])),
    environment: "",
    bridge: of.bridge,
    outdated: false,
    ca: undefined,
    cert: undefined,
    owner: "urn",
    change: undefined,
    result: undefined,
    ...more,
  };
}

const tls = { ca: "ca", cert: "cert", key: "key" };
const secure = { options: {}, listen: ["0.0.0.0:2376"], tls };
const plain = plan({ options: {} });
type Case = readonly [string, Generation, ObservedDaemon, string, readonly string[]];
const rules: readonly Case[] = [
  ["the same", plain, running(plain), "none", []],
  ["a daemon that does not run", plain, running(plain, { pid: undefined }), "start", []],
  ["debug", plan({ options: { debug: true } }), running(plain), "reload", ["debug"]],
  ["a label", plan({ options: { labels: { a: "b" } } }), running(plain), "reload", ["labels"]],
  ["icc", plan({ options: { icc: false } }), running(plain), "restart", ["icc"]],
  [
    "a reload and a restart",
    plan({ options: { icc: false, debug: true } }),
    running(plain),
    "restart",
    ["icc", "debug"],
  ],
  [
    "a key that nobody declared",
    plain,
    running(plain, { json: jsonText({ ...plain.json, "swarm-default-advertise-addr": "eth0" }) }),
    "restart",
    ["swarm-default-advertise-addr"],
  ],
  [
    "a new server certificate",
    plan({ ...secure, tls: { ...tls, cert: "new" } }),
    running(plan(secure)),
    "restart",
    ["tls/cert.pem"],
  ],
  [
    "a key that others may read",
    plan(secure),
    running(plan(secure), {
      modes: new Map(
        plan(secure).files.map(({ path, mode }) => [
          path,
          path.endsWith("key.pem") ? "444" : mode.toString(8),
        ]),
      ),
    }),
    "restart",
    ["tls/key.pem"],
  ],
  [
    "a service that starts it otherwise",
    plain,
    running(plain, { service: "[Service]\n" }),
    "restart",
    ["the service's start command"],
  ],
  [
    "a daemon.json that is no link any more",
    plain,
    running(plain, { linked: false }),
    "reload",
    ["the link to it"],
  ],
  [
    "a program that was replaced",
    plain,
    running(plain, { outdated: true }),
    "restart",
    ["the program of the daemon"],
  ],
];
for (const [name, wanted, seen, action, reasons] of rules) {
  test(`${name}: ${action}`, () => {
    const made = decide(wanted, seen);
    assert.is(made.action, action);
    if (action !== "start") assert.equal([...made.reasons].sort(), [...reasons].sort());
  });
}

test("what puts data out of sight is told apart", () => {
  const wanted = plan({ options: { dataRoot: "/srv/docker", icc: false } });
  assert.equal(decide(wanted, running(plain)).dataReasons, ["data-root"]);
});

test("live-restore that comes with a restart is switched on before it", () => {
  const on = plan({ options: { liveRestore: true, icc: false } });
  const off = plan({ options: { icc: true } });
  assert.is(decide(on, running(plain)).carry, true);
  assert.is(decide(off, running(on)).carry, false);
  assert.is(decide(plan({ options: { liveRestore: true } }), running(on)).carry, false);
});

test("the same declaration is the same generation; each byte of it counts", () => {
  assert.is(plan(secure).id, plan(secure).id);
  assert.is.not(plan(secure).id, plan({ ...secure, tls: { ...tls, key: "other" } }).id);
  const { id } = plan(secure);
  assert.match(id, /^[0-9a-f]{12}$/);
});

test("keys are for root alone, and in no file but their own", () => {
  const { files, service } = plan({ ...secure, tls: { ...tls, key: "SECRET" } });
  const withKey = files.filter(({ text }) => text.includes("SECRET"));
  assert.equal(
    withKey.map(({ path, mode }) => [path, mode]),
    [["tls/key.pem", 0o400]],
  );
  assert.not.match(service, /SECRET/);
});

test("TLS checks clients wherever it listens on TCP; the socket is always there", () => {
  const { json } = plan(secure);
  assert.equal(json["hosts"], ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"]);
  assert.is(json["tlsverify"], true);
  assert.is(plain.json["tlsverify"], undefined);
});

test("proxies go into the file where it takes them, else into the environment; both read back", () => {
  const options = { httpProxy: 'http://a:p"$x`y\\z@proxy:1', noProxy: "localhost" };
  assert.equal(plan({ options }).json["proxies"], {
    "http-proxy": options.httpProxy,
    "no-proxy": "localhost",
  });
  const old = plan({ options }, { version: "20.10.24" });
  assert.is(old.json["proxies"], undefined);
  const file = old.files.find(({ path }) => path === "environment");
  assert.is(file?.mode, 0o600);
  assert.equal(proxiesOf(file?.text ?? ""), options);
  assert.is(environmentText({ A: "b" }), 'A="b"\n');
});

test("systemd's unit is Docker's own, its start command ours", () => {
  assert.match(plain.service, /^ExecStart=\nExecStart=\/usr\/sbin\/dockerd$/m);
  assert.match(plan({ options: {} }, { init: "runit" }).service, /^exec \/usr\/sbin\/dockerd$/m);
});

test("the end of a change, as the guard writes it", () => {
  const text = "status=restored\ngeneration=0a1b\nreason=a=b\nseconds=12\n--\nlast\n--\nwords\n";
  assert.equal(parseResult(text), {
    status: "restored",
    generation: "0a1b",
    reason: "a=b",
    seconds: 12,
    words: "last\n--\nwords",
  });
  assert.is(parseResult(""), undefined);
});

test.run();
