// Options of mounts, in Docker's long form and in its short one. The long one refuses a path of the
// host that is not there; the short one (`binds`) makes it, as Docker does.
// Engine API 1.41 to 1.45, POST /containers/create: HostConfig.Mounts, Binds, VolumesFrom.

import type { Mount } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { hostOption, option, unlessEmpty } from "./option.ts";
import { secretsRoot } from "./secrets.ts";

export function checkPath(value: string): string | undefined {
  return value.startsWith("/") ? undefined : 'write an absolute path, such as "/var/lib/data"';
}

const bindField = f.object(
  "BindOptions",
  {
    propagation: f.choice(["private", "rprivate", "shared", "rshared", "slave", "rslave"], {
      doc: "Whether mounts that come later are seen on the other side.",
      default: "rprivate",
    }),
    nonRecursive: f.boolean({
      doc: "Leaves out what is mounted below the path.",
      default: "false",
    }),
    createMountpoint: f.boolean({
      doc: "Makes the path on the host where it is not there. Needs API 1.42.",
      default: "false",
    }),
    readOnlyNonRecursive: f.boolean({
      doc: "With readOnly: what is mounted below the path stays writable. Needs API 1.44.",
      default: "false",
    }),
    readOnlyForceRecursive: f.boolean({
      doc: "With readOnly: fails where what is mounted below cannot be made read-only. Needs API 1.44.",
      default: "false",
    }),
  },
  { doc: "Options of a bind.", default: "Docker's" },
);

const volumeField = f.object(
  "VolumeOptions",
  {
    noCopy: f.boolean({
      doc: "Leaves a new volume empty, in place of filling it with what the image has there.",
      default: "false",
    }),
    labels: f.map(f.string(element), {
      doc: "Labels of the volume, if it has to be made.",
      default: "none",
    }),
    driver: f.string({ doc: "Its driver, if it has to be made.", default: "local" }),
    driverOptions: f.map(f.string(element), {
      doc: "Options of its driver, if it has to be made.",
      default: "none",
    }),
    subpath: f.string({
      doc: "The folder of the volume that is mounted; it has to be there. Needs API 1.45.",
      default: "the whole volume",
    }),
  },
  { doc: "Options of a volume.", default: "Docker's" },
);

const tmpfsField = f.object(
  "TmpfsOptions",
  {
    sizeBytes: f.integer({ doc: "The most it holds, in bytes.", default: "no limit" }),
    mode: f.integer({
      doc: "The permission bits of its folder, as a number: 0o700.",
      default: "0o1777",
      check: (value) => (value >= 0 && value <= 0o7777 ? undefined : "write 0 to 0o7777"),
    }),
    options: f.list(f.list(f.string(element), element), {
      doc: 'Further mount options, each a name or a name and a value: `[["noexec"]]`. Needs API 1.46.',
      default: "none",
    }),
  },
  { doc: "Options of a file system in memory.", default: "Docker's" },
);

const mountField = f.object(
  "Mount",
  {
    type: f.choice(["volume", "bind", "tmpfs", "image"], {
      doc: "A volume of the daemon, a path of its host, memory, or an image's content (API 1.48).",
      default: "volume",
    }),
    source: f.string({
      doc: "The volume's name, the path on the host, or the image.",
      default: "of a volume: an anonymous one, that goes with the container",
    }),
    target: f.string({
      doc: "Where it appears in the container.",
      required: true,
      check: checkPath,
    }),
    readOnly: f.boolean({ doc: "Whether the container may only read it.", default: "false" }),
    consistency: f.choice(["default", "consistent", "cached", "delegated"], {
      doc: "How closely both sides agree; only Docker Desktop heeds it.",
      default: "default",
    }),
    bindOptions: bindField,
    volumeOptions: volumeField,
    tmpfsOptions: tmpfsField,
    imageSubpath: f.string({
      doc: "Of an image: the folder that is mounted. Needs API 1.48.",
      default: "the whole image",
    }),
  },
  {
    ...element,
    check: checkMount,
  },
);
export type MountValue = PlainOf<typeof mountField>;

interface MountLike {
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly [name: string]: unknown;
}

const optionsOf: Readonly<Record<string, string>> = {
  bindOptions: "bind",
  volumeOptions: "volume",
  tmpfsOptions: "tmpfs",
  imageSubpath: "image",
};

function checkMount(mount: MountLike): string | undefined {
  const { type = "volume", source } = mount;
  if (type === "tmpfs" && source !== undefined) return "leave source out: memory has none";
  if ((type === "bind" || type === "image") && !source) return `give the source of the ${type}`;
  if (type === "bind" && source?.startsWith("/") === false)
    return "write an absolute path of the host as source";
  const odd = Object.keys(optionsOf).find(
    (name) => mount[name] !== undefined && optionsOf[name] !== type,
  );
  return odd === undefined ? undefined : `${odd} are of type ${optionsOf[odd] ?? ""}, not ${type}`;
}

/** The members that hold something. */
function given<T extends object>(members: T): T | undefined {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as T);
}

