// Options of storage: volumes, binds, memory file systems, and files put in before the start.
// Engine API 1.41 to 1.45, POST /containers/create: HostConfig.Mounts and Tmpfs.

import type { ContainerInspect, Mount } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { option, unlessEmpty } from "./option.ts";

function checkPath(value: string): string | undefined {
  return value.startsWith("/") ? undefined : 'write an absolute path, such as "/var/lib/data"';
}

const mountField = f.object(
  "Mount",
  {
    type: f.choice(["volume", "bind"], {
      doc: "A volume of the daemon, or a path of its host.",
      default: "volume",
    }),
    source: f.string({ doc: "The volume's name, or the path on the host.", required: true }),
    target: f.string({
      doc: "Where it appears in the container.",
      required: true,
      check: checkPath,
    }),
    readOnly: f.boolean({ doc: "Whether the container may only read it.", default: "false" }),
  },
  element,
);
export type MountValue = PlainOf<typeof mountField>;

const fileField = f.object(
  "FileUpload",
  {
    content: f.string({ doc: "The text of the file; mark it secret where it is.", required: true }),
    mode: f.integer({
      doc: "The permission bits, as a number: 0o400.",
      default: "0o444",
      check: (value) => (value >= 0 && value <= 0o7777 ? undefined : "write 0 to 0o7777"),
    }),
    uid: f.integer({ doc: "The owner's number.", default: "0" }),
    gid: f.integer({ doc: "The group's number.", default: "0" }),
  },
  element,
);
export type FileValue = PlainOf<typeof fileField>;

function readMounts(
  container: ContainerInspect,
  declared: readonly MountValue[] | undefined,
): readonly MountValue[] | undefined {
  const live = (container.HostConfig.Mounts ?? []).flatMap((mount): MountValue[] => {
    if (mount.Type !== "volume" && mount.Type !== "bind") return [];
    // An anonymous one holds files (see files.ts).
    if (!mount.Source) return [];
    const target = mount.Target ?? "";
    const before = declared?.find((item) => item.target === target);
    return [
      {
        ...(mount.Type === "bind" || before?.type ? { type: mount.Type } : {}),
        source: mount.Source,
        target,
        ...(mount.ReadOnly || before?.readOnly !== undefined
          ? { readOnly: mount.ReadOnly ?? false }
          : {}),
      },
    ];
  });
  return unlessEmpty(live);
}

export const storageOptions = {
  mounts: option(
    f.list(mountField, {
      doc: "Volumes and host paths that the container sees.",
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
      body.HostConfig.Mounts = value.map(
        (mount): Mount => ({
          Type: mount.type ?? "volume",
          Source: mount.source,
          Target: mount.target,
          ReadOnly: mount.readOnly ?? false,
        }),
      );
    },
    (container, _image, declared) => readMounts(container, declared),
  ),
  tmpfs: option(
    f.map(f.string({ ...element }), {
      doc: 'File systems in memory by path, with Docker\'s mount options: `{ "/run": "mode=0755,size=16m" }`.',
      default: "none",
      check: (paths) => {
        const bad = Object.keys(paths).find((path) => !path.startsWith("/"));
        return bad === undefined ? undefined : `"${bad}" is not an absolute path`;
      },
    }),
    (body, value) => {
      body.HostConfig.Tmpfs = value;
    },
    (container) => unlessEmpty(container.HostConfig.Tmpfs),
  ),
  files: option(
    f.map(fileField, {
      doc: "Files put into the container before it starts, by absolute path. They live in its own layer and go with it.",
      default: "none",
      check: (files) => {
        const bad = Object.keys(files).find((path) => !/^\/.*[^/]$/.test(path));
        return bad === undefined ? undefined : `"${bad}" is not the absolute path of a file`;
      },
    }),
  ),
} as const;
