// A provider instance's configuration: which machine and which daemon, and with what credentials.
// Nothing is connected here: a host out of reach is an error of the resources on it, not of the
// provider, and what a preview does not know yet is an error only of those that ask for it.

import { DockerClient } from "../docker/client.ts";
import { readDockerContext } from "../docker/contexts.ts";
import { parseDockerHost } from "../docker/endpoint.ts";
import type { DockerEndpoint } from "../docker/types.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { localMachine } from "../host/local.ts";
import type { Machine } from "../host/machine.ts";
import { rollbackKey } from "../rollback.ts";
import { openSshMachine } from "../ssh/machine.ts";
import type { Failure } from "./check.ts";
import { f } from "./fields.ts";
import { type SshValues, sshFields, sshTarget } from "./ssh.ts";
import { ManagersClient } from "./swarm/managers.ts";
import { hasUnknown, isMap, type Value, type ValueMap } from "./values.ts";
import type { Properties } from "./wire.ts";

/** Where a daemon listens when nothing else is said (the Engine's own default). */
export const defaultDockerHost = "unix:///var/run/docker.sock";

function checkHost(value: string): string | undefined {
  if (/^unix:\/\/\/.+/.test(value) || /^tcp:\/\/[^/]+:\d+$/.test(value)) return undefined;
  return 'write unix:///PATH or tcp://HOST:PORT, such as "unix:///var/run/docker.sock"';
}

/** How a machine and its daemon are reached. */
export const connectionFields = {
  host: f.string({
    doc: "The daemon's address, as in DOCKER_HOST: `unix:///PATH` (on the machine of `ssh`, where that is given), or `tcp://HOST:PORT` with mutual TLS.",
    default: `with ssh ${defaultDockerHost}, else DOCKER_HOST of the environment, else that`,
    onChange: "update",
    check: checkHost,
  }),
  ca: f.string({
    doc: "The certificate of the authority that signed the daemon's certificate, as PEM. Required for tcp.",
    default: "none",
    onChange: "update",
  }),
  cert: f.string({
    doc: "The client's certificate, as PEM. Required for tcp.",
    default: "none",
    onChange: "update",
  }),
  key: f.string({
    doc: "The client's private key, as PEM. Required for tcp.",
    default: "none",
    secret: true,
    onChange: "update",
  }),
  dockerContext: f.string({
    doc: "The name of a context of the Docker CLI, of the user who runs the update: its address and TLS files are used.",
    default: "none",
    onChange: "update",
  }),
  ssh: f.object("Ssh", sshFields, {
    doc: "The machine, reached over SSH. Host resources work on it; so does Docker, over its socket, unless `host` says tcp.",
    default: "the machine that the plugin runs on",
    onChange: "update",
  }),
} as const;

export const providerFields = {
  ...connectionFields,
  managers: f.map(
    f.object("DaemonConnection", connectionFields, { doc: "A manager's daemon.", required: true }),
    {
      doc: "The managers of a swarm, by name: the daemon is whichever of them answers and can manage. In place of a connection to one daemon.",
      default: "none",
      onChange: "update",
    },
  ),
  swarmId: f.string({
    doc: "The id of the swarm that the managers have to be of. Required with managers.",
    default: "none",
    onChange: "update",
  }),
  lost: f.boolean({
    doc: "Whether the machine is lost. Nothing contacts it then: what is recorded stays as it is, what goes is forgotten, and nothing is made there.",
    default: "false",
    onChange: "update",
  }),
} as const;

const programsOwn = rollbackKey.replace(/^.*:/, "");

/**
 * Without what is the program's: the engine hands a default provider all that the stack's
 * configuration has under our name, and a rollback stands there.
 */
export function withoutProgramsOwn({ values, secrets }: Properties): Properties {
  const { [programsOwn]: _, ...rest } = values;
  return { values: rest, secrets: new Set([...secrets].filter((place) => place !== programsOwn)) };
}

