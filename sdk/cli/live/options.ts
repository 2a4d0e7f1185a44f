// Options of the verbs that look at what runs and act on it. They import nothing, so that main.ts can
// name them without what the verbs stand on.

export interface LiveOptions {
  readonly stack?: string;
  readonly json?: boolean;
}

export interface PsOptions extends LiveOptions {
  /** Also tasks that have ended. */
  readonly all?: boolean;
  /** Whether a difference makes the exit code 2. */
  readonly check?: boolean;
}

export interface LogsOptions extends LiveOptions {
  readonly follow?: boolean;
  /** A duration such as `10m`, seconds since 1970, or a time as ISO 8601. */
  readonly since?: string;
  /** Lines of each container: a number, or `all`. */
  readonly tail?: string;
  readonly timestamps?: boolean;
}

export interface EventsOptions extends LiveOptions {
  readonly since?: string;
  readonly until?: string;
}

export interface ExecOptions extends LiveOptions {
  readonly host?: string;
  readonly user?: string;
  readonly workdir?: string;
  /** False where a terminal is not to be made one in the container. */
  readonly tty?: boolean;
}

export interface RunOptions extends ExecOptions {
  readonly entrypoint?: string;
}

export interface PruneOptions extends LiveOptions {
  readonly yes?: boolean;
}

export interface BackupOptions extends LiveOptions {
  readonly host?: string;
  readonly consistency?: string;
}

/** The verbs, each with its exit code. */
export interface Live {
  ps(options: PsOptions): Promise<number>;
  logs(names: readonly string[], options: LogsOptions): Promise<number>;
  events(options: EventsOptions): Promise<number>;
  exec(name: string, command: readonly string[], options: ExecOptions): Promise<number>;
  run(service: string, command: readonly string[], options: RunOptions): Promise<number>;
  prune(options: PruneOptions): Promise<number>;
  backup(volume: string, file: string, options: BackupOptions): Promise<number>;
  restore(volume: string, file: string, options: BackupOptions): Promise<number>;
}
