// No member of a service's spec is dropped without a word: each that a cluster is said to take, by the rows of
// `components/platforms`, changes what is made for the service there, and each other one is refused by its name.
// A member with no sample fails.

import type * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  type ClusterKind,
  type ClusterLike,
  LocalDaemon,
  Service,
  type ServiceSpec,
  SwarmCluster,
} from "../../components/index.ts";
import { KubernetesCluster } from "../../components/kubernetes/index.ts";
import { clusterSupport, eachSupport, nestedSupport } from "../../components/platforms/support.ts";
import { register } from "../../sdk/testing/recorder.ts";
import { suite } from "../support/suite.ts";
import { machines } from "./aws/lab.ts";

const test = suite("what is declared arrives");

type Given = Partial<ServiceSpec>;
/** What is added, and what it is added to. */
type Sample = Given | { readonly to: Given; readonly from: Given };

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };
const other = { ref: `registry.example.com/shop@sha256:${"cd".repeat(32)}` };

const clusters: { readonly [Kind in ClusterKind]: () => ClusterLike } = {
  swarm: () =>
    new SwarmCluster("crew", {
      nodes: {
        n1: { daemon: new LocalDaemon("n1"), address: "10.0.0.1", role: "manager" },
        n2: { daemon: new LocalDaemon("n2"), address: "10.0.0.2", labels: { disk: "ssd" } },
      },
    }),
  // EC2 capacity has words for more than Fargate; what that lacks is in aws/task.test.ts.
  ecs: machines,
  kubernetes: () => new KubernetesCluster("main", { kubeconfig: "x", ingress: {} }),
};

const proxy = { containerName: "edge-1", dataVolume: "edge-data", network: "front" };
const ports = [
  { containerPort: 8080, hostPort: 8081 },
  { containerPort: 9090, hostPort: 9091 },
];
const onNodes = { ports, routes: [{ host: "a.test", proxy: { perHost: { n1: proxy } } }] };
const routed: { readonly [Kind in ClusterKind]: Given } = {
  swarm: onNodes,
  ecs: { routes: [{ host: "a.test" }] },
  kubernetes: { routes: [{ host: "a.test" }] },
};

const asked = ["CMD", "/up"];
const checked = (more: object): Sample => ({
  from: { healthCheck: { test: asked } },
  to: { healthCheck: { test: asked, ...more } },
});
const well = (health: Given["health"]) => (kind: ClusterKind) => ({
  from: routed[kind],
  to: { ...routed[kind], health },
});
const rolled = (rollout: Given["rollout"]) => (kind: ClusterKind) => ({
  from: routed[kind],
  to: { ...routed[kind], rollout },
});
const filed = (more: object): Sample => ({
  from: { files: { "/a": { content: "a" } } },
  to: { files: { "/a": { content: "a", ...more } } },
});
const label = { label: "disk", equals: "ssd" };

