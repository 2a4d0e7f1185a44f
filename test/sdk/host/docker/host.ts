// A host of the lab as the parts above SSH see it, and short words for what the tests do to its daemon.
import { DockerClient } from "../../../../sdk/docker/client.ts";
import { applyDaemon } from "../../../../sdk/host/docker/apply.ts";
import { type DaemonSpec, planGeneration } from "../../../../sdk/host/docker/files.ts";
import { observeDaemon, siteOf } from "../../../../sdk/host/docker/observe.ts";
import { machineEndpoint, probeDaemon } from "../../../../sdk/host/docker/probe.ts";
import { shellMachine } from "../../../../sdk/host/local.ts";
import type { Machine } from "../../../../sdk/host/machine.ts";
import type { LabHost } from "../../../lab/hosts.ts";

export function machineOf(host: LabHost): Machine {
  return shellMachine({
    label: host.name,
    prefix: ["nsenter", "--target", String(host.pid), "--all"],
    socketPath: (path) => Promise.resolve(host.path(path.replace(/^\/var\/run\//, "/run/"))),
  });
}

export interface Applied {
  readonly action: string;
  readonly reasons: readonly string[];
}

/** Brings the daemon of a machine to what is wanted, probing it through its socket unless told otherwise. */
export async function apply(
  machine: Machine,
  spec: DaemonSpec,
  how: { readonly probe?: () => Promise<void>; readonly confirmSeconds?: number } = {},
): Promise<Applied> {
  const site = siteOf(machine, await observeDaemon(machine));
  const wanted = planGeneration(spec, site);
  const probe = async () => {
    await probeDaemon(machineEndpoint(machine), spec.options);
  };
  return await applyDaemon(machine, wanted, site, { probe, owner: "urn:test", ...how });
}

export function clientOf(machine: Machine): DockerClient {
  return new DockerClient(machineEndpoint(machine));
}

/** The container that a test watches: it does nothing, for long. */
export async function startContainer(
  client: DockerClient,
  name: string,
  command: readonly string[] = ["sleep", "100000"],
): Promise<string> {
  const id = await client.containers.create(name, { Image: image, Cmd: command });
  await client.containers.start(id);
  return id;
}

export const image = "dwtest/tiny:1";

/** An image of busybox alone, out of the host's or this machine's program. */
export async function loadImage(machine: Machine): Promise<void> {
  const script = `set -e
dir=$(mktemp -d); mkdir -p "$dir/bin"; cat > "$dir/bin/busybox"; chmod 755 "$dir/bin/busybox"
for name in sh sleep httpd nc cat ip; do ln -s busybox "$dir/bin/$name"; done
tar -C "$dir" -c . | docker import - ${image}`;
  const { readFile } = await import("node:fs/promises");
  const input = await readFile("/usr/bin/busybox");
  const { code, stderr } = await machine.run(script, { input, timeoutMs: 60_000 });
  if (code !== 0) throw new Error(stderr);
}
