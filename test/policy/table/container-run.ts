// Rules about what a container runs, and with how much.
import { container, deployment, docker, ecs, of, pod, type Row, unknown } from "./row.ts";

const digest = `sha256:${"a".repeat(64)}`;

export const containerRun: Readonly<Record<string, Row>> = {
  "memory-limited": {
    fails: [
      container({}, { at: "memoryBytes" }),
      docker({}),
      ecs({}),
      deployment({ resources: { requests: { memory: "1Gi" } } }),
      of("docker:index/service:Service")({ taskSpec: {} }),
    ],
    passes: [
      container({ memoryBytes: 1 << 28 }),
      container({ memoryBytes: unknown }),
      docker({ memory: 256 }),
      ecs({ memory: 256 }),
      ecs({}, { memory: "512" }),
      deployment({ resources: { limits: { memory: "1Gi" } } }),
    ],
  },
  "cpu-limited": {
    fails: [container({}, { at: "cpus" }), docker({}), ecs({}), pod({})],
    passes: [
      container({ cpus: 0.5 }),
      container({ cpuShares: 512 }),
      container({ cpuQuotaUs: 50000 }),
      docker({ cpus: "0.5" }),
      ecs({}, { cpu: "256" }),
      pod({ resources: { limits: { cpu: "500m" } } }),
    ],
  },
  "read-only-root": {
    fails: [
      container({}, { at: "readOnly" }),
      docker({ readOnly: false }),
      ecs({}),
      pod({}),
      of("docker:index/service:Service")({ taskSpec: { containerSpec: {} } }),
    ],
    passes: [
      container({ readOnly: true }),
      ecs({ readonlyRootFilesystem: true }),
      pod({ securityContext: { readOnlyRootFilesystem: true } }),
    ],
  },
  "restart-is-bounded": {
    fails: [
      container({ restart: "always" }, { at: "restart" }),
      container({ restart: "unless-stopped" }),
      container({ restart: "on-failure" }),
      container({ restart: "on-failure", restartMaxRetries: 9 }),
      docker({ restart: "always" }),
      container({ restart: "always", memoryBytes: 1 << 28 }),
      container({ restart: "always", cpus: 1 }),
    ],
    passes: [
      container({}),
      container({ restart: "no" }),
      container({ restart: "always", memoryBytes: 1 << 28, cpus: 1 }),
      container({ restart: "always", memoryBytes: 1 << 28, cpus: unknown }),
      container({ restart: "on-failure", restartMaxRetries: 5 }),
      container({ restart: "on-failure", restartMaxRetries: 9 }, { options: { maxRetries: 9 } }),
      of("dockwright:index:Task")({ restart: "always" }),
      pod({ restartPolicy: "Always" }),
    ],
  },
  "ulimits-on-purpose": {
    fails: [
      container({ ulimits: { nproc: { soft: 1, hard: 1 } } }, { at: "ulimits" }),
      docker({ ulimits: [{ name: "nproc", soft: 1, hard: 1 }] }),
      ecs({ ulimits: [{ name: "nproc" }] }),
    ],
    passes: [container({ ulimits: { nofile: { soft: 1, hard: 1 } } }), container({})],
  },
  "health-checked": {
    fails: [container({}, { at: "healthCheck" }), docker({}), ecs({}), deployment({})],
    passes: [
      container({ healthCheck: { command: ["true"] } }),
      container({ ready: { tcp: { port: 80 } } }),
      docker({ healthcheck: { tests: ["CMD", "true"] } }),
      ecs({ healthCheck: {} }),
      deployment({ readinessProbe: {} }),
      of("dockwright:index:Task")({}),
      of("kubernetes:batch/v1:Job")({ spec: { template: { spec: { containers: [{}] } } } }),
    ],
  },
  "image-has-a-version": {
    fails: [
      container({ image: "debian" }, { at: "image" }),
      docker({ image: "debian:latest" }),
      ecs({ image: "registry.example.com/shop" }),
      { ...deployment({ image: "shop" }), at: "spec.template.spec.containers[0].image" },
    ],
    passes: [
      container({ image: "debian:12" }),
      container({ image: `debian@${digest}` }),
      container({ image: digest }),
      container({ image: unknown }),
      pod({ image: "debian:12" }),
    ],
  },
  "image-by-digest": {
    fails: [
      container({ image: "registry.example.com/shop:1" }, { at: "image" }),
      docker({ image: "registry.example.com/shop:1" }),
      ecs({ image: "registry.example.com/shop:1" }),
      pod({ image: "gcr.io/shop/web:1" }),
    ],
    passes: [
      container({ image: `registry.example.com/shop@${digest}` }),
      container({ image: "shop:1" }),
      container({ image: digest }),
    ],
  },
  "trusted-registry": {
    fails: [
      container(
        { image: "evil.example.com/x:1" },
        { options: { registries: ["docker.io"] }, at: "image" },
      ),
      ...[
        docker({ image: "debian:12" }),
        ecs({ image: "debian:12" }),
        pod({ image: "debian:12" }),
      ].map((one) => ({ ...one, options: { registries: ["registry.example.com"] } })),
    ],
    passes: [
      container({ image: "evil.example.com/x:1" }),
      container({ image: "debian:12" }, { options: { registries: ["docker.io"] } }),
      container({ image: digest }, { options: { registries: ["docker.io"] } }),
    ],
  },
  "pids-limited": {
    fails: [container({}, { at: "pidsLimit" }), container({ pidsLimit: -1 })],
    passes: [container({ pidsLimit: 200 }), docker({}), pod({})],
  },
  "no-secrets-in-env": {
    fails: [
      container({ env: { DB_PASSWORD: "hush" } }, { at: "env.DB_PASSWORD" }),
      container({ env: { CERT: "-----BEGIN RSA PRIVATE KEY-----" } }),
      docker({ envs: ["TOKEN=abc"] }, { at: "envs[0]" }),
      ecs({ environment: [{ name: "API_KEY", value: "x" }] }),
      pod({ env: [{ name: "SECRET", value: "x" }] }),
      of("docker:index/service:Service")({
        taskSpec: { containerSpec: { env: { SECRET: "x" } } },
      }),
    ],
    passes: [
      container({ env: { DB_PASSWORD_FILE: "/run/secrets/db" } }),
      container({ env: { TOKENS: "5", PASSWORD: "" } }),
      container({ env: { TOKEN: unknown } }),
      pod({ env: [{ name: "SECRET", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] }),
    ],
  },
  "logs-rotated": {
    fails: [
      container({ logging: { driver: "json-file" } }, { at: "logging.driver" }),
      docker({ logDriver: "json-file", logOpts: { "max-file": "3" } }),
      ecs({ logConfiguration: { logDriver: "json-file" } }),
    ],
    passes: [
      container({}),
      container({ logging: { driver: "json-file", options: { "max-size": "10m" } } }),
      ecs({ logConfiguration: { logDriver: "awslogs" } }),
    ],
  },
};
