// `dockwright run`: a container of its own for one command, with what the service's containers have. It
// goes when the command has ended, or is interrupted; what a killed one left, `dockwright prune` finds.
// The exit code is the command's.
import { randomBytes } from "node:crypto";
import { ErrorCode, SdkError } from "../../errors.ts";
import { ensureCreated, ensureFilled } from "../../provider/container/ensure.ts";
import { ensureInPlace } from "../../provider/container/inplace.ts";
import { removeContainer } from "../../provider/container/remove.ts";
import type { Context } from "../../provider/resource.ts";
import { onSignals, signalExitCode } from "../signals.ts";
import { type LiveHosts, withLive } from "./ask.ts";
import { contextOn } from "./context.ts";
import { requireCommand } from "./exec.ts";
import { oneOffInputs, oneOffName, oneOffUrn } from "./oneoff.ts";
import type { RunOptions } from "./options.ts";
import { joinTerminal, wantsTty } from "./terminal.ts";
import type { Recorded, StackView } from "./view.ts";

/** The record of a service's container to make another like it. */
export function chooseRecorded(
  view: StackView,
  service: string,
  host: string | undefined,
): Recorded {
  const containers = view.recorded.filter(({ kind, going }) => kind === "Container" && !going);
  const named = containers.filter((one) => one.service === service || one.name === service);
  const found = named.find((one) => (host === undefined ? !one.host.lost : one.host.name === host));
  if (found !== undefined) return found;
  const all = [...new Set(containers.map((one) => one.service))].sort();
  const hosts = [...new Set(named.map((one) => one.host.name))].sort();
  const inSwarm = view.recorded.find(
    (one) => one.kind === "SwarmService" && (one.service === service || one.name === service),
  );
  if (named.length === 0 && inSwarm !== undefined) {
    throw new SdkError(ErrorCode.BadInput, `${service} runs in the swarm ${inSwarm.host.name}`, {
      fix: `\`run\` makes containers of services on hosts; a command in one of its tasks: dockwright exec ${service} -- COMMAND`,
    });
  }
  if (named.length === 0) {
    const there = all.length === 0 ? "the stack has none" : `there are ${all.join(", ")}`;
    throw new SdkError(ErrorCode.BadInput, `no service is called "${service}"; ${there}`);
  }
  throw new SdkError(ErrorCode.BadInput, `${service} is not on a host "${host ?? ""}"`, {
    fix: `name one of ${hosts.join(", ")} by --host`,
  });
}

/** Passes signals on to the container; a second one, or one that it does not take, ends it at once. */
function passSignals({ docker }: Context, id: () => string | undefined, stop: AbortController) {
  let came = false;
  return onSignals((signal) => {
    const running = id();
    if (came || running === undefined) stop.abort(signal);
    else docker.containers.kill(running, signal).catch(() => stop.abort(signal));
    came = true;
  });
}

interface Started {
  readonly context: Context;
  readonly name: string;
  readonly recorded: Recorded;
  readonly command: readonly string[];
  readonly options: RunOptions;
}

async function runOnce(
  { context, name, recorded, command, options }: Started,
  onStart: (id: string) => void,
): Promise<number> {
  const { docker, signal } = context;
  const tty = wantsTty(options.tty);
  const inputs = oneOffInputs(recorded, command, { ...options, tty });
  const ensured = await ensureCreated(context, name, inputs);
  const { Id: id } = ensured.container;
  await ensureInPlace(context, ensured.container, inputs);
  await ensureFilled(context, ensured, inputs);
  const session = await docker.containers.attach(id, { tty }, { signal });
  const resize = (size: { readonly rows: number; readonly columns: number }) =>
    docker.containers.resize(id, size);
  const calls = { signal, timeoutMs: Number.POSITIVE_INFINITY };
  let leave: (() => void) | undefined;
  try {
    await docker.containers.start(id, { signal, once: true });
    onStart(id);
    leave = joinTerminal({ ...session, resize }, tty);
    const code = await docker.containers.wait(id, "not-running", calls);
    // What it wrote last may still be under way.
    await session.done;
    return code;
  } finally {
    leave?.();
    session.close();
  }
}

async function runOn(
  hosts: LiveHosts,
  service: string,
  command: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { view } = hosts;
  const recorded = chooseRecorded(view, service, options.host);
  const stop = new AbortController();
  const urn = oneOffUrn(view.project, view.stack, recorded.service);
  const context = contextOn(hosts.on(recorded.host), urn, stop.signal);
  const name = oneOffName(recorded.service, randomBytes(4).toString("hex"));
  let running: string | undefined;
  const release = passSignals(context, () => running, stop);
  try {
    return await runOnce({ context, name, recorded, command, options }, (id) => {
      running = id;
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return signalExitCode(stop.signal.reason as NodeJS.Signals);
  } finally {
    // Not by the signal: it goes also when it is interrupted.
    await removeContainer(context, name, { graceMs: 0, volumes: true });
    release();
  }
}

export async function run(
  service: string,
  command: readonly string[],
  options: RunOptions,
): Promise<number> {
  requireCommand(command, "run");
  return await withLive(options, (hosts) => runOn(hosts, service, command, options));
}
