// From the fields of a DockerDaemon to what is wanted of the daemon, and what is wrong with it.

import type { DaemonSpec } from "../../host/docker/files.ts";
import { checkSpec } from "../../host/docker/validate.ts";
import type { Failure } from "../check.ts";
import type { Plain } from "../fields.ts";
import type { daemonInputs } from "./fields.ts";

type Inputs = Plain<typeof daemonInputs>;

/** What is wanted of the daemon. */
export function specOf(values: Inputs): DaemonSpec {
  const { options = {}, bridgeAddress, listen, tlsCa: ca, tlsCert: cert, tlsKey: key } = values;
  return {
    options,
    bridgeAddress,
    listen,
    ...(ca !== undefined && cert !== undefined && key !== undefined
      ? { tls: { ca, cert, key } }
      : {}),
  };
}

/** Fields that only make sense together: all of them, or none. */
function together(values: Inputs, names: readonly (keyof Inputs)[]): readonly Failure[] {
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return [];
  return missing.map((property) => ({ property, reason: `goes with ${names.join(", ")}` }));
}

/** What no single field can tell. */
export function checkDaemon(values: Inputs): readonly Failure[] {
  return [
    ...together(values, ["tlsCa", "tlsCert", "tlsKey"]),
    ...together(values, ["address", "clientCa", "clientCert", "clientKey"]),
    ...checkSpec(specOf(values)).map(({ property, reason }) => ({
      property: property === "tls" ? "tlsCert" : property,
      reason,
    })),
  ];
}
