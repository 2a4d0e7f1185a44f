// What a test project has on the daemon of this machine: found by the ownership label (images by
// their repository), whatever happened to its state. Other projects' objects are never touched.
import { existsSync } from "node:fs";
import { DockerClient } from "../../sdk/docker/client.ts";
import { parseDockerHost } from "../../sdk/docker/endpoint.ts";
import type { ContainerSummary } from "../../sdk/docker/types.ts";

const socketPath = "/var/run/docker.sock";
const urnLabel = "dockwright.urn";

/** Why tests that need a daemon cannot run here, if they cannot. */
export function missingDaemon(): string | undefined {
  return existsSync(socketPath) ? undefined : "there is no Docker daemon";
}

export function localDocker(): DockerClient {
  return new DockerClient(parseDockerHost(`unix://${socketPath}`, undefined));
}

/** Names of all that a project owns, by kind. */
export interface Owned {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
  readonly images: readonly string[];
}

export const nothing: Owned = { containers: [], networks: [], volumes: [], images: [] };

type Labelled = { readonly Labels?: Readonly<Record<string, string>> | null };

/** Images of kept releases have a tag below this. */
const pinned = /^dockwright-release\//;

const labelled = { label: [urnLabel] };

function belongsTo(project: string, stack?: string) {
  const start = stack === undefined ? "urn:pulumi:" : `urn:pulumi:${stack}::`;
  return ({ Labels }: Labelled) => {
    const urn = Labels?.[urnLabel] ?? "";
    return urn.startsWith(start) && urn.includes(`::${project}::`);
  };
}

export function nameOf(container: ContainerSummary): string {
  return (container.Names[0] ?? container.Id).replace(/^\//, "");
}

/** The containers of a project, stopped ones too, by name. */
export async function containersOf(
  docker: DockerClient,
  project: string,
  stack?: string,
): Promise<readonly ContainerSummary[]> {
  const all = await docker.containers.list({ all: true, filters: labelled });
  const ours = all.filter(belongsTo(project, stack));
  return ours.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

/** Everything of a project, or of one of its stacks. */
export async function ownedBy(
  docker: DockerClient,
  project: string,
  stack?: string,
): Promise<Owned> {
  const isOurs = belongsTo(project, stack);
  const [containers, networks, volumes, images] = await Promise.all([
    containersOf(docker, project, stack),
    docker.networks.list(labelled),
    docker.volumes.list(labelled),
    docker.images.list(),
  ]);
  const repository = stack === undefined ? `${project}/` : `${project}/${stack}/`;
  const tags = images.flatMap(({ Id, RepoTags, Labels }) => {
    const ours = (RepoTags ?? []).filter((tag) => tag.replace(pinned, "").startsWith(repository));
    // A build that was cut short leaves an image without a tag, with the label of the wanted one.
    const untagged = (RepoTags ?? []).every((tag) => tag === "<none>:<none>");
    const wanted = Labels?.["dockwright.content"]?.startsWith(repository) === true;
    return untagged && wanted ? [Id] : ours;
  });
  return {
    containers: containers.map(nameOf),
    networks: networks.filter(isOurs).map(({ Name }) => Name),
    volumes: volumes.filter(isOurs).map(({ Name }) => Name),
    images: tags.toSorted(),
  };
}

/** Removes everything of a project. */
export async function removeOwned(docker: DockerClient, project: string): Promise<void> {
  const { containers, networks, volumes, images } = await ownedBy(docker, project);
  for (const name of containers)
    await docker.containers.remove(name, { force: true, volumes: true });
  for (const name of networks) await docker.networks.remove(name);
  for (const name of volumes) await docker.volumes.remove(name, { force: true });
  for (const name of images) await docker.images.remove(name, { force: true });
}
