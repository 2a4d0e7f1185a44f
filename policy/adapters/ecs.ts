// ECS task definitions, of @pulumi/aws (containers as JSON text) and of @pulumi/aws-native.
import { Inputs } from "../inputs.ts";
import type { ContainerSubject, Declared, HostMount } from "../subjects.ts";
import { capabilities, loggingOf, namesOf, securityOptions } from "./docker-words.ts";

function containersOf(inputs: Inputs): readonly Inputs[] {
  const given = inputs.raw("containerDefinitions");
  if (typeof given !== "string") return inputs.items("containerDefinitions");
  try {
    const list: unknown = JSON.parse(given);
    return new Inputs({ containerDefinitions: list }).items("containerDefinitions");
  } catch {
    return [];
  }
}

/** Paths of the host by the name of the volume. */
function hostVolumes(inputs: Inputs): ReadonlyMap<string, string> {
  const pairs = inputs.items("volumes").flatMap((volume) => {
    const source = volume.text("hostPath")?.value ?? volume.inner("host").text("sourcePath")?.value;
    const name = volume.text("name")?.value;
    return source === undefined || name === undefined ? [] : [[name, source] as const];
  });
  return new Map(pairs);
}

function mounts(container: Inputs, volumes: ReadonlyMap<string, string>): readonly HostMount[] {
  return container.items("mountPoints").flatMap((mount) => {
    const source = volumes.get(mount.text("sourceVolume")?.value ?? "");
    const readOnly = mount.flag("readOnly")?.value ?? false;
    if (source === undefined) return [];
    return [{ path: mount.path("sourceVolume"), source, readOnly, propagation: undefined }];
  });
}

/** The container's own limit, or the whole task's. */
function limit(container: Inputs, task: Inputs, name: string, unit: number) {
  const own = container.number(name);
  if (own?.value !== undefined) return { path: own.path, value: own.value * unit };
  if (own === undefined || task.isUnknown(name)) return undefined;
  const whole = Number(task.raw(name) ?? 0);
  return { path: own.path, value: whole > 0 ? whole * unit : undefined };
}

function fargate(task: Inputs): boolean {
  return task.textItems("requiresCompatibilities").some(({ value }) => value === "FARGATE");
}

function network(task: Inputs): Declared<string> | undefined {
  const mode = task.text("networkMode");
  // Without a word, ECS takes Docker's default bridge; Fargate knows nothing but a network card.
  return mode && { path: mode.path, value: mode.value ?? (fargate(task) ? "awsvpc" : "bridge") };
}

function container(inputs: Inputs, task: Inputs): ContainerSubject {
  const linux = inputs.inner("linuxParameters");
  const behind = network(task)?.value === "awsvpc";
  return {
    kind: "container",
    image: inputs.text("image"),
    user: inputs.text("user"),
    privileged: inputs.flag("privileged"),
    capAdd: capabilities(linux.inner("capabilities").texts("add")),
    capDrop: capabilities(linux.inner("capabilities").texts("drop")),
    readOnlyRoot: inputs.flag("readonlyRootFilesystem"),
    ...(fargate(task) ? {} : securityOptions(inputs.texts("dockerSecurityOptions"))),
    network: network(task),
    pid: task.text("pidMode"),
    ipc: task.text("ipcMode"),
    memoryBytes: limit(inputs, task, "memory", 1024 * 1024),
    cpu: limit(inputs, task, "cpu", 1),
    ulimits: namesOf(inputs, "ulimits", "name"),
    // With a network card of its own a task listens on its own address.
    ports: behind
      ? []
      : inputs.items("portMappings").flatMap((port) => {
          const declared = port.number("hostPort");
          const hostPort = declared?.value === 0 ? undefined : declared?.value;
          return [{ path: port.path("hostPort"), hostPort, hostIp: "the instance" }];
        }),
    hostMounts: mounts(inputs, hostVolumes(task)),
    devices: namesOf(linux, "devices", "hostPath"),
    health: inputs.present("healthCheck"),
    env: inputs.items("environment").flatMap((item) => {
      const [name, value] = [item.text("name")?.value, item.text("value")?.value];
      return name === undefined || value === undefined
        ? []
        : [{ path: item.path("value"), name, value }];
    }),
    logging: loggingOf(inputs.inner("logConfiguration"), "logDriver", "options"),
  };
}

export function ecsTask(inputs: Inputs): readonly ContainerSubject[] {
  return containersOf(inputs).map((one) => container(one, inputs));
}
