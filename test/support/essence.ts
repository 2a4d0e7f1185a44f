// What a container is, to be compared with that of another release.
import type { ContainerInspect } from "../../sdk/docker/types.ts";

/** Without what no two containers share: names, ids and times. */
export function essence({ Name, Config, HostConfig, Mounts, Image }: ContainerInspect): unknown {
  const { Hostname: _, Image: _image, Labels, ...config } = Config;
  const own = Object.entries(Labels ?? {}).filter(([name]) => !name.startsWith("dockwright."));
  // The daemon tells mounts in any order.
  const mounts = [...Mounts].sort((a, b) =>
    String(a.Destination) < String(b.Destination) ? -1 : 1,
  );
  const all = { config, labels: Object.fromEntries(own), HostConfig, mounts, Image };
  return JSON.parse(JSON.stringify(all).replaceAll(Name.slice(1), "NAME"));
}