/** A value of each, unlike what is there without it. */
const samples: {
  readonly [path: string]: Sample | ((kind: ClusterKind) => Sample);
} = {
  image: { image: other },
  platform: { platform: "linux/arm64" },
  command: { command: ["serve"] },
  entrypoint: { entrypoint: ["/shop"] },
  env: { env: { A: "1" } },
  secretEnv: { secretEnv: { A: "hush" } },
  workingDir: { workingDir: "/srv" },
  user: { user: "1000:1000" },
  hostname: { hostname: "shop" },
  init: { init: true },
  stopSignal: { stopSignal: "SIGINT" },
  stopGraceMs: { stopGraceMs: 20_000 },
  annotations: { annotations: { a: "b" } },
  labels: { labels: { a: "b" } },
  tty: { tty: true },
  openStdin: { openStdin: true },
  stdinOnce: { stdinOnce: true },
  logging: { logging: { driver: "journald", options: { tag: "a" } } },
  "networks[].networkName": { networks: [{ networkName: "inside" }] },
  "networks[].aliases": {
    from: { networks: [{ networkName: "inside" }] },
    to: { networks: [{ networkName: "inside", aliases: ["b"] }] },
  },
  extraHosts: { extraHosts: { "db.test": "10.0.0.7" } },
  dns: { dns: ["10.0.0.2"] },
  dnsOptions: { dnsOptions: ["ndots:2"] },
  dnsSearch: { dnsSearch: ["shop.test"] },
  "ports[].containerPort": { ports },
  "ports[].hostPort": { from: { ports }, to: { ports: [{ containerPort: 8080, hostPort: 1 }] } },
  "ports[].protocol": {
    from: { ports: [{ containerPort: 53, hostPort: 53 }] },
    to: { ports: [{ containerPort: 53, hostPort: 53, protocol: "udp" }] },
  },
  mounts: { mounts: [{ type: "tmpfs", target: "/cache" }] },
  tmpfs: { tmpfs: { "/cache": "size=1m" } },
  "files[].content": { files: { "/a": { content: "a" } } },
  "files[].contentBase64": { files: { "/a": { contentBase64: "YQ==" } } },
  "files[].mode": filed({ mode: 0o400 }),
  "files[].uid": filed({ uid: 7 }),
  "files[].gid": filed({ gid: 7 }),
  secrets: { secrets: { key: "hush" } },
  "healthCheck.test": { healthCheck: { test: asked } },
  "healthCheck.intervalMs": checked({ intervalMs: 7000 }),
  "healthCheck.timeoutMs": checked({ timeoutMs: 7000 }),
  "healthCheck.retries": checked({ retries: 7 }),
  "healthCheck.startPeriodMs": checked({ startPeriodMs: 7000 }),
  "healthCheck.startIntervalMs": checked({ startIntervalMs: 7000 }),
  restart: { restart: "no" },
  restartMaxRetries: {
    from: { restart: "on-failure" },
    to: { restart: "on-failure", restartMaxRetries: 2 },
  },
  memoryBytes: { memoryBytes: 2 ** 28 },
  memoryReservationBytes: { memoryReservationBytes: 2 ** 27 },
  shmSizeBytes: { shmSizeBytes: 2 ** 20 },
  cpus: { cpus: 0.5 },
  pidsLimit: { pidsLimit: 9 },
  ulimits: { ulimits: { nofile: { soft: 9, hard: 9 } } },
  capAdd: { capAdd: ["NET_ADMIN"] },
  capDrop: { capDrop: ["NET_RAW"] },
  readOnly: { readOnly: false },
  groupAdd: { groupAdd: ["2000"] },
  sysctls: { sysctls: { "net.core.somaxconn": "1024" } },
  runtime: { runtime: "gvisor" },
  volumes: (kind) =>
    kind === "ecs"
      ? { volumes: [{ hostPath: "/d", target: "/d" }] }
      : { volumes: [{ volume: { volumeName: "d" }, target: "/d" }] },
  port: (kind) =>
    kind === "swarm" ? { from: onNodes, to: { ...onNodes, port: 9090 } } : { port: 9090 },
  replicas: { replicas: 3 },
  autoscale: { autoscale: { min: 2, max: 5 } },
  "health.http": well({ http: "/up" }),
  "health.intervalMs": well({ intervalMs: 7000 }),
  "health.timeoutMs": well({ timeoutMs: 97_000 }),
  routes: (kind) => ({ from: kind === "swarm" ? { ports } : {}, to: routed[kind] }),
  "rollout.strategy": rolled({ strategy: "recreate" }),
  "rollout.batch": (kind) => ({
    from: { replicas: 4 },
    to: { replicas: 4, rollout: { batch: kind === "swarm" ? 2 : "50%" } },
  }),
  "rollout.balance": rolled({ balance: "leastconn" }),
  "rollout.timeouts": rolled({ timeouts: { serverMs: 7 } }),
  "rollout.limits": rolled({ limits: { requestsPerSecond: 7 } }),
  "rollout.redirectToHttps": rolled({ redirectToHttps: true }),
  "rollout.hstsSeconds": rolled({ hstsSeconds: 7 }),
  "rollout.redirect": rolled({ redirect: { to: "https://b.test" } }),
  "rollout.maintenance": rolled({ maintenance: true }),
  "rollout.unavailablePage": rolled({ unavailablePage: "gone" }),
  "rollout.requestHeaders": rolled({ requestHeaders: { a: "b" } }),
  "rollout.responseHeaders": rolled({ responseHeaders: { a: "b" } }),
  "rollout.directives": rolled({ directives: ["http-reuse always"] }),
  "rollout.drainTimeoutMs": rolled({ drainTimeoutMs: 7000 }),
  "rollout.gateTimeoutMs": rolled({ gateTimeoutMs: 7000 }),
  "placement.require": { placement: { require: [label] } },
  "placement.spread": { placement: { spread: ["rack"] } },
  "placement.onePerHost": { placement: { onePerHost: true } },
};

