// Which program makes which changing call of the client: the rows of the kill table. A call of the
// client that has no row fails in test/sdk/docker/calls.test.ts, and so does a row without a call.
import type { SeenCall } from "../../support/apiproxy.ts";

/** What a program declares; see program.ts. */
export type Scene =
  | "container"
  | "secrets"
  | "network"
  | "volume"
  | "restore"
  | "backup"
  | "stopped"
  | "build"
  | "rootfs"
  | "load"
  | "commit"
  | "pull"
  | "push";

/** Which update makes the call: of nothing to something, of that to something else, or to nothing. */
export type Step = "make" | "change" | "remove";

/** What a step leads from and to: nothing (0), the first form (1) or the second (2). */
export const stages: Readonly<Record<Step, readonly [before: number, after: number]>> = {
  make: [0, 1],
  change: [1, 2],
  remove: [1, 0],
};

/** Before the request goes on to the daemon, or after its whole answer was read. */
export type When = "before" | "after";

/** A row of a table of kills, whatever its scenes are. */
export interface Row<S> {
  /** The call, as clientCalls() names it. */
  readonly call: string;
  readonly scene: S;
  readonly step: Step;
  /** Which of the calls of that kind in the update. @defaultValue 1 */
  readonly nth?: number;
  /** Which of its kills `npm test` takes too. @defaultValue none */
  readonly always?: readonly When[];
  /** What tells it from other calls to the same path. */
  readonly only?: (call: SeenCall) => boolean;
}

const fromRegistry = ({ query }: SeenCall) => query.has("fromImage");
const fromTar = ({ query }: SeenCall) => query.has("fromSrc");

export type KillRow = Row<Scene>;

export const killRows: readonly KillRow[] = [
  { call: "containers.create POST /containers/create", scene: "container", step: "make" },
  { call: "containers.putArchive PUT /containers/*/archive", scene: "container", step: "make" },
  { call: "networks.connect POST /networks/*/connect", scene: "container", step: "make" },
  {
    call: "containers.start POST /containers/*/start",
    scene: "container",
    step: "make",
    always: ["before", "after"],
  },
  { call: "containers.update POST /containers/*/update", scene: "container", step: "change" },
  {
    call: "networks.disconnect POST /networks/*/disconnect",
    scene: "container",
    step: "change",
  },
  { call: "containers.stop POST /containers/*/stop", scene: "container", step: "remove" },
  { call: "containers.remove DELETE /containers/*", scene: "container", step: "remove" },
  // The helper that puts secrets into memory, and then the container.
  { call: "containers.create POST /containers/create", scene: "secrets", step: "make" },
  { call: "containers.putArchive PUT /containers/*/archive", scene: "secrets", step: "make" },
  { call: "containers.remove DELETE /containers/*", scene: "secrets", step: "make" },
  { call: "containers.create POST /containers/create", scene: "secrets", step: "make", nth: 2 },
  { call: "containers.create POST /containers/create", scene: "secrets", step: "remove" },
  { call: "containers.putArchive PUT /containers/*/archive", scene: "secrets", step: "remove" },
  { call: "containers.remove DELETE /containers/*", scene: "secrets", step: "remove", nth: 2 },

  { call: "networks.create POST /networks/create", scene: "network", step: "make" },
  { call: "networks.remove DELETE /networks/*", scene: "network", step: "remove" },

  { call: "volumes.create POST /volumes/create", scene: "volume", step: "make" },
  { call: "volumes.remove DELETE /volumes/*", scene: "volume", step: "remove" },

  // A restore: an empty image, a container of it that has the volume, the data, and both go.
  {
    call: "images.importRoot POST /images/create",
    scene: "restore",
    step: "make",
    only: fromTar,
  },
  { call: "containers.create POST /containers/create", scene: "restore", step: "make" },
  { call: "containers.putArchive PUT /containers/*/archive", scene: "restore", step: "make" },
  { call: "containers.remove DELETE /containers/*", scene: "restore", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "restore", step: "make" },
  // A backup, with the container that uses the volume paused, or stopped, meanwhile.
  { call: "images.importRoot POST /images/create", scene: "backup", step: "make" },
  { call: "containers.create POST /containers/create", scene: "backup", step: "make" },
  {
    call: "containers.pause POST /containers/*/pause",
    scene: "backup",
    step: "make",
    always: ["after"],
  },
  { call: "containers.unpause POST /containers/*/unpause", scene: "backup", step: "make" },
  { call: "containers.remove DELETE /containers/*", scene: "backup", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "backup", step: "make" },
  { call: "containers.stop POST /containers/*/stop", scene: "stopped", step: "make" },
  { call: "containers.start POST /containers/*/start", scene: "stopped", step: "make" },

  { call: "build-session.openBuildSession POST /session", scene: "build", step: "make" },
  { call: "image-build.buildOnce POST /build", scene: "build", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "build", step: "remove" },
  {
    call: "images.importRoot POST /images/create",
    scene: "rootfs",
    step: "make",
    only: fromTar,
  },
  { call: "images.load POST /images/load", scene: "load", step: "make" },
  { call: "images.commit POST /commit", scene: "commit", step: "make" },
  // A pull is marked by a tag on an empty image, which goes with it.
  {
    call: "images.importRoot POST /images/create",
    scene: "pull",
    step: "make",
    only: fromTar,
  },
  {
    call: "images.pull POST /images/create",
    scene: "pull",
    step: "make",
    only: fromRegistry,
  },
  { call: "images.tag POST /images/*/tag", scene: "pull", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "pull", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "pull", step: "remove" },
  { call: "images.tag POST /images/*/tag", scene: "push", step: "make" },
  { call: "images.push POST /images/*/push", scene: "push", step: "make" },
  { call: "images.remove DELETE /images/*", scene: "push", step: "make" },
];

/** Calls whose kill can lose nothing, and why. */
export const harmless: Readonly<Record<string, string>> = {
  "exec.#open POST /containers/*/exec":
    "makes the description of a command; the daemon drops it with its container, or when it is never started",
  "exec.#open POST /exec/*/start":
    "what a cut command leaves is the command's own: the agent of a route takes back what it had not finished when its connection breaks (test/sdk/haproxy); Docker keeps no record of one that an Exec ran, whose page says so and offers `creates` and `unless`",
  "exec.#resize POST /exec/*/resize": "changes nothing but the size of a terminal",
  "containers.resize POST /containers/*/resize": "changes nothing but the size of a terminal",
  "containers.wait POST /containers/*/wait": "changes nothing",
};

/** Functions of the client that no resource calls. */
export const unused: readonly string[] = [
  "containers.attach POST /containers/*/attach",
  "containers.restart POST /containers/*/restart",
  "containers.kill POST /containers/*/kill",
  "containers.rename POST /containers/*/rename",
];
