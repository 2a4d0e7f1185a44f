// What the tests of AWS share: clusters, services and machines, as a program declares them.

import {
  AwsMachine,
  type AwsMachineArgs,
  EcsCluster,
  type EcsClusterArgs,
} from "../../../components/aws/index.ts";
import type { ServiceSpec } from "../../../components/index.ts";

export const digest = `sha256:${"ab".repeat(32)}`;
const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop";
export const image = { ref: `${repository}@${digest}` };
export const network = { vpcId: "vpc-1", subnetIds: ["subnet-a", "subnet-b"] };
export const ingress = {
  subnetIds: ["subnet-c", "subnet-d"],
  allowFrom: ["10.0.0.0/8"],
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1",
};

export const fargate = (more: Partial<EcsClusterArgs> = {}): EcsCluster =>
  new EcsCluster("main", { ...network, ingress, ...more });
export const machines = (): EcsCluster =>
  fargate({ capacity: { instanceType: "t3.medium", max: 4 } });

/** A machine that is open to some. */
export const machine = (name: string, more: Partial<AwsMachineArgs> = {}): AwsMachine =>
  new AwsMachine(name, {
    instanceType: "t3.small",
    imageId: "ami-1",
    vpcId: "vpc-1",
    subnetId: "subnet-a",
    publicKey: "ssh-ed25519 AAAA test",
    privateKey: "the private key",
    sshFrom: ["192.0.2.7/32"],
    open: [
      { port: 443, from: "0.0.0.0/0" },
      { port: 20000, portEnd: 29999, from: "10.0.0.0/16" },
    ],
    ...more,
  });

/** As much of a spec as ECS has words for. */
export const full: ServiceSpec = {
  image,
  port: 8080,
  replicas: 3,
  command: ["serve", "--port", "8080"],
  entrypoint: ["/shop"],
  env: { COLOUR: "red", A: "1" },
  secretEnv: { DB_PASSWORD: "hush" },
  workingDir: "/srv",
  user: "1000:1000",
  init: true,
  stopGraceMs: 20_000,
  labels: { team: "shop" },
  tty: false,
  openStdin: false,
  tmpfs: { "/tmp": "size=32m", "/run": "" },
  healthCheck: {
    test: ["CMD", "/shop", "check"],
    intervalMs: 10_000,
    timeoutMs: 3000,
    retries: 3,
    startPeriodMs: 5000,
  },
  memoryBytes: 1024 * 1024 * 1024,
  memoryReservationBytes: 512 * 1024 * 1024,
  cpus: 0.5,
  ulimits: { nofile: { soft: 4096, hard: 8192 } },
  capDrop: ["ALL"],
  sysctls: { "net.core.somaxconn": "1024" },
  platform: "linux/arm64",
  health: { http: "/healthz", intervalMs: 5000 },
  routes: [{ host: "shop.example.com" }, { host: "shop.example.com", path: "/api/" }],
  autoscale: { min: 2, max: 10, cpuPercent: 50, memoryPercent: 70 },
};
