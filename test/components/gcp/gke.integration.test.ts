// Services on GKE under the real engine, with echo providers in place of the cloud: releases, secrets,
// labels and scale in place, each argument that replaces, a pool of other machines, a rollout that
// failed, and the order of the end.

import * as assert from "uvu/assert";
import {
  type EchoCall,
  type TemporaryProject,
  temporaryProject,
} from "../../../sdk/testing/index.ts";
import { suite } from "../../support/suite.ts";

const test = suite("gcp/gke with the engine", { long: true, timeoutMs: 900_000 });

type Given = Readonly<Record<string, string | number | boolean>>;

const usual = {
  autopilot: true,
  location: "europe-west3",
  network: "net",
  subnetwork: "sub",
  pods: "pods",
  services: "services",
  controlPlaneRange: "172.16.0.0/28",
  releaseChannel: "REGULAR",
  deletionProtection: false,
  office: "192.0.2.0/24",
  digit: "a",
  secret: "hush",
  replicas: 2,
  label: "x",
  machineType: "e2-standard-4",
  diskSizeGb: 100,
  spot: false,
  max: 3,
};

const program = (given: Given) => `
import { Service } from "dockwright";
import { GkeCluster, NodePool } from "dockwright/gcp";
const { pods, services, office, digit, secret, replicas, label, machineType, diskSizeGb, spot, max, ...rest } =
  ${JSON.stringify({ ...usual, ...given })};
const cluster = new GkeCluster("main", {
  ...rest, project: "demo", ranges: { pods, services }, labels: { team: label },
  authorizedNetworks: [{ cidr: office, name: "office" }], ingress: { className: "gce" },
});
if (!rest.autopilot) {
  new NodePool("web", { cluster, project: "demo", machineType, diskSizeGb, spot, min: 1, max, labels: { disk: label } });
}
const image = { ref: "registry.example.com/shop@sha256:" + digit.repeat(64) };
export const { endpoints } = new Service("shop", {
  on: cluster, image, port: 8080, replicas, health: { http: "/up" }, labels: { team: label },
  secretEnv: { PASSWORD: secret }, routes: [{ host: "shop.test" }],
});
`;

const kind = ({ type }: EchoCall) => type.split(":").at(-1) ?? "";
const changes = ({ echo }: TemporaryProject) =>
  (echo?.journal() ?? [])
    .filter(({ operation, preview }) => /create|update|delete/.test(operation) && !preview)
    .map((call) => `${call.operation} ${kind(call)}`);

/** Each of `chain` is there, and they are in that order. */
function inOrder(all: readonly string[], ...chain: readonly string[]): void {
  const at = chain.map((one) => all.indexOf(one));
  assert.not.ok(at.includes(-1), `${chain.join(", ")} in ${all.join(", ")}`);
  assert.equal(
    at,
    [...at].sort((a, b) => a - b),
    `${chain.join(" before ")}: ${all.join(", ")}`,
  );
}

interface Run {
  readonly code: number;
  readonly said: string;
  /** What was done, in order. */
  readonly done: readonly string[];
}

interface Gke {
  readonly project: TemporaryProject;
  /** An update to the program as it was, but for this. */
  up(next?: Given): Promise<Run>;
  /** What a preview of it would replace, by the kind of resource. */
  replaced(next: Given): Promise<readonly string[]>;
  destroy(): Promise<Run>;
}

async function onGke(given: Given, run: (gke: Gke) => Promise<void>): Promise<void> {
  const project = await temporaryProject({
    name: "gke",
    program: program(given),
    echo: { packages: ["gcp", "kubernetes"] },
  });
  try {
    const stack = await project.stack();
    const begin = (next: Given) => {
      project.echo?.forget();
      return project.write("index.ts", program({ ...given, ...next }));
    };
    const told = ({ code, stdout, stderr }: Awaited<ReturnType<typeof stack.up>>): Run => ({
      code,
      said: stdout + stderr,
      done: changes(project),
    });
    const first = told(await stack.up());
    assert.is(first.code, 0, first.said);
    inOrder(first.done, "create Cluster", "create Deployment");
    await run({
      project,
      up: async (next = {}) => {
        await begin(next);
        return told(await stack.up());
      },
      replaced: async (next) => {
        await begin(next);
        const { code, stdout, stderr } = await stack.preview();
        assert.is(code, 0, stdout + stderr);
        const diffs = project.echo?.journal().filter(({ operation }) => operation === "diff") ?? [];
        return diffs.filter(({ replaces = [] }) => replaces.length > 0).map(kind);
      },
      destroy: async () => {
        project.echo?.forget();
        return told(await stack.destroy());
      },
    });
  } finally {
    await project.close();
  }
}

async function succeeds(made: Promise<Run>): Promise<readonly string[]> {
  const { code, said, done } = await made;
  assert.is(code, 0, said);
  return done;
}