/** A mount in the Engine's words. */
export function mountOf(mount: MountValue): Mount {
  const { bindOptions: bind, volumeOptions: volume, tmpfsOptions: memory } = mount;
  const config = given({ Name: volume?.driver, Options: volume?.driverOptions });
  const parts = {
    Consistency: mount.consistency,
    BindOptions: given({
      Propagation: bind?.propagation,
      NonRecursive: bind?.nonRecursive,
      CreateMountpoint: bind?.createMountpoint,
      ReadOnlyNonRecursive: bind?.readOnlyNonRecursive,
      ReadOnlyForceRecursive: bind?.readOnlyForceRecursive,
    }),
    VolumeOptions: given({
      NoCopy: volume?.noCopy,
      Labels: volume?.labels,
      DriverConfig: config,
      Subpath: volume?.subpath,
    }),
    TmpfsOptions: given({
      SizeBytes: memory?.sizeBytes,
      Mode: memory?.mode,
      Options: memory?.options,
    }),
    ImageOptions: given({ Subpath: mount.imageSubpath }),
  };
  return {
    Type: mount.type ?? "volume",
    ...(mount.source === undefined ? {} : { Source: mount.source }),
    Target: mount.target,
    ReadOnly: mount.readOnly ?? false,
    ...given(parts),
  } as Mount;
}

/** A real mount in the words of the declaration. */
export function readMount(live: Mount): MountValue {
  const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: memory } = live;
  const labels = unlessEmpty(volume?.Labels);
  const driverOptions = unlessEmpty(volume?.DriverConfig?.Options);
  const options = unlessEmpty(memory?.Options);
  const parts = {
    type: live.Type === "volume" ? undefined : live.Type,
    source: live.Source || undefined,
    target: live.Target ?? "",
    readOnly: live.ReadOnly || undefined,
    consistency: live.Consistency || undefined,
    bindOptions: given({
      propagation: bind?.Propagation || undefined,
      nonRecursive: bind?.NonRecursive || undefined,
      createMountpoint: bind?.CreateMountpoint || undefined,
      readOnlyNonRecursive: bind?.ReadOnlyNonRecursive || undefined,
      readOnlyForceRecursive: bind?.ReadOnlyForceRecursive || undefined,
    }),
    volumeOptions: given({
      noCopy: volume?.NoCopy || undefined,
      labels,
      driver: volume?.DriverConfig?.Name || undefined,
      driverOptions,
      subpath: volume?.Subpath || undefined,
    }),
    tmpfsOptions: given({
      sizeBytes: memory?.SizeBytes || undefined,
      mode: memory?.Mode || undefined,
      options,
    }),
    imageSubpath: live.ImageOptions?.Subpath || undefined,
  };
  return given(parts) as unknown as MountValue;
}

/** Whether a mount was made by us, for files or secrets, and not declared as one. */
function isOwn(mount: Mount, declared: readonly MountValue[] | undefined): boolean {
  if (mount.Source?.startsWith(secretsRoot) === true) return true;
  return !mount.Source && mount.Type === "volume" && !isDeclared(mount, declared);
}

function isDeclared(mount: Mount, declared: readonly MountValue[] | undefined): boolean {
  return declared?.some(({ target }) => target === mount.Target) === true;
}

export const mountOptions = {
  mounts: option(
    f.list(mountField, {
      doc: "Volumes, host paths and memory that the container sees. A host path has to be there.",
      default: "none",
      check: (mounts) => {
        const targets = mounts.map((mount) => mount.target);
        const twice = targets.find((target, index) => targets.indexOf(target) !== index);
        return twice === undefined
          ? undefined
          : `"${twice}" is the target of two mounts; give each its own`;
      },
    }),
    (body, value) => {
      body.HostConfig.Mounts = value.map(mountOf);
    },
    (container, _image, declared) => {
      const live = (container.HostConfig.Mounts ?? []).filter((mount) => !isOwn(mount, declared));
      return unlessEmpty(
        live.map((mount, index) => {
          const asked = declared?.[index];
          // What is spelt out as it is by default stays spelt out.
          const same =
            asked && JSON.stringify(readMount(mountOf(asked))) === JSON.stringify(readMount(mount));
          return same ? asked : readMount(mount);
        }),
      );
    },
  ),
  binds: hostOption(
    "Binds",
    f.list(f.string(element), {
      doc: 'Mounts in the docker CLI\'s short form, "SOURCE:TARGET[:OPTIONS]", with options such as `ro`, `z` and `Z` (SELinux labels), `nocopy`, `rshared`. A path of the host that is not there is made.',
      default: "none",
      check: (binds) => {
        const bad = binds.find((bind) => !/^[^:]+:\/[^:]*(:[\w,=-]+)?$/.test(bind));
        return bad === undefined ? undefined : `"${bad}" is none; write SOURCE:/TARGET[:OPTIONS]`;
      },
    }),
  ),
  volumesFrom: hostOption(
    "VolumesFrom",
    f.list(f.string(element), {
      doc: 'Containers whose volumes and binds it shares: "CONTAINER[:ro]".',
      default: "none",
    }),
  ),
  anonymousVolumes: option(
    f.list(f.string({ ...element, check: checkPath }), {
      doc: "Paths that become anonymous volumes, which start with what the image has there and go with the container (see removeVolumes).",
      default: "none",
    }),
    (body, value) => {
      body.Volumes = Object.fromEntries(value.map((path) => [path, {}] as const));
    },
    (container, image, declared) => {
      const given = Object.keys(image?.Config?.Volumes ?? {});
      const live = Object.keys(container.Config.Volumes ?? {});
      const own = live.filter((path) => declared?.includes(path) || !given.includes(path));
      const same = declared && [...own].sort().join() === [...declared].sort().join();
      return same ? declared : unlessEmpty(own.sort());
    },
  ),
  volumeDriver: hostOption(
    "VolumeDriver",
    f.string({ doc: "The driver of volumes that have to be made for `binds`.", default: "local" }),
  ),
  storageOpt: hostOption(
    "StorageOpt",
    f.map(f.string(element), {
      doc: 'Options of the storage driver, such as `{ size: "10G" }` where it has quotas.',
      default: "none",
    }),
  ),
} as const;
