// The whole table of rules, row by row.
import { containerRights } from "./container-rights.ts";
import { containerRun } from "./container-run.ts";
import { containerWalls } from "./container-walls.ts";
import { daemonRows } from "./daemon.ts";
import { hostRows } from "./host.ts";
import type { Row } from "./row.ts";
import { serviceRows } from "./services.ts";

const parts = [containerRights, containerWalls, containerRun, daemonRows, hostRows, serviceRows];

/** The rows by the name of their rule. */
export const table: Readonly<Record<string, Row>> = Object.fromEntries(
  parts
    .flatMap((part) => Object.keys(part))
    .map((name) => {
      const rows = parts.flatMap((part) => part[name] ?? []);
      return [
        name,
        {
          fails: rows.flatMap(({ fails }) => fails),
          passes: rows.flatMap(({ passes }) => passes),
        },
      ];
    }),
);
