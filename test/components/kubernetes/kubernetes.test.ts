// The graph that a service on Kubernetes is, and that of the clusters of GKE.

import type * as pulumi from "@pulumi/pulumi";
import * as assert from "uvu/assert";
import {
  ArtifactRepository,
  GkeCluster,
  type GkeClusterArgs,
  NodePool,
} from "../../../components/gcp/index.ts";
import { Service, type ServiceSpec } from "../../../components/index.ts";
import { KubernetesCluster } from "../../../components/kubernetes/index.ts";
import { named, ofType, type Registered, register } from "../../../sdk/testing/recorder.ts";
import { suite } from "../../support/suite.ts";

const test = suite("kubernetes");
type Inputs = Registered["inputs"];

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };
const spec: ServiceSpec = { image, port: 8080 };
const cluster = (): KubernetesCluster =>
  new KubernetesCluster("main", { kubeconfig: "secret words", ingress: { className: "gce" } });
const graphOf = (more: Partial<ServiceSpec> = {}) =>
  register(() => new Service("shop", { on: cluster(), ...spec, ...more }));

interface Pod {
  readonly spec: {
    readonly containers: readonly Inputs[];
    readonly volumes: readonly Inputs[];
    readonly securityContext: Inputs;
  };
}
const podOf = (all: readonly Registered[]): Pod =>
  (named(all, "shop-kubernetes-deployment").inputs["spec"] as { readonly template: Pod }).template;

test("pods are hardened, and ask before they get requests", async () => {
  const all = await graphOf({
    user: "1000",
    cpus: 0.25,
    memoryBytes: 64 * 1024 * 1024,
    health: { http: "/up" },
  });
  const { spec: pod } = podOf(all);
  const [container = {}] = pod.containers;
  assert.equal(container["securityContext"], {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    runAsUser: 1000,
  });
  assert.equal(pod.securityContext, {
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  });
  assert.equal(container["resources"], {
    limits: { cpu: "250m", memory: "64Mi" },
    requests: { cpu: "250m", memory: "64Mi" },
  });
  assert.equal((container["readinessProbe"] as Inputs)["httpGet"], { path: "/up", port: 8080 });
  assert.is((container["startupProbe"] as Inputs)["failureThreshold"], 30);
  assert.equal(pod.volumes, [
    { name: "memory-tmp", emptyDir: { medium: "Memory", sizeLimit: "64m".replace("m", "Mi") } },
  ]);
});

test("another secret is another object, under another name, and a rollout", async () => {
  const nameOf = async (value: string) => {
    const all = await graphOf({ secretEnv: { TOKEN: value } });
    const secret = named(all, "shop-kubernetes-env");
    const name = (secret.inputs["metadata"] as Inputs)["name"];
    const [container = {}] = podOf(all).spec.containers;
    assert.equal(container["env"], [
      { name: "TOKEN", valueFrom: { secretKeyRef: { name, key: "TOKEN" } } },
    ]);
    assert.is(secret.inputs["immutable"], true);
    return String(name);
  };
  const [first, same, other] = [await nameOf("one"), await nameOf("one"), await nameOf("two")];
  assert.is(first, same);
  assert.is.not(first, other);
  assert.match(first, /^shop-env-[0-9a-f]{10}$/);
});

test("files and secrets are mounted where they are wanted", async () => {
  const all = await graphOf({
    files: { "/etc/shop.conf": { content: "a" } },
    secrets: { key: "hush" },
  });
  const [container = {}] = podOf(all).spec.containers;
  const mounts = container["volumeMounts"] as readonly Inputs[];
  assert.equal(
    mounts.map(({ mountPath, subPath }) => [mountPath, subPath]),
    [
      ["/etc/shop.conf", "etc_shop.conf"],
      ["/run/secrets", undefined],
      ["/tmp", undefined],
    ],
  );
});

test("a file has its mode, and two paths that come to one word are two files", async () => {
  const all = await graphOf({
    files: {
      "/etc/a_b": { content: "one" },
      "/etc/a/b": { content: "two", mode: 0o400 },
    },
  });
  const { spec: pod } = podOf(all);
  const [secret] = pod.volumes.flatMap((one) => (one["name"] === "files" ? [one["secret"]] : []));
  assert.equal((secret as Inputs)["items"], [
    { key: "etc_a_b", path: "etc_a_b", mode: 0o400 },
    { key: "etc_a_b-2", path: "etc_a_b-2", mode: 0o444 },
  ]);
  const [container = {}] = pod.containers;
  const mounts = container["volumeMounts"] as readonly Inputs[];
  assert.equal(
    mounts.slice(0, 2).map(({ mountPath, subPath }) => [mountPath, subPath]),
    [
      ["/etc/a/b", "etc_a_b"],
      ["/etc/a_b", "etc_a_b-2"],
    ],
  );
  const data = JSON.stringify(named(all, "shop-kubernetes-files").inputs["data"]);
  for (const text of ["one", "two"]) assert.ok(data.includes(Buffer.from(text).toString("base64")));
});

