// A machine as everything above sees it: scripts run on it as root, files, and sockets. sdk/ssh has
// the one that is reached over SSH, local.ts the one that the program runs on. Secrets go through
// `input`: arguments show in the machine's process list.
import type { Duplex } from "node:stream";

export interface ScriptOptions {
  /** `$1`, `$2`, ... of the script. No secrets: anybody on the machine can read them. */
  readonly args?: readonly string[];
  /** Standard input of the script. @defaultValue empty */
  readonly input?: string | Uint8Array;
  /** When the script is killed, its whole process group with it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Gets each line as it comes, without its end. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

/** How a script ended. An exit code other than 0 is an outcome, not an error. */
export interface ScriptResult {
  /** The exit code; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FileAttributes {
  /** As in chmod: 0o644. */
  readonly mode: number;
  /** A user's and a group's name, or number as a string. @defaultValue root */
  readonly owner?: string;
  readonly group?: string;
}

export interface Machine {
  /** For messages: `admin@203.0.113.10`. */
  readonly label: string;
  /**
   * Runs a POSIX shell script as root. Throws UNREACHABLE when the connection is lost: whether the
   * script ended is then unknown, so it must bear being run again.
   */
  run(script: string, options: ScriptOptions): Promise<ScriptResult>;
  /** Bytes of a file; undefined where there is none. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Replaces a file atomically: a reader sees the old bytes or the new ones, with their mode. */
  writeFile(path: string, content: string | Uint8Array, attributes: FileAttributes): Promise<void>;
  /** A connection to a unix socket of the machine. */
  dial(socketPath: string): Promise<Duplex>;
  /** A TCP connection as the machine itself makes it, to what only it may reach. */
  dialTcp(host: string, port: number): Promise<Duplex>;
  close(): void;
}
