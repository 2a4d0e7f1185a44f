// Takes away what the set-up added to this machine: the daemon that it started, the packages that it
// installed. What was there before stays, and so does a daemon that holds containers or volumes:
// they are somebody's. Caches go only when that is asked for.
import { readdir, readFile, rm } from "node:fs/promises";
import * as path from "node:path";
import { cacheDirectory } from "../engine/locate.mjs";
import { root } from "./environment.mjs";
import {
  daemonState,
  dockerRequest,
  forgetMachineState,
  ourDaemon,
  readMachineState,
  removePackages,
  stopDaemon,
} from "./machine.mjs";
import { run } from "./process.mjs";

/** The label of every image that Dockwright makes. */
const imageLabel = "dockwright.content";

/** What the daemon still holds, or undefined when none answers. */
async function holdings() {
  if ((await daemonState()) !== "answers") return undefined;
  const [containers, volumes] = await Promise.all([
    dockerRequest("GET", "/containers/json?all=1"),
    dockerRequest("GET", "/volumes"),
  ]);
  return {
    containers: JSON.parse(containers.body).length,
    volumes: (JSON.parse(volumes.body).Volumes ?? []).length,
  };
}

/** Why the daemon must stay, or undefined when nothing of anybody's would be lost. */
export function reasonToKeep(held) {
  if (held === undefined || held.containers + held.volumes === 0) return undefined;
  return `it holds ${held.containers} containers and ${held.volumes} volumes that are not the quickstart's`;
}

async function removeImages(tell) {
  const filters = encodeURIComponent(JSON.stringify({ label: [imageLabel] }));
  const { body } = await dockerRequest("GET", `/images/json?filters=${filters}`);
  const images = JSON.parse(body);
  for (const [index, { Id }] of images.entries()) {
    tell(`${index + 1} of ${images.length}`);
    // One that a container still uses answers 409 and stays.
    await dockerRequest("DELETE", `/images/${Id}?force=1`, 60_000);
  }
  return images.length;
}

function imagesStep(all) {
  return {
    name: "images",
    async run({ tell }) {
      if (!all) return { skipped: "kept, as a cache" };
      if ((await daemonState()) !== "answers") return { skipped: "no daemon answers" };
      return { detail: `${await removeImages(tell)} images that Dockwright made` };
    },
  };
}

/**
 * The mounts to undo before a folder of the daemon's can go, deepest first: those below it, and the
 * folder's mount onto itself, which dockerd makes and may leave. A disk of the user's there stays.
 */
export function mountsOf(place, mountInfo) {
  const plain = (text) =>
    text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
  const found = mountInfo.split("\n").flatMap((line) => {
    const [, , , from = "", at = ""] = line.split(" ").map(plain);
    const onItself = at === place && from.endsWith(place);
    return onItself || at.startsWith(`${place}/`) ? [at] : [];
  });
  return found.reverse();
}

async function removeDaemonFolder(place) {
  const mountInfo = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  for (const at of mountsOf(place, mountInfo)) await run("umount", [at], { check: false });
  await rm(place, { recursive: true, force: true });
}

const machineStep = {
  name: "daemon and packages",
  needs: ["images"],
  async run({ tell, signal }) {
    const [state, daemon] = await Promise.all([readMachineState(), ourDaemon()]);
    const installed = state.packages.includes("docker.io");
    const keep = reasonToKeep(daemon || installed ? await holdings() : undefined);
    if (keep) return { skipped: `Docker is kept, because ${keep}` };
    const stopped = await stopDaemon({ tell, signal });
    const removed = await removePackages({ tell, signal });
    if (removed.includes("docker.io")) {
      for (const place of ["/var/lib/docker", "/var/lib/containerd"]) {
        await removeDaemonFolder(place);
      }
    }
    if (!stopped && removed.length === 0) return { skipped: "all of it was there before" };
    return {
      detail: `${stopped ? "stopped dockerd, " : ""}removed ${removed.length} Debian packages`,
    };
  },
};

/** The steps that undo the set-up of the machine. */
export function dismantle({ all }) {
  return [imagesStep(all), machineStep];
}

/** Removes the caches, and what was installed and built in the repository. */
export async function removeCaches(say) {
  await forgetMachineState();
  const examples = await readdir(path.join(root, "examples"));
  const made = [...examples.map((name) => `examples/${name}/node_modules`), "dist", "node_modules"];
  for (const place of [cacheDirectory(), ...made.map((name) => path.join(root, name))]) {
    await rm(place, { recursive: true, force: true });
    say(`removed ${place}`);
  }
}
