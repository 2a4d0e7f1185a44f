// What rules ask of an image's reference. What is no reference, such as an image's id, is a version of itself.
import { type ImageReference, parseReference } from "../../../sdk/docker/reference.ts";

/** The reference in its parts; undefined where it is an id, or nothing that Docker knows. */
export function referenceOf(image: string): ImageReference | undefined {
  try {
    return parseReference(image);
  } catch {
    return undefined;
  }
}

/** Tag or digest; undefined where there is none. */
export function versionOf(image: string): string | undefined {
  const reference = referenceOf(image);
  return reference === undefined ? image : (reference.digest ?? reference.tag);
}
