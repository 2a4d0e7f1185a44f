// `dockwright audit HOST`: the rules of the policy pack, and those that only a host can answer, over
// a live host. Reads and changes nothing. One connection. This verb alone stands on `policy`.
import { readFile } from "node:fs/promises";
import {
  type AuditFinding,
  type AuditReport,
  audit as auditSubjects,
} from "../../policy/audit/audit.ts";
import { readHost } from "../../policy/audit/facts.ts";
import { subjectsOfHost } from "../../policy/audit/subjects.ts";
import type { OptionValues } from "../../policy/rule.ts";
import { DockerClient } from "../docker/client.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { localMachine } from "../host/local.ts";
import type { Machine } from "../host/machine.ts";
import { openSshMachine } from "../ssh/machine.ts";
import type { SshTarget } from "../ssh/types.ts";
import { readSshConfig, type SshConfigHost } from "../ssh/user-config.ts";
import type { AuditOptions } from "./bundles.ts";
import { renderTable, say } from "./output.ts";

/** The exit code where something was found that refuses. */
export const foundExitCode = 2;

const usualSocket = "/var/run/docker.sock";

function targetOf(described: SshConfigHost): SshTarget {
  const { hostKey, jump, ...rest } = described;
  if (hostKey === undefined) {
    throw new SdkError(ErrorCode.Missing, `known_hosts has no key of ${described.host}`, {
      fix: `connect once by \`ssh ${described.host}\`, compare the fingerprint, and let it in`,
    });
  }
  return { ...rest, hostKey, ...(jump ? { jump: targetOf(jump) } : {}) };
}

/** `[USER@]HOST`, as `ssh` would reach it; `local` is this machine. */
export function openHost(host: string): Machine {
  if (host === "local") return localMachine();
  const at = host.lastIndexOf("@");
  const described = readSshConfig(host.slice(at + 1));
  const user = at < 0 ? described.user : host.slice(0, at);
  return openSshMachine(targetOf({ ...described, user }));
}

async function configOf(file: string | undefined): Promise<Record<string, OptionValues>> {
  if (file === undefined) return {};
  return JSON.parse(await readFile(file, "utf8")) as Record<string, OptionValues>;
}

/** Findings at a level that was asked to fail. */
export function failing(
  findings: readonly AuditFinding[],
  failOn: string,
): readonly AuditFinding[] {
  return failOn === "advisory" ? findings : findings.filter(({ level }) => level === "mandatory");
}

function render(label: string, { findings, rules, subjects }: AuditReport): string {
  const rows = findings.map(({ severity, id, subject, path, what }) => [
    severity,
    id,
    subject,
    `${path} ${what}`,
  ]);
  const fixes = new Map(findings.map(({ id, why, fix }) => [id, `${id}: ${why} fix: ${fix}`]));
  const count = `${findings.length} findings on ${label}: ${rules} rules over ${subjects} things`;
  if (rows.length === 0) return count;
  const table = renderTable(["severity", "rule", "of", "finding"], rows);
  return [table, ...fixes.values(), count].join("\n");
}

/** Reads a host and judges it. 0: nothing refuses; 2: something does; an error is 1. */
export async function audit(host: string, options: AuditOptions): Promise<number> {
  const { failOn = "mandatory" } = options;
  if (failOn !== "mandatory" && failOn !== "advisory") {
    throw new SdkError(ErrorCode.BadInput, `--fail-on is "${failOn}"; write mandatory or advisory`);
  }
  const machine = openHost(host);
  const connect = () => machine.dial(options.socket ?? usualSocket);
  const docker = new DockerClient({ kind: "stream", name: `docker on ${machine.label}`, connect });
  try {
    const facts = await readHost(machine, docker);
    const report = auditSubjects(subjectsOfHost(facts, new Date()), await configOf(options.config));
    if (options.json) say(JSON.stringify({ host: facts.label, ...report }, undefined, 2));
    else say(render(facts.label, report));
    return failing(report.findings, failOn).length === 0 ? 0 : foundExitCode;
  } finally {
    docker.close();
    machine.close();
  }
}
