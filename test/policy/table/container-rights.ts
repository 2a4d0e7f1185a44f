// Rules about the rights of a container.
import { container, deployment, docker, ecs, of, pod, type Row, unknown } from "./row.ts";

const hostFolder = (source: string) => ({
  mounts: [{ type: "bind", source, target: "/data" }],
});
const ecsVolume = (sourcePath: string) =>
  ecs(
    { mountPoints: [{ sourceVolume: "v", containerPath: "/data" }] },
    { volumes: [{ name: "v", hostPath: sourcePath }] },
  );
const podVolume = (path: string) =>
  pod(
    { volumeMounts: [{ name: "v", mountPath: "/data" }] },
    { volumes: [{ name: "v", hostPath: { path } }] },
  );

/** A rule about one capability. */
function capability(name: string): Row {
  return {
    fails: [
      container({ capAdd: [name] }, { at: "capAdd" }),
      container({ capAdd: ["ALL"] }),
      docker({ capabilities: { adds: [`CAP_${name}`] } }, { at: "capabilities.adds" }),
      ecs({ linuxParameters: { capabilities: { add: [name] } } }),
      pod({ securityContext: { capabilities: { add: [name] } } }),
      of("docker:index/service:Service")({ taskSpec: { containerSpec: { capAdds: [name] } } }),
    ],
    passes: [container({ capAdd: ["CHOWN"] }), container({}), container({ capAdd: [unknown] })],
  };
}

