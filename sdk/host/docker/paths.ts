// Where things are on the host. Everything of ours is below one folder; outside of it there are the link
// daemon.json and one file of the service.

export const base = "/etc/docker/dockwright";
/** A link to the generation in use: swapped by rename, so all of it changes at once. */
export const current = `${base}/current`;
/** The change under way. */
export const transaction = `${base}/txn`;
export const daemonJson = "/etc/docker/daemon.json";
/** What the link `daemonJson` says. */
export const daemonJsonTarget = "dockwright/current/daemon.json";
export const socketPath = "/var/run/docker.sock";
export const dropIn = "/etc/systemd/system/docker.service.d/50-dockwright.conf";
export const runitFolder = "/etc/sv/docker";

/** How processes are kept running on a host. */
export type Init = "systemd" | "runit";

/** The one file of the service that is ours. */
export function servicePath(init: Init): string {
  return init === "systemd" ? dropIn : `${runitFolder}/run`;
}

/** The start of every script: programs of administration are not on every user's PATH. */
export const scriptHead = `set -u
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
B=${base}
J=${daemonJson}
`;
