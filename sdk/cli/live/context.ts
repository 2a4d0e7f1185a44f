// The provider's own work on a host, done from the command line.
import { parseUrn } from "../../provider/names.ts";
import type { Context } from "../../provider/resource.ts";
import { isMap } from "../../provider/values.ts";
import type { LiveHost } from "./ask.ts";

/** On whose behalf something is made on a host: what bears these labels is the stack's. */
export function contextOn(host: LiveHost, urn: string, signal: AbortSignal): Context {
  const tell = (text: string) => process.stderr.write(`dockwright: ${text}\n`);
  const quiet = () => undefined;
  return {
    ...parseUrn(urn),
    docker: host.docker,
    get machine() {
      return host.machine();
    },
    overSsh: isMap(host.config["ssh"]),
    signal,
    log: { progress: quiet, done: quiet, info: quiet, warn: tell },
    scrub: (text) => text,
    timeoutMs: undefined,
    owner: host.owner,
    now: () => new Date(),
  };
}
