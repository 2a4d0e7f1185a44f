// The options of a task: those of a container, but for what only one that goes on can have. Whatever
// of them changes is another run; what only says how it is watched and taken away is not.

import { element, type Field, f, OnChange, type Plain } from "../fields.ts";
import { type ContainerInputs, containerInputs } from "./options.ts";

export const defaultTaskTimeoutMs = 30 * 60_000;

const once = "is no option of a task: it runs once, and nothing starts it again";
const noInput = "is no option of a task: nobody writes to its standard input";

/** Options of a container that a task has not, each with what holds. */
export const notOfTasks = {
  restart: once,
  restartMaxRetries: once,
  autoRemove:
    "is no option of a task: its container is the record of its run, and goes with the resource",
  ready: "is no option of a task: it is done when it has ended; see timeoutMs",
  healthCheck: "is no option of a task: it is done when it has ended",
  openStdin: noInput,
  stdinOnce: noInput,
  attachStdin: noInput,
  attachStdout: "is no option of a task: nobody attaches to it",
  attachStderr: "is no option of a task: nobody attaches to it",
} as const satisfies { readonly [name in keyof ContainerInputs]?: string };

type NotOfTasks = keyof typeof notOfTasks;
type Shared = Omit<typeof containerInputs, NotOfTasks | "name">;

/** They change nothing of what is run. */
const beside: ReadonlySet<string> = new Set(["stopGraceMs", "removeVolumes"]);

function taskField([name, field]: [string, Field]): [string, Field] {
  const { onChange: _, onRemove: __, ...options } = field.options;
  return [
    name,
    { ...field, options: beside.has(name) ? { ...options, onChange: OnChange.Update } : options },
  ];
}

const shared = Object.fromEntries(
  Object.entries(containerInputs)
    .filter(([name]) => name !== "name" && !Object.hasOwn(notOfTasks, name))
    .map(taskField),
) as unknown as Shared;

export const taskInputs = {
  ...shared,
  name: f.string({
    doc: "The container's name: the resource's name, and a hash of all that makes another run.",
    computed: true,
  }),
  triggers: f.list(f.string(element), {
    doc: "Values that make it run again when they change, such as a version.",
    default: "none",
  }),
  timeoutMs: f.integer({
    doc: "How long it may run, in milliseconds; then it is asked to end, with `stopGraceMs` of grace, and has failed.",
    default: String(defaultTaskTimeoutMs),
    onChange: OnChange.Update,
    check: (value) => (value > 0 ? undefined : "write a number of milliseconds above 0"),
  }),
};

export type TaskInputs = Plain<typeof taskInputs>;

/** The container that a task runs as. A health check that the image has would only add to its work. */
export function containerOf(inputs: TaskInputs): ContainerInputs {
  const { triggers: _, timeoutMs: __, ...container } = inputs;
  return { ...container, healthCheck: { test: ["NONE"] } };
}
