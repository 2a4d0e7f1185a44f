// What our own components make is judged on every platform: a service as the documents show it keeps the
// mandatory rules, and a fault in its arguments is found in what it becomes.

import * as assert from "uvu/assert";
import {
  LocalDaemon,
  Proxy,
  Service,
  type ServiceArgs,
  SwarmCluster,
} from "../../components/index.ts";
import { KubernetesCluster } from "../../components/kubernetes/index.ts";
import { judge, rules } from "../../policy/index.ts";
import { register } from "../../sdk/testing/recorder.ts";
import { fargate } from "../components/aws/lab.ts";
import { suite } from "../support/suite.ts";

const test = suite("policy/components");

const image = { ref: `registry.example.com/shop@sha256:${"ab".repeat(32)}` };

const platforms: Readonly<Record<string, () => ServiceArgs["on"]>> = {
  daemon: () => new LocalDaemon("local"),
  swarm: () =>
    new SwarmCluster("crew", {
      nodes: { n1: { daemon: new LocalDaemon("n1"), address: "10.0.0.1", role: "manager" } },
    }),
  ecs: () => fargate(),
  kubernetes: () => new KubernetesCluster("main", { kubeconfig: "secret words" }),
};

/** The names of the rules that find fault with what the program registers. */
async function faults(program: () => unknown, level?: "mandatory"): Promise<readonly string[]> {
  const all = await register(program);
  const asked = rules.filter((rule) => level === undefined || rule.level === level);
  const found = asked.filter((rule) =>
    all.some(({ type, inputs }) => judge(rule, type, inputs).length > 0),
  );
  return found.map(({ name }) => name).sort();
}

const limits = { memoryBytes: 64 * 1024 * 1024, cpus: 0.5, user: "1000" };
const secret = { env: { DB_PASSWORD: "hush" } };
const hostFolder = { volumes: [{ hostPath: "/etc/shop", target: "/data" }] };

/** What is found in a service with these arguments, beside what is found in it without them. */
const rows: readonly (readonly [string, Partial<ServiceArgs>, readonly string[]])[] = [
  ["daemon", secret, ["no-secrets-in-env"]],
  ["daemon", hostFolder, ["no-sensitive-host-folders"]],
  ["daemon", { privileged: true, pidMode: "host" }, ["no-host-pid", "not-privileged"]],
  ["swarm", secret, ["no-secrets-in-env"]],
  ["swarm", hostFolder, ["no-sensitive-host-folders"]],
  ["swarm", { capAdd: ["SYS_ADMIN"] }, ["capabilities-dropped", "no-sys-admin"]],
  ["ecs", secret, ["no-secrets-in-env"]],
  ["ecs", { capAdd: ["SYS_PTRACE"] }, ["capabilities-dropped", "no-sys-ptrace"]],
  ["kubernetes", secret, ["no-secrets-in-env"]],
  ["kubernetes", { capAdd: ["SYS_ADMIN"] }, ["capabilities-dropped", "no-sys-admin"]],
  ["kubernetes", { readOnly: false }, ["read-only-root"]],
];

const shop =
  (platform: string, more: Partial<ServiceArgs> = {}) =>
  () => {
    const on = platforms[platform]?.();
    if (on === undefined) throw new Error(`there is no platform ${platform}`);
    return new Service("shop", { on, image, port: 8080, ...limits, ...more });
  };

for (const platform of Object.keys(platforms)) {
  test(`${platform}: nothing mandatory is found in a plain service`, async () => {
    assert.equal(await faults(shop(platform), "mandatory"), []);
  });
}

for (const [platform, more, want] of rows) {
  test(`${platform}: ${want.join(", ")} by what ${Object.keys(more).join(", ")} becomes`, async () => {
    const without = await faults(shop(platform));
    const found = await faults(shop(platform, more));
    assert.equal(
      found.filter((name) => !without.includes(name)),
      want,
    );
  });
}

test("a proxy: of all rules only that about its user, which is root without a capability", async () => {
  const found = await faults(() => {
    const on = new LocalDaemon("local");
    new Proxy("edge", { on, networks: [{ networkName: "front" }], tls: {} });
  });
  assert.equal(found, ["not-root"]);
});

test.run();
