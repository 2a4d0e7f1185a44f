// Rules about namespaces, networks and ports of a container.
import { container, docker, ecs, of, pod, type Row, unknown } from "./row.ts";

export const containerWalls: Readonly<Record<string, Row>> = {
  "no-privileged-host-ports": {
    fails: [
      container({ ports: [{ containerPort: 22, hostPort: 22 }] }, { at: "ports[0].hostPort" }),
      container({ publish: ["127.0.0.1:53:53/udp"] }, { at: "publish[0]" }),
      docker({ ports: [{ internal: 22, external: 22 }] }),
      ecs({ portMappings: [{ containerPort: 25, hostPort: 25 }] }),
      pod({ ports: [{ containerPort: 25, hostPort: 25 }] }),
      of("docker:index/service:Service")({
        endpointSpec: { ports: [{ targetPort: 25, publishedPort: 25 }] },
      }),
    ],
    passes: [
      container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
      container({ publish: ["8080:80", "80"] }),
      container({ publish: ["22:22"] }, { options: { allowedPorts: ["22"] } }),
      container({ ports: [{ containerPort: 22, hostPort: unknown }] }),
      ecs({ portMappings: [{ hostPort: 25 }] }, { networkMode: "awsvpc" }),
    ],
  },
  "no-publish-all": {
    fails: [
      container({ publishAllPorts: true }, { at: "publishAllPorts" }),
      docker({ publishAllPorts: true }),
    ],
    passes: [container({}), docker({ publishAllPorts: false })],
  },
  "no-host-network": {
    fails: [
      container({ networkMode: "host" }, { at: "networkMode" }),
      docker({ networkMode: "host" }),
      ecs({}, { networkMode: "host" }),
      { ...pod({}, { hostNetwork: true }), at: "spec.hostNetwork" },
    ],
    passes: [
      container({ networks: [{ network: "front" }] }),
      container({ networkMode: unknown }),
      ecs({}, { networkMode: "awsvpc" }),
      pod({}),
    ],
  },
  "ports-on-one-address": {
    fails: [
      container({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
      container({ publish: ["8080:80"] }, { at: "publish[0]" }),
      container({ ports: [{ containerPort: 80, hostIp: "0.0.0.0" }] }),
      docker({ ports: [{ internal: 80, external: 8080, ip: "::" }] }),
      pod({ ports: [{ containerPort: 80, hostPort: 8080 }] }),
      container({ publish: ["80:80"] }, { options: { publicPorts: [] } }),
    ],
    passes: [
      container({ ports: [{ containerPort: 8080, hostPort: 80 }], publish: ["443:8443"] }),
      container({ publish: ["127.0.0.1:8080:80"] }),
      container({ ports: [{ containerPort: 80, hostIp: "10.0.0.1" }] }),
      container({ ports: [{ containerPort: 80, hostIp: unknown }] }),
      ecs({ portMappings: [{ hostPort: 8080 }] }),
    ],
  },
  "no-host-pid": {
    fails: [
      container({ pidMode: "host" }, { at: "pidMode" }),
      docker({ pidMode: "host" }),
      ecs({}, { pidMode: "host" }),
      pod({}, { hostPID: true }),
    ],
    passes: [container({ pidMode: "container:web" }), container({}), pod({}, { hostPID: false })],
  },
  "no-host-ipc": {
    fails: [
      container({ ipcMode: "host" }, { at: "ipcMode" }),
      docker({ ipcMode: "host" }),
      ecs({}, { ipcMode: "host" }),
      pod({}, { hostIPC: true }),
    ],
    passes: [container({ ipcMode: "private" }), ecs({}, { ipcMode: "task" })],
  },
  "no-host-uts": {
    fails: [container({ utsMode: "host" }, { at: "utsMode" })],
    passes: [container({}), docker({})],
  },
  "no-host-userns": {
    fails: [
      container({ usernsMode: "host" }, { at: "usernsMode" }),
      docker({ usernsMode: "host" }),
    ],
    passes: [container({}), container({ usernsMode: unknown })],
  },
  "cgroup-parent-usual": {
    fails: [
      container({ cgroupParent: "/mine" }, { at: "cgroupParent" }),
      docker({ cgroupParent: "/mine" }),
    ],
    passes: [container({}), container({ cgroupParent: "/a" }, { options: { allowed: ["/a"] } })],
  },
  "not-on-default-bridge": {
    fails: [
      container({}, { at: "networks" }),
      container({ networkMode: "bridge" }, { at: "networkMode" }),
      docker({}),
      ecs({}),
    ],
    passes: [
      container({ networks: [{ network: "front" }] }),
      container({ networks: unknown }),
      container({ networkMode: "container:web" }),
      container({ networkDisabled: true }),
      docker({ networksAdvanced: [{ name: "front" }] }),
      ecs({}, { networkMode: "awsvpc" }),
      ecs({}, { requiresCompatibilities: ["FARGATE"] }),
      pod({}),
    ],
  },
};
