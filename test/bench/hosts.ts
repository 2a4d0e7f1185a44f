// Hosts of the lab for a bench: made, told to its program, and taken away whatever happens.
import { writeFile } from "node:fs/promises";
import * as path from "node:path";
import { ErrorCode, SdkError } from "../../sdk/errors.ts";
import { type HostSpec, type Lab, type LabHost, makeHosts, missingForLab } from "../lab/hosts.ts";
import type { BenchContext } from "./bench.ts";

/** All that is made on the hosts goes with them; the state is in the bench's folder. */
export async function withHosts<T>(
  { log }: BenchContext,
  specs: readonly HostSpec[],
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const missing = missingForLab();
  if (missing !== undefined) throw new SdkError(ErrorCode.Refused, `no hosts: ${missing}`);
  const lab = await makeHosts(specs, { log });
  try {
    return await work(lab);
  } finally {
    await lab.close();
  }
}

/** Writes hosts.json into a program's folder: how it logs in. */
export async function writeLogins(folder: string, hosts: readonly LabHost[]): Promise<void> {
  const logins = hosts.map(({ name, address, user, privateKey, hostKey }) => {
    return { name, address, user, privateKey, hostKey };
  });
  await writeFile(path.join(folder, "hosts.json"), JSON.stringify(logins), { mode: 0o600 });
}
