// Mounts, memory file systems, files and secrets.
import { shell, type Table } from "./row.ts";

const kib = 1024;

export const storageRows: Table = {
  mounts: {
    differs: true,
    value: [
      { source: "$vol1", target: "/data", volumeOptions: { noCopy: true } },
      {
        type: "bind",
        source: "/tmp",
        target: "/host",
        readOnly: true,
        bindOptions: { nonRecursive: true },
      },
      { type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 64 * kib, mode: 0o700 } },
    ],
    body: {
      HostConfig: {
        Mounts: [
          {
            Type: "volume",
            Source: "$vol1",
            Target: "/data",
            ReadOnly: false,
            VolumeOptions: { NoCopy: true },
          },
          {
            Type: "bind",
            Source: "/tmp",
            Target: "/host",
            ReadOnly: true,
            BindOptions: { NonRecursive: true },
          },
          {
            Type: "tmpfs",
            Target: "/scratch",
            ReadOnly: false,
            TmpfsOptions: { SizeBytes: 64 * kib, Mode: 0o700 },
          },
        ],
      },
    },
    changed: {
      value: [
        { source: "$vol1", target: "/data" },
        { type: "bind", source: "/tmp", target: "/host" },
        { type: "tmpfs", target: "/scratch", tmpfsOptions: { sizeBytes: 128 * kib, mode: 0o700 } },
      ],
      places: {
        "mounts[0].volumeOptions": "delete_replace",
        "mounts[1].readOnly": "delete_replace",
        "mounts[1].bindOptions": "delete_replace",
        "mounts[2].tmpfsOptions.sizeBytes": "update_replace",
      },
    },
  },
  binds: {
    differs: true,
    value: ["$vol1:/data:ro", "/tmp:/host"],
    body: { HostConfig: { Binds: ["$vol1:/data:ro", "/tmp:/host"] } },
    changed: {
      value: ["$vol1:/data", "/tmp:/host"],
      places: { "binds[0]": "update_replace" },
    },
  },
  volumesFrom: {
    value: ["$holder:ro"],
    body: { HostConfig: { VolumesFrom: ["$holder:ro"] } },
    changed: { value: ["$holder"], places: { "volumesFrom[0]": "update_replace" } },
  },
  anonymousVolumes: {
    differs: true,
    value: ["/var/cache"],
    body: { Volumes: { "/var/cache": {} } },
    changed: { value: ["/var/lib"], places: { "anonymousVolumes[0]": "update_replace" } },
  },
  volumeDriver: {
    value: "local",
    body: { HostConfig: { VolumeDriver: "local" } },
    changed: { value: "other", places: { volumeDriver: "update_replace" } },
  },
  storageOpt: {
    value: { size: "10G" },
    body: { HostConfig: { StorageOpt: { size: "10G" } } },
    refused: /storage-opt is supported only for overlay over xfs with 'pquota'/,
  },
  shmSizeBytes: {
    value: 128 * kib * kib,
    body: { HostConfig: { ShmSize: 128 * kib * kib } },
    changed: { value: 32 * kib * kib, places: { shmSizeBytes: "update_replace" } },
  },
  tmpfs: {
    value: { "/run": "size=16m" },
    body: { HostConfig: { Tmpfs: { "/run": "size=16m" } } },
    changed: { value: { "/run": "size=8m" }, places: { 'tmpfs["/run"]': "update_replace" } },
  },
  files: {
    differs: true,
    value: { "/etc/app.conf": { content: "x", mode: 0o400 }, "/etc/b": { contentBase64: "AAH/" } },
    changed: {
      value: {
        "/etc/app.conf": { content: "y", mode: 0o400 },
        "/etc/b": { contentBase64: "AAH/" },
      },
      places: { 'files["/etc/app.conf"].content': "update_replace" },
    },
    behind: shell("echo z > /etc/app.conf; chmod 600 /etc/app.conf; rm /etc/b", {
      'files["/etc/app.conf"].content': "update_replace",
      'files["/etc/app.conf"].mode': "update_replace",
      'files["/etc/b"]': "add_replace",
    }),
    // Which of its files were put in, a container does not tell.
    adopted: { files: "add_replace" },
  },
  secrets: {
    differs: true,
    value: { TOKEN: "t0ken-of-the-table", KEY: "k" },
    changed: {
      value: { TOKEN: "t1ken-of-the-table", KEY: "k" },
      places: { "secrets.TOKEN": "update_replace" },
    },
  },
};
