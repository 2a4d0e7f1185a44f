// A Compose project as components: what `docker compose up` makes of it, previewed, gated and replaced.
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { planCompose } from "../sdk/compose/compose.ts";
import type { ComposePlan, LeftOut, PlannedService } from "../sdk/compose/plan.ts";
import { Bridge, type BridgeArgs } from "./bridge.ts";
import { Container, type ContainerArgs } from "./container.ts";
import type { DaemonLike, ImageLike, NetworkLike, VolumeLike } from "./daemonlike.ts";
import { Image } from "./image.ts";
import { Task } from "./task.ts";
import { Volume } from "./volume.ts";

/** Arguments of {@link ComposeStack}. */
export interface ComposeStackArgs {
  /** The daemon to run on. A change replaces everything but what volumes hold. */
  readonly daemon: DaemonLike;
  /**
   * The Compose file, relative to the program; or its folder, for what is usual there: `compose.yaml` with
   * `compose.override.yaml`.
   */
  readonly file: string;
  /**
   * Files that are merged over it, in their order, as by `docker compose -f FILE -f OVERRIDE`.
   * @defaultValue none
   */
  readonly overrides?: readonly string[];
  /**
   * Profiles that are on: services that name others are left out.
   * @defaultValue none
   */
  readonly profiles?: readonly string[];
  /**
   * Variables of the file, such as `${TAG}`; those of `.env` beside the file come after them.
   * @defaultValue those of the process
   */
  readonly variables?: { readonly [name: string]: string };
  /**
   * How many containers a service has, by its name, in place of what the file says: `scale`.
   * @defaultValue what the file says, or 1
   */
  readonly replicas?: { readonly [service: string]: number };
  /**
   * Images by the name of the service, in place of what the file says.
   * @defaultValue those of the file, built, pulled or there
   */
  readonly images?: { readonly [service: string]: ImageLike };
}

/** Networks by their key in the file. */
type Made = { readonly [key: string]: NetworkLike };

/** What the services of a stack are made with. */
interface Parts {
  /** The stack's name, which those of its parts begin with. */
  readonly name: string;
  /** The stack's arguments. */
  readonly args: ComposeStackArgs;
  /** The stack. */
  readonly parent: pulumi.ComponentResource;
  /** Its networks by their key. */
  readonly networks: Made;
  /** Its volumes by their key. */
  readonly volumes: { readonly [key: string]: VolumeLike };
}

function makeNetworks(
  plan: ComposePlan,
  name: string,
  daemon: DaemonLike,
  parent: pulumi.Resource,
) {
  const made = plan.networks.map(({ key, external, args }): [string, NetworkLike] => {
    if (external !== undefined) return [key, { networkName: external }];
    const given: BridgeArgs = { daemon, ...args };
    return [key, new Bridge(`${name}-${key}`, given, { parent })];
  });
  return Object.fromEntries(made);
}

function makeVolumes(plan: ComposePlan, name: string, daemon: DaemonLike, parent: pulumi.Resource) {
  const made = plan.volumes.map(({ key, external, args }): [string, VolumeLike] =>
    external === undefined
      ? [key, new Volume(`${name}-${key}`, { daemon, ...args }, { parent })]
      : [key, { volumeName: external }],
  );
  return Object.fromEntries(made);
}

function imageOf({ key, image }: PlannedService, { name, args, parent }: Parts): ImageLike {
  const given = args.images?.[key];
  if (given !== undefined) return given;
  const { build, ref } = image;
  if (build === undefined) return { ref: ref ?? "" };
  const { context, ...rest } = build;
  const own = { daemon: args.daemon, build: { context: String(context), ...rest } };
  return new Image(`${name}-${key}-image`, own, { parent });
}

/** The arguments of one container of a service. */
function containerArgs(service: PlannedService, parts: Parts, image: ImageLike): ContainerArgs {
  const networks = service.networks.map(({ network, args }) => {
    const joined = parts.networks[network];
    return { networkName: joined?.networkName ?? network, ...args };
  });
  const mounts = service.mounts.map(({ volume, args }) => {
    const source = volume === undefined ? {} : { source: parts.volumes[volume]?.volumeName };
    return { target: "", ...source, ...args };
  });
  return {
    daemon: parts.args.daemon,
    image,
    ...service.args,
    ...(networks.length === 0 ? {} : { networks }),
    ...(mounts.length === 0 ? {} : { mounts }),
  };
}

/** A Compose file, made by components: networks, volumes, images, containers, and tasks for what has to complete. */
export class ComposeStack extends pulumi.ComponentResource {
  /** Names of the containers, by service. */
  readonly containers: pulumi.Output<{ readonly [service: string]: readonly string[] }>;
  /** Keys of the file that are not carried over, with their lines. */
  readonly left: readonly LeftOut[];

  constructor(name: string, args: ComposeStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:ComposeStack", name, {}, opts);
    const { daemon, overrides = [], profiles = [], variables } = args;
    const given = { overrides, profiles, ...(variables ? { variables } : {}) };
    const plan = planCompose(args.file, given);
    this.left = plan.left;
    for (const { file, path, line, why } of plan.left) {
      const named = relative(".", join(plan.folder, file));
      void pulumi.log.warn(`${named}:${line}: ${path} is not carried over: ${why}`, this);
    }
    const networks = makeNetworks(plan, name, daemon, this);
    const volumes = makeVolumes(plan, name, daemon, this);
    const parts: Parts = { name, args, parent: this, networks, volumes };
    const made = new Map<string, readonly (Container | Task)[]>();
    for (const service of plan.services)
      made.set(service.key, this.makeService(service, parts, made));
    const names = [...made].map(
      ([key, all]) => [key, pulumi.all(all.map((one) => one.name))] as const,
    );
    this.containers = pulumi.output(Object.fromEntries(names));
    this.registerOutputs({ containers: this.containers });
  }

  private makeService(
    service: PlannedService,
    parts: Parts,
    made: ReadonlyMap<string, readonly (Container | Task)[]>,
  ): readonly (Container | Task)[] {
    const { key, once, after, joins } = service;
    const image = imageOf(service, parts);
    const given = containerArgs(service, parts, image);
    const [joined] = joins === undefined ? [] : (made.get(joins) ?? []);
    const shared =
      joined instanceof Container
        ? { networkMode: pulumi.interpolate`container:${joined.containerId}` }
        : {};
    const opts = { parent: this, dependsOn: after.flatMap((one) => made.get(one) ?? []) };
    const own = { ...given, ...shared };
    if (once) return [new Task(`${parts.name}-${key}`, own, opts)];
    const count = parts.args.replicas?.[key] ?? service.replicas;
    return Array.from(
      { length: count },
      (_, index) => new Container(`${parts.name}-${key}-${index + 1}`, own, opts),
    );
  }
}
