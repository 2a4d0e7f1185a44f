// Options of rights and of the walls around a container: capabilities, namespaces, kernel parameters.
// Nothing here is granted that was not asked for.
// Engine API 1.41 to 1.45, POST /containers/create: HostConfig.

import { element, f } from "../fields.ts";
import { hostOption, inDeclaredOrder, option, unlessEmpty } from "./option.ts";

/** Capabilities as they are declared: without `CAP_`, in capitals. */
function capability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, "");
}

function checkCapabilities(names: readonly string[]): string | undefined {
  const bad = names.find((name) => !/^[A-Z_]+$/.test(name) || name.startsWith("CAP_"));
  return bad === undefined
    ? undefined
    : `"${bad}" is not in the usual form; write capitals without CAP_, such as NET_BIND_SERVICE or ALL`;
}

function capabilities(key: "CapAdd" | "CapDrop", doc: string) {
  return option(
    f.list(f.string(element), { doc, default: "none", check: checkCapabilities }),
    (body, value) => {
      body.HostConfig[key] = value;
    },
    (container, _image, declared) => {
      const live = unlessEmpty(container.HostConfig[key])?.map(capability);
      return live && declared ? inDeclaredOrder(live, declared) : live;
    },
  );
}

/** What the docker CLI makes of it; the Engine itself does not know the word. */
const unconfinedPaths = "systempaths=unconfined";

/** What daemons hide of /proc and /sys by themselves, old and new ones. */
const hiddenByDefault =
  /^\/(proc\/(acpi|asound|bus|fs|irq|interrupts|kcore|keys|latency_stats|sched_debug|scsi|sys|sysrq-trigger|timer_list|timer_stats)|sys\/(firmware|devices\/virtual\/powercap|devices\/system\/cpu\/cpu\d+\/thermal_throttle))$/;

function paths(key: "MaskedPaths" | "ReadonlyPaths", doc: string) {
  return option(
    f.list(f.string(element), {
      doc: `${doc} In place of the daemon's own list; to have none, write \`securityOpt: ["${unconfinedPaths}"]\`.`,
      default: "the daemon's list",
      check: (list) => {
        if (list.length === 0) return `write paths, or securityOpt: ["${unconfinedPaths}"]`;
        const bad = list.find((path) => !path.startsWith("/"));
        return bad === undefined ? undefined : `"${bad}" is not an absolute path`;
      },
    }),
    (body, value) => {
      body.HostConfig[key] = value;
    },
    (container, _image, declared) => {
      const live = unlessEmpty(container.HostConfig[key]);
      if (declared) return live && inDeclaredOrder(live, declared);
      return live?.every((path) => hiddenByDefault.test(path)) === true ? undefined : live;
    },
  );
}

const securityOpt = option(
  f.list(f.string(element), {
    doc: `Security options as the docker CLI writes them, such as \`no-new-privileges:true\`, \`seccomp=unconfined\`, \`label=disable\`, \`${unconfinedPaths}\`.`,
    default: "what the daemon says",
  }),
  (body, value) => {
    body.HostConfig.SecurityOpt = value.filter((item) => item !== unconfinedPaths);
    if (!value.includes(unconfinedPaths)) return;
    body.HostConfig.MaskedPaths = [];
    body.HostConfig.ReadonlyPaths = [];
  },
  (container, _image, declared) => {
    const { SecurityOpt, Privileged, PidMode, IpcMode, MaskedPaths, ReadonlyPaths } =
      container.HostConfig;
    // The Engine adds this one to every container that could see through the walls anyway.
    const seesHost = Privileged === true || PidMode === "host" || IpcMode === "host";
    const added = (item: string) => seesHost && item === "label=disable";
    const own = (SecurityOpt ?? []).filter((item) => !added(item) || declared?.includes(item));
    const open = [MaskedPaths, ReadonlyPaths].every((list) => list?.length === 0);
    const told = declared ? declared.includes(unconfinedPaths) : Privileged !== true;
    const all = open && told ? [...own, unconfinedPaths] : own;
    return unlessEmpty(inDeclaredOrder([...all].sort(), declared ?? []));
  },
);

