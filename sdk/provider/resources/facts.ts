// What there is to know of a host. Nothing is declared and nothing is made: it is read when the resource
// is made, and on every refresh. What always moves a little is told only when it moves much.

import { type Facts, gatherFacts, settleFacts } from "../../host/facts.ts";
import { element, f, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";

const required = true;
const text = (doc: string) => f.string({ doc, required });
const number = (doc: string) => f.integer({ doc, required });
const flag = (doc: string) => f.boolean({ doc, required });

const outputs = {
  os: f.object(
    "HostOs",
    {
      id: text("As in /etc/os-release: `debian`."),
      version: text("Its version, such as `12`; empty where a system has none."),
      codename: text("Its code name, such as `bookworm`; empty where a system has none."),
      family: f.choice(["debian", "rhel", "alpine", "suse", "arch", "other"], {
        doc: "The family that it is of.",
        required,
      }),
      name: text("The name for people."),
    },
    { doc: "The operating system.", required },
  ),
  architecture: text("The processor, in Docker's words: `amd64`, `arm64`."),
  kernel: text("The kernel's release."),
  cpus: number("Processors."),
  memoryBytes: number("Memory, in bytes."),
  disks: f.list(
    f.object(
      "HostDisk",
      {
        mount: text("Where it is mounted."),
        sizeBytes: number("Its size, in bytes."),
        freeBytes: number("What is free for everybody, in bytes, as of the last large change."),
      },
      element,
    ),
    { doc: "Mounted disks, the root among them.", required },
  ),
  init: f.choice(["systemd", "runit", "openrc", "sysv", "none"], {
    doc: "What supervises its processes.",
    required,
  }),
  cgroupVersion: number("The version of control groups: 1 or 2; 0 where there are none."),
  features: f.object(
    "HostFeatures",
    {
      overlay: flag("Whether the kernel has overlayfs."),
      bridgeNetfilter: flag("Whether the firewall can see bridged traffic."),
      userNamespaces: flag("Whether there are user namespaces."),
      iptables: f.choice(["nft", "legacy", "none"], {
        doc: "Which iptables is installed.",
        required,
      }),
    },
    { doc: "What of the kernel matters to Docker.", required },
  ),
  dockerVersion: text("Docker's version; empty where it is not installed."),
  dockerApiVersion: text("The daemon's API version; empty where none answers."),
  hostname: text("Its own name."),
  addresses: f.list(f.string(element), {
    doc: "Addresses of its interfaces, without those of containers and the loopback.",
    required,
  }),
  bootId: text("Another one after each start of the kernel."),
  clockSkewMs: number("How far its clock is before (+) or behind (-) ours, in milliseconds."),
  canReboot: flag("Whether it can be rebooted: it is no container and no namespaces."),
} as const;
type FactOutputs = Plain<typeof outputs>;

/** A clock that is further off than this makes certificates seem expired or not yet valid. */
const skewWarningMs = 60_000;

async function gather(context: Context): Promise<FactOutputs> {
  const facts = await gatherFacts(context.machine, context.signal);
  if (Math.abs(facts.clockSkewMs) > skewWarningMs) {
    context.log.warn(
      `the clock of ${context.machine.label} differs from ours by ${Math.round(facts.clockSkewMs / 1000)} s: certificates may be refused; set up time synchronisation`,
    );
  }
  return facts;
}

export const facts = defineResource({
  name: "Facts",
  doc: "What there is to know of a host: its system, processors, memory, disks, kernel, Docker, addresses. Read when the resource is made and on every refresh, in one round trip.",
  inputs: {},
  outputs,
  preview: (_inputs, old) => ({ ...old?.outputs }),
  async create(context) {
    return { id: context.logicalName, outputs: await gather(context) };
  },
  async read(context, id, known) {
    const now = await gather(context);
    const settled = known ? settleFacts(known.outputs as Facts, now as Facts) : now;
    return { id, inputs: {}, outputs: settled };
  },
  delete: () => Promise.resolve(),
});