/** Arguments whose change replaces the cluster, and those whose change does not. */
const replacing: readonly Given[] = [
  { location: "europe-west4" },
  { network: "other" },
  { subnetwork: "other" },
  { pods: "other" },
  { services: "other" },
];
const inPlace: readonly Given[] = [
  { releaseChannel: "STABLE", office: "198.51.100.0/24", label: "y", deletionProtection: true },
];

test("Autopilot: digest, scale and labels in place; another secret beside the old one", () =>
  onGke({}, async ({ project, up, destroy }) => {
    assert.equal(await succeeds(up()), [], "a second update does nothing");
    assert.equal(await succeeds(up({ digit: "b" })), ["update Deployment"]);
    const scaled = { digit: "b", replicas: 5 };
    assert.equal(await succeeds(up(scaled)), ["update Deployment"]);
    const labelled = await succeeds(up({ ...scaled, label: "y" }));
    assert.ok(labelled.includes("update Cluster"), labelled.join());
    assert.equal(
      labelled.filter((one) => !one.startsWith("update ")),
      [],
      "a label replaces nothing",
    );
    const now = { ...scaled, label: "y" };
    const rotated = await succeeds(up({ ...now, secret: "other" }));
    assert.equal(rotated, ["create Secret", "update Deployment", "delete Secret"]);
    const failures = [
      {
        match: "apps/v1:Deployment",
        operation: "update",
        message: "5 pods are not ready",
      } as const,
    ];
    project.echo?.plan({ failures });
    const next = { ...now, digit: "c", secret: "third" };
    const failed = await up(next);
    assert.is.not(failed.code, 0, failed.said);
    assert.match(failed.said, /5 pods are not ready/);
    assert.not.ok(failed.done.includes("delete Secret"), "what serves on keeps what it mounts");
    project.echo?.plan({});
    inOrder(await succeeds(up(next)), "update Deployment", "delete Secret");
    const ended = await succeeds(destroy());
    for (const one of ["Deployment", "Service", "Ingress", "PodDisruptionBudget", "Secret"]) {
      inOrder(ended, `delete ${one}`, "delete Cluster");
    }
    inOrder(ended, "delete Deployment", "delete Secret");
    assert.equal(project.echo?.things(), []);
  }));

test("Autopilot: which arguments replace the cluster, and which do not", () =>
  onGke({}, async ({ replaced }) => {
    for (const one of replacing)
      assert.equal(await replaced(one), ["Cluster"], JSON.stringify(one));
    for (const one of inPlace) assert.equal(await replaced(one), [], JSON.stringify(one));
    assert.equal(await replaced({ autopilot: false }), ["Cluster"]);
  }));

test("a protected cluster stays, until an update says otherwise", () =>
  onGke({ deletionProtection: true }, async ({ project, up, destroy }) => {
    const refused = await destroy();
    assert.is.not(refused.code, 0, refused.said);
    assert.match(refused.said, /deletionProtection is on/);
    assert.equal(
      project.echo?.things().map(({ type }) => type),
      ["gcp:container/cluster:Cluster"],
    );
    await succeeds(up({ deletionProtection: false }));
    await succeeds(destroy());
    assert.equal(project.echo?.things(), []);
  }));

const standard = { autopilot: false };
/** Arguments of a pool that make it another one. */
const otherPool: readonly Given[] = [
  { machineType: "e2-standard-8" },
  { diskSizeGb: 200 },
  { spot: true },
];

test("standard: other machines are another pool first; the nodes outlive what runs on them", () =>
  onGke(standard, async ({ project, up, replaced, destroy }) => {
    const made = (project.echo?.journal() ?? [])
      .filter(({ operation, preview }) => operation === "create" && !preview)
      .map(kind);
    inOrder(made, "Cluster", "NodePool", "Deployment");
    for (const one of otherPool) {
      const pools = ["create NodePool", "delete NodePool"];
      assert.equal(await succeeds(up(one)), pools, JSON.stringify(one));
      assert.equal(await succeeds(up()), pools, "and back");
    }
    assert.equal(await succeeds(up({ max: 9 })), ["update NodePool"]);
    assert.equal(await replaced({ label: "y" }), []);
    const another = await replaced({ controlPlaneRange: "172.16.1.0/28" });
    assert.equal(another, ["Cluster", "NodePool"]);
    const ended = await succeeds(destroy());
    inOrder(ended, "delete Deployment", "delete NodePool", "delete Cluster");
    inOrder(ended, "delete NodePool", "delete IAMMember", "delete Account");
    assert.equal(project.echo?.things(), []);
  }));

test("standard: another cluster stands with its pool and its services before the old one goes", () =>
  onGke(standard, async ({ project, up, destroy }) => {
    const done = await succeeds(up({ location: "europe-west4" }));
    inOrder(
      done,
      "create Cluster",
      "create NodePool",
      "create Deployment",
      "delete Deployment",
      "delete NodePool",
      "delete Cluster",
    );
    assert.equal(await succeeds(up({ location: "europe-west4" })), []);
    await succeeds(destroy());
    assert.equal(project.echo?.things(), []);
  }));

test.run();
