// Takes away what the set-up added to this machine: the daemon that it started, the packages that it
// installed. What was there before stays, and so does a daemon that holds containers or volumes:
// they are somebody's. Caches go only when that is asked for.
import { readdir, rm } from "node:fs/promises";
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
        await rm(place, { recursive: true, force: true });
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
