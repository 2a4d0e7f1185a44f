// One kill: engine and provider, by SIGKILL, while a proxy in front of a daemon holds a call. What it
// leaves of locks is cleared as a person would.
import * as assert from "uvu/assert";
import type { Project } from "../../../sdk/engine/project.ts";
import { type ClientCall, clientCalls } from "../../sdk/docker/calls.ts";
import type { ApiProxy, SeenCall } from "../../support/apiproxy.ts";
import { isAlive, noneLeft, pidsOf } from "../../support/processes.ts";
import { said } from "../../support/site.ts";
import type { Row, When } from "./table.ts";

/** The update that is killed, and where. */
export interface Killed {
  readonly project: Project;
  readonly env: Readonly<Record<string, string>>;
  /** The daemons are all behind one of these. */
  readonly proxies: readonly ApiProxy[];
  /** Says which call; `nth` counts over all daemons. */
  readonly row: Row<string>;
  readonly when: When;
}

const calls = clientCalls();

function callOf(row: Row<string>): ClientCall {
  const found = calls.find((one) => `${one.name} ${one.method} ${one.path}` === row.call);
  if (!found) throw new Error(`the client makes no call ${row.call}`);
  return found;
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
export async function endAt({ project, env, proxies, row, when }: Killed): Promise<void> {
  const call = callOf(row);
  let engine = 0;
  let left = row.nth ?? 1;
  const reached = new Promise<void>((resolve) => {
    for (const proxy of proxies) {
      proxy.judge = (seen) => {
        if (!isCall(call, seen) || row.only?.(seen) === false) return { kind: "pass" };
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
  const report = await project.recover();
  assert.ok(report.cleared || report.found.length === 0, report.says);
}