test("a check of NONE is no probe", async () => {
  const all = await graphOf({ healthCheck: { test: ["NONE"] } });
  assert.is(podOf(all).spec.containers[0]?.["livenessProbe"], undefined);
});

test("several replicas have a budget, one has none; scaling leaves the count alone", async () => {
  const one = await graphOf();
  assert.equal(ofType(one, "PodDisruptionBudget"), []);
  const many = await graphOf({ autoscale: { min: 2, max: 9 } });
  assert.is(ofType(many, "PodDisruptionBudget").length, 1);
  assert.is(
    (named(many, "shop-kubernetes-deployment").inputs["spec"] as Inputs)["replicas"],
    undefined,
  );
  const { inputs } = named(many, "shop-kubernetes-scale");
  assert.is((inputs["spec"] as Inputs)["maxReplicas"], 9);
});

test("nothing answers outside unless a route says so", async () => {
  const inside = await graphOf();
  assert.equal(ofType(inside, "Ingress"), []);
  assert.is(
    (named(inside, "shop-kubernetes-service").inputs["spec"] as Inputs)["type"],
    "ClusterIP",
  );
  const outside = await graphOf({ routes: [{ host: "shop.test", path: "/api" }] });
  const ingress = named(outside, "shop-kubernetes-ingress").inputs["spec"] as Inputs;
  assert.is(ingress["ingressClassName"], "gce");
});

test("a Gateway that is there gets an entry for each host, and no Ingress is made", async () => {
  const all = await register(() => {
    const gateway = { name: "edge", namespace: "front", listener: "https" };
    const on = new KubernetesCluster("main", { kubeconfig: "x", gateway });
    const routes = [
      { host: "shop.test" },
      { host: "*", path: "/a" },
      { host: "shop.test", path: "/b" },
    ];
    return new Service("shop", { on, ...spec, routes });
  });
  assert.equal(ofType(all, "Ingress"), []);
  const parentRefs = [{ name: "edge", namespace: "front", sectionName: "https" }];
  const rule = (value: string) => ({
    matches: [{ path: { type: "PathPrefix", value } }],
    backendRefs: [{ name: "shop", port: 8080 }],
  });
  const made = ["shop-kubernetes-route-1", "shop-kubernetes-route-2"].map((one) => named(all, one));
  assert.equal(
    made.map(({ inputs }) => [(inputs["metadata"] as Inputs)["name"], inputs["spec"]]),
    [
      ["shop-1", { parentRefs, hostnames: ["shop.test"], rules: [rule("/"), rule("/b")] }],
      ["shop-2", { parentRefs, rules: [rule("/a")] }],
    ],
  );
});

test("another label changes no selector, so that nothing is replaced", async () => {
  const selectorOf = (all: readonly Registered[]) =>
    (named(all, "shop-kubernetes-deployment").inputs["spec"] as Inputs)["selector"];
  assert.equal(
    selectorOf(await graphOf({ labels: { team: "a" } })),
    selectorOf(await graphOf({ labels: { team: "b" } })),
  );
});

const place = {
  location: "europe-west3",
  network: "net",
  subnetwork: "sub",
  ranges: { pods: "p", services: "s" },
};
const office = [{ cidr: "192.0.2.0/24", name: "office" }];
const gke = (more: Partial<GkeClusterArgs> = {}) =>
  new GkeCluster("gke", { ...place, authorizedNetworks: office, ...more });

test("GKE: private nodes, named ranges, protected; Autopilot is told nothing of nodes", async () => {
  const all = await register(() => new Service("shop", { on: gke(), ...spec }));
  const { inputs } = named(all, "gke-cluster");
  assert.is(inputs["enableAutopilot"], true);
  assert.is(inputs["deletionProtection"], true);
  for (const member of ["nodeConfig", "nodePools", "initialNodeCount", "removeDefaultNodePool"]) {
    assert.is(inputs[member], undefined, member);
  }
  assert.is((inputs["privateClusterConfig"] as Inputs)["enablePrivateNodes"], true);
  const kubeconfig = named(all, "gke-services-kubernetes").inputs["kubeconfig"];
  assert.match(JSON.stringify(kubeconfig), /1b47061264138c4ac30d75fd1eb44270/, "a secret");
});

