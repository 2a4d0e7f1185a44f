// What a killed engine leaves behind: a lock on the stack, and operations recorded as begun. A lock
// is taken away only when the process that it names ran on this machine and is gone. Operations that
// were creating something are cleared by `pulumi refresh --clear-pending-creates` and by nothing
// else; the names of our resources follow from their inputs, so the next `up` takes over what the
// killed one had made.
import { readdir, readFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { ErrorCode, SdkError } from "../errors.ts";
import { chooseBackend } from "./environment.ts";
import { readManifest } from "./manifest.ts";
import { type PulumiResult, runPulumi } from "./run.ts";

/** Something that stands in the way of the next update. */
export type Finding = "live-lock" | "foreign-lock" | "stale-lock" | "pending";

/** What a recovery found and did. */
export interface RecoverReport {
  /** What a killed engine had left: locks, unfinished operations. */
  readonly found: readonly Finding[];
  /** One sentence for a person. */
  readonly says: string;
  /** Whether what was found is cleared now (also when nothing was found). */
  readonly cleared: boolean;
}

export interface RecoverOptions {
  readonly projectDir: string;
  readonly stack: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** The content of a lock file of Pulumi's file backend. */
export interface StackLock {
  readonly pid: number;
  readonly hostname: string;
}

/** Reads a lock file; undefined when it is none. */
export function parseLock(text: string): StackLock | undefined {
  try {
    const { pid, hostname } = JSON.parse(text) as { readonly pid?: unknown; hostname?: unknown };
    return typeof pid === "number" && Number.isInteger(pid) && typeof hostname === "string"
      ? { pid, hostname }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of that id runs here and is a pulumi. Ids are used again, hence the name. */
async function isLivePulumi(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "pulumi");
  return name.trim() === "pulumi";
}

/** What a lock is: of a running engine, of one that is gone, or of another machine. */
export async function judgeLock(lock: StackLock, hostname = os.hostname()): Promise<Finding> {
  if (lock.hostname !== hostname) return "foreign-lock";
  return (await isLivePulumi(lock.pid)) ? "live-lock" : "stale-lock";
}

async function readLocks(url: string, project: string, stack: string) {
  if (!url.startsWith("file://")) return [];
  const place = url.startsWith("file://~")
    ? path.join(os.homedir(), url.slice("file://~".length))
    : fileURLToPath(url);
  const directory = path.join(place, ".pulumi", "locks", "organization", project, stack);
  const names = await readdir(directory).catch(() => []);
  const texts = await Promise.all(
    names.map((name) => readFile(path.join(directory, name), "utf8").catch(() => "")),
  );
  return texts.map(parseLock).filter((lock) => lock !== undefined);
}

function required(result: PulumiResult, what: string): PulumiResult {
  if (result.code === 0) return result;
  const words = result.stderr.trim() || result.stdout.trim();
  throw new SdkError(ErrorCode.CommandFailed, `${what} failed with exit code ${result.code}`, {
    cause: new Error(words.split("\n").slice(-20).join("\n")),
  });
}

async function pendingOperations(options: RecoverOptions): Promise<readonly string[]> {
  const run = { cwd: options.projectDir, ...(options.env ? { env: options.env } : {}) };
  const args = ["stack", "export", "--stack", options.stack, "--non-interactive"];
  const { stdout } = required(await runPulumi(args, run), "`pulumi stack export`");
  const { deployment } = JSON.parse(stdout) as {
    readonly deployment?: {
      readonly pending_operations?: readonly { readonly resource: { readonly urn: string } }[];
    };
  };
  return (deployment?.pending_operations ?? []).map(({ resource }) => resource.urn);
}

async function clear(options: RecoverOptions, found: readonly Finding[]): Promise<void> {
  const { stack, signal, env } = options;
  const run = { cwd: options.projectDir, ...(env ? { env } : {}), ...(signal ? { signal } : {}) };
  const common = ["--yes", "--non-interactive", "--color", "never"];
  if (found.includes("stale-lock")) {
    required(await runPulumi(["cancel", stack, ...common], run), "`pulumi cancel`");
  }
  if (found.includes("pending")) {
    const args = ["refresh", "--stack", stack, "--skip-preview", "--clear-pending-creates"];
    required(await runPulumi([...args, ...common], run), "`pulumi refresh`");
  }
}

function lockWords(finding: Finding, lock: StackLock, stack: string): string {
  const owner = `process ${lock.pid} on ${lock.hostname}`;
  if (finding === "live-lock") return `stack ${stack} is locked by ${owner}, which is running`;
  if (finding === "stale-lock") return `stack ${stack} was locked by ${owner}, which is gone`;
  return `stack ${stack} is locked by ${owner}, another machine: if it is sure to have ended, run \`pulumi cancel\``;
}

/** What was cleared, by name: a destroy does not know what these had made, the next `up` does. */
export function unfinishedWords(urns: readonly string[]): string {
  const one = urns.length === 1;
  const names = urns.map((urn) => urn.split("::").slice(2).join(" ").split("$").at(-1)).join(", ");
  const count = `${urns.length} unfinished operation${one ? " is" : "s are"} cleared (${names})`;
  return `${count}: \`pulumi up\` finishes what ${one ? "it" : "they"} had begun, and has to come before a destroy`;
}

interface Judged {
  readonly lock: StackLock;
  readonly finding: Finding;
}

async function judgedLocks({ projectDir, stack, env }: RecoverOptions): Promise<readonly Judged[]> {
  const project = await readManifest(projectDir);
  if (project === undefined) {
    throw new SdkError(ErrorCode.BadInput, `there is no Pulumi.yaml in ${projectDir}`, {
      fix: "run this in the folder of a Pulumi project",
    });
  }
  const backend = chooseBackend(project, { ...process.env, ...env });
  const locks = await readLocks(backend.url, project.name, stack);
  return await Promise.all(locks.map(async (lock) => ({ lock, finding: await judgeLock(lock) })));
}

/**
 * Who holds the stack, in words; undefined where nobody does that is known of: a backend that is no
 * folder tells it to its own clients alone. A lock whose process is gone counts where that is asked for:
 * it too stops an update.
 */
export async function lockedBy(
  options: RecoverOptions,
  { countStale = false }: { readonly countStale?: boolean } = {},
): Promise<string | undefined> {
  const judged = await judgedLocks(options);
  const held = judged.find(({ finding }) => countStale || finding !== "stale-lock");
  return held && lockWords(held.finding, held.lock, options.stack);
}

/** Clears what a killed engine left on a stack, and says what it found. A live lock is left alone. */
export async function recover(options: RecoverOptions): Promise<RecoverReport> {
  const { stack } = options;
  const judged = await judgedLocks(options);
  const blocking = judged.find(({ finding }) => finding !== "stale-lock");
  if (blocking !== undefined) {
    const says = `${lockWords(blocking.finding, blocking.lock, stack)}; nothing was changed`;
    return { found: [blocking.finding], says, cleared: false };
  }
  const pending = await pendingOperations(options);
  const found: readonly Finding[] = [
    ...(judged.length > 0 ? (["stale-lock"] as const) : []),
    ...(pending.length > 0 ? (["pending"] as const) : []),
  ];
  await clear(options, found);
  const [first] = judged;
  const words = [
    ...(first ? [`${lockWords(first.finding, first.lock, stack)}: the lock is removed`] : []),
    ...(pending.length > 0 ? [unfinishedWords(pending)] : []),
  ];
  const says = words.join("; ") || `stack ${stack} has no lock and no unfinished operation`;
  return { found, says, cleared: true };
}
