// The table of all options of a container: the documentation of what is covered.
import { limitRows } from "./limits.ts";
import { networkRows } from "./network.ts";
import { processRows } from "./process.ts";
import type { Table } from "./row.ts";
import { securityRows } from "./security.ts";
import { storageRows } from "./storage.ts";

export const table: Table = {
  ...processRows,
  ...networkRows,
  ...storageRows,
  ...limitRows,
  ...securityRows,
};
