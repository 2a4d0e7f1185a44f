// Rights and namespaces.
import type { Table } from "./row.ts";

export const securityRows: Table = {
  capAdd: {
    differs: true,
    value: ["CHOWN", "NET_ADMIN"],
    body: { HostConfig: { CapAdd: ["CHOWN", "NET_ADMIN"] } },
    changed: { value: ["CHOWN"], places: { "capAdd[1]": "delete_replace" } },
  },
  capDrop: {
    value: ["ALL"],
    body: { HostConfig: { CapDrop: ["ALL"] } },
    changed: { value: ["CHOWN"], places: { "capDrop[0]": "update_replace" } },
  },
  privileged: {
    value: true,
    body: { HostConfig: { Privileged: true } },
    // Where this machine itself has not every right.
    refused: /unable to apply caps/,
  },
  securityOpt: {
    differs: true,
    value: ["no-new-privileges:true", "systempaths=unconfined"],
    body: {
      HostConfig: {
        SecurityOpt: ["no-new-privileges:true"],
        MaskedPaths: [],
        ReadonlyPaths: [],
      },
    },
    changed: { value: ["no-new-privileges:true"], places: { "securityOpt[1]": "delete_replace" } },
  },
  maskedPaths: {
    differs: true,
    value: ["/proc/kcore", "/proc/cpuinfo"],
    body: { HostConfig: { MaskedPaths: ["/proc/kcore", "/proc/cpuinfo"] } },
    changed: { value: ["/proc/kcore"], places: { "maskedPaths[1]": "delete_replace" } },
  },
  readonlyPaths: {
    value: ["/proc/sys", "/proc/tty"],
    body: { HostConfig: { ReadonlyPaths: ["/proc/sys", "/proc/tty"] } },
    changed: { value: ["/proc/sys"], places: { "readonlyPaths[1]": "delete_replace" } },
  },
  readOnly: { value: true, body: { HostConfig: { ReadonlyRootfs: true } } },
  groupAdd: {
    value: ["44", "45"],
    body: { HostConfig: { GroupAdd: ["44", "45"] } },
    changed: { value: ["44"], places: { "groupAdd[1]": "delete_replace" } },
  },
  sysctls: {
    value: { "net.core.somaxconn": "1024" },
    body: { HostConfig: { Sysctls: { "net.core.somaxconn": "1024" } } },
    changed: {
      value: { "net.core.somaxconn": "2048" },
      places: { 'sysctls["net.core.somaxconn"]': "update_replace" },
    },
  },
  ipcMode: {
    value: "shareable",
    body: { HostConfig: { IpcMode: "shareable" } },
    changed: { value: "none", places: { ipcMode: "update_replace" } },
  },
  pidMode: {
    value: "host",
    body: { HostConfig: { PidMode: "host" } },
    changed: { value: "container:$holder", places: { pidMode: "update_replace" } },
  },
  utsMode: { value: "host", body: { HostConfig: { UTSMode: "host" } } },
  usernsMode: { value: "host", body: { HostConfig: { UsernsMode: "host" } } },
  cgroupnsMode: {
    differs: true,
    value: "private",
    body: { HostConfig: { CgroupnsMode: "private" } },
    changed: { value: "host", places: { cgroupnsMode: "update_replace" } },
  },
  cgroupParent: {
    value: "/docker",
    body: { HostConfig: { CgroupParent: "/docker" } },
    changed: { value: "/other", places: { cgroupParent: "update_replace" } },
  },
  runtime: {
    value: "io.containerd.runc.v2",
    body: { HostConfig: { Runtime: "io.containerd.runc.v2" } },
    changed: { value: "runc", places: { runtime: "update_replace" } },
  },
};
