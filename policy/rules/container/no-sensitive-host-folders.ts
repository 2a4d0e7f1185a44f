import { posix } from "node:path";
import { findings, rule } from "../../rule.ts";

function normal(folder: string): string {
  return posix.normalize(folder).replace(/(.)\/$/, "$1");
}

function isBelow(place: string, folder: string): boolean {
  return normal(folder) !== "/" && place.startsWith(`${normal(folder)}/`);
}

/** No folder of the host's own system is mounted. */
export const noSensitiveHostFolders = rule({
  name: "no-sensitive-host-folders",
  id: "CIS 5.6",
  title: "No folder of the host's own system is mounted.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "Who can write there owns the host, and who can read there sees its secrets.",
  fix: "mount a folder that was made for the container, or a volume",
  options: {
    sensitive: {
      doc: "Folders that may not be mounted, nor anything below them; of / only itself.",
      default: ["/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"],
    },
    allowed: {
      doc: "Folders below them that may be mounted; that of secrets which Dockwright keeps in memory.",
      default: ["/dev/shm/dockwright"],
    },
  },
  check: (container, { sensitive, allowed }) =>
    findings(container.hostMounts, ({ source }) => {
      const place = normal(source);
      if (allowed.some((folder) => isBelow(place, folder))) return false;
      const hit = sensitive.find((folder) => place === normal(folder) || isBelow(place, folder));
      return hit !== undefined && `mounts ${source} of the host`;
    }),
});
