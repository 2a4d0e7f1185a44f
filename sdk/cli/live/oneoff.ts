// What `dockwright run` makes out of what a service's container was made of. Pure.
import type { ContainerInputs } from "../../provider/container/options.ts";
import { readableName } from "../../provider/names.ts";
import type { RunOptions } from "./options.ts";
import { runLabel } from "./states.ts";
import type { Recorded } from "./view.ts";

/**
 * The same image, environment, files, secrets, volumes and limits, on the same networks; but without
 * what only one container can have (name, ports, fixed addresses), without the names under which others
 * look for the service, and without what keeps it up (restart, health).
 */
export function oneOffInputs(
  { inputs: recorded, service }: Recorded,
  command: readonly string[],
  { entrypoint, user, workdir, tty }: Omit<RunOptions, "tty"> & { readonly tty: boolean },
): ContainerInputs {
  const {
    name: _name,
    ports: _ports,
    publish: _publish,
    publishAllPorts: _publishAll,
    macAddress: _mac,
    hostname: _hostname,
    ready: _ready,
    start: _start,
    restart: _restart,
    restartMaxRetries: _retries,
    autoRemove: _remove,
    consoleSize: _size,
    networks = [],
    ...rest
  } = recorded as unknown as ContainerInputs;
  return {
    ...rest,
    ...(networks.length === 0 ? {} : { networks: networks.map(({ network }) => ({ network })) }),
    labels: { ...rest.labels, [runLabel]: service },
    healthCheck: { test: ["NONE"] },
    command,
    tty,
    openStdin: true,
    stdinOnce: true,
    attachStdin: true,
    attachStdout: true,
    attachStderr: true,
    ...(entrypoint === undefined ? {} : { entrypoint: [entrypoint] }),
    ...(user === undefined ? {} : { user }),
    ...(workdir === undefined ? {} : { workingDir: workdir }),
  };
}

/** The name of a one-off: `word` tells it from others. */
export function oneOffName(service: string, word: string): string {
  return `${readableName(service)}-run-${word}`;
}

/** The URN that its labels bear: of no resource, of this stack. */
export function oneOffUrn(project: string, stack: string, service: string): string {
  return `urn:pulumi:${stack}::${project}::dockwright:index:Run::${service}`;
}
