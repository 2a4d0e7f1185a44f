// The images that the stack's last update ran with, from the backend's history: a checkout whose
// `Pulumi.STACK.yaml` does not have them would go back to older ones.
import { type DeployedImages, imagesKey, parseImages } from "../../deployed.ts";
import type { Project, UpdateRecord } from "../../engine/index.ts";
import { complain } from "../output.ts";

/** The images of the last update that succeeded; none where the stack was destroyed since. */
export function imagesOfLast(history: readonly UpdateRecord[]): DeployedImages {
  const last = history.find(
    ({ kind, result }) => result === "succeeded" && (kind === "update" || kind === "destroy"),
  );
  if (last?.kind !== "update") return {};
  return parseImages(last.config?.[imagesKey]?.value);
}

/** The images that the stack runs with, as its history has them; none, and told so, where it cannot be read. */
export async function recordedImages(project: Project): Promise<DeployedImages> {
  try {
    return imagesOfLast(await project.history());
  } catch (error) {
    complain(error);
    return {};
  }
}

/** What a configuration lacks of them, but for the services that are deployed now. */
export function lacking(
  recorded: DeployedImages,
  configured: DeployedImages,
  now: DeployedImages,
): DeployedImages {
  const isThere = (service: string) =>
    Object.hasOwn(configured, service) || Object.hasOwn(now, service);
  return Object.fromEntries(Object.entries(recorded).filter(([service]) => !isThere(service)));
}
