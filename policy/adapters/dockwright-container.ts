// Dockwright's containers and tasks: Docker's words, one to one.
import { parsePortSpec } from "../../sdk/docker/ports.ts";
import type { Inputs } from "../inputs.ts";
import type { ContainerSubject, Declared, HostMount, PublishedPlace } from "../subjects.ts";
import {
  bindMounts,
  capabilities,
  firstOf,
  hasAny,
  loggingOf,
  namesOf,
  securityOptions,
  typedMounts,
} from "./docker-words.ts";

/** What a text publishes; a text that is none is the provider's to refuse. */
function published(path: string, text: string): readonly PublishedPlace[] {
  try {
    return parsePortSpec(text).map(({ hostPort, hostIp }) => ({ path, hostPort, hostIp }));
  } catch {
    return [];
  }
}

function ports(inputs: Inputs): readonly PublishedPlace[] {
  const long = inputs.items("ports").flatMap((item) => {
    const [port, ip] = [item.number("hostPort"), item.text("hostIp")];
    if (port === undefined || ip === undefined) return [];
    return [{ path: item.path("hostPort"), hostPort: port.value, hostIp: ip.value }];
  });
  const short = inputs.textItems("publish").flatMap(({ path, value }) => published(path, value));
  return [...long, ...short];
}

function mounts(inputs: Inputs): readonly HostMount[] {
  const long = typedMounts(inputs);
  return [...long, ...bindMounts(inputs.textItems("binds"))];
}

function network(inputs: Inputs): Declared<string> | undefined {
  const mode = inputs.text("networkMode");
  if (mode === undefined || inputs.isUnknown("networks")) return undefined;
  if (mode.value !== undefined) return mode;
  if (inputs.flag("networkDisabled")?.value === true) return { path: mode.path, value: "none" };
  return {
    path: inputs.path("networks"),
    value: hasAny(inputs, "networks") ? "attached" : "bridge",
  };
}

export function dockwrightContainer(inputs: Inputs): ContainerSubject {
  const security = securityOptions(inputs.texts("securityOpt"));
  return {
    kind: "container",
    image: inputs.text("image"),
    user: inputs.text("user"),
    privileged: inputs.flag("privileged"),
    capAdd: capabilities(inputs.texts("capAdd")),
    capDrop: capabilities(inputs.texts("capDrop")),
    readOnlyRoot: inputs.flag("readOnly"),
    ...security,
    network: network(inputs),
    pid: inputs.text("pidMode"),
    ipc: inputs.text("ipcMode"),
    uts: inputs.text("utsMode"),
    userns: inputs.text("usernsMode"),
    cgroupParent: inputs.text("cgroupParent"),
    memoryBytes: inputs.number("memoryBytes"),
    cpu: firstOf(inputs.number("cpus"), inputs.number("cpuQuotaUs"), inputs.number("cpuShares")),
    pidsLimit: inputs.number("pidsLimit"),
    ulimits: inputs.names("ulimits"),
    ports: ports(inputs),
    publishAll: inputs.flag("publishAllPorts"),
    hostMounts: mounts(inputs),
    devices: namesOf(inputs, "devices", "hostPath"),
    restart: inputs.text("restart"),
    restartMaxRetries: inputs.number("restartMaxRetries"),
    health: firstOf(inputs.present("healthCheck"), inputs.present("ready")),
    env: inputs.textMembers("env"),
    logging: loggingOf(inputs.inner("logging"), "driver", "options"),
  };
}

/** A task runs once and ends: how it is restarted and watched is nobody's question. */
export function dockwrightTask(inputs: Inputs): ContainerSubject {
  const {
    restart: _restart,
    restartMaxRetries: _retries,
    health: _health,
    ...rest
  } = dockwrightContainer(inputs);
  return rest;
}