const known = new Map<string, Promise<string>>();

/** All that is registered for a service, as text. */
function made(kind: ClusterKind, given: Given): Promise<string> {
  const key = `${kind} ${JSON.stringify(given)}`;
  const found =
    known.get(key) ??
    register(() => new Service("shop", { on: clusters[kind](), image, port: 8080, ...given })).then(
      (all) => JSON.stringify(all.map(({ type, name, inputs }) => [type, name, inputs])),
    );
  known.set(key, found);
  return found;
}

type Rows = { readonly [member: string]: string | { readonly instead: string } };
const taken = (rows: Rows): readonly string[] =>
  Object.entries(rows).flatMap(([member, row]) =>
    typeof row === "string" || "routed" in row ? [member] : [],
  );

/** Every member that the cluster is said to take; of those with members of their own, these. */
function pathsOf(kind: ClusterKind): readonly string[] {
  const inner = [
    ...Object.entries(nestedSupport[kind]).map(([member, rows]) => [member, ".", rows] as const),
    ...Object.entries(eachSupport[kind]).map(([member, rows]) => [member, "[].", rows] as const),
  ];
  const whole = taken(clusterSupport[kind]).filter(
    (member) => !inner.some(([one]) => one === member),
  );
  const parts = inner.flatMap(([member, dot, rows]) =>
    taken(rows as Rows).map((one) => `${member}${dot}${one}`),
  );
  return [...whole, ...parts];
}

/** What is refused there, each in its place: a member, one of a member, one of each of several. */
function refusedBy(kind: ClusterKind): readonly (readonly [string, object])[] {
  const without = (rows: Rows) => {
    const all = new Set(taken(rows));
    return Object.keys(rows).filter((member) => !all.has(member));
  };
  const parts = (all: object, place: (member: string, given: object) => [string, object]) =>
    Object.entries(all).flatMap(([member, rows]) =>
      without(rows as Rows).map((one) => {
        const [path, given] = place(member, { [one]: "given" });
        return [`${path}.${one}`, { [member]: given }] as const;
      }),
    );
  return [
    ...without(clusterSupport[kind]).map((one) => [one, { [one]: "given" }] as const),
    ...parts(nestedSupport[kind], (member, given) => [member, given]),
    ...parts(eachSupport[kind], (member, given) =>
      member === "files" ? ['files["/a"]', { "/a": given }] : [`${member}[0]`, [given]],
    ),
  ];
}

async function refusals(kind: ClusterKind, given: object): Promise<readonly string[]> {
  let caught: unknown;
  await register(() => {
    try {
      void new Service("shop", { on: clusters[kind](), image, port: 8080, ...given });
    } catch (error) {
      caught = error;
    }
  });
  const { errors = [] } = caught as Partial<pulumi.InputPropertiesError>;
  return errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`);
}

const names = { swarm: "Swarm", ecs: "ECS", kubernetes: "Kubernetes" } as const;

for (const kind of ["swarm", "ecs", "kubernetes"] as const) {
  test(`${kind}: each other member is refused, by its name, with what to take in its place`, async () => {
    const all = refusedBy(kind);
    assert.ok(all.some(([path]) => path === "tasks") && all.length > 40);
    const wrong: string[] = [];
    for (const [path, given] of all) {
      const [said = "", ...more] = await refusals(kind, given);
      const words = ["; the nearest thing is ", "; leave it out: "];
      const start = `${path} is not possible on ${names[kind]}`;
      const fits = said.startsWith(start) && words.some((one) => said.includes(one));
      if (!fits || more.length > 0) wrong.push(`${path}: ${[said, ...more].join(", ")}`);
    }
    assert.equal(wrong, []);
  });

  test(`${kind}: each member that it takes changes what is made`, async () => {
    const paths = pathsOf(kind);
    assert.ok(paths.length > 35, paths.join());
    const lost: string[] = [];
    for (const path of paths) {
      const sample = samples[path];
      if (sample === undefined) throw new Error(`${path} has no sample`);
      const one = typeof sample === "function" ? sample(kind) : sample;
      const { from, to } = "to" in one ? one : { from: {}, to: one };
      if ((await made(kind, from)) === (await made(kind, to))) lost.push(path);
    }
    assert.equal(lost, []);
    // Else all of it would have seemed to change something.
    assert.is(await made(kind, {}), await made(kind, { hostname: undefined }));
  });
}

test.run();
