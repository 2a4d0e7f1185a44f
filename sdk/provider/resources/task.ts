// A task: a container that runs once for its inputs and triggers, such as the migration of a release.
// Engine API 1.41 to 1.45, /containers.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { Failure } from "../check.ts";
import { judgeContainer } from "../container/inplace.ts";
import { removeContainer } from "../container/remove.ts";
import { checkTogether } from "../container/rules.ts";
import { runTask, type TaskResult } from "../container/task.ts";
import { containerOf, notOfTasks, type TaskInputs, taskInputs } from "../container/taskoptions.ts";
import { checkVersions } from "../container/versions.ts";
import { f, type Plain } from "../fields.ts";
import { defineResource } from "../resource.ts";
import { isList } from "../values.ts";

const taskOutputs = {
  containerId: f.string({ doc: "The id of the container that it ran as.", required: true }),
  imageId: f.string({ doc: "The id of the image that it ran.", required: true }),
  exitCode: f.integer({
    doc: "Its exit code: 0, since a task that ends with another fails the update.",
    required: true,
  }),
  startedAt: f.string({
    doc: "When it was started, as ISO 8601, by the daemon's clock.",
    required: true,
  }),
  finishedAt: f.string({
    doc: "When it ended, as ISO 8601, by the daemon's clock.",
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

function checkTask(inputs: TaskInputs): readonly Failure[] {
  const name =
    inputs.name === undefined
      ? []
      : [{ property: "name", reason: "cannot be chosen: it tells one run from another" }];
  return [...name, ...checkTogether(containerOf(inputs))];
}

export const task = defineResource({
  name: "Task",
  doc: "A container that runs once, to its end: a migration, a seed, a check. It runs again when any of its inputs or triggers changes, as a new container beside the old one. An exit code other than 0 fails the update, with its last lines; the container is then removed, and the next update runs it again. A run is started once, whatever becomes of the update: one that was cut off, or stopped on request, leaves the container to run on, and the next update waits for it or takes its result. The container stays after it has ended, as the record of its run, and goes with the resource, which runs nothing. A container that was removed by hand is not run again. A task cannot be imported.",
  inputs: taskInputs,
  outputs: taskOutputs,
  naming: "inputs",
  retired: notOfTasks,
  check: checkTask,
  checkThere: (context, inputs) => checkVersions(context, containerOf(inputs)),
  judge: judgeContainer,
  preview: (_inputs, old) => old?.outputs ?? { exitCode: 0 },
  announce: ({ command }, old) => {
    if (old) return undefined;
    const known = isList(command) && command.every((word) => typeof word === "string");
    return known ? `will run once: ${command.join(" ")}` : "will run once";
  },

  async create(context, inputs) {
    const name = inputs.name ?? context.logicalName;
    const result = await runTask(context, name, inputs);
    const ms =
      Date.parse(result.container.State.FinishedAt) - Date.parse(result.container.State.StartedAt);
    context.log.done(`${name}: ended with exit code 0 after ${(ms / 1000).toFixed(1)} s`);
    return { id: result.container.Id, outputs: outputsOf(result) };
  },

  read(_context, id, known) {
    // It has run, whatever became of its container since.
    if (known) return Promise.resolve({ id, ...known });
    throw new SdkError(
      ErrorCode.BadInput,
      `a task cannot be imported: ${id} has run, or not, for others`,
      {
        fix: "declare the task without the import option; it then runs once",
      },
    );
  },

  update: (_context, _id, old) => Promise.resolve(old.outputs),

  async delete(context, id, old) {
    const { stopGraceMs: graceMs, removeVolumes: volumes } = old.inputs;
    await removeContainer(context, id, { graceMs, volumes });
  },
});
