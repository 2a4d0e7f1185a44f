// A task: a container that runs once for its inputs and triggers, such as the migration of a release.
// Engine API 1.41 to 1.45, /containers.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { judgeContainer } from "../container/inplace.ts";
import { removeContainer } from "../container/remove.ts";
import { checkTogether } from "../container/rules.ts";
import { runTask, TaskGoesOn, type TaskResult } from "../container/task.ts";
import { containerOf, notOfTasks, type TaskInputs, taskInputs } from "../container/taskoptions.ts";
import { checkVersions } from "../container/versions.ts";
import { leftAt } from "../diff.ts";
import { f, type Plain } from "../fields.ts";
import { type Context, defineResource, Unfinished } from "../resource.ts";
import { isList } from "../values.ts";

const taskOutputs = {
  containerId: f.string({ doc: "The id of the container that it ran as.", required: true }),
  imageId: f.string({ doc: "The id of the image that it ran.", required: true }),
  exitCode: f.integer({
    doc: "Its exit code: 0, since a task that ends with another fails the update; -1 while it runs on after an update that was stopped on request.",
    required: true,
  }),
  startedAt: f.string({
    doc: "When it was started, as ISO 8601, by the daemon's clock.",
    required: true,
  }),
  finishedAt: f.string({
    doc: "When it ended, as ISO 8601, by the daemon's clock; empty while it runs on after an update that was stopped on request.",
    required: true,
  }),
  output: f.string({
    doc: "The last 64 KiB of what it wrote (of its last 20,000 lines), standard output and standard error in order, without secrets. Empty where the log driver keeps no log.",
    required: true,
  }),
} as const;

function outputsOf({ container, output }: TaskResult): Plain<typeof taskOutputs> {
  return {
    containerId: container.Id,
    imageId: container.Image,
    exitCode: container.State.ExitCode,
    startedAt: container.State.StartedAt,
    finishedAt: container.State.FinishedAt,
    output,
  };
}

type TaskOutputs = Plain<typeof taskOutputs>;

/** What is recorded of one that was left running. */
function goingOn({ container: { Id, Image, State } }: TaskGoesOn): TaskOutputs {
  const { StartedAt: startedAt } = State;
  return { containerId: Id, imageId: Image, exitCode: -1, startedAt, finishedAt: "", output: "" };
}

const isGoingOn = (outputs: TaskOutputs) => outputs.finishedAt === "";

async function run(context: Context, inputs: TaskInputs): Promise<TaskOutputs> {
  const name = inputs.name ?? context.logicalName;
  const outputs = outputsOf(await runTask(context, name, inputs));
  const ms = Math.max(0, Date.parse(outputs.finishedAt) - Date.parse(outputs.startedAt));
  context.log.done(`${name}: ended with exit code 0 after ${(ms / 1000).toFixed(1)} s`);
  return outputs;
}

function checkTask(inputs: TaskInputs): readonly Failure[] {
  const name =
    inputs.name === undefined
      ? []
      : [{ property: "name", reason: "cannot be chosen: it tells one run from another" }];
  return [...name, ...checkTogether(containerOf(inputs))];
}

export const task = defineResource({
  name: "Task",
  doc: "A container that runs once, to its end: a migration, a seed, a check. It runs again when any of its inputs or triggers changes, as a new container beside the old one. An exit code other than 0 fails the update, with its last lines; the container is then removed, and the next update runs it again. A run is started once, whatever becomes of the update: one that was cut off, or stopped on request, leaves the container to run on, and the next update waits for it or takes its result; a destroy ends one that was left by a stop on request. The container stays after it has ended, as the record of its run, and goes with the resource, which runs nothing. A container that was removed by hand is not run again. A task cannot be imported.",
  inputs: taskInputs,
  outputs: taskOutputs,
  onDaemon: true,
  uniqueId: true,
  naming: "inputs",
  retired: notOfTasks,
  check: checkTask,
  checkThere: (context, inputs) => checkVersions(context, containerOf(inputs)),
  judge: judgeContainer,
  preview: (_inputs, old) => (old && !isGoingOn(old.outputs) ? old.outputs : { exitCode: 0 }),
  announce: ({ command }, old) => {
    if (old) return isGoingOn(old.outputs) ? "will wait for the run that was left" : undefined;
    const known = isList(command) && command.every((word) => typeof word === "string");
    return known ? `will run once: ${command.join(" ")}` : "will run once";
  },
  drift: (outputs) => (isGoingOn(outputs) ? leftAt("finishedAt") : []),

  async create(context, inputs) {
    try {
      const outputs = await run(context, inputs);
      return { id: outputs.containerId, outputs };
    } catch (error) {
      if (error instanceof TaskGoesOn) {
        throw new Unfinished(error, error.container.Id, goingOn(error));
      }
      throw error;
    }
  },

  async read({ docker, signal }, id, known) {
    if (!known) {
      throw new SdkError(
        ErrorCode.BadInput,
        `a task cannot be imported: ${id} has run, or not, for others`,
        { fix: "declare the task without the import option; it then runs once" },
      );
    }
    // One that has ended has run, whatever became of its container since.
    if (!isGoingOn(known.outputs)) return { id, ...known };
    const found = await docker.containers.inspect(known.outputs.containerId, { signal });
    return found && { id, ...known };
  },

  async update(context, _id, old, inputs) {
    return isGoingOn(old.outputs) ? await run(context, inputs) : old.outputs;
  },

  async delete(context, _id, old) {
    const { stopGraceMs: graceMs, removeVolumes: volumes } = old.inputs;
    // Not the resource's id: one that was left running may have been run anew since.
    await removeContainer(context, old.outputs.containerId, { graceMs, volumes });
  },
});
