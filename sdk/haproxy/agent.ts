// The caller's half of the agent: one command in the proxy's container for the length of a change,
// asked over its standard input, so that a question costs a pipe's round trip and not an exec.
// Refuses to wait for ever: an answer that does not come ends the agent, and its locks with it.
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../errors.ts";
import { agentProgram } from "./agent-program.ts";
import { proxyPaths } from "./paths.ts";
import type { Agent, AgentChannel, ProxyPaths } from "./types.ts";

/** Longest silence of the agent on a question that has no time of its own. */
const answerTimeoutMs = 20_000;
const lockPollMs = 50;
/** The lock of the files that routes share, of reloads, and of the place of the one that answers. */
export const proxyLock = "proxy";

interface Answer {
  readonly ok: boolean;
  readonly bytes: string;
}

interface Waiter {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Questions go out in order, answers come back in order: a queue is all the matching needed. */
class Line {
  private readonly channel: AgentChannel;
  private readonly waiters: Waiter[] = [];
  private received = Buffer.alloc(0);
  private errors = "";
  private broken: SdkError | undefined;

  constructor(channel: AgentChannel) {
    this.channel = channel;
    channel.stdout.on("data", (chunk: Buffer) => this.take(chunk));
    channel.stdout.on("error", (error) => this.fail("its output broke", error));
    channel.stdin.on("error", (error) => this.fail("its input broke", error));
    channel.stderr.on("error", (error) => this.fail("its error output broke", error));
    channel.stderr.on("data", (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-500);
    });
    channel.done.then(
      (code) => this.fail(`it ended with exit code ${code}`),
      (error: unknown) => this.fail("it could not be followed", error),
    );
  }

  private fail(why: string, cause?: unknown): void {
    if (this.broken !== undefined) return;
    const said = this.errors.trim();
    const message = `the agent in the proxy's container is gone: ${why}${said && `: ${said}`}`;
    this.broken = new SdkError(ErrorCode.Unreachable, message, {
      fix: "check that the proxy's container runs and that its image has perl (perl-base)",
      cause,
    });
    for (const waiter of this.waiters.splice(0)) waiter.reject(this.broken);
  }

  private take(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const end = this.received.indexOf(10);
      if (end < 0) return;
      const [word = "", length = ""] = this.received.toString("latin1", 0, end).split(" ");
      const size = Number(length);
      if (this.received.length < end + 1 + size) return;
      const bytes = this.received.toString("utf8", end + 1, end + 1 + size);
      this.received = this.received.subarray(end + 1 + size);
      this.waiters.shift()?.resolve({ ok: word === "ok", bytes });
    }
  }

  /** The next answer; the first one comes unasked and says that the agent is ready. */
  async next(what: string, timeoutMs: number): Promise<Answer> {
    if (this.broken !== undefined) throw this.broken;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.waiters.push({ resolve, reject });
        timer = setTimeout(() => {
          this.fail(`no answer to "${what}" within ${timeoutMs} ms`);
          this.channel.close();
        }, timeoutMs);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async ask(name: string, parts: readonly string[], timeoutMs = answerTimeoutMs): Promise<string> {
    if (this.broken !== undefined) throw this.broken;
    const bytes = parts.map((part) => Buffer.from(part));
    const head = [name, ...bytes.map((part) => part.length)].join(" ");
    this.channel.stdin.write(Buffer.concat([Buffer.from(`${head}\n`), ...bytes]));
    const answer = await this.next(name, timeoutMs);
    if (answer.ok) return answer.bytes;
    throw new SdkError(ErrorCode.Refused, `in the proxy's container: ${answer.bytes}`);
  }

  async close(): Promise<void> {
    this.channel.stdin.end();
    await Promise.race([this.channel.done.catch(() => 0), sleep(2000, 0, { ref: false })]);
    this.channel.close();
  }
}

