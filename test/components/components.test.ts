// What each component registers: the safe defaults, every argument of its own, the children's names.

import * as assert from "uvu/assert";
import {
  Bridge,
  Container,
  type ContainerArgs,
  type DaemonLike,
  Exec,
  Image,
  LocalDaemon,
  Proxy,
  RandomSecret,
  Route,
  Service,
  Task,
  Volume,
} from "../../components/index.ts";
import { named, register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";

const test = suite("components");
const image = { ref: "shop:1" };
const front = { networkName: "front-0a1b2c3d" };

async function containerInputs(args: Partial<ContainerArgs>) {
  const all = await register(() => {
    const daemon = new LocalDaemon("local");
    new Container("web", { daemon, image, ...args });
  });
  return named(all, "web").inputs;
}

test("a container is hardened unless told otherwise", async () => {
  assert.equal(await containerInputs({}), {
    image: "shop:1",
    capDrop: ["ALL"],
    securityOpt: ["no-new-privileges:true"],
    readOnly: true,
    tmpfs: { "/tmp": "mode=1777,size=64m" },
  });
});

const told: readonly [string, Partial<ContainerArgs>, Record<string, unknown>][] = [
  ["a writable root needs no /tmp in memory", { readOnly: false }, { readOnly: false }],
  ["capabilities are the user's to keep", { capDrop: [] }, { capDrop: [] }],
  [
    "a tmpfs of one's own takes the place of ours",
    { tmpfs: { "/run": "" } },
    { tmpfs: { "/run": "" } },
  ],
  [
    "networks keep their order and aliases",
    { networks: [front, { networkName: "b", aliases: ["db"], ipv4Address: "10.0.0.9" }] },
    {
      networks: [
        { network: "front-0a1b2c3d" },
        { network: "b", aliases: ["db"], ipv4Address: "10.0.0.9" },
      ],
    },
  ],
  [
    "a volume is mounted by its name",
    { volumes: [{ volume: { volumeName: "data" }, target: "/d", readOnly: true }] },
    { mounts: [{ source: "data", target: "/d", readOnly: true }] },
  ],
  [
    "a host path is a bind",
    { volumes: [{ hostPath: "/srv", target: "/d" }] },
    { mounts: [{ type: "bind", source: "/srv", target: "/d" }] },
  ],
  [
    "mounts of any kind stand beside volumes",
    {
      volumes: [{ volume: { volumeName: "data" }, target: "/d" }],
      mounts: [{ type: "tmpfs", target: "/m", tmpfsOptions: { sizeBytes: 4096 } }],
    },
    {
      mounts: [
        { source: "data", target: "/d" },
        { type: "tmpfs", target: "/m", tmpfsOptions: { sizeBytes: 4096 } },
      ],
    },
  ],
  [
    "all that a network can be joined with is passed on",
    { networks: [{ networkName: "b", ipv6Address: "fd00::9", endpointOptions: { a: "1" } }] },
    { networks: [{ network: "b", ipv6Address: "fd00::9", driverOptions: { a: "1" } }] },
  ],
  [
    "other options are passed on",
    { env: { A: "1" }, user: "33", memoryBytes: 67_108_864 },
    { env: { A: "1" }, user: "33", memoryBytes: 67_108_864 },
  ],
];
for (const [name, args, want] of told) {
  test(name, async () => {
    const inputs = await containerInputs(args);
    for (const [key, value] of Object.entries(want)) assert.equal(inputs[key], value, key);
    if (args.readOnly === false) assert.is(inputs["tmpfs"], undefined);
  });
}

const migrate = { name: "migrate", command: ["migrate"] };
const refused: readonly [string, (daemon: DaemonLike) => unknown, string][] = [
  [
    "a mount without a source",
    (daemon) => new Container("web", { daemon, image, volumes: [{ target: "/d" }] }),
    "volumes[0]",
  ],
  [
    "a mount with two sources",
    (daemon) =>
      new Container("web", {
        daemon,
        image,
        volumes: [{ target: "/d", hostPath: "/a", volume: { volumeName: "b" } }],
      }),
    "volumes[0]",
  ],
  [
    "a task's name twice",
    (on) => new Service("web", { on, image, port: 80, tasks: { before: [migrate, migrate] } }),
    "tasks.before[1].name",
  ],
  [
    "no release kept",
    (on) => new Service("web", { on, image, port: 80, keepReleases: 0 }),
    "keepReleases",
  ],
  ["a service's port that is none", (on) => new Service("web", { on, image, port: 0 }), "port"],
  [
    "a part of a replica",
    (on) => new Service("web", { on, image, port: 80, replicas: 1.5 }),
    "replicas",
  ],
  [
    "a proxy under no name",
    (on) => new Proxy("edge", { on, networks: [front], aliases: ["shop", "My shop"] }),
    "aliases[1]",
  ],
  ["a proxy without a network", (on) => new Proxy("edge", { on, networks: [] }), "networks"],
  [
    "a socket that is no absolute path",
    () => new LocalDaemon("other", { socketPath: "docker.sock" }),
    "socketPath",
  ],
  [
    "installing Docker with a socket of one's own",
    () => new LocalDaemon("other", { socketPath: "/s", install: true }),
    "install",
  ],
];
for (const [name, make, place] of refused) {
  test(`refused with its place: ${name}`, async () => {
    let error: unknown;
    await register(() => {
      try {
        make(new LocalDaemon("local"));
      } catch (thrown) {
        error = thrown;
      }
    });
    assert.ok(error instanceof Error, "it was taken");
    assert.match(JSON.stringify(error), place);
  });
}

test("the socket reaches the provider; without one the provider chooses", async () => {
  const all = await register(() => {
    new LocalDaemon("a", { socketPath: "/run/a.sock" });
    new LocalDaemon("b");
    new LocalDaemon("c", { install: true });
  });
  assert.equal(named(all, "a-provider").inputs, { host: "unix:///run/a.sock" });
  assert.equal(named(all, "b-provider").inputs, {});
  assert.equal(named(all, "c-provider").inputs, { host: "unix:///var/run/docker.sock" });
  assert.is(named(all, "c-docker").type, "dockwright:index:LocalDocker");
});

test("single resources take the daemon and pass on the rest", async () => {
  const all = await register(() => {
    const daemon = new LocalDaemon("local");
    new Bridge("front", { daemon, subnet: "172.30.0.0/24", internal: true });
    new Volume("data", { daemon, delete: true });
    new Image("shop", { daemon, build: { context: "./shop" } });
    new RandomSecret("token", { length: 40 });
  });
  assert.equal(named(all, "front").inputs, { subnet: "172.30.0.0/24", internal: true });
  assert.equal(named(all, "data").inputs, { delete: true });
  assert.equal(named(all, "shop").inputs, { build: { context: "./shop" } });
  assert.equal(named(all, "token").inputs, { length: 40 });
});

test("a task is hardened as a container is; a command takes the id of its container", async () => {
  const all = await register(() => {
    const daemon = new LocalDaemon("local");
    const volumes = [{ volume: { volumeName: "data" }, target: "/d" }];
    const task = { image, command: ["migrate"], triggers: ["2"], networks: [front], volumes };
    new Task("migrate", { daemon, ...task });
    new Exec("warm", { daemon, container: { containerId: "4f5e" }, command: ["warm"] });
  });
  assert.equal(named(all, "migrate").inputs, {
    image: "shop:1",
    command: ["migrate"],
    triggers: ["2"],
    networks: [{ network: "front-0a1b2c3d" }],
    mounts: [{ source: "data", target: "/d" }],
    capDrop: ["ALL"],
    securityOpt: ["no-new-privileges:true"],
    readOnly: true,
    tmpfs: { "/tmp": "mode=1777,size=64m" },
  });
  assert.equal(named(all, "warm").inputs, { container: "4f5e", command: ["warm"] });
});

test("a service is replicas with a gate, and publishes no port", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("local");
    new Service("shop", {
      on,
      image,
      port: 8080,
      replicas: 2,
      networks: [front],
      health: { http: "/up", timeoutMs: 9000 },
    });
    new Service("queue", { on, image, port: 5672 });
  });
  for (const name of ["shop-1", "shop-2"]) {
    const { inputs } = named(all, name);
    assert.equal(inputs["ready"], { http: { port: 8080, path: "/up" }, timeoutMs: 9000 });
    assert.is(inputs["restart"], "unless-stopped");
    assert.is(inputs["ports"], undefined);
  }
  assert.equal(named(all, "queue-1").inputs["ready"], { tcp: { port: 5672 } });
});

