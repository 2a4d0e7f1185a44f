// Read-outs of images, networks and volumes. Engine API, /images, /networks, /volumes.

import type { IpamPool } from "../../docker/types.ts";
import { element, f } from "../fields.ts";
import { defineFunction } from "../function.ts";
import { filePath, writeStream, writtenFile } from "./written.ts";

const imageName = f.string({
  doc: "The image: a reference, or an id (`sha256:...`).",
  required: true,
});

export const getImage = defineFunction({
  name: "getImage",
  doc: "What an image of the daemon is. No registry is asked. One that is not there has `exists: false`.",
  inputs: { image: imageName },
  outputs: {
    exists: f.boolean({ doc: "Whether there is one.", required: true }),
    imageId: f.string({ doc: "Its id, `sha256:...`: always this, whatever it was asked by." }),
    tags: f.list(f.string(element), { doc: "Its references with a tag." }),
    digests: f.list(f.string(element), { doc: "Its references by digest, one a repository." }),
    createdAt: f.string({ doc: "When it was made, as ISO 8601." }),
    sizeBytes: f.integer({ doc: "Its size with all layers, in bytes." }),
    platform: f.string({ doc: "Its platform: `os/arch`, or `os/arch/variant`." }),
    layers: f.list(f.string(element), { doc: "The diff ids of its layers, the lowest first." }),
    labels: f.map(f.string(element), { doc: "Labels by name." }),
    command: f.list(f.string(element), { doc: "The command." }),
    entrypoint: f.list(f.string(element), { doc: "The entry point." }),
    env: f.list(f.string(element), { doc: "The environment: `NAME=value`." }),
    user: f.string({ doc: "The user; empty for root." }),
    workingDir: f.string({ doc: "The working directory." }),
    exposedPorts: f.list(f.string(element), { doc: "Ports that it says it listens on." }),
  },
  async call({ docker, signal }, { image }) {
    const found = await docker.images.inspect(image, { signal });
    if (!found) return { exists: false };
    const { Config, Os, Architecture, Variant } = found;
    return {
      exists: true,
      imageId: found.Id,
      tags: found.RepoTags ?? [],
      digests: found.RepoDigests ?? [],
      createdAt: found.Created ?? "",
      sizeBytes: found.Size,
      platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join("/"),
      layers: found.RootFS?.Layers ?? [],
      labels: Config?.Labels ?? {},
      command: Config?.Cmd ?? [],
      entrypoint: Config?.Entrypoint ?? [],
      env: Config?.Env ?? [],
      user: Config?.User ?? "",
      workingDir: Config?.WorkingDir ?? "",
      exposedPorts: Object.keys(Config?.ExposedPorts ?? {}),
    };
  },
});

const historyField = f.object(
  "ImageHistoryReadout",
  {
    createdBy: f.string({ doc: "The instruction.", required: true }),
    createdAt: f.string({ doc: "When, as ISO 8601.", required: true }),
    sizeBytes: f.integer({ doc: "Bytes of files in its layer; 0 without one.", required: true }),
    tags: f.list(f.string(element), { doc: "Tags of the image up to it.", required: true }),
    comment: f.string({ doc: "What else was noted.", required: true }),
  },
  { doc: "A step.", required: true },
);

export const getImageHistory = defineFunction({
  name: "getImageHistory",
  doc: "The steps that an image was made in.",
  inputs: { image: imageName },
  outputs: { steps: f.list(historyField, { doc: "The newest first.", required: true }) },
  async call({ docker, signal }, { image }) {
    const items = await docker.images.history(image, { signal });
    const steps = items.map(({ CreatedBy, Created, Size, Tags, Comment }) => ({
      createdBy: CreatedBy,
      createdAt: new Date(Created * 1000).toISOString(),
      sizeBytes: Size,
      tags: Tags ?? [],
      comment: Comment,
    }));
    return { steps };
  },
});

