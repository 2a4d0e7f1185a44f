// What `dockwright deploy --image SERVICE=REF` has set for a service, for `pull.ref` of its Image.
import * as pulumi from "@pulumi/pulumi";
import { imagesKey, parseImages } from "../sdk/deployed.ts";

/**
 * The image that was deployed last for a service of this stack, `REPOSITORY@sha256:DIGEST`: from the
 * configuration value `dockwright:images`, which `dockwright deploy --image SERVICE=REF` writes.
 *
 * @param service name of the service
 * @param otherwise what holds before the first deploy; without it, a program that has none is refused
 * @throws pulumi.RunError with the command to run, where there is neither
 */
export function deployedImage(service: string, otherwise?: string): string {
  const images = parseImages(pulumi.runtime.getConfig(imagesKey));
  const found = Object.hasOwn(images, service) ? images[service] : otherwise;
  if (found !== undefined) return found;
  throw new pulumi.RunError(
    `no image of ${service} was deployed to this stack; run \`dockwright deploy --image ${service}=REPOSITORY@sha256:DIGEST\``,
  );
}
