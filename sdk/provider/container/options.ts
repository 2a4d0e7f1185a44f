// All options of a container, a table a group. The resource's fields are exactly these rows.

import { f, type Plain } from "../fields.ts";
import { deviceOptions } from "./devices.ts";
import { healthOptions } from "./health.ts";
import { ioOptions } from "./io.ts";
import { lifecycleOptions } from "./lifecycle.ts";
import { limitOptions } from "./limits.ts";
import { mountOptions } from "./mounts.ts";
import { networkOptions } from "./network.ts";
import { fieldsOf, option } from "./option.ts";
import { portOptions } from "./ports.ts";
import { processOptions } from "./process.ts";
import { securityOptions } from "./security.ts";
import { storageOptions } from "./storage.ts";

const identityOptions = {
  name: option(
    f.string({
      doc: "The container's name on the daemon. With one of your own, a replacement stops the old container before it starts the new one.",
      default: "the resource's name and a hash of its inputs",
      check: (value) =>
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value)
          ? undefined
          : "write two or more letters, digits, _, . or -, and start with a letter or digit",
    }),
    undefined,
    (container) => container.Name.replace(/^\//, ""),
  ),
  image: option(
    f.string({
      doc: "The image: a tag, a digest or an id that the daemon has.",
      required: true,
    }),
    (body, value) => {
      body.Image = value;
    },
    (container) => container.Config.Image,
  ),
  platform: option(
    f.string({
      doc: "The platform that the image must have, `OS[/ARCH[/VARIANT]]`, where the daemon could take several.",
      default: "the daemon's",
      check: (value) =>
        /^[a-z0-9]+(\/[a-z0-9_]+(\/[a-z0-9]+)?)?$/.test(value)
          ? undefined
          : 'write OS[/ARCH[/VARIANT]], such as "linux/arm64"',
    }),
    undefined,
    (_container, image, declared) => {
      if (declared === undefined || !image) return declared;
      const [, arch, variant] = declared.split("/");
      const same =
        (arch === undefined || arch === image.Architecture) &&
        (variant === undefined || !image.Variant || variant === image.Variant);
      return same
        ? declared
        : [image.Os, image.Architecture, image.Variant].filter(Boolean).join("/");
    },
  ),
} as const;

export const containerOptions = {
  ...identityOptions,
  ...processOptions,
  ...ioOptions,
  ...networkOptions,
  ...portOptions,
  ...mountOptions,
  ...storageOptions,
  ...healthOptions,
  ...lifecycleOptions,
  ...limitOptions,
  ...securityOptions,
  ...deviceOptions,
} as const;

/** The inputs of the resource. */
export const containerInputs = fieldsOf(containerOptions);
export type ContainerInputs = Plain<typeof containerInputs>;