/** A namespace of somebody else: `host`, or `container:NAME`, which the Engine turns into an id. */
function namespaceOf(
  key: "IpcMode" | "PidMode",
  choices: RegExp,
  words: { readonly doc: string; readonly default: string; readonly allowed: string },
  defaults: readonly string[],
) {
  const base = hostOption(
    key,
    f.string({
      doc: words.doc,
      default: words.default,
      check: (value) => (choices.test(value) ? undefined : `write ${words.allowed}`),
    }),
    defaults,
  );
  return option(base.field, base.write, (container, _image, declared) => {
    const live = container.HostConfig[key];
    if (live?.startsWith("container:") && declared?.startsWith("container:")) return declared;
    return declared === undefined && live && defaults.includes(live)
      ? undefined
      : unlessEmpty(live);
  });
}

export const securityOptions = {
  capAdd: capabilities("CapAdd", "Capabilities to add, in capitals and without `CAP_`."),
  capDrop: capabilities(
    "CapDrop",
    "Capabilities to take away, in capitals and without `CAP_`; `ALL` takes all.",
  ),
  privileged: hostOption(
    "Privileged",
    f.boolean({ doc: "Gives the container every right on its host.", default: "false" }),
  ),
  securityOpt,
  maskedPaths: paths("MaskedPaths", "Paths of /proc and /sys that are hidden."),
  readonlyPaths: paths("ReadonlyPaths", "Paths of /proc and /sys that can only be read."),
  readOnly: hostOption(
    "ReadonlyRootfs",
    f.boolean({ doc: "Mounts the root file system read-only.", default: "false" }),
  ),
  groupAdd: hostOption(
    "GroupAdd",
    f.list(f.string(element), {
      doc: "Further groups of the process, by name in the image or by number.",
      default: "none",
    }),
  ),
  sysctls: hostOption(
    "Sysctls",
    f.map(f.string(element), {
      doc: "Kernel parameters of the container's namespaces.",
      default: "none",
    }),
  ),
  ipcMode: namespaceOf(
    "IpcMode",
    /^(none|private|shareable|host|container:.+)$/,
    {
      doc: "Shared memory and semaphores: `private`, `shareable`, `none`, `host`, or `container:NAME` (better: its id) of a shareable one.",
      default: "what the daemon says (usually private)",
      allowed: "none, private, shareable, host or container:NAME",
    },
    ["private"],
  ),
  pidMode: namespaceOf(
    "PidMode",
    /^(host|container:.+)$/,
    {
      doc: "Processes of others in sight: `host`, or `container:NAME` (better: its id).",
      default: "its own alone",
      allowed: "host or container:NAME",
    },
    [],
  ),
  utsMode: hostOption(
    "UTSMode",
    f.choice(["host"], {
      doc: "Whose host name it has: `host` shares the host's.",
      default: "a name of its own",
    }),
  ),
  usernsMode: hostOption(
    "UsernsMode",
    f.choice(["host"], {
      doc: "Whose users it has: `host` switches the daemon's remapping off for this container.",
      default: "what the daemon says",
    }),
  ),
  cgroupnsMode: hostOption(
    "CgroupnsMode",
    f.choice(["private", "host"], {
      doc: "Whether the container sees the host's control groups or its own alone.",
      default: "what the daemon says: host with cgroup v1, private with v2",
    }),
  ),
  cgroupParent: hostOption(
    "CgroupParent",
    f.string({ doc: "The control group below which the container's is made.", default: "docker" }),
  ),
  runtime: hostOption(
    "Runtime",
    f.string({
      doc: "The OCI runtime, by the name under which the daemon knows it.",
      default: "what the daemon says (usually runc)",
    }),
    ["runc"],
  ),
} as const;
