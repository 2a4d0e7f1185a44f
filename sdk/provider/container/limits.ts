// Options of limits, privileges and restarts. Nothing here is granted that was not asked for.
// Engine API 1.41 to 1.45, POST /containers/create: HostConfig and Resources.

import { element, f } from "../fields.ts";
import { option, unlessEmpty } from "./option.ts";

const nano = 1e9;
const megabyte = 1024 * 1024;

function sorted(list: readonly string[] | null | undefined): readonly string[] | undefined {
  return unlessEmpty([...(list ?? [])].sort());
}

/** Capabilities as they are declared: without `CAP_`, in capitals. */
function capability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}

/** The Engine's list, in the order of the declaration where both hold the same. */
function inDeclaredOrder(
  live: readonly string[] | undefined,
  declared: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!live || !declared) return live;
  const same = JSON.stringify([...live].sort()) === JSON.stringify([...declared].sort());
  return same ? declared : live;
}

function checkCapabilities(names: readonly string[]): string | undefined {
  const bad = names.find((name) => !/^[A-Z_]+$/.test(name) || name.startsWith("CAP_"));
  return bad === undefined
    ? undefined
    : `"${bad}" is not in the usual form; write capitals without CAP_, such as NET_BIND_SERVICE or ALL`;
}

export const limitOptions = {
  memoryBytes: option(
    f.integer({
      doc: "The most memory, in bytes; beyond it the process is killed.",
      default: "no limit",
      check: (value) =>
        value >= 6 * megabyte ? undefined : "write at least 6291456 bytes (6 MiB)",
    }),
    (body, value) => {
      body.HostConfig.Memory = value;
      body.HostConfig.MemorySwap = value;
    },
    (container) => container.HostConfig.Memory || undefined,
  ),
  cpus: option(
    f.number({
      doc: "The most processor time, in processors: 0.5 is half of one.",
      default: "no limit",
      check: (value) => (value > 0 ? undefined : "write more than 0, such as 0.5"),
    }),
    (body, value) => {
      body.HostConfig.NanoCpus = Math.round(value * nano);
    },
    (container, _image, declared) => {
      const live = container.HostConfig.NanoCpus ?? 0;
      // The Engine counts in billionths.
      if (declared !== undefined && Math.round(declared * nano) === live) return declared;
      return live / nano || undefined;
    },
  ),
  pidsLimit: option(
    f.integer({
      doc: "The most processes and threads.",
      default: "no limit",
      check: (value) => (value > 0 ? undefined : "write 1 or more"),
    }),
    (body, value) => {
      body.HostConfig.PidsLimit = value;
    },
    (container) => container.HostConfig.PidsLimit || undefined,
  ),
  ulimits: option(
    f.map(
      f.object(
        "Ulimit",
        {
          soft: f.integer({ doc: "The limit that holds.", required: true }),
          hard: f.integer({ doc: "How far the process may raise it.", required: true }),
        },
        element,
      ),
      {
        doc: "Limits of the process by name, such as `nofile` (open files).",
        default: "the daemon's",
      },
    ),
    (body, value) => {
      body.HostConfig.Ulimits = Object.entries(value).map(([name, { soft, hard }]) => ({
        Name: name,
        Soft: soft,
        Hard: hard,
      }));
    },
    (container) => {
      const live = (container.HostConfig.Ulimits ?? []).map(({ Name = "", Soft = 0, Hard = 0 }) => [
        Name,
        { soft: Soft, hard: Hard },
      ]);
      return unlessEmpty(
        Object.fromEntries(live) as Record<string, { soft: number; hard: number }>,
      );
    },
  ),
  capAdd: option(
    f.list(f.string(element), {
      doc: "Capabilities to add, in capitals and without `CAP_`.",
      default: "none",
      check: checkCapabilities,
    }),
    (body, value) => {
      body.HostConfig.CapAdd = value;
    },
    (container, _image, declared) =>
      inDeclaredOrder(unlessEmpty(container.HostConfig.CapAdd)?.map(capability), declared),
  ),
  capDrop: option(
    f.list(f.string(element), {
      doc: "Capabilities to take away, in capitals and without `CAP_`; `ALL` takes all.",
      default: "none",
      check: checkCapabilities,
    }),
    (body, value) => {
      body.HostConfig.CapDrop = value;
    },
    (container, _image, declared) =>
      inDeclaredOrder(unlessEmpty(container.HostConfig.CapDrop)?.map(capability), declared),
  ),
  privileged: option(
    f.boolean({ doc: "Gives the container every right on its host.", default: "false" }),
    (body, value) => {
      body.HostConfig.Privileged = value;
    },
    (container) => container.HostConfig.Privileged || undefined,
  ),
  securityOpt: option(
    f.list(f.string(element), {
      doc: "Security options as Docker writes them, such as `no-new-privileges:true`.",
      default: "what the daemon says",
    }),
    (body, value) => {
      body.HostConfig.SecurityOpt = value;
    },
    (container, _image, declared) => {
      const { SecurityOpt, Privileged } = container.HostConfig;
      // The Engine adds this one to every privileged container.
      const added = (item: string) => Privileged === true && item === "label=disable";
      const own = (SecurityOpt ?? []).filter((item) => !added(item) || declared?.includes(item));
      return inDeclaredOrder(sorted(own), declared);
    },
  ),
  readOnly: option(
    f.boolean({ doc: "Mounts the root file system read-only.", default: "false" }),
    (body, value) => {
      body.HostConfig.ReadonlyRootfs = value;
    },
    (container) => container.HostConfig.ReadonlyRootfs || undefined,
  ),
  sysctls: option(
    f.map(f.string(element), {
      doc: "Kernel parameters of the container's namespaces.",
      default: "none",
    }),
    (body, value) => {
      body.HostConfig.Sysctls = value;
    },
    (container) => unlessEmpty(container.HostConfig.Sysctls),
  ),
  restart: option(
    f.choice(["no", "always", "unless-stopped", "on-failure"], {
      doc: "When the daemon starts the container again by itself.",
      default: "no",
      onChange: "update",
    }),
    (body, value) => {
      body.HostConfig.RestartPolicy = { Name: value };
    },
    (container) => {
      const name = container.HostConfig.RestartPolicy?.Name;
      return name === "always" || name === "unless-stopped" || name === "on-failure"
        ? name
        : undefined;
    },
  ),
} as const;
