// `dockwright prune`: shows what a stack no longer uses on its hosts, and removes it with --yes or where
// the person at the terminal agrees. An update that runs meanwhile may need it: then nothing is removed.
import { lockedBy } from "../../engine/index.ts";
import { ErrorCode, SdkError } from "../../errors.ts";
import { clock } from "../../provider/clock.ts";
import { removeContainer } from "../../provider/container/remove.ts";
import { letGo } from "../../provider/image/tags.ts";
import { urnLabel } from "../../provider/names.ts";
import { confirmed } from "../confirm.ts";
import { renderTable, say } from "../output.ts";
import {
  answerTimeoutMs,
  type HostOutcome,
  type LiveHosts,
  partlyExitCode,
  readView,
  withLive,
} from "./ask.ts";
import { contextOn } from "./context.ts";
import { type Leftover, leftoversOn } from "./leftovers.ts";
import { oneOffUrn } from "./oneoff.ts";
import type { PruneOptions } from "./options.ts";
import { runLabel } from "./states.ts";
import { complainOf } from "./stream.ts";
import type { StackView } from "./view.ts";

interface Pruned extends Leftover {
  readonly removed: boolean;
  /** Why it is still there, where it was to go. */
  readonly trouble: string | undefined;
}

/** A one-off goes with all that is its own; the data of a container that a resource had made stays. */
async function removeLeft(hosts: LiveHosts, { id, host, name }: Leftover): Promise<void> {
  const live = hosts.named(host);
  const labels = (await live.docker.containers.inspect(id))?.Config.Labels;
  const isOneOff = labels?.[runLabel] !== undefined;
  const { project, stack } = hosts.view;
  const urn = (isOneOff ? undefined : labels?.[urnLabel]) ?? oneOffUrn(project, stack, name);
  const context = contextOn(live, urn, new AbortController().signal);
  const graceMs = isOneOff ? 0 : undefined;
  await removeContainer(context, id, { graceMs, volumes: isOneOff });
}

async function removeOne(hosts: LiveHosts, one: Leftover): Promise<boolean> {
  if (one.kind === "container") {
    await removeLeft(hosts, one);
    return true;
  }
  const live = hosts.named(one.host);
  const found = await live.docker.images.inspect(one.name);
  if (found === undefined) return true;
  // Whoever gave the tag to another image since has it now.
  if (found.Id !== one.id) return false;
  return await letGo(live.docker, one.name, found);
}

async function removeAll(
  hosts: LiveHosts,
  leftovers: readonly Leftover[],
): Promise<readonly Pruned[]> {
  const pruned: Pruned[] = [];
  for (const one of leftovers) {
    try {
      const removed = await removeOne(hosts, one);
      pruned.push({ ...one, removed, trouble: removed ? undefined : "something uses it now" });
    } catch (error) {
      pruned.push({ ...one, removed: false, trouble: hosts.explain(error) });
    }
  }
  return pruned;
}

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? "" : `${(bytes / 1e6).toFixed(1)} MB`;

export function renderLeftovers(leftovers: readonly Leftover[]): string {
  const rows = leftovers.map(({ host, kind, name, sizeBytes, why }) => [
    host,
    kind,
    name,
    megabytes(sizeBytes),
    why,
  ]);
  return renderTable(["host", "kind", "name", "size", "why"], rows);
}

function tell(pruned: readonly Pruned[]): void {
  const gone = pruned.filter(({ removed }) => removed).length;
  say(`removed ${gone} of ${pruned.length}`);
  for (const { host, name, trouble } of pruned) {
    if (trouble !== undefined) complainOf([{ name: host, trouble: `${name}: ${trouble}` }]);
  }
}

interface Looked {
  readonly outcomes: readonly HostOutcome[];
  readonly leftovers: readonly Leftover[];
}

/** What is left over by that state, which may be newer than the one that the hosts were found in. */
async function look(hosts: LiveHosts, view: StackView): Promise<Looked> {
  const calls = { timeoutMs: answerTimeoutMs };
  const now = clock();
  const asked = await hosts.each(async (host) => {
    const [containers, images] = await Promise.all([
      host.docker.containers.list({ all: true }, calls),
      host.docker.images.list(undefined, calls),
    ]);
    return leftoversOn(view, host, { containers, images }, now().getTime());
  });
  const all = asked.flatMap(({ answer = [] }) => answer);
  // A daemon to which two ways lead lists all twice.
  const once = new Map(all.map((one) => [`${one.id} ${one.name}`, one]));
  return {
    outcomes: asked.map(({ name, trouble }) => ({ name, trouble })),
    leftovers: all.filter((one) => once.get(`${one.id} ${one.name}`) === one),
  };
}

async function refuseLocked(stack: string): Promise<void> {
  const locked = await lockedBy({ projectDir: process.cwd(), stack });
  if (locked === undefined) return;
  throw new SdkError(ErrorCode.Refused, `${locked}; nothing was removed`, {
    fix: "do it again when that has ended",
  });
}

/** Removes what was shown, as far as the state of now still does not know it. */
async function removeShown(
  hosts: LiveHosts,
  shown: readonly Leftover[],
  options: PruneOptions,
): Promise<readonly Pruned[]> {
  await refuseLocked(hosts.view.stack);
  const { leftovers } = await look(hosts, await readView({ ...options, stack: hosts.view.stack }));
  const key = ({ host, id, name }: Leftover) => `${host} ${id} ${name}`;
  const still = new Set(leftovers.map(key));
  return await removeAll(
    hosts,
    shown.filter((one) => still.has(key(one))),
  );
}

async function pruneHosts(hosts: LiveHosts, options: PruneOptions): Promise<number> {
  const { view } = hosts;
  const { outcomes, leftovers } = await look(hosts, view);
  if (!options.json) {
    say(leftovers.length === 0 ? "nothing is left over" : renderLeftovers(leftovers));
    complainOf(outcomes);
  }
  const question = `remove these ${leftovers.length}?`;
  const agreed =
    leftovers.length > 0 &&
    (options.yes === true || (options.json !== true && (await confirmed(question))));
  const pruned = agreed
    ? await removeShown(hosts, leftovers, options)
    : leftovers.map((one) => ({ ...one, removed: false, trouble: undefined }));
  if (options.json) {
    say(JSON.stringify({ stack: view.stack, hosts: outcomes, leftovers: pruned }, undefined, 2));
  } else if (agreed) tell(pruned);
  else if (leftovers.length > 0) say("nothing was removed; --yes removes it");
  const whole = outcomes.every(({ trouble }) => trouble === undefined);
  return whole && pruned.every(({ trouble }) => trouble === undefined) ? 0 : partlyExitCode;
}

/** 0: shown, or removed; 3: not every host could be asked, or not all of it could be removed. */
export async function prune(options: PruneOptions): Promise<number> {
  return await withLive(options, (hosts) => pruneHosts(hosts, options));
}
