// The tasks of a service's release: what runs once before its containers are made, once after it
// serves, or when an earlier release is brought back. Each is a `Task` with what the service has.

import * as pulumi from "@pulumi/pulumi";
import type { ReleaseSpec, RollbackRecord } from "../sdk/rollback.ts";
import type { DaemonLike } from "./daemonlike.ts";
import { pick } from "./perhost.ts";
import { taskKey } from "./release.ts";
import type { Replica } from "./rollout.ts";
import type { ContainerServiceArgs, ServiceTasks } from "./serviceargs.ts";
import { daemonOf, mountOn } from "./serviceplace.ts";
import { Task, type TaskArgs } from "./task.ts";

/** What of a service's arguments a task of it has as well. */
const shared = [
  "platform",
  "env",
  "workingDir",
  "user",
  "extraHosts",
  "dns",
  "dnsOptions",
  "dnsSearch",
  "mounts",
  "tmpfs",
  "files",
  "secrets",
  "logging",
  "init",
  "readOnly",
  "capAdd",
  "capDrop",
  "securityOpt",
  "memoryBytes",
  "cpus",
  "ulimits",
] as const satisfies readonly (keyof ContainerServiceArgs & keyof TaskArgs)[];

/** When, and for what, they run. */
interface TaskRun {
  readonly when: keyof ServiceTasks;
  /** The host of the first replica, on a pool. */
  readonly host: string | undefined;
  /** What makes them run again. */
  readonly trigger: pulumi.Input<string>;
  /** What every one of them is told besides. */
  readonly env?: { readonly [name: string]: string };
}

function sharedOf(
  args: ContainerServiceArgs,
  daemon: DaemonLike,
  host: string | undefined,
): TaskArgs {
  const { image, networks, volumes } = args;
  const given = shared.filter((name) => args[name] !== undefined);
  return {
    ...Object.fromEntries(given.map((name) => [name, args[name]])),
    daemon,
    image: pick(image, host, "image"),
    // Under no name of the service's: nobody shall take a task for a replica.
    ...(networks === undefined
      ? {}
      : {
          networks: networks.map((one, index) => ({
            networkName: pick(one, host, `networks[${index}]`).networkName,
          })),
        }),
    ...(volumes === undefined ? {} : { volumes: volumes.map((one) => mountOn(one, host)) }),
  };
}

/** The tasks of a service, in their order: each after the one before it. */
function makeTasks(
  service: string,
  args: ContainerServiceArgs,
  { when, host, trigger, env: told = {} }: TaskRun,
  opts: pulumi.CustomResourceOptions,
): readonly Task[] {
  const base = sharedOf(args, daemonOf(args.on, host), host);
  const made: Task[] = [];
  for (const { name, command, env, user, timeoutMs } of args.tasks?.[when] ?? []) {
    const task = new Task(
      `${service}-${when}-${name}`,
      {
        ...base,
        command,
        env: pulumi
          .all([args.env ?? {}, env ?? {}])
          .apply(([ofService, own]) => ({ ...ofService, ...own, ...told })),
        ...(user === undefined ? {} : { user }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        triggers: [trigger],
      },
      { ...opts, dependsOn: [...dependenciesOf(opts), ...made.slice(-1)] },
    );
    made.push(task);
  }
  return made;
}

function dependenciesOf({ dependsOn = [] }: pulumi.CustomResourceOptions): pulumi.Resource[] {
  return (Array.isArray(dependsOn) ? dependsOn : [dependsOn]) as pulumi.Resource[];
}

/** What the tasks of a release are made of. */
interface TaskPlan {
  /** What the program says. */
  readonly args: ContainerServiceArgs;
  /** What the service runs: the same, unless an earlier release was brought back. */
  readonly runs: ContainerServiceArgs;
  /** The release that was brought back; undefined where none was. */
  readonly record: RollbackRecord | undefined;
  /** The arguments as data, for the release's record. */
  readonly spec: pulumi.Output<ReleaseSpec>;
}

/** The tasks of what a service runs: those of a release, or those of a rollback. */
export class ReleaseTasks {
  private readonly parent: pulumi.Resource;
  private readonly name: string;
  private readonly plan: TaskPlan;

  constructor(parent: pulumi.Resource, name: string, plan: TaskPlan) {
    this.parent = parent;
    this.name = name;
    this.plan = plan;
  }

  /** Those that containers wait for. What a rollback undoes is the program's, not the old release's. */
  before(host: string | undefined): readonly Task[] {
    const { args, runs, record, spec } = this.plan;
    const opts = { parent: this.parent };
    if (record === undefined) {
      const run = { when: "before", host, trigger: taskKey(spec) } as const;
      return makeTasks(this.name, runs, run, opts);
    }
    const { release, askedAt } = record;
    const env = { DOCKWRIGHT_ROLLBACK_TO: String(release) };
    const trigger = `${release} ${askedAt}`;
    return makeTasks(this.name, args, { when: "rollback", host, trigger, env }, opts);
  }

  /** Those that come once the containers serve. */
  after(replicas: pulumi.Output<readonly Replica[]>, rollout: pulumi.Resource | undefined): void {
    const { runs, record, spec } = this.plan;
    if (record !== undefined || (runs.tasks?.after ?? []).length === 0) return;
    const make = (all: readonly Replica[]) => {
      const [first] = all;
      if (first === undefined) return;
      const host = first.host === "" ? undefined : first.host;
      const trigger = taskKey(spec);
      const dependsOn = [...all.map(({ container }) => container), ...(rollout ? [rollout] : [])];
      const opts = { parent: this.parent, dependsOn };
      makeTasks(this.name, runs, { when: "after", host, trigger }, opts);
    };
    replicas.apply(make);
  }
}
