// Lives of what takes long, or goes over a connection that is handed over: an image that is built and
// one that is pulled, a task, a backup of a volume, a command in a container; with what they need on
// the daemon. Both tables of disturbed lives have them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import * as assert from "uvu/assert";
import { packFiles } from "../../../sdk/docker/archive.ts";
import type { DockerClient } from "../../../sdk/docker/client.ts";
import { registryPassword, registryUser, type TestRegistry } from "../../support/registry.ts";
import type { Life } from "./disturbed.ts";

export interface Surroundings {
  readonly docker: DockerClient;
  /** An image with a shell and `sleep` in it. */
  readonly image: string;
  /** What all names of this run begin with. */
  readonly prefix: string;
  /** For files. */
  readonly folder: string;
  /** @defaultValue none: no life of a pull */
  readonly registry: TestRegistry | undefined;
}

const auth = { username: registryUser, password: registryPassword };
const upstream = ({ registry }: Surroundings) => `${registry?.host ?? ""}/up:1`;
/** The lives that hold containers, or run something in one, have one each. */
const uses = ["pause", "stop", "exec"] as const;
type Use = (typeof uses)[number];
const userOf = ({ prefix }: Surroundings, use: Use) => `${prefix}-user-${use}`;
const volumeOf = ({ prefix }: Surroundings, use: Use) => `${prefix}-data-${use}`;

async function makeUser(around: Surroundings, use: Use): Promise<void> {
  const { docker, image } = around;
  await docker.volumes.create({ Name: volumeOf(around, use) });
  const id = await docker.containers.create(userOf(around, use), {
    Image: image,
    HostConfig: {
      Binds: [`${volumeOf(around, use)}:/data`],
      Init: true,
      RestartPolicy: { Name: "always" },
    },
  });
  await docker.containers.start(id);
}

/** What the lives need: containers that run and have a volume, a build context, a registry's image. */
export async function furnish(around: Surroundings): Promise<void> {
  const { docker, folder, prefix, registry } = around;
  await mkdir(join(folder, "context"), { recursive: true });
  await writeFile(join(folder, "context", "Dockerfile"), "FROM scratch\nCOPY page /page\n");
  await writeFile(join(folder, "context", "page"), prefix);
  for (const use of uses) await makeUser(around, use);
  if (!registry) return;
  const root = await packFiles([{ path: "up", content: prefix }]);
  await docker.images.importRoot(Readable.from([root]), { reference: upstream(around) });
  await docker.images.push(upstream(around), { auth });
  await docker.images.remove(upstream(around));
}

/** Takes the containers and volumes away again. */
export async function clear(around: Surroundings): Promise<void> {
  const { docker } = around;
  for (const use of uses) {
    await docker.containers.remove(userOf(around, use), { force: true });
    await docker.volumes.remove(volumeOf(around, use));
  }
}

async function imageNames({ docker }: Surroundings): Promise<readonly string[]> {
  const images = await docker.images.list();
  return images.flatMap((one) => [...(one.RepoTags ?? []), ...(one.RepoDigests ?? [])]);
}

/** Of the registry's images none. */
async function nonePulled(around: Surroundings): Promise<void> {
  const { registry } = around;
  const names = await imageNames(around);
  assert.equal(registry ? names.filter((ref) => ref.startsWith(registry.host)) : [], [], "pulled");
}

/** Of the run's images only that one, and of the registry's none. */
export async function noImagesLeft(around: Surroundings): Promise<void> {
  const names = await imageNames(around);
  const ours = names.filter((ref) => ref !== around.image && ref.includes(around.prefix));
  assert.equal(ours, [], "images");
  await nonePulled(around);
}

/** The container that has the volume goes on, and it is the only one that has it. */
async function userRuns(around: Surroundings, use: Use): Promise<void> {
  const { docker } = around;
  const found = await docker.containers.inspect(userOf(around, use));
  assert.is(found?.State.Status, "running", "the container that has the volume");
  const filters = { volume: [volumeOf(around, use)] };
  const users = await docker.containers.list({ all: true, filters });
  assert.equal(
    users.map(({ Names }) => Names.join()),
    [`/${userOf(around, use)}`],
    "helpers",
  );
}

/** The command left what it leaves. */
async function wasRun({ docker }: Surroundings, container: string, file: string): Promise<void> {
  const cmd = ["/bin/sh", "-c", `/bin/busybox test -s ${file}`];
  assert.is((await docker.exec.run(container, { cmd })).exitCode, 0, "it was run");
}

/** The container of a task went with it. */
async function noTask({ docker }: Surroundings, name: string): Promise<void> {
  const filters = { name: [name] };
  assert.equal(await docker.containers.list({ all: true, filters }), [], "the task's container");
}

export function longLives(around: Surroundings): readonly Life[] {
  const { image } = around;
  const inFolder = (name: string) => join(around.folder, name);
  const script = (line: string) => ["/bin/sh", "-c", line];
  const backup = (consistency: "pause" | "stop"): Life => ({
    kind: "VolumeBackup",
    title: `VolumeBackup, ${consistency}`,
    program: (name) => ({
      ...{ volume: volumeOf(around, consistency), path: inFolder(`${name}.tar`), consistency },
      delete: true,
    }),
    after: () => userRuns(around, consistency),
  });
  return [
    {
      kind: "Image",
      title: "Image, built",
      program: () => ({ build: { context: inFolder("context"), noCache: true } }),
    },
    {
      kind: "Image",
      title: "Image, pulled",
      program: () => ({ pull: { ref: upstream(around), auth } }),
      after: () => nonePulled(around),
    },
    {
      kind: "Task",
      isRecord: true,
      program: () => ({ image, command: script("sleep 0.2; echo whole"), init: true }),
      after: (name) => noTask(around, name),
    },
    backup("pause"),
    backup("stop"),
    {
      kind: "Exec",
      isRecord: true,
      program: (name) => ({
        container: userOf(around, "exec"),
        command: script(`echo run >>/data/${name}`),
      }),
      after: (name) => wasRun(around, userOf(around, "exec"), `/data/${name}`),
    },
  ];
}
