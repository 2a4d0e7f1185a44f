// A Pulumi project folder, driven without questions and without colour: for tests, benches and the
// commands that run a whole deployment. Each call is one run of the CLI and answers how it ended.
import * as path from "node:path";
import { ErrorCode, SdkError } from "../errors.ts";
import { type RecoverReport, recover } from "./recover.ts";
import { type PulumiResult, type RunOptions, runPulumi } from "./run.ts";

/** Which stack, and how it is run. */
export interface ProjectOptions {
  /** Name of the stack. @defaultValue "dev" */
  readonly stack?: string;
  /** Laid over the environment of every run; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How one command is run. */
export interface ProjectRunOptions extends Omit<RunOptions, "cwd"> {
  /** Further arguments of the command. */
  readonly args?: readonly string[];
}

/** How an update is run. */
export interface UpOptions extends ProjectRunOptions {
  /** Whether a preview comes first. @defaultValue false */
  readonly preview?: boolean;
}

/** A resource as `pulumi stack export` prints it, as far as callers ask. */
export interface ExportedResource {
  /** Its URN. */
  readonly urn: string;
  /** Its type token, such as `dockwright:index:Container`. */
  readonly type: string;
  /** The provider's id of it; a component has none. */
  readonly id?: string;
  /** Whether a provider made it; a component was made by none. */
  readonly custom?: boolean;
  /** Whether it is replaced already and only has to go. */
  readonly delete?: boolean;
  /** What the program declared. Secrets are encrypted. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** What the provider answered. Secrets are encrypted. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** The URN of what it belongs to. */
  readonly parent?: string;
  /** Its provider's reference, `URN::ID`. */
  readonly provider?: string;
}

/** What `pulumi stack export` prints, as far as callers ask. */
export interface StackExport {
  /** The form's version: 3. */
  readonly version: number;
  /** The state. */
  readonly deployment: {
    /** What there is, in the order in which it was registered. @defaultValue none */
    readonly resources?: readonly ExportedResource[];
    /** What an engine that was killed had begun. @defaultValue none */
    readonly pending_operations?: readonly {
      /** What was begun: `creating`, `updating`, `deleting`, ... */
      readonly type: string;
      /** What it was begun on. */
      readonly resource: ExportedResource;
    }[];
  };
}

/** An update as `pulumi stack history` prints it, as far as callers ask. */
export interface UpdateRecord {
  /** `update`, `refresh`, `destroy`, ... */
  readonly kind: string;
  /** `succeeded`, `failed`, `in-progress`. */
  readonly result: string;
  /** The configuration that it ran with; a secret has no value. @defaultValue none */
  readonly config?: Readonly<Record<string, UpdateSetting>>;
}

/** A key of the configuration of an update. */
export interface UpdateSetting {
  /** As text. A secret has none. */
  readonly value?: string;
}

/** Of how many updates the history is read. */
const historyLength = 50;

/** A Pulumi project's folder and one stack of it. */
export class Project {
  /** The project's folder, absolute. */
  readonly dir: string;
  /** Name of the stack. */
  readonly stack: string;
  private readonly env: Readonly<Record<string, string | undefined>>;

  private constructor(dir: string, options: ProjectOptions) {
    this.dir = path.resolve(dir);
    this.stack = options.stack ?? "dev";
    this.env = options.env ?? {};
  }

  /** Takes a project folder; nothing is run yet. */
  static open(dir: string, options: ProjectOptions = {}): Project {
    return new Project(dir, options);
  }

  /** Runs `pulumi` with these arguments in the project's folder. */
  run(args: readonly string[], options: ProjectRunOptions = {}): Promise<PulumiResult> {
    const { args: more = [], ...run } = options;
    return runPulumi([...args, ...more, "--non-interactive", "--color", "never"], {
      ...run,
      cwd: this.dir,
      env: { ...this.env, ...options.env },
    });
  }

  private onStack(args: readonly string[], options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.run([...args, "--stack", this.stack], options);
  }

  /** Selects the stack, and makes it where there is none. */
  select(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.run(["stack", "select", "--create", this.stack], options);
  }

  /** Updates the stack, without a question. */
  up(options: UpOptions = {}): Promise<PulumiResult> {
    const { preview = false, ...run } = options;
    return this.onStack(["up", "--yes", ...(preview ? [] : ["--skip-preview"])], run);
  }

  /** Previews an update; nothing is changed. */
  preview(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.onStack(["preview"], options);
  }

  /** Reads what is really there into the state, without a question. */
  refresh(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.onStack(["refresh", "--yes", "--skip-preview"], options);
  }

  /** Deletes what the stack has, without a question; the stack itself stays. */
  destroy(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.onStack(["destroy", "--yes", "--skip-preview"], options);
  }

  /** Removes the stack's lock, whoever holds it: see {@link Project.recover} for the careful way. */
  cancel(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.run(["cancel", "--yes", this.stack], options);
  }

  /** Sets a configuration value. It goes through standard input, so no process list shows it. */
  setConfig(
    key: string,
    value: string,
    options: { readonly secret?: boolean; readonly path?: boolean } = {},
  ): Promise<PulumiResult> {
    const flags = [
      options.secret ? "--secret" : "--plaintext",
      ...(options.path ? ["--path"] : []),
    ];
    return this.onStack(["config", "set", ...flags, key], { input: value });
  }

  /** Takes a configuration value away. */
  removeConfig(key: string): Promise<PulumiResult> {
    return this.onStack(["config", "rm", key]);
  }

  /** A configuration value, also where it is secret; undefined where there is none. */
  async configValue(key: string): Promise<string | undefined> {
    return (await this.configValues()).get(key);
  }

  /** All configuration values by their keys, those that are secret too. */
  async configValues(): Promise<ReadonlyMap<string, string | undefined>> {
    type Values = Readonly<Record<string, { readonly value?: string }>>;
    const values = await this.json<Values>(["config", "--json", "--show-secrets"]);
    return new Map(Object.entries(values).map(([key, { value }]) => [key, value]));
  }

  /** The stack's state, as `pulumi stack export` prints it. */
  export(options: { readonly showSecrets?: boolean } = {}): Promise<StackExport> {
    const flags = options.showSecrets ? ["--show-secrets"] : [];
    return this.json<StackExport>(["stack", "export", ...flags]);
  }

  /** The stack's last 50 updates, the newest first. */
  history(): Promise<readonly UpdateRecord[]> {
    return this.json([
      "stack",
      "history",
      "--json",
      "--page-size",
      `${historyLength}`,
      "--page",
      "1",
    ]);
  }

  /** The stack's outputs. */
  outputs(options: { readonly showSecrets?: boolean } = {}): Promise<Record<string, unknown>> {
    const flags = options.showSecrets ? ["--show-secrets"] : [];
    return this.json(["stack", "output", "--json", ...flags]);
  }

  /** Removes the stack and its configuration file, also when it still has resources. */
  removeStack(options?: ProjectRunOptions): Promise<PulumiResult> {
    return this.run(["stack", "rm", this.stack, "--yes", "--force"], options);
  }

  /** Clears what a killed engine left behind; see `recover`. */
  recover(): Promise<RecoverReport> {
    return recover({ projectDir: this.dir, stack: this.stack, env: this.env });
  }

  private async json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.onStack(args);
    if (code === 0) return JSON.parse(stdout) as T;
    const command = `\`pulumi ${args.join(" ")}\``;
    throw new SdkError(ErrorCode.CommandFailed, `${command} failed with exit code ${code}`, {
      cause: new Error(stderr.trim()),
    });
  }
}
