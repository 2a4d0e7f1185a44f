// What a service is on Kubernetes, held against the API's own description of its objects, of an older and
// of the newest version: no member that it does not know, none of another kind, none missing.

import { Ajv2020, type AnySchema } from "ajv/dist/2020.js";
import * as assert from "uvu/assert";
import { Service, type ServiceSpec } from "../../../components/index.ts";
import { KubernetesCluster } from "../../../components/kubernetes/index.ts";
import { type Registered, register } from "../../../sdk/testing/recorder.ts";
import { type Python, pythonWith } from "../../support/python.ts";
import { suite } from "../../support/suite.ts";
import { wordpressOnGke } from "../wordpress.ts";

const test = suite("kubernetes/schema");
type Inputs = Registered["inputs"];

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };

/** As much of a spec as Kubernetes has words for. */
const full: Partial<ServiceSpec> = {
  replicas: 3,
  command: ["serve"],
  entrypoint: ["/shop"],
  env: { COLOUR: "red" },
  secretEnv: { TOKEN: "hush" },
  secrets: { key: "hush" },
  files: { "/etc/shop.conf": { content: "a", mode: 0o400 }, "/etc/b": { contentBase64: "YQ==" } },
  workingDir: "/srv",
  user: "1000:1000",
  groupAdd: ["2000"],
  hostname: "shop",
  stopGraceMs: 20_000,
  labels: { team: "shop" },
  annotations: { "example.com/note": "a" },
  tty: true,
  openStdin: true,
  stdinOnce: true,
  tmpfs: { "/tmp": "size=32m", "/run": "" },
  shmSizeBytes: 64 * 1024 * 1024,
  healthCheck: {
    test: ["CMD", "/shop", "check"],
    intervalMs: 9000,
    timeoutMs: 3000,
    startPeriodMs: 9000,
  },
  memoryBytes: 512 * 1024 * 1024,
  memoryReservationBytes: 256 * 1024 * 1024,
  cpus: 0.5,
  capAdd: ["NET_BIND_SERVICE"],
  sysctls: { "net.core.somaxconn": "1024" },
  runtime: "gvisor",
  platform: "linux/arm64",
  extraHosts: { "db.test": "10.0.0.7" },
  dns: ["10.0.0.2"],
  dnsOptions: ["ndots:2"],
  dnsSearch: ["shop.test"],
  health: { http: "/healthz", intervalMs: 5000 },
  volumes: [{ volume: { volumeName: "claim" }, target: "/data" }],
  placement: {
    require: [
      { label: "disk", equals: "ssd" },
      { label: "zone", oneOf: ["a", "b"] },
      { label: "old", exists: false },
    ],
    onePerHost: true,
  },
  rollout: { strategy: "rolling", batch: 2 },
  autoscale: { min: 2, max: 10, cpuPercent: 50, memoryPercent: 70 },
  routes: [{ host: "shop.test", path: "/api" }, { host: "*" }],
};

const ingress = { className: "gce", tlsSecret: "certificate", annotations: { a: "b" } };

async function objects(): Promise<readonly Inputs[]> {
  const all = await register(() => {
    const on = new KubernetesCluster("main", { kubeconfig: "x", ingress, labels: { team: "a" } });
    void new Service("least", { on, image, port: 8080 });
    void new Service("most", { on, image, port: 8080, ...full });
    const rollout = { strategy: "recreate" } as const;
    void new Service("again", { on, image, port: 8080, rollout });
    void wordpressOnGke();
  });
  return all
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => plain(inputs) as Inputs);
}

const mark = "4dabf18193072939515e22adb298388d";

/** Without the marks of secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (mark in value && "value" in value) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

/** Reads the definitions of versions out of the wheel. */
const reader = `
import glob, json, os, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(os.path.join(os.environ["PYTHONPATH"], "*.whl"))[0])
asked = json.load(sys.stdin)
names = [n for n in wheel.namelist() if n.endswith("-local-strict/_definitions.json")]
print(json.dumps({v: json.loads(wheel.read([n for n in names if "/v" + v + "." in n][0])) for v in asked}))
`;

const versions = ["1.31", "1.37"];
const python = await pythonWith(["kubernetes-validate==1.37.0"], { asWheels: true });

if (typeof python === "string") test.skip(`the API's own description: ${python}`);
else against(python);

/** `networking.k8s.io/v1` and `Ingress` are `io.k8s.api.networking.v1.Ingress`. */
function definitionOf({ apiVersion, kind }: Inputs): string {
  const [group = "", version] = String(apiVersion).includes("/")
    ? String(apiVersion).split("/")
    : ["core", String(apiVersion)];
  return `io.k8s.api.${group.split(".")[0] ?? ""}.${version ?? ""}.${String(kind)}`;
}

function against({ ask }: Python): void {
  /** What is wrong with an object, by the version. */
  async function judge(all: readonly Inputs[]): Promise<readonly string[]> {
    const found = (await ask(reader, versions)) as Readonly<Record<string, { $defs: object }>>;
    return versions.flatMap((version) => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
      const $defs = found[version]?.$defs;
      ajv.addSchema({ $id: "_definitions.json", $defs } as AnySchema);
      return all.flatMap((one) => {
        const $ref = `_definitions.json#/$defs/${definitionOf(one)}`;
        const check = ajv.getSchema($ref);
        if (check === undefined) return [`${version} has no ${definitionOf(one)}`];
        if (check(one) === true) return [];
        return [`${version} ${String(one["kind"])}: ${ajv.errorsText(check.errors)}`];
      });
    });
  }

  test("every object is as the API describes it", async () => {
    const all = await objects();
    const kinds = [...new Set(all.map(({ kind }) => String(kind)))].sort();
    assert.equal(kinds, [
      "Deployment",
      "HorizontalPodAutoscaler",
      "Ingress",
      "PodDisruptionBudget",
      "Secret",
      "Service",
    ]);
    assert.equal(await judge(all), []);
  });

  test("it does find what is misspelt, of the wrong kind, missing, or not an object at all", async () => {
    const [deployment = {}] = (await objects()).filter(({ kind }) => kind === "Deployment");
    const spec = deployment["spec"] as Inputs;
    const { selector: _, ...rest } = spec;
    const broken = [
      { ...deployment, spec: { ...spec, replica: 2 } },
      { ...deployment, spec: { ...spec, replicas: "2" } },
      { ...deployment, spec: rest },
      { ...deployment, kind: "Deploiement" },
    ];
    const words = [/additional properties/, /replicas must be/, /required.*selector/, /has no/];
    for (const [index, one] of broken.entries()) {
      const said = await judge([one]);
      assert.is(said.length, versions.length, said.join());
      assert.match(said.join(), words[index] ?? /never/);
    }
  });
}

test.run();
