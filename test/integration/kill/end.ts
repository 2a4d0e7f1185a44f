// One kill: engine and provider, by SIGKILL, while a proxy in front of a daemon holds a call.
import type { Project } from "../../../sdk/engine/project.ts";
import type { ClientCall } from "../../sdk/docker/calls.ts";
import type { ApiProxy, SeenCall } from "../../support/apiproxy.ts";
import { isAlive, noneLeft, pidsOf } from "../../support/processes.ts";
import { said } from "../../support/site.ts";
import type { When } from "./table.ts";

/** The update that is killed, and where. */
export interface Killed {
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;
  /** The daemons are all behind one of these. */
  readonly proxies: readonly ApiProxy[];
  readonly call: ClientCall;
  readonly when: When;
  /** Which of the calls of that kind, over all daemons. @defaultValue 1 */
  readonly nth?: number;
  /** What tells it from other calls to the same path. */
  readonly only?: ((call: SeenCall) => boolean) | undefined;
}

/** Whether a seen call is this one of the client's. */
function isCall({ method, path: pattern }: ClientCall, seen: SeenCall): boolean {
  const form = pattern.split("*").map((part) => part.replace(/[.]/g, "\\$&"));
  return seen.method === method && new RegExp(`^${form.join(".+")}$`).test(seen.path);
}

export function letPass(proxies: readonly ApiProxy[]): void {
  for (const proxy of proxies) proxy.judge = () => ({ kind: "pass" });
}

/** Runs the update until the call, and kills it there; an update that does not make it is an error. */
export async function endAt({ project, env, proxies, call, when, nth, only }: Killed) {
  let engine = 0;
  let left = nth ?? 1;
  const reached = new Promise<void>((resolve) => {
    for (const proxy of proxies) {
      proxy.judge = (seen) => {
        if (!isCall(call, seen) || only?.(seen) === false) return { kind: "pass" };
        left -= 1;
        return left === 0 ? { kind: "hold", when, reached: resolve } : { kind: "pass" };
      };
    }
  });
  const run = project.up({
    env,
    onStart: (pid) => {
      engine = pid;
    },
  });
  const ended = run.then((result) => {
    throw new Error(`the call was not made:\n${said(result)}`);
  });
  ended.catch(() => undefined);
  await Promise.race([reached, ended]);
  const plugins = await pidsOf(project.dir, "pulumi-resource-dockwright");
  for (const pid of [...plugins, engine]) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  await run;
  await noneLeft(project.dir);
}