test("GKE: a change of machines is another pool, a change of labels is not", async () => {
  const poolOf = async (more: {
    readonly machineType?: string;
    readonly labels?: Record<string, string>;
  }) => {
    const all = await register(() => {
      const on = gke({ autopilot: false });
      return new NodePool("web", {
        cluster: on,
        project: "demo",
        machineType: "e2-standard-4",
        min: 1,
        max: 3,
        ...more,
      });
    });
    return named(all, "web-pool").inputs;
  };
  const first = await poolOf({});
  assert.is((await poolOf({ labels: { disk: "ssd" } }))["name"], first["name"]);
  assert.is.not((await poolOf({ machineType: "e2-standard-8" }))["name"], first["name"]);
  assert.match(String((first["nodeConfig"] as Inputs)["serviceAccount"]), /gserviceaccount/);
});

test("GKE: services wait for the pools before them; a pool of another cluster has another name", async () => {
  const graph = async (location: string) => {
    const all = await register(() => {
      const on = gke({ autopilot: false, location, gateway: { name: "edge" } });
      const machine = { project: "demo", machineType: "e2-standard-4", min: 1, max: 3 };
      const cluster = { clusterName: `main-${location}`, location, waitFor: on.waitFor.bind(on) };
      void new NodePool("web", { cluster, ...machine });
      return new Service("shop", { on, ...spec });
    });
    const { urn, inputs } = named(all, "web-pool");
    const objects = all.filter(({ name }) => /^shop-kubernetes-(deployment|service)$/.test(name));
    assert.is(objects.length, 2);
    assert.ok(objects.every(({ dependsOn }) => dependsOn.includes(urn)));
    assert.equal(inputs["nodeDrainConfigs"], [{ respectPdbDuringNodePoolDeletion: true }]);
    const config = named(all, "gke-cluster").inputs["gatewayApiConfig"];
    assert.equal(config, { channel: "CHANNEL_STANDARD" });
    return inputs["name"];
  };
  assert.is.not(await graph("europe-west3"), await graph("europe-west4"));
});

test("GKE: images are kept by number, and tags cannot be moved", async () => {
  const all = await register(
    () => new ArtifactRepository("images", { location: "europe-west3", project: "demo" }),
  );
  assert.equal(named(all, "images-repository").inputs["dockerConfig"], { immutableTags: true });
});

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "a tag",
    () => new Service("shop", { on: cluster(), ...spec, image: { ref: "shop:1" } }),
    /give it by digest/,
  ],
  [
    "a user by name",
    () => new Service("shop", { on: cluster(), ...spec, user: "www-data" }),
    /takes numbers/,
  ],
  [
    "a check that is quicker at the start",
    () =>
      new Service("shop", {
        on: cluster(),
        ...spec,
        healthCheck: { test: ["CMD", "up"], startIntervalMs: 500 },
      }),
    /nearest thing is intervalMs/,
  ],
  [
    "blue/green",
    () => new Service("shop", { on: cluster(), ...spec, rollout: { strategy: "blueGreen" } }),
    /nearest thing is rolling/,
  ],
  [
    "nodes of another system",
    () => new Service("shop", { on: cluster(), ...spec, platform: "windows/amd64" }),
    /Kubernetes takes linux\/amd64/,
  ],
  [
    "options of a folder in memory",
    () => new Service("shop", { on: cluster(), ...spec, tmpfs: { "/tmp": "size=64m,noexec" } }),
    /has noexec, which is not possible on Kubernetes/,
  ],
  [
    "a check without its kind",
    () => new Service("shop", { on: cluster(), ...spec, healthCheck: { test: ["curl", "a"] } }),
    /begin with CMD or CMD-SHELL/,
  ],
  [
    "a capability in another form",
    () => new Service("shop", { on: cluster(), ...spec, capAdd: ["CAP_NET_RAW"] }),
    /capitals without CAP_/,
  ],
  [
    "a path of a node",
    () =>
      new Service("shop", { on: cluster(), ...spec, volumes: [{ hostPath: "/d", target: "/d" }] }),
    /claim/,
  ],
  [
    "an ingress and a gateway",
    () =>
      new KubernetesCluster("main", { kubeconfig: "x", ingress: {}, gateway: { name: "edge" } }),
    /it answers for all routes/,
  ],
  [
    "routes that nobody answers",
    () =>
      new Service("shop", {
        on: new KubernetesCluster("main", { kubeconfig: "x" }),
        ...spec,
        routes: [{ host: "shop.test" }],
      }),
    /an ingress or a gateway/,
  ],
  [
    "an API that is open to all",
    () => gke({ authorizedNetworks: [{ cidr: "0.0.0.0/0", name: "all" }] }),
    /everybody/,
  ],
];
for (const [rule, program, words] of refused) {
  test(`refused: ${rule}`, async () => {
    let said = "";
    await register(() => {
      try {
        program();
      } catch (error) {
        const { errors = [], message } = error as pulumi.InputPropertiesError;
        const { reason = "" } = error as { readonly reason?: string };
        said = `${message} ${reason} ${errors.map((one) => one.reason).join()}`;
      }
    });
    assert.match(said, words);
  });
}

test.run();