export const saveImage = defineFunction({
  name: "saveImage",
  doc: "Writes an image, with all its layers, to a file of the machine that runs the update, as `docker save` does. Done in each update, and in no preview. An Image's `load` takes the file to another daemon.",
  inputs: {
    image: f.string({
      doc: "The image: a reference, which the file then names it by, or an id (`sha256:...`).",
      required: true,
    }),
    path: filePath,
  },
  outputs: writtenFile,
  onlyInUpdates: true,
  async call({ docker, signal }, { image, path }) {
    return writeStream(await docker.images.save([image], { signal }), path, signal);
  },
});

const textsOf = (pools: readonly IpamPool[], name: "Subnet" | "Gateway") =>
  pools.flatMap((pool) => pool[name] ?? []);

export const getNetwork = defineFunction({
  name: "getNetwork",
  doc: "What a network of the daemon is, and who is on it. One that is not there has `exists: false`.",
  inputs: { network: f.string({ doc: "The network's name or id.", required: true }) },
  outputs: {
    exists: f.boolean({ doc: "Whether there is one.", required: true }),
    networkId: f.string({ doc: "Its id." }),
    name: f.string({ doc: "Its name." }),
    driver: f.string({ doc: "Its driver." }),
    internal: f.boolean({ doc: "Whether it has no way out." }),
    ipv6: f.boolean({ doc: "Whether it has IPv6." }),
    subnets: f.list(f.string(element), { doc: "Its subnets, as CIDR." }),
    gateways: f.list(f.string(element), { doc: "The host's addresses on it." }),
    options: f.map(f.string(element), { doc: "Options of the driver, by name." }),
    labels: f.map(f.string(element), { doc: "Labels by name." }),
    containers: f.map(f.string(element), {
      doc: "The IPv4 address, with the prefix, of each running container on it, by name.",
    }),
  },
  async call({ docker, signal }, { network }) {
    const found = await docker.networks.inspect(network, { signal });
    if (!found) return { exists: false };
    const pools = found.IPAM.Config ?? [];
    const on = Object.values(found.Containers ?? {});
    return {
      exists: true,
      networkId: found.Id,
      name: found.Name,
      driver: found.Driver,
      internal: found.Internal,
      ipv6: found.EnableIPv6,
      subnets: textsOf(pools, "Subnet"),
      gateways: textsOf(pools, "Gateway"),
      options: found.Options ?? {},
      labels: found.Labels ?? {},
      containers: Object.fromEntries(on.map(({ Name, IPv4Address }) => [Name, IPv4Address])),
    };
  },
});

export const getVolume = defineFunction({
  name: "getVolume",
  doc: "What a volume of the daemon is, and who has it. One that is not there has `exists: false`.",
  inputs: { volume: f.string({ doc: "The volume's name.", required: true }) },
  outputs: {
    exists: f.boolean({ doc: "Whether there is one.", required: true }),
    driver: f.string({ doc: "Its driver." }),
    mountpoint: f.string({ doc: "Where its data lies on the daemon's host." }),
    createdAt: f.string({ doc: "When it was made, as ISO 8601." }),
    options: f.map(f.string(element), { doc: "Options of the driver, by name." }),
    labels: f.map(f.string(element), { doc: "Labels by name." }),
    containers: f.list(f.string(element), {
      doc: "The names of the containers that have it, running or not.",
    }),
  },
  async call({ docker, signal }, { volume }) {
    const found = await docker.volumes.inspect(volume, { signal });
    if (!found) return { exists: false };
    const { usersOf } = await import("../../docker/volume-backup.ts");
    const users = await usersOf(docker, volume, { signal });
    return {
      exists: true,
      driver: found.Driver,
      mountpoint: found.Mountpoint,
      createdAt: found.CreatedAt ?? "",
      options: found.Options ?? {},
      labels: found.Labels ?? {},
      containers: users.flatMap(({ Names }) => Names[0]?.replace(/^\//, "") ?? []),
    };
  },
});
