// Docker on the machine that runs the plugin: found, or installed from the distribution's package
// and started. Deleting it leaves Docker as it is: others may have come to use it.

import { ErrorCode, SdkError } from "../../errors.ts";
import { f } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";

async function ensureDocker({ log, signal }: Context) {
  const machine = await import("../../bootstrap/machine.mjs");
  const tell = (text: string) => {
    log.progress(`docker: ${text}`);
  };
  const state = await machine.daemonState();
  if (state === "denied") {
    throw new SdkError(ErrorCode.Unreachable, `this user may not use ${machine.dockerSocket}`, {
      fix: "run as root, or add the user to the group docker",
    });
  }
  let installed = false;
  if (state === "absent") {
    if ((await machine.findDockerd()) === undefined) {
      requireRoot();
      await machine.installPackages(["docker.io"], { tell, signal });
      installed = true;
    }
    requireRoot();
    await machine.startDaemon({ tell, signal });
  }
  log.done(
    `docker: ${state === "answers" ? "it answers" : installed ? "installed and started" : "started"}`,
  );
  return machine.dockerSocket;
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new SdkError(
    ErrorCode.Missing,
    "no Docker daemon answers, and only root can install or start one",
    {
      fix: "run as root, or install docker.io and start it",
    },
  );
}

export const localDocker = defineResource({
  name: "LocalDocker",
  doc: "The Docker daemon of the machine that runs the program: used where it answers, else installed from the distribution's package docker.io and started. Deleting the resource leaves Docker as it is.",
  inputs: {},
  outputs: {
    host: f.string({ doc: "The daemon's address, as in DOCKER_HOST.", required: true }),
  },
  preview: () => ({ host: "unix:///var/run/docker.sock" }),
  async create(context) {
    return { id: "local", outputs: { host: `unix://${await ensureDocker(context)}` } };
  },
  async read(_context, id, known) {
    const { daemonState } = await import("../../bootstrap/machine.mjs");
    if ((await daemonState()) !== "answers") return undefined;
    return { id, inputs: {}, outputs: known?.outputs ?? { host: "unix:///var/run/docker.sock" } };
  },
  delete: () => Promise.resolve(),
});
