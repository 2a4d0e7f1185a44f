// An image from another daemon, without a registry: through the machine that runs the update.

import type { DockerClient } from "../../docker/client.ts";
import { copyImage, describeCopy, formatBytes, planCopy } from "../../docker/image-copy.ts";
import { SdkError } from "../../errors.ts";
import type { Machine } from "../../host/machine.ts";
import { connectDocker } from "../config.ts";
import type { Context } from "../resource.ts";
import { sharedMachines } from "../sharedmachines.ts";
import type { ValueMap } from "../values.ts";
import type { CopyValue } from "./fields.ts";

/** Both daemons are asked in a preview, which must not wait for long. */
const askTimeoutMs = 15_000;

async function withSource<T>(copy: CopyValue, use: (source: DockerClient) => Promise<T>) {
  const config = (copy.from ?? {}) as ValueMap;
  let machine: Machine | undefined;
  const source = connectDocker(config, () => {
    machine ??= sharedMachines.hold(config);
    return machine;
  });
  try {
    return await use(source);
  } finally {
    source.close();
    machine?.close();
  }
}

/**
 * The id of the image on the other daemon, with what copying it would send said to the person; undefined
 * where that cannot be told yet.
 */
export async function resolveSource(
  context: Context,
  copy: CopyValue,
): Promise<string | undefined> {
  const { docker, signal, log } = context;
  const options = { signal, timeoutMs: askTimeoutMs };
  return withSource(copy, async (source) => {
    try {
      const found = await source.images.inspect(copy.image, options);
      if (!found) return undefined;
      const plan = await planCopy(source, docker, found.Id, options);
      if (!plan.done) log.info(`${copy.image}: ${describeCopy(plan)}`);
      return found.Id;
    } catch (error) {
      if (signal.aborted || !(error instanceof SdkError)) throw error;
      // One of the two is not there yet, or not in reach: an update will say so.
      return undefined;
    }
  });
}

/** Sends what is missing, and gives the id. */
export async function copyFrom(context: Context, copy: CopyValue, id: string | undefined) {
  const { docker, signal, log } = context;
  return withSource(copy, async (source) => {
    const { plan, sentBytes } = await copyImage(source, docker, id ?? copy.image, {
      signal,
      onPlan: (plan) => {
        log.progress(`${copy.image}: ${describeCopy(plan)}`);
      },
      onProgress: (sent) => {
        log.progress(`${copy.image}: ${formatBytes(sent)} sent`);
      },
    });
    log.done(`${copy.image}: ${formatBytes(sentBytes)} sent, ${plan.present} layers were there`);
    return plan.imageId;
  });
}
