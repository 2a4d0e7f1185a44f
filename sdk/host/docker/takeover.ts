// Whose configuration a daemon has: what is not ours is replaced on request only, kept, and put back.

import { ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../machine.ts";
import { refuseForeign } from "../operations/operation.ts";
import { runScript } from "../script.ts";
import type { DaemonSite } from "./files.ts";
import { removeScript } from "./guard.ts";
import { type ObservedDaemon, observeDaemon } from "./observe.ts";
import { daemonJson, servicePath } from "./paths.ts";

export interface Takeover {
  readonly owner: string;
  readonly adopt: boolean;
  readonly site: DaemonSite;
}

/** What each file that we write outside of our folder says of itself. */
const madeByUs = "# Made by Dockwright";

/** Files that are there and not ours. */
function foreignFiles(seen: ObservedDaemon, site: DaemonSite): readonly string[] {
  const json = seen.json !== undefined && !seen.linked ? [daemonJson] : [];
  const ours = seen.service === undefined || seen.service.includes(madeByUs);
  const service = ours ? [] : [servicePath(site.init)];
  return [...json, ...service];
}

/** Refuses what another program configures, and, without `adopt`, what nobody of ours did. */
export function refuseExisting(machine: Machine, seen: ObservedDaemon, how: Takeover): void {
  const [other] = seen.otherDropIns;
  if (other !== undefined) {
    throw new SdkError(
      ErrorCode.Foreign,
      `${other} on ${machine.label} says how the daemon is started, which would hide what is declared here`,
      { fix: "remove that file, or its ExecStart lines" },
    );
  }
  if (how.adopt) return;
  refuseForeign({ machine, owner: how.owner }, seen.owner, "the Docker daemon");
  if (seen.owner !== undefined) return;
  const [file] = foreignFiles(seen, how.site);
  if (file === undefined) return;
  throw new SdkError(
    ErrorCode.Foreign,
    `${file} is on ${machine.label} already, and was not written by this resource`,
    {
      fix: "declare its options here and replace it with adopt: true (it comes back when this is deleted), or remove it",
    },
  );
}

/** Takes our configuration of the daemon away; done when it is no longer there. */
export async function removeDaemon(machine: Machine, owner: string): Promise<void> {
  const seen = await observeDaemon(machine);
  if (seen.init === undefined || (seen.owner !== undefined && seen.owner !== owner)) return;
  await runScript(machine, `INIT=${seen.init} SERVICE=${servicePath(seen.init)}\n${removeScript}`, {
    what: "take the configuration of the Docker daemon away",
    timeoutMs: 180_000,
  });
}
