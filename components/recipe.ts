// Recipes: the steps that provision a host, as data. A step is made when those before it are; steps in a
// list of their own are made side by side. Each is a resource with its preview, drift and undo. Not a
// language: what decides anything is decided by the program that makes the list.

import type * as pulumi from "@pulumi/pulumi";
import { ErrorCode, SdkError } from "../sdk/errors.ts";
import { CommandResource, type CommandResourceArgs } from "../sdk/resources/command.ts";
import { DirectoryResource, type DirectoryResourceArgs } from "../sdk/resources/directory.ts";
import { FileResource } from "../sdk/resources/file.ts";
import { GroupResource, type GroupResourceArgs } from "../sdk/resources/group.ts";
import { PackageResource, type PackageResourceArgs } from "../sdk/resources/package.ts";
import { RebootResource, type RebootResourceArgs } from "../sdk/resources/reboot.ts";
import { SysctlResource, type SysctlResourceArgs } from "../sdk/resources/sysctl.ts";
import { UnitResource, type UnitResourceArgs } from "../sdk/resources/unit.ts";
import { UserResource, type UserResourceArgs } from "../sdk/resources/user.ts";
import { type FileArgs, fileArgs } from "./file.ts";
import { type HostLike, onHost } from "./hostlike.ts";

/** What every step may have. */
export interface StepOptions {
  /**
   * The step's name, part of the resource's.
   * @defaultValue its kind and what it is about: `package-haproxy`, `file-/etc/motd`
   */
  readonly name?: string;
}

/** A step that may follow others: it is done again, restarted or reloaded when they change. */
export interface FollowingOptions extends StepOptions {
  /**
   * Names of earlier steps: files and packages.
   * @defaultValue none
   */
  readonly follows?: readonly string[];
}

/** One step. `package` and `directory` also take the name or path alone. */
export type Step =
  | (StepOptions & {
      /** A package of the system's own manager, or its name alone. */
      readonly package: string | PackageResourceArgs;
    })
  | (StepOptions & {
      /** A file with its content. */
      readonly file: Omit<FileArgs, "host">;
    })
  | (StepOptions & {
      /** A folder, or its path alone. */
      readonly directory: string | DirectoryResourceArgs;
    })
  | (StepOptions & {
      /** A user. */
      readonly user: UserResourceArgs;
    })
  | (StepOptions & {
      /** A group. */
      readonly group: GroupResourceArgs;
    })
  | (StepOptions & {
      /** A setting of the kernel. */
      readonly sysctl: SysctlResourceArgs;
    })
  | (FollowingOptions & {
      /** A unit of systemd. */
      readonly unit: UnitResourceArgs;
    })
  | (FollowingOptions & {
      /** The step's name, part of the resource's. */
      readonly name: string;
      /** A command that runs once, and again when what it follows changes. */
      readonly command: CommandResourceArgs;
    })
  | (FollowingOptions & {
      /** The step's name, part of the resource's. */
      readonly name: string;
      /** A reboot, when what it follows changes. */
      readonly reboot: RebootResourceArgs;
    });

/** Steps in their order; those of an inner list are made side by side. */
export type Recipe = readonly (Step | readonly Step[])[];

/** The resources of a recipe by the names of their steps, in their order. */
export type Provisioned = ReadonlyMap<string, pulumi.CustomResource>;

function aboutOf(step: Step): readonly [kind: string, about: pulumi.Input<string> | undefined] {
  if ("package" in step) {
    return ["package", typeof step.package === "string" ? step.package : step.package.name];
  }
  if ("directory" in step) {
    return ["directory", typeof step.directory === "string" ? step.directory : step.directory.path];
  }
  if ("file" in step) return ["file", step.file.path];
  if ("user" in step) return ["user", step.user.name];
  if ("group" in step) return ["group", step.group.name];
  if ("sysctl" in step) return ["sysctl", step.sysctl.name];
  if ("unit" in step) return ["unit", step.unit.name];
  return ["command" in step ? "command" : "reboot", undefined];
}