/** The command to run in the proxy's container, its standard streams attached, without a terminal. */
export function agentCommand(partial?: Partial<ProxyPaths>): readonly string[] {
  const paths = proxyPaths(partial);
  return ["perl", "-e", agentProgram, paths.dataFolder, paths.runtimeFolder];
}

/** Starts the agent through `open`, which runs the given command in the proxy's container. */
export async function openAgent(
  open: (command: readonly string[]) => Promise<AgentChannel>,
  partial?: Partial<ProxyPaths>,
): Promise<Agent> {
  const paths = proxyPaths(partial);
  const line = new Line(await open(agentCommand(paths)));
  await line.next("hello", answerTimeoutMs);
  const run: Agent["run"] = async (argv, timeoutMs) => {
    const seconds = String(Math.ceil(timeoutMs / 1000));
    const text = await line.ask("run", [seconds, ...argv], timeoutMs + 5000);
    const end = text.indexOf("\n");
    return { code: Number(text.slice(0, end)), output: text.slice(end + 1) };
  };
  return {
    paths,
    lock: (name, timeoutMs, signal) =>
      takeLock(line, [name, name === proxyLock ? "active" : "any"], { timeoutMs, signal }),
    lockToTakeOver: (timeoutMs, signal) =>
      takeLock(line, [proxyLock, "any"], { timeoutMs, signal }),
    unlock: async (name) => void (await line.ask("unlock", [name])),
    talk: (command, peer = "") => line.ask("talk", [command, peer]),
    peers: async () => (await line.ask("peers", [])).split(" ").filter((peer) => peer !== ""),
    active: () => line.ask("active", []),
    takeOver: (description, timeoutMs) => {
      const parts = [String(Math.ceil(timeoutMs / 1000)), description];
      return line.ask("takeover", parts, timeoutMs + 30_000);
    },
    readFile: async (path) => {
      const text = await line.ask("read", [path]);
      return text.startsWith("+") ? text.slice(1) : undefined;
    },
    listFolder: async (folder) =>
      (await line.ask("names", [folder])).split("\n").filter((name) => name !== ""),
    readFolder: async (folder, suffix) =>
      parseFolder(Buffer.from(await line.ask("folder", [folder, suffix]))),
    writeFile: async (path, data) => void (await line.ask("write", [path, data])),
    deleteFile: async (path) => void (await line.ask("delete", [path])),
    run,
    resolve: async (host) =>
      (await line.ask("resolve", [host])).split(" ").filter((address) => address !== ""),
    probe: (address, port, request, timeoutMs) => {
      const seconds = String(Math.max(1, Math.ceil(timeoutMs / 1000)));
      const parts = [address, String(port), request, seconds];
      return line.ask("probe", parts, timeoutMs * 2 + 5000);
    },
    close: () => line.close(),
  };
}

/** `LENGTH NAME`, a line end and that many bytes, for each file. */
function parseFolder(bytes: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at);
    const [length = "0", ...name] = bytes.toString("utf8", at, end).split(" ");
    at = end + 1 + Number(length);
    files.set(name.join(" "), bytes.toString("utf8", end + 1, at));
  }
  return files;
}

/** Asks again and again, rather than blocking in there, so that an abort is heard at once. */
async function takeLock(
  line: Line,
  [name, how]: readonly [string, string],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    if (signal?.aborted) {
      throw new SdkError(ErrorCode.Cancelled, `cancelled while waiting for the lock "${name}"`);
    }
    const answer = await line.ask("lock", [name, how]);
    if (answer === "held") return;
    if (answer === "moved") {
      throw new SdkError(ErrorCode.Moved, "another container of the proxy answers in its place", {
        fix: "run the update again: it finds the one that answers",
      });
    }
    if (Date.now() >= until) {
      throw new SdkError(
        ErrorCode.Timeout,
        `another change of the proxy still holds the lock "${name}" after ${timeoutMs} ms`,
        { fix: "wait for the other update to end, then run this one again" },
      );
    }
    await sleep(lockPollMs);
  }
}