export const containerRights: Readonly<Record<string, Row>> = {
  "apparmor-not-unconfined": {
    fails: [
      container({ securityOpt: ["apparmor=unconfined"] }, { at: "securityOpt" }),
      docker({ securityOpts: ["apparmor:unconfined"] }),
      ecs({ dockerSecurityOptions: ["apparmor:unconfined"] }),
      pod({ securityContext: { appArmorProfile: { type: "Unconfined" } } }),
    ],
    passes: [container({}), container({ securityOpt: ["apparmor=mine"] }), pod({})],
  },
  "selinux-not-disabled": {
    fails: [
      container({ securityOpt: ["label=disable"] }, { at: "securityOpt" }),
      docker({ securityOpts: ["label:disable"] }),
      ecs({ dockerSecurityOptions: ["label:disable"] }),
      pod({ securityContext: { seLinuxOptions: { type: "spc_t" } } }),
    ],
    passes: [
      container({ securityOpt: ["label=type:mine"] }),
      container({ securityOpt: unknown }),
      pod({}),
    ],
  },
  "capabilities-dropped": {
    fails: [
      container({}, { at: "capDrop" }),
      container({ capDrop: ["ALL"], capAdd: ["NET_ADMIN"] }, { at: "capAdd" }),
      docker({ capabilities: { drops: ["NET_RAW"] } }),
      ecs({}),
      deployment({ securityContext: { capabilities: { drop: ["NET_RAW"] } } }),
    ],
    passes: [
      container({ capDrop: ["ALL"], capAdd: ["CHOWN"] }),
      container(
        { capDrop: ["ALL"], capAdd: ["NET_ADMIN"] },
        { options: { allowed: ["NET_ADMIN"] } },
      ),
      deployment({ securityContext: { capabilities: { drop: ["ALL"] } } }),
      container({ capDrop: unknown }),
    ],
  },
  "no-dac-read-search": capability("DAC_READ_SEARCH"),
  "no-sys-module": capability("SYS_MODULE"),
  "no-sys-admin": capability("SYS_ADMIN"),
  "no-sys-ptrace": capability("SYS_PTRACE"),
  "not-privileged": {
    fails: [
      container({ privileged: true }, { at: "privileged" }),
      of("dockwright:index:Task")({ privileged: true }),
      docker({ privileged: true }),
      { ...ecs({ privileged: true }), at: "containerDefinitions[0].privileged" },
      of("aws-native:ecs:TaskDefinition")({ containerDefinitions: [{ privileged: true }] }),
      {
        ...pod({ securityContext: { privileged: true } }),
        at: "spec.containers[0].securityContext.privileged",
      },
      of("kubernetes:core/v1:Pod")({
        spec: { initContainers: [{ securityContext: { privileged: true } }] },
      }),
      of("kubernetes:batch/v1:CronJob")({
        spec: {
          jobTemplate: {
            spec: {
              template: { spec: { containers: [{ securityContext: { privileged: true } }] } },
            },
          },
        },
      }),
      of("kubernetes:batch/v1:Job")({
        spec: { template: { spec: { containers: [{ securityContext: { privileged: true } }] } } },
      }),
    ],
    passes: [
      container({}),
      container({ privileged: false }),
      container({ privileged: unknown }),
      pod({}),
      ecs({}),
      of("aws:ecs/taskDefinition:TaskDefinition")({ containerDefinitions: unknown }),
      of("aws:ecs/taskDefinition:TaskDefinition")({ containerDefinitions: "no JSON" }),
      of("random:index/randomPet:RandomPet")({ privileged: true }),
    ],
  },
  "no-sensitive-host-folders": {
    fails: [
      container(hostFolder("/etc"), { at: "mounts[0].source" }),
      container(hostFolder("/")),
      container(hostFolder("/etc/ssl/")),
      container(hostFolder("/srv/../etc")),
      container(hostFolder("/dev/shm/dockwright")),
      container(hostFolder("/dev/shm/dockwright/../x")),
      container({ binds: ["/proc:/host/proc:ro"] }, { at: "binds[0]" }),
      docker({ volumes: [{ hostPath: "/usr", containerPath: "/x" }] }),
      docker({ mounts: [{ type: "bind", source: "/boot", target: "/x" }] }),
      ecsVolume("/lib"),
      podVolume("/sys"),
    ],
    passes: [
      container(hostFolder("/srv/data")),
      container(hostFolder("/etcetera")),
      container(hostFolder("/dev/shm/dockwright/A/web")),
      container(hostFolder(unknown)),
      container({ binds: ["data:/data"] }),
      container(hostFolder("/etc"), { options: { sensitive: ["/boot"] } }),
      podVolume("/srv"),
    ],
  },
  "no-host-devices": {
    fails: [
      container({ devices: [{ hostPath: "/dev/sda" }] }, { at: "devices" }),
      docker({ devices: [{ hostPath: "/dev/mem" }] }),
      ecs({ linuxParameters: { devices: [{ hostPath: "/dev/kvm" }] } }),
    ],
    passes: [
      container({ devices: [{ hostPath: "/dev/fuse" }] }),
      container({}),
      container({ devices: [{ hostPath: "/dev/kvm" }] }, { options: { allowed: ["/dev/kvm"] } }),
    ],
  },
  "no-shared-propagation": {
    fails: [
      container(
        {
          mounts: [
            { type: "bind", source: "/srv", target: "/x", bindOptions: { propagation: "rshared" } },
          ],
        },
        { at: "mounts[0].source" },
      ),
      container({ binds: ["/srv:/x:shared"] }),
      docker({
        mounts: [{ type: "bind", source: "/srv", bindOptions: { propagation: "shared" } }],
      }),
      pod(
        { volumeMounts: [{ name: "v", mountPropagation: "Bidirectional" }] },
        { volumes: [{ name: "v", hostPath: { path: "/srv" } }] },
      ),
    ],
    passes: [container({ binds: ["/srv:/x:rslave"] }), container({ binds: ["/srv:/x"] })],
  },
  "seccomp-not-unconfined": {
    fails: [
      container({ securityOpt: ["seccomp=unconfined"] }, { at: "securityOpt" }),
      docker({ securityOpts: ["seccomp:unconfined"] }),
      ecs({ dockerSecurityOptions: ["seccomp:unconfined"] }),
      pod({}, { securityContext: { seccompProfile: { type: "Unconfined" } } }),
    ],
    passes: [
      container({}),
      container({ securityOpt: ["seccomp=/etc/mine.json"] }),
      pod({ securityContext: { seccompProfile: { type: "RuntimeDefault" } } }),
    ],
  },
  "no-new-privileges": {
    fails: [
      container({}, { at: "securityOpt" }),
      container({ securityOpt: ["no-new-privileges:false"] }),
      docker({}),
      pod({}),
      ecs({}),
    ],
    passes: [
      container({ securityOpt: ["no-new-privileges"] }),
      docker({ securityOpts: ["no-new-privileges:true"] }),
      pod({ securityContext: { allowPrivilegeEscalation: false } }),
      ecs({}, { requiresCompatibilities: ["FARGATE"] }),
    ],
  },
  "no-docker-socket": {
    fails: [
      container(hostFolder("/var/run/docker.sock"), { at: "mounts[0].source" }),
      container({ binds: ["/run/docker.sock:/var/run/docker.sock:ro"] }),
      docker({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/x" }] }),
      ecsVolume("/var/run/docker.sock"),
      podVolume("/run/containerd/containerd.sock"),
    ],
    passes: [container(hostFolder("/srv/docker.socket")), container({}), podVolume("/srv")],
  },
  "not-root": {
    fails: [
      container({}, { at: "user" }),
      container({ user: "root" }),
      container({ user: "0:0" }),
      docker({ user: "0" }),
      ecs({}),
      pod({}),
      pod({ securityContext: { runAsUser: 0 } }),
    ],
    passes: [
      container({ user: "www-data" }),
      container({ user: "rooted" }),
      container({ user: unknown }),
      pod({ securityContext: { runAsNonRoot: true } }),
      pod({}, { securityContext: { runAsUser: 1000 } }),
      ecs({ user: "1000" }),
    ],
  },
};