/** The name of a step: given, or made of what it is about where the program knows that. */
export function stepName(step: Step): string {
  if (step.name !== undefined) return step.name;
  const [kind, about] = aboutOf(step);
  if (typeof about === "string") return `${kind}-${about}`;
  throw new SdkError(
    ErrorCode.BadInput,
    `a ${kind} step has no name, and none can be made for it`,
    {
      fix: `give it one: { name: "...", ${kind}: { ... } }`,
    },
  );
}

/** What tells that an earlier step's result is another. */
function triggerOf(name: string, made: Provisioned): pulumi.Input<string> {
  const found = made.get(name);
  if (found instanceof FileResource) return found.fingerprint;
  if (found instanceof PackageResource) return found.installedVersion;
  const files = [...made].filter(
    ([, each]) => each instanceof FileResource || each instanceof PackageResource,
  );
  const known = files.map(([each]) => each).join(", ");
  throw new SdkError(
    ErrorCode.BadInput,
    `a step follows "${name}", which is no earlier step of a file or package; those are ${known === "" ? "none" : known}`,
    { fix: "correct the name, or put that step before this one" },
  );
}

type Triggers = pulumi.Input<readonly pulumi.Input<string>[]> | undefined;

/** The triggers of a step together with those of what it follows. */
function withTriggers<T extends { readonly triggers?: Triggers }>(
  args: T,
  follows: readonly string[] | undefined,
  made: Provisioned,
): T {
  if (follows === undefined) return args;
  const own = args.triggers;
  if (own !== undefined && !Array.isArray(own)) {
    throw new SdkError(
      ErrorCode.BadInput,
      "a step has follows, and triggers that are no plain list",
      {
        fix: "give triggers as a list of values",
      },
    );
  }
  const all = [
    ...((own ?? []) as pulumi.Input<string>[]),
    ...follows.map((name) => triggerOf(name, made)),
  ];
  return { ...args, triggers: all };
}

function makeStep(
  step: Step,
  name: string,
  made: Provisioned,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  if ("package" in step) {
    const args = typeof step.package === "string" ? { name: step.package } : step.package;
    return new PackageResource(name, args, opts);
  }
  if ("directory" in step) {
    const args = typeof step.directory === "string" ? { path: step.directory } : step.directory;
    return new DirectoryResource(name, args, opts);
  }
  if ("file" in step) return new FileResource(name, fileArgs(step.file), opts);
  if ("user" in step) return new UserResource(name, step.user, opts);
  if ("group" in step) return new GroupResource(name, step.group, opts);
  if ("sysctl" in step) return new SysctlResource(name, step.sysctl, opts);
  if ("unit" in step)
    return new UnitResource(name, withTriggers(step.unit, step.follows, made), opts);
  if ("command" in step) {
    return new CommandResource(name, withTriggers(step.command, step.follows, made), opts);
  }
  return new RebootResource(name, withTriggers(step.reboot, step.follows, made), opts);
}

export interface ProvisionOptions {
  /** Begins the resources' names. */
  readonly prefix: string;
  readonly parent: pulumi.Resource;
  /** What must be there before the first step. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Makes the resources of a recipe. */
export function provision(host: HostLike, recipe: Recipe, options: ProvisionOptions): Provisioned {
  const made = new Map<string, pulumi.CustomResource>();
  let before: readonly pulumi.Resource[] = options.dependsOn;
  for (const entry of recipe) {
    const steps = Array.isArray(entry) ? (entry as readonly Step[]) : [entry as Step];
    const opts = onHost(host, { parent: options.parent, dependsOn: [...before] });
    const group = steps.map((step) => {
      const name = stepName(step);
      if (made.has(name)) {
        throw new SdkError(ErrorCode.BadInput, `two steps are called "${name}"`, {
          fix: "give one of them another name",
        });
      }
      const resource = makeStep(step, `${options.prefix}-${name}`, made, opts);
      made.set(name, resource);
      return resource;
    });
    if (group.length > 0) before = group;
  }
  return made;
}
