// The images that deploys have set, as the stack's configuration has them: by the name of the service,
// each by its digest. `dockwright deploy` writes them, a program reads them by `deployedImage`.
import { ErrorCode, SdkError } from "./errors.ts";

/** The configuration value that holds them. */
export const imagesKey = "dockwright:images";

/** References of images by the service's name. */
export type DeployedImages = { readonly [service: string]: string };

/** Whether a reference says by digest which image is meant. */
export const hasDigest = (ref: string): boolean => /^[^\s@]+@sha256:[0-9a-f]{64}$/.test(ref);

function refuse(value: string, cause?: unknown): SdkError {
  const message = `the configuration value ${imagesKey} is ${value}; it holds references of images by the name of the service`;
  const fix = "run `dockwright deploy --image SERVICE=REF@sha256:DIGEST`";
  return new SdkError(ErrorCode.BadInput, message, { fix, cause });
}

/** The images of a configuration's text; none where there is no text. */
export function parseImages(text: string | undefined): DeployedImages {
  if (text === undefined || text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse("no JSON", error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(JSON.stringify(value));
  }
  const wrong = Object.entries(value).find(([, ref]) => typeof ref !== "string");
  if (wrong !== undefined) throw refuse(JSON.stringify(value));
  return value as DeployedImages;
}
