// All rows of all parts.
import { containerRows } from "./containers.ts";
import { imageRows } from "./images.ts";
import type { Part } from "./list.ts";
import { networkRows } from "./networks.ts";
import type { FaultRow } from "./site.ts";
import { volumeRows } from "./volumes.ts";

export const rows: { readonly [part in Part]?: readonly FaultRow[] } = {
  containers: containerRows,
  images: imageRows,
  networks: networkRows,
  volumes: volumeRows,
};
