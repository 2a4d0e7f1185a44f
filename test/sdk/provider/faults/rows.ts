// All rows of all parts.
import { containerRows } from "./containers.ts";
import type { Part } from "./list.ts";
import type { FaultRow } from "./site.ts";

export const rows: { readonly [part in Part]?: readonly FaultRow[] } = {
  containers: containerRows,
};
