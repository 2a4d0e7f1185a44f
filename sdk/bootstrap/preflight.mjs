// What has to be there before anything is touched. All that is missing is said at once, a sentence
// and the command that mends it each; nothing here changes the machine. No dependencies.
import { canBuildEngine } from "../engine/gobuild.mjs";
import { downloadsReachable, locateEngine, which } from "../engine/locate.mjs";
import { daemonState, findDockerd } from "./machine.mjs";

/** Reads the facts about this machine, side by side. */
export async function readFacts() {
  const [engine, go, daemon, dockerd, apt, mmdebstrap, npm] = await Promise.all([
    locateEngine(),
    canBuildEngine(),
    daemonState(),
    findDockerd(),
    which("apt-get"),
    which("mmdebstrap"),
    which("npm"),
  ]);
  // Asked only when it matters: a blocked network takes seconds to say no.
  const downloads = engine === undefined && (await downloadsReachable());
  return {
    node: process.versions.node,
    platform: process.platform,
    root: process.getuid?.() === 0,
    engine: engine !== undefined,
    go,
    downloads,
    daemon,
    dockerd: dockerd !== undefined,
    apt: apt !== undefined,
    mmdebstrap: mmdebstrap !== undefined,
    npm: npm !== undefined,
  };
}

function nodeTrouble({ node }) {
  const [major, minor] = node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return [];
  return [
    { sentence: `Node ${node} is too old: 20.19 or later is needed`, fix: "install Node 22" },
  ];
}

function engineTrouble({ engine, go, downloads }) {
  if (engine || go || downloads) return [];
  return [
    {
      sentence:
        "There is no Pulumi CLI, its downloads do not answer, and there is no Go that can build it",
      fix: "apt-get install golang (1.25 or later, or 1.21 with GOTOOLCHAIN=auto), or install the Pulumi CLI",
    },
  ];
}

function dockerTrouble({ daemon, root, dockerd, apt, platform }, command) {
  if (daemon === "answers") return [];
  if (platform !== "linux") {
    return [{ sentence: "No Docker daemon answers", fix: "start Docker Desktop" }];
  }
  if (daemon === "denied") {
    const sentence = "A Docker daemon is there, but this user may not use its socket";
    return [{ sentence, fix: `sudo npm ${command}` }];
  }
  if (!dockerd && !apt) {
    const sentence = "Docker is not installed, and there is no apt-get to install it with";
    return [{ sentence, fix: "install Docker Engine with this system's package manager" }];
  }
  if (root) return [];
  const sentence = dockerd
    ? "No Docker daemon runs, and only root may start one"
    : "Docker is not installed, and only root may install it";
  return [{ sentence, fix: `sudo npm ${command}` }];
}

function mmdebstrapTrouble({ mmdebstrap, root, apt }) {
  if (mmdebstrap || (root && apt)) return [];
  const sentence = apt
    ? "mmdebstrap, which builds the base images, is not installed, and only root may install it"
    : "mmdebstrap, which builds the base images, is missing, and there is no apt-get to install it";
  return [{ sentence, fix: apt ? "sudo apt-get install mmdebstrap" : "install mmdebstrap" }];
}

/**
 * Everything that is missing, given the facts: `{ sentence, fix }` each. `command` is what the user
 * typed after `npm`, for fixes that are the same command as root.
 */
export function findTroubles(facts, command) {
  return [
    ...nodeTrouble(facts),
    ...(facts.npm ? [] : [{ sentence: "npm is not installed", fix: "apt-get install npm" }]),
    ...engineTrouble(facts),
    ...dockerTrouble(facts, command),
    ...mmdebstrapTrouble(facts),
  ];
}

/** The words of all troubles, for the screen. */
export function troubleWords(troubles) {
  const lines = troubles.flatMap(({ sentence, fix }) => [`- ${sentence}.`, `  fix: ${fix}`]);
  return ["Nothing was changed, because something is missing:", ...lines].join("\n");
}
