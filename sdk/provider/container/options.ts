// All options of a container, a table a group. The resource's fields are exactly these rows.

import { f } from "../fields.ts";
import { healthOptions } from "./health.ts";
import { limitOptions } from "./limits.ts";
import { networkOptions } from "./network.ts";
import { option } from "./option.ts";
import { processOptions } from "./process.ts";
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
} as const;

export const containerOptions = {
  ...identityOptions,
  ...processOptions,
  ...networkOptions,
  ...storageOptions,
  ...healthOptions,
  ...limitOptions,
} as const;
