// A command that is run in a running container, and again when that is replaced, when the command
// changes, or a trigger. Engine API 1.41 to 1.45, /containers/{id}/exec.

import { ErrorCode, SdkError } from "../../errors.ts";
import { type ExecSpec, ensureExec, observeGuards, whyNotRunning } from "../container/exec.ts";
import { diffFields } from "../diff.ts";
import { element, f, OnChange, type Plain } from "../fields.ts";
import { checkPath } from "../hosts.ts";
import { readableName, specHash } from "../names.ts";
import { type Context, defineResource } from "../resource.ts";
import { isList, type ValueMap } from "../values.ts";

const update = { onChange: OnChange.Update } as const;
const defaultTimeoutMs = 30 * 60_000;
const checkArguments = (value: readonly string[]) =>
  value.length > 0 && value[0] !== "" ? undefined : "write a program and its arguments";

const inputs = {
  container: f.string({
    doc: "The container, by its id: another container is another run. It must run.",
    required: true,
    check: (value) => (value === "" ? "write the container's id" : undefined),
    ...update,
  }),
  command: f.list(f.string(element), {
    doc: "The program and its arguments; there is no shell unless it is one. Never put a secret here: arguments are public on the host. Give it as `env` or `stdin`.",
    required: true,
    check: checkArguments,
    ...update,
  }),
  env: f.map(f.string(element), {
    doc: "Environment variables by name, added to the container's. Only the command, and its guards, have them.",
    default: "none",
    secret: true,
    check: (env) => {
      const bad = Object.keys(env).find((name) => !/^[A-Za-z_][\w.-]*$/.test(name));
      return bad === undefined
        ? undefined
        : `"${bad}" is not a variable's name; write letters, digits and _`;
    },
    ...update,
  }),
  user: f.string({
    doc: "The user, and group, that it runs as: `NAME`, `UID`, `UID:GID`.",
    default: "the container's",
    ...update,
  }),
  workingDir: f.string({
    doc: "The working directory, as an absolute path.",
    default: "the container's",
    check: (value) => (value === "/" ? undefined : checkPath(value)),
    ...update,
  }),
  privileged: f.boolean({
    doc: "Runs it with all capabilities.",
    default: "false",
    ...update,
  }),
  stdin: f.string({
    doc: "What it finds on its standard input, which then ends.",
    default: "nothing",
    secret: true,
    ...update,
  }),
  creates: f.string({
    doc: "A path in the container that is there once the work is done: the command is not run where it is. What lies in a tmpfs of the container is not seen.",
    default: "none",
    check: checkPath,
    ...update,
  }),
  unless: f.list(f.string(element), {
    doc: "A command that ends with 0 once the work is done. It runs in the container in the same way.",
    default: "none",
    check: checkArguments,
    ...update,
  }),
  onlyIf: f.list(f.string(element), {
    doc: "A command that must end with 0 for the command to be run.",
    default: "none",
    check: checkArguments,
    ...update,
  }),
  triggers: f.list(f.string(element), {
    doc: "Values that make it run again when they change.",
    default: "none",
    ...update,
  }),
  timeoutMs: f.integer({
    doc: "How long it may run, in milliseconds; then the update fails. Docker cannot end a command in a container: it may go on.",
    default: String(defaultTimeoutMs),
    onChange: OnChange.Ignore,
    check: (value) => (value > 0 ? undefined : "write a number of milliseconds above 0"),
  }),
} as const;
type ExecInputs = Plain<typeof inputs>;

/** They say whether it is run, and not what is. */
const guards: ReadonlySet<string> = new Set(["creates", "unless", "onlyIf"]);

/** Whether two declarations are one run. */
function isSameRun(olds: ValueMap, news: ValueMap): boolean {
  const changes = diffFields(inputs, olds, news);
  return changes.every(({ property }) => guards.has(property.split(/[.[]/)[0] ?? ""));
}

function specOf(context: Pick<Context, "timeoutMs">, values: ExecInputs): ExecSpec {
  return { ...values, timeoutMs: context.timeoutMs ?? values.timeoutMs ?? defaultTimeoutMs };
}

async function run(context: Context, values: ExecInputs) {
  const outcome = await ensureExec(context, specOf(context, values));
  const { skipped } = outcome;
  context.log.done(skipped === "" ? "ended with exit code 0" : `not run: ${skipped}`);
  return outcome;
}

export const exec = defineResource({
  name: "Exec",
  doc: "A command that is run in a running container (docker exec), and again when the container is replaced, when the command changes, or a trigger. An exit code other than 0 fails the update, and the next one runs it again. Docker keeps no record of such a run: one that was cut off may be done twice, so give `creates` or `unless`, or take a task where it must be once. A refresh asks `creates` and `unless`: where the work is not there any more, the next update does it again. Deleting it does nothing.",
  inputs,
  outputs: {
    exitCode: f.integer({
      doc: "Its exit code: 0, since another fails the update.",
      required: true,
    }),
    stdout: f.string({
      doc: "The last 64 KiB of its standard output, without secrets.",
      required: true,
    }),
    stderr: f.string({
      doc: "The last 64 KiB of its standard error, without secrets.",
      required: true,
    }),
    skipped: f.string({ doc: "Why it was not run; empty when it was.", required: true }),
  },
  preview: (values, old) =>
    old && isSameRun(old.inputs as ValueMap, values as ValueMap) ? old.outputs : { exitCode: 0 },
  announce: (values, old) => {
    if (old && isSameRun(old.inputs as ValueMap, values)) return undefined;
    const { command } = values;
    const known = isList(command) && command.every((word) => typeof word === "string");
    const guarded = Object.keys(values).some((name) => guards.has(name));
    return `will run${known ? `: ${command.join(" ")}` : ""}${guarded ? " (unless a guard says otherwise)" : ""}`;
  },
  async create(context, values) {
    const outputs = await run(context, values);
    const hash = specHash(context.urn, { values: {}, secrets: new Set() });
    return { id: `${readableName(context.logicalName)}-${hash}`, outputs };
  },
  async read(context, id, known) {
    if (!known) {
      throw new SdkError(
        ErrorCode.BadInput,
        `a command in a container cannot be imported: nothing tells what was run as ${id}`,
        { fix: "declare it without the import option; give `creates` or `unless` if it was run" },
      );
    }
    const { creates, unless, container } = known.inputs;
    const guarded = (creates ?? unless) !== undefined && known.outputs.skipped === "";
    // A container that is gone or stopped tells nothing; one that takes its place is another run.
    if (guarded && (await whyNotRunning(context, container)) === undefined) {
      const { onlyIf: _, ...spec } = specOf(context, known.inputs);
      if ((await observeGuards(context, spec)) === "needed") return undefined;
    }
    return { id, ...known };
  },
  update: (context, _id, old, values) =>
    isSameRun(old.inputs as ValueMap, values as ValueMap)
      ? Promise.resolve(old.outputs)
      : run(context, values),
  delete: () => Promise.resolve(),
});
