// `dockwright rollback`: brings an earlier release of a service back, as an ordinary update that is
// previewed. The record goes from the state into the stack's configuration, encrypted, and stays there
// until it is cleared; whoever declines the preview has the configuration as it was.
import type { Project } from "../engine/index.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import {
  decodeRollbacks,
  encodeRollbacks,
  type ReleaseSpec,
  type RollbackRecord,
  type Rollbacks,
  rollbackKey,
} from "../rollback.ts";
import { confirmed, isAttended } from "./confirm.ts";
import { say } from "./output.ts";
import { pulumi } from "./passthrough.ts";
import { openStack, type Release, releasesOf, type StackOptions } from "./releases.ts";
import { revealed } from "./revealed.ts";
import { undisturbed } from "./undisturbed.ts";

export interface RollbackOptions extends StackOptions {
  readonly yes?: boolean;
  readonly clear?: boolean;
}

function numbers(releases: readonly Release[]): string {
  return releases.map(({ number }) => String(number)).join(", ");
}

/** The release that is asked for; without a number the one before that which runs. */
export function chooseRelease(
  service: string,
  releases: readonly Release[],
  wanted: string | undefined,
): Release {
  const others = releases.filter(({ current }) => !current);
  const kept = others.length === 0 ? "none other is kept" : `kept are ${numbers(others)}`;
  if (wanted === undefined) {
    if (others[0] !== undefined) return others[0];
    throw new SdkError(ErrorCode.Missing, `${service} has no earlier release; ${kept}`);
  }
  const found = releases.find(({ number }) => String(number) === wanted);
  if (found === undefined) {
    throw new SdkError(ErrorCode.Missing, `release ${wanted} of ${service} is not kept; ${kept}`);
  }
  if (!found.current) return found;
  throw new SdkError(ErrorCode.BadInput, `release ${wanted} of ${service} is what runs; ${kept}`);
}

/** The service that is meant, where no more than one can be. */
export function chooseService(names: readonly string[], what: string): string {
  const [only, ...more] = names;
  if (only !== undefined && more.length === 0) return only;
  const seen = only === undefined ? "none" : [...names].sort().join(", ");
  throw new SdkError(ErrorCode.BadInput, `${what}: ${seen}`, {
    fix: only === undefined ? "run `pulumi up` first" : "name one with --service",
  });
}

/** A text that the state has as a secret. */
function secretText(value: unknown): string {
  const text = revealed(value);
  if (typeof text === "string") return text;
  throw new SdkError(ErrorCode.BadInput, "the state does not show what the release ran", {
    fix: "see to it that the passphrase, or the key, of the stack is at hand",
  });
}

/** The record that brings a release back. */
export function recordOf({ number, images, spec }: Release, askedAt: string): RollbackRecord {
  const parsed = JSON.parse(secretText(spec)) as ReleaseSpec;
  return {
    release: number,
    askedAt,
    images: images.map(({ host, imageId }) =>
      host === undefined ? { imageId } : { host, imageId },
    ),
    spec: parsed,
  };
}

interface Wanted {
  /** The records that the configuration shall have. */
  readonly rollbacks: Rollbacks;
  readonly says: string;
}

async function rollbackTo(
  project: Project,
  before: Rollbacks,
  release: string | undefined,
  named: string | undefined,
): Promise<Wanted> {
  const { deployment } = await project.export({ showSecrets: true });
  const byService = releasesOf(deployment.resources ?? [], named);
  const service = chooseService([...byService.keys()], "services with releases");
  const chosen = chooseRelease(service, byService.get(service) ?? [], release);
  const record = recordOf(chosen, new Date().toISOString());
  return {
    rollbacks: { ...before, [service]: record },
    says: `${service}: release ${chosen.number} of ${chosen.at}, by ${chosen.by}`,
  };
}

function withoutRollback(before: Rollbacks, named: string | undefined): Wanted {
  const names = Object.keys(before);
  if (named !== undefined && !names.includes(named)) {
    const there = names.length === 0 ? "no service runs one" : `there are ${names.join(", ")}`;
    throw new SdkError(ErrorCode.BadInput, `${named} runs no rollback; ${there}`);
  }
  const cleared = named === undefined ? names : [named];
  const rest = Object.entries(before).filter(([name]) => !cleared.includes(name));
  const says = `${cleared.join(", ")}: what the program says`;
  return { rollbacks: Object.fromEntries(rest), says };
}

async function write(project: Project, value: string | undefined): Promise<void> {
  const result =
    value === undefined
      ? await project.removeConfig(rollbackKey)
      : await project.setConfig(rollbackKey, value, { secret: true });
  if (result.code === 0) return;
  throw new SdkError(ErrorCode.CommandFailed, "the stack's configuration could not be written", {
    cause: new Error(result.stderr.trim()),
  });
}

async function isAgreed({ yes = false }: RollbackOptions): Promise<boolean> {
  if (yes) return true;
  if (!isAttended()) {
    say("nothing was changed; --yes applies it");
    return false;
  }
  const agreed = await confirmed("apply this?");
  if (!agreed) say("nothing was changed");
  return agreed;
}

/** Preview, question, update. The configuration is put back unless the update was begun. */
async function carryOut(
  project: Project,
  { rollbacks, says }: Wanted,
  former: string | undefined,
  options: RollbackOptions,
): Promise<number> {
  const isEmpty = Object.keys(rollbacks).length === 0;
  await write(project, isEmpty ? undefined : encodeRollbacks(rollbacks));
  let begun = false;
  try {
    say(says);
    const stack = ["--stack", project.stack];
    const preview = await pulumi(["preview", ...stack]);
    if (preview.code !== 0) return preview.code;
    begun = await isAgreed(options);
    if (!begun) return 0;
    const { code } = await pulumi(["up", "--yes", "--skip-preview", ...stack]);
    if (code === 0 || isEmpty) return code;
    say("the rollback is still asked for: `pulumi up` tries again, `rollback --clear` ends it");
    return code;
  } finally {
    if (!begun) await write(project, former);
  }
}

export async function rollback(
  release: string | undefined,
  options: RollbackOptions,
): Promise<number> {
  const project = await openStack(options);
  const former = await project.configValue(rollbackKey);
  if (options.clear) {
    if (release !== undefined) {
      throw new SdkError(ErrorCode.BadInput, `--clear takes no release, and ${release} is given`);
    }
    if (former === undefined) {
      say(`no service of the stack ${project.stack} runs a rollback`);
      return 0;
    }
    const before = readable(former);
    const wanted = withoutRollback(before, options.service);
    return await undisturbed(() => carryOut(project, wanted, former, options));
  }
  const wanted = await rollbackTo(project, readable(former), release, options.service);
  return await undisturbed(() => carryOut(project, wanted, former, options));
}

/** A value that cannot be read is none: both commands put something right in its place. */
function readable(former: string | undefined): Rollbacks {
  try {
    return decodeRollbacks(former);
  } catch {
    return {};
  }
}
