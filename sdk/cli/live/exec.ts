// `dockwright exec`: a command in a running container of the stack, wherever that is. The exit code is
// the command's. Docker cannot end such a command: whoever leaves early closes its input and leaves it.
import { ErrorCode, SdkError } from "../../errors.ts";
import { answerTimeoutMs, type LiveHost, type LiveHosts, withLive } from "./ask.ts";
import { chooseOne } from "./choose.ts";
import { lookAt } from "./looked.ts";
import type { ExecOptions } from "./options.ts";
import type { Row } from "./states.ts";
import { complainOf, streaming } from "./stream.ts";
import { joinTerminal, wantsTty } from "./terminal.ts";

export function requireCommand(command: readonly string[], verb: string): void {
  if (command.length > 0) return;
  throw new SdkError(ErrorCode.BadInput, "no command is given", {
    fix: `write it after two dashes: dockwright ${verb} NAME -- COMMAND`,
  });
}

/** The host that has a container; a swarm's task is on a node, which is one of the hosts by another name. */
async function hostOf(hosts: LiveHosts, row: Row & { readonly id: string }): Promise<LiveHost> {
  if (row.kind !== "swarm-task") return hosts.named(row.host);
  const asked = await hosts.each(async (host) => {
    const found = await host.docker.containers.inspect(row.id, { timeoutMs: answerTimeoutMs });
    return found === undefined ? undefined : host;
  });
  const found = asked.find(({ answer }) => answer !== undefined)?.answer;
  if (found !== undefined) return found;
  complainOf(asked);
  throw new SdkError(ErrorCode.Missing, `no host of the stack has ${row.container}`, {
    fix: `run \`docker exec\` on the node ${row.host}`,
  });
}

export async function exec(
  name: string,
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  requireCommand(command, "exec");
  return await withLive(options, async (hosts) => {
    const { rows, outcomes } = await lookAt(hosts);
    const silent = outcomes.filter(({ trouble }) => trouble !== undefined);
    if (silent.some((one) => options.host === undefined || one.name === options.host)) {
      complainOf(silent);
    }
    const chosen = chooseOne(rows, name, options.host);
    const tty = wantsTty(options.tty);
    const { user, workdir } = options;
    const { docker } = await hostOf(hosts, chosen);
    const session = await docker.exec.open(chosen.id, {
      cmd: command,
      tty,
      ...(tty ? { env: [`TERM=${process.env["TERM"] ?? "xterm"}`] } : {}),
      ...(user === undefined ? {} : { user }),
      ...(workdir === undefined ? {} : { workingDir: workdir }),
    });
    const leave = joinTerminal(session, tty);
    try {
      return await streaming(async (_outlet, signal) => {
        signal.addEventListener("abort", () => session.close(), { once: true });
        return await session.done;
      });
    } finally {
      leave();
    }
  });
}