test("a proxy is a holder with the port, HAProxy in its network, and a route for each site", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("local");
    const service = new Service("shop", {
      on,
      image,
      port: 8080,
      networks: [front],
      health: { http: "/up", intervalMs: 2000 },
    });
    new Proxy("edge", {
      on,
      image: { ref: "haproxy:1" },
      networks: [front],
      port: 8088,
      hostIp: "127.0.0.1",
      aliases: ["shop"],
      routes: [
        { host: "shop.test", service, drainTimeoutMs: 5000 },
        { host: "*", path: "/old/api", service },
      ],
    });
  });
  assert.equal(named(all, "edge-holder").inputs["ports"], [
    { containerPort: 8080, hostPort: 8088, hostIp: "127.0.0.1" },
  ]);
  assert.equal(named(all, "edge-holder").inputs["networks"], [
    { network: front.networkName, aliases: ["shop"] },
  ]);
  const proxy = named(all, "edge-proxy").inputs;
  assert.is(proxy["networkMode"], "container:id-of-edge-holder");
  assert.equal(proxy["mounts"], [{ source: "edge-data-0a1b2c3d", target: "/var/lib/dockwright" }]);
  assert.is(proxy["stopSignal"], "SIGUSR1");
  assert.equal(named(all, "edge-shop.test").inputs, {
    proxy: "edge-proxy-0a1b2c3d",
    dataVolume: "edge-data-0a1b2c3d",
    sites: [{ host: "shop.test" }],
    servers: [{ name: "shop-1-0a1b2c3d", address: "172.30.0.2", port: 8080 }],
    check: { path: "/up", intervalMs: 2000 },
    drainTimeoutMs: 5000,
  });
  assert.equal(named(all, "edge-active").inputs, {
    proxy: "edge-proxy-0a1b2c3d",
    holder: "id-of-edge-holder",
    dataVolume: "edge-data-0a1b2c3d",
  });
  assert.equal(named(all, "edge-all-old-api").inputs["sites"], [{ host: "*", path: "/old/api" }]);
});

