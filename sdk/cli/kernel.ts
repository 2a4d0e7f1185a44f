// What the kernel of this machine has for a swarm's networks. Without it Docker makes them all the same,
// says nothing, and packets go nowhere: so `doctor` tells.

import { access, readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Check } from "./checks.ts";

interface Feature {
  readonly name: string;
  /** A file of the running kernel that is there when it is in use. */
  readonly inUse: string;
  /** Its module, and the line of the kernel's own configuration. */
  readonly module: string;
  readonly option: string;
  /** What is not possible without it. */
  readonly without: string;
  readonly fix: string;
}

const features = {
  ipvs: {
    name: "IPVS",
    inUse: "proc/net/ip_vs",
    module: "ip_vs",
    option: "CONFIG_IP_VS",
    without: "no virtual addresses and no routing mesh for a Swarm's services on this machine",
    fix: 'a kernel with IPVS; or services with endpointMode "dnsrr" and ports of mode "host" (needed only for a Swarm)',
  },
  esp: {
    name: "IPsec",
    inUse: "sys/module/esp4",
    module: "esp4",
    option: "CONFIG_INET_ESP",
    without: "an encrypted overlay network carries nothing from and to this machine",
    fix: "a kernel with ESP (esp4); or overlay networks that are not encrypted, between nodes on a private network (needed only for a Swarm)",
  },
} satisfies Readonly<Record<string, Feature>>;

const text = (file: string) => readFile(file, "utf8").catch(() => "");

/** The configuration that the kernel was built with, where it tells. */
async function configuration(root: string): Promise<string> {
  try {
    const packed = await readFile(path.join(root, "proc/config.gz"));
    return (await promisify(gunzip)(packed)).toString();
  } catch {
    return "";
  }
}

/** Whether the kernel has it: in use, as a module that it can load, or built in. */
export async function checkKernel(
  feature: keyof typeof features,
  release: string,
  root = "/",
): Promise<Check> {
  const { name, inUse, module, option, without, fix } = features[feature];
  const isInUse = await access(path.join(root, inUse)).then(
    () => true,
    () => false,
  );
  if (isInUse) return { name, state: "ok", saw: "in use by this kernel" };
  const modules = path.join(root, "lib/modules", release);
  for (const list of ["modules.dep", "modules.builtin"]) {
    if ((await text(path.join(modules, list))).includes(`/${module}.ko`))
      return { name, state: "ok", saw: `a module of kernel ${release}` };
  }
  if (new RegExp(`^${option}=y$`, "m").test(await configuration(root)))
    return { name, state: "ok", saw: `built into kernel ${release}` };
  return { name, state: "absent", saw: `none in kernel ${release}: ${without}`, fix };
}
