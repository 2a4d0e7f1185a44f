// Pods, and everything that makes pods. What Kubernetes has no words for (restart counts, host
// addresses of ports) stays undecided. Pod Security Standards use the same fields.
import type { Inputs } from "../inputs.ts";
import type { ContainerSubject, Declared, HostMount } from "../subjects.ts";
import { capabilities, firstOf } from "./docker-words.ts";

/** `Unconfined`, in Docker's word; other profiles by their type. */
function profile(security: Inputs, name: string): Declared<string> | undefined {
  const type = security.inner(name).text("type");
  return type && { path: type.path, value: type.value?.toLowerCase() };
}

/** A namespace of the host, in Docker's word. */
function ofHost(pod: Inputs, name: string): Declared<string> | undefined {
  const flag = pod.flag(name);
  return flag && { path: flag.path, value: flag.value === true ? "host" : undefined };
}

/** `disable`, where the type is that which SELinux lets do everything. */
function selinux(security: Inputs): Declared<string> | undefined {
  const type = security.inner("seLinuxOptions").text("type");
  return type && { path: type.path, value: type.value === "spc_t" ? "disable" : type.value };
}

function user(own: Inputs, pod: Inputs): Declared<string> | undefined {
  const id = firstOf(own.number("runAsUser"), pod.number("runAsUser"));
  const nobody = firstOf(own.flag("runAsNonRoot"), pod.flag("runAsNonRoot"));
  if (id === undefined || nobody === undefined) return undefined;
  if (id.value !== undefined) return { path: id.path, value: `${id.value}` };
  return { path: nobody.path, value: nobody.value === true ? "not root" : undefined };
}

/** Bytes or CPUs: only whether there is a limit is asked. */
function limit(container: Inputs, name: string): Declared<number> | undefined {
  const declared = container.inner("resources").inner("limits").present(name);
  return { path: declared.path, value: declared.value === true ? 1 : undefined };
}

function mounts(container: Inputs, pod: Inputs): readonly HostMount[] {
  const volumes = new Map(
    pod.items("volumes").flatMap((volume) => {
      const source = volume.inner("hostPath").text("path")?.value;
      const name = volume.text("name")?.value;
      return source === undefined || name === undefined ? [] : [[name, source] as const];
    }),
  );
  const words: Readonly<Record<string, string>> = {
    Bidirectional: "rshared",
    HostToContainer: "rslave",
  };
  return container.items("volumeMounts").flatMap((mount) => {
    const source = volumes.get(mount.text("name")?.value ?? "");
    if (source === undefined) return [];
    const readOnly = mount.flag("readOnly")?.value ?? false;
    const propagation = words[mount.text("mountPropagation")?.value ?? ""];
    return [{ path: mount.path("name"), source, readOnly, propagation }];
  });
}

function container(inputs: Inputs, pod: Inputs, lasting: boolean): ContainerSubject {
  const own = inputs.inner("securityContext");
  const shared = pod.inner("securityContext");
  const gain = own.flag("allowPrivilegeEscalation");
  return {
    kind: "container",
    image: inputs.text("image"),
    user: user(own, shared),
    privileged: own.flag("privileged"),
    capAdd: capabilities(own.inner("capabilities").texts("add")),
    capDrop: capabilities(own.inner("capabilities").texts("drop")),
    readOnlyRoot: own.flag("readOnlyRootFilesystem"),
    noNewPrivileges: gain && { path: gain.path, value: gain.value === false },
    seccomp: firstOf(profile(own, "seccompProfile"), profile(shared, "seccompProfile")),
    selinux: firstOf(selinux(own), selinux(shared)),
    apparmor: firstOf(profile(own, "appArmorProfile"), profile(shared, "appArmorProfile")),
    network: ofHost(pod, "hostNetwork"),
    pid: ofHost(pod, "hostPID"),
    ipc: ofHost(pod, "hostIPC"),
    memoryBytes: limit(inputs, "memory"),
    cpu: limit(inputs, "cpu"),
    ports: inputs.items("ports").flatMap((port) => {
      const [declared, address] = [port.number("hostPort"), port.text("hostIP")];
      if (declared?.value === undefined || address === undefined) return [];
      return [{ path: declared.path, hostPort: declared.value, hostIp: address.value }];
    }),
    hostMounts: mounts(inputs, pod),
    ...(lasting
      ? { health: firstOf(inputs.present("livenessProbe"), inputs.present("readinessProbe")) }
      : {}),
    env: inputs.items("env").flatMap((item) => {
      const [name, value] = [item.text("name")?.value, item.text("value")?.value];
      return name === undefined || value === undefined
        ? []
        : [{ path: item.path("value"), name, value }];
    }),
  };
}

function podContainers(pod: Inputs, lasting: boolean): readonly ContainerSubject[] {
  return [
    ...pod.items("initContainers").map((one) => container(one, pod, false)),
    ...pod.items("containers").map((one) => container(one, pod, lasting)),
  ];
}

export function kubernetesPod(inputs: Inputs): readonly ContainerSubject[] {
  return podContainers(inputs.inner("spec"), true);
}

/** Deployment, StatefulSet, DaemonSet, ReplicaSet: what keeps pods running. */
export function kubernetesWorkload(inputs: Inputs): readonly ContainerSubject[] {
  return podContainers(inputs.inner("spec").inner("template").inner("spec"), true);
}

export function kubernetesJob(inputs: Inputs): readonly ContainerSubject[] {
  return podContainers(inputs.inner("spec").inner("template").inner("spec"), false);
}

export function kubernetesCronJob(inputs: Inputs): readonly ContainerSubject[] {
  const job = inputs.inner("spec").inner("jobTemplate");
  return podContainers(job.inner("spec").inner("template").inner("spec"), false);
}