test("TLS is a second port, and a certificate of its own for each that is given", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("local");
    const own = { certificate: "CERTIFICATE", key: "KEY" };
    const tls = { port: 8443, minVersion: "TLSv1.3" as const, certificates: { shop: own } };
    const directives = { defaults: ["option http-buffer-request"] };
    new Proxy("edge", {
      ...{ on, image: { ref: "haproxy:1" }, networks: [front], tls, directives },
      ...{ acceptProxy: true, accessLog: true, maxConnections: 99, drainTimeoutMs: 7000 },
      timeouts: { clientMs: 1, serverMs: 2, connectMs: 3, keepAliveMs: 4, tunnelMs: 5 },
    });
  });
  assert.equal(named(all, "edge-holder").inputs["ports"], [
    { containerPort: 8080, hostPort: 80 },
    { containerPort: 8443, hostPort: 8443 },
  ]);
  const proxy = named(all, "edge-proxy").inputs;
  assert.is(proxy["stopGraceMs"], 7000);
  const text = JSON.stringify(proxy["files"]);
  for (const line of [
    "bind *:8080 accept-proxy\\n",
    "bind *:8443 accept-proxy ssl crt-list /var/lib/dockwright/certificates.list strict-sni",
    ...["ssl-min-ver TLSv1.3", "maxconn 99", "option httplog", "option http-buffer-request"],
    ...["client 1", "server 2", "connect 3", "http-keep-alive 4", "tunnel 5"],
  ]) {
    assert.ok(text.includes(line), `${line} in ${text}`);
  }
  const { inputs } = named(all, "edge-shop-certificate");
  assert.equal(
    [inputs["dataVolume"], inputs["certificate"]],
    ["edge-data-0a1b2c3d", "CERTIFICATE"],
  );
});

test("a route stands behind the proxy of another stack", async () => {
  const all = await register(() => {
    const daemon = new LocalDaemon("local");
    const service = new Service("shop", { on: daemon, image, port: 8080, networks: [front] });
    const proxy = { containerName: "edge", dataVolume: "edge-data", network: "front-0a1b2c3d" };
    new Route("shop-site", { daemon, proxy, host: "shop.test", service });
  });
  const { inputs } = named(all, "shop-site");
  assert.is(inputs["proxy"], "edge");
  assert.is(inputs["dataVolume"], "edge-data");
  assert.is(inputs["check"], undefined);
});

test("a route that redirects, or tells of maintenance, needs no service", async () => {
  const all = await register(() => {
    const on = new LocalDaemon("local");
    const redirect = { to: "https://shop.test" };
    new Proxy("edge", {
      on,
      networks: [front],
      routes: [
        { host: "old.test", redirect },
        { host: "shop.test", maintenance: true },
      ],
    });
  });
  const [old, shop] = ["edge-old.test", "edge-shop.test"].map((name) => named(all, name).inputs);
  assert.equal([old?.["servers"], old?.["redirect"]], [[], { to: "https://shop.test" }]);
  assert.equal([shop?.["servers"], shop?.["maintenance"]], [[], true]);
});

test.run();
