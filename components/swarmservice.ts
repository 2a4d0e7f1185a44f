// A service of a swarm. Swarm places its tasks, exchanges them, and starts others where a node is lost.
// Its containers are hardened unless told otherwise, as those of a daemon are.

import * as pulumi from "@pulumi/pulumi";
import {
  type SwarmConfigMountArgs,
  type SwarmSecretMountArgs,
  SwarmServiceResource,
  type SwarmServiceResourceArgs,
} from "../sdk/resources/swarmservice.ts";
import type { ImageLike, NetworkLike } from "./daemonlike.ts";
import { isPerHost, type OnEach } from "./perhost.ts";
import { unsupportedBy } from "./platforms/support.ts";
import type { SwarmLike } from "./swarmcluster.ts";

/** An image that every node can have: by its digest in a registry, or by the id that it has on each. */
export interface SwarmImageLike extends ImageLike {
  /**
   * Its id, `sha256:...`. An id is the same on nodes to which the image was copied.
   * @defaultValue none: then `ref` has a digest
   */
  readonly imageId?: pulumi.Input<string>;
}

/** A secret and where tasks find it. */
export interface SwarmSecretUse extends Omit<SwarmSecretMountArgs, "name"> {
  /** The secret: a `SwarmSecret`, or `{ objectName: "tls-key" }`. */
  readonly secret: {
    /** Its name in the swarm. */
    readonly objectName: pulumi.Input<string>;
  };
}

/** A config and where tasks find it. */
export interface SwarmConfigUse extends Omit<SwarmConfigMountArgs, "name"> {
  /** The config: a `SwarmConfig`, or `{ objectName: "nginx.conf" }`. */
  readonly config: {
    /** Its name in the swarm. */
    readonly objectName: pulumi.Input<string>;
  };
}

/** What takes components where their value is meant. */
type Given = "image" | "networks" | "secrets" | "configs";

/** Arguments of {@link SwarmService}. */
export interface SwarmServiceArgs extends Omit<SwarmServiceResourceArgs, Given> {
  /** The swarm that it runs in. */
  readonly on: SwarmLike;
  /**
   * The image it runs: one of a registry, by digest; or one that each node has under the same id, made by
   * `cluster.each()`: built on one node, and copied to the others. A change exchanges the tasks.
   */
  readonly image: OnEach<SwarmImageLike>;
  /**
   * The overlay networks that its tasks are on. They are found there by the service's name, by
   * `tasks.NAME`, and by the name that the program gives it. A change exchanges the tasks.
   * @defaultValue none
   */
  readonly networks?: readonly NetworkLike[];
  /**
   * Secrets, as files in memory. Another content exchanges the tasks.
   * @defaultValue none
   */
  readonly secrets?: readonly SwarmSecretUse[];
  /**
   * Configs, as files. Another content exchanges the tasks.
   * @defaultValue none
   */
  readonly configs?: readonly SwarmConfigUse[];
}

const temporaryBytes = 64 * 1024 * 1024;

function referenceOf({ ref, imageId }: SwarmImageLike): pulumi.Output<string> {
  return pulumi
    .all([ref, imageId])
    .apply(([name, id]) => (id === undefined || name.includes("@sha256:") ? name : id));
}

/** One name for the image on all nodes. */
function imageOf(image: OnEach<SwarmImageLike>): pulumi.Output<string> {
  if (!isPerHost(image)) return referenceOf(image);
  const each = Object.entries(image.perHost).map(([node, one]) =>
    referenceOf(one).apply((ref) => ({ node, ref })),
  );
  return pulumi.all(each).apply((all) => {
    const [first] = all;
    const other = all.find(({ ref }) => ref !== first?.ref);
    if (first !== undefined && other === undefined) return first.ref;
    throw new pulumi.InputPropertyError({
      propertyPath: "image",
      reason: `is ${first?.ref ?? "none"} on ${first?.node ?? "any node"}, and ${other?.ref ?? "none"} on ${other?.node ?? "another"}; build it on one node and copy it to the others (\`copy\`)`,
    });
  });
}

function hardened(args: Pick<SwarmServiceArgs, "readOnly" | "mounts" | "capDrop">) {
  const { readOnly = true, mounts = [], capDrop = ["ALL"] } = args;
  const memory = { sizeBytes: temporaryBytes, mode: 0o1777 };
  const temporary = { type: "tmpfs", target: "/tmp", tmpfsOptions: memory } as const;
  const all =
    readOnly === true && Array.isArray(mounts)
      ? [temporary, ...(mounts as readonly object[])]
      : mounts;
  return { readOnly, capDrop, mounts: all as SwarmServiceResourceArgs["mounts"] };
}

/** Members of networks that Swarm has no word for. */
function refuseUnsupported(networks: SwarmServiceArgs["networks"] = []): void {
  const errors = [...unsupportedBy("swarm", { networks })];
  if (errors.length === 0) return;
  throw new pulumi.InputPropertiesError({ message: "the service cannot be made", errors });
}

/** A service of a swarm. An update that Swarm takes back, or stops, is a failed one. */
export class SwarmService extends SwarmServiceResource {
  constructor(name: string, args: SwarmServiceArgs, opts?: pulumi.CustomResourceOptions) {
    const { on, image, networks, secrets, configs, ...rest } = args;
    refuseUnsupported(networks);
    const attachments = networks?.map(({ networkName: network, aliases }) => ({
      network,
      aliases: aliases ?? [name],
    }));
    super(
      name,
      {
        ...rest,
        ...hardened(args),
        image: imageOf(image),
        ...(attachments ? { networks: attachments } : {}),
        ...(secrets
          ? { secrets: secrets.map(({ secret, ...use }) => ({ ...use, name: secret.objectName })) }
          : {}),
        ...(configs
          ? { configs: configs.map(({ config, ...use }) => ({ ...use, name: config.objectName })) }
          : {}),
      },
      { provider: on.provider, ...opts },
    );
  }
}