function textOf(config: ValueMap, name: string): string | undefined {
  const value = config[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What no single field can tell. */
export function checkConfiguration(config: ValueMap): readonly Failure[] {
  const failures: Failure[] = [];
  const conflict = ["host", "ca", "cert", "key", "ssh"].find((name) => config[name] !== undefined);
  if (config["dockerContext"] !== undefined && conflict !== undefined) {
    const reason = `cannot be given together with ${conflict}: a context says all of it`;
    failures.push({ property: "dockerContext", reason });
  }
  const { managers } = config;
  const other = ["host", "ssh", "dockerContext"].find((name) => config[name] !== undefined);
  if (managers !== undefined && other !== undefined) {
    failures.push({ property: "managers", reason: `cannot be given together with ${other}` });
  }
  if ((managers === undefined) !== (config["swarmId"] === undefined)) {
    failures.push({ property: "swarmId", reason: "goes with managers, and they with it" });
  }
  const ssh = config["ssh"];
  if (isMap(ssh) && ssh["privateKey"] === undefined && ssh["agentSocket"] === undefined) {
    const reason = "has no key to log in with; give privateKey or agentSocket";
    failures.push({ property: "ssh", reason });
  }
  return failures;
}

function notKnownYet(what: string): SdkError {
  return new SdkError(ErrorCode.Unreachable, `${what} is not known yet`, {
    fix: "run the update: what makes the host comes first",
  });
}

/** The machine that the configuration names; every call fails where it is not known yet. */
export function connectMachine(config: ValueMap): Machine {
  const { ssh } = config;
  if (ssh === undefined || ssh === null) return localMachine();
  if (hasUnknown(ssh)) {
    const refuse = () => Promise.reject(notKnownYet("the host to reach over SSH"));
    return {
      label: "a host not known yet",
      run: refuse,
      readFile: refuse,
      writeFile: refuse,
      dial: refuse,
      dialTcp: refuse,
      close: () => undefined,
    };
  }
  return openSshMachine(sshTarget(ssh as unknown as SshValues));
}

/** Where the daemon listens, as in DOCKER_HOST, unless a context of the Docker CLI says it. */
export function dockerHostOf(config: ValueMap): string {
  // The environment is that of this machine.
  const usual = isMap(config["ssh"]) ? undefined : process.env["DOCKER_HOST"];
  return textOf(config, "host") ?? usual ?? defaultDockerHost;
}

function endpointOf(config: ValueMap, machine: () => Machine): DockerEndpoint {
  const named = textOf(config, "dockerContext");
  if (named !== undefined) return readDockerContext(named);
  const overSsh = isMap(config["ssh"]);
  const [ca, cert, key] = ["ca", "cert", "key"].map((name) => textOf(config, name));
  const tls = ca && cert && key ? { ca, cert, key } : undefined;
  const endpoint = parseDockerHost(dockerHostOf(config), tls);
  if (!overSsh || endpoint.kind !== "unix") return endpoint;
  const { socketPath } = endpoint;
  const name = `${socketPath} on ${machine().label}`;
  return { kind: "stream", name, connect: () => machine().dial(socketPath) };
}

/** The client of the daemon that the configuration names. `machine` is the configuration's own. */
export function connectDocker(config: ValueMap, machine: () => Machine): DockerClient {
  const { host, ca, cert, key, ssh, dockerContext, managers, swarmId } = config;
  const one: readonly (Value | undefined)[] = [host, ca, cert, key, ssh, dockerContext];
  const parts: readonly (Value | undefined)[] = [...one, managers, swarmId];
  if (parts.some((part) => hasUnknown(part))) {
    const connect = () => Promise.reject(notKnownYet("the Docker daemon's address"));
    return new DockerClient({ kind: "stream", name: "a daemon not known yet", connect });
  }
  if (isMap(managers)) return connectManagers(managers, typeof swarmId === "string" ? swarmId : "");
  return new DockerClient(endpointOf(config, machine));
}

/** The client of whichever manager of a swarm answers. */
function connectManagers(managers: ValueMap, swarmId: string): DockerClient {
  const open = Object.entries(managers).map(([name, given]) => {
    const config = isMap(given) ? given : {};
    let machine: Machine | undefined;
    const reach = () => {
      machine ??= connectMachine(config);
      return machine;
    };
    return { name, make: () => connectDocker(config, reach), end: () => machine?.close() };
  });
  return new ManagersClient(open, swarmId);
}
