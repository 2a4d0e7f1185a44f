// Asking all hosts of a stack at once: one connection each, a bounded wait, and a host that does not
// answer is told with its reason beside the answers of the others.
import type { DockerClient } from "../../docker/client.ts";
import { Project } from "../../engine/index.ts";
import { describeError, ErrorCode, SdkError } from "../../errors.ts";
import type { Machine } from "../../host/machine.ts";
import { connectDocker, connectMachine, providerFields } from "../../provider/config.ts";
import { createScrubber } from "../../provider/scrub.ts";
import { withSecrets } from "../../provider/secret-places.ts";
import { secretTexts } from "../../provider/wire.ts";
import { selectedStack } from "../recover.ts";
import type { LiveOptions } from "./options.ts";
import { type StackView, type ViewHost, viewOf } from "./view.ts";

/** How long a host may take for an answer. */
export const answerTimeoutMs = 10_000;
/** The exit code where not every host could be asked. */
export const partlyExitCode = 3;

/** A host that is asked. */
export interface LiveHost extends ViewHost {
  readonly docker: DockerClient;
  readonly machine: () => Machine;
}

export interface HostOutcome {
  readonly name: string;
  /** Why it did not answer; undefined when it did. */
  readonly trouble: string | undefined;
}

type Answer<T> = HostOutcome & { readonly answer: T | undefined };

/** The connections to a stack's hosts, opened when first needed. */
export class LiveHosts {
  readonly view: StackView;
  readonly #open = new Map<string, LiveHost>();
  readonly #closing: (() => void)[] = [];
  readonly #scrubber = createScrubber();

  constructor(view: StackView) {
    this.view = view;
    for (const { config } of [...view.hosts, ...view.swarms]) {
      const places = withSecrets(providerFields, { values: config, secrets: new Set() });
      this.#scrubber.add(secretTexts(places));
    }
  }

  on(host: ViewHost): LiveHost {
    const known = this.#open.get(host.name);
    if (known !== undefined) return known;
    let opened: Machine | undefined;
    const machine = () => {
      opened ??= connectMachine(host.config);
      return opened;
    };
    const docker = connectDocker(host.config, machine);
    this.#closing.push(() => {
      docker.close();
      opened?.close();
    });
    const made = { ...host, docker, machine };
    this.#open.set(host.name, made);
    return made;
  }

  /** The host, or the swarm, of that name, which is one of the stack's. */
  named(name: string): LiveHost {
    const { hosts, swarms } = this.view;
    const host = [...hosts, ...swarms].find((one) => one.name === name);
    if (host === undefined) throw new Error(`there is no host ${name}`);
    return this.on(host);
  }

  /** Why something failed, without the secrets by which hosts are reached. */
  explain(error: unknown): string {
    return this.#scrubber.scrub(describeError(error));
  }

  /** Does the work on every host at once. */
  async each<T>(work: (host: LiveHost) => Promise<T>): Promise<readonly Answer<T>[]> {
    return await Promise.all(this.view.hosts.map((host) => this.#ask(host, work)));
  }

  /** Does the work on a manager of every swarm at once. */
  async eachSwarm<T>(work: (swarm: LiveHost) => Promise<T>): Promise<readonly Answer<T>[]> {
    return await Promise.all(this.view.swarms.map((swarm) => this.#ask(swarm, work)));
  }

  async #ask<T>(host: ViewHost, work: (host: LiveHost) => Promise<T>): Promise<Answer<T>> {
    const { name } = host;
    if (host.lost) return { name, trouble: "it is marked as lost", answer: undefined };
    try {
      return { name, trouble: undefined, answer: await work(this.on(host)) };
    } catch (error) {
      return { name, trouble: this.explain(error), answer: undefined };
    }
  }

  close(): void {
    for (const end of this.#closing.splice(0)) end();
  }
}

/** The stack that is named, or selected, as its state is now; its secrets come through a pipe. */
export async function readView({ stack }: LiveOptions): Promise<StackView> {
  const dir = process.cwd();
  const name = stack ?? (await selectedStack(dir));
  const state = await Project.open(dir, { stack: name }).export({ showSecrets: true });
  return viewOf(state, name);
}

/** Does some work over the hosts of a stack, and lets go of them. */
export async function withLive(
  options: LiveOptions,
  work: (hosts: LiveHosts) => Promise<number>,
): Promise<number> {
  const hosts = new LiveHosts(await readView(options));
  try {
    return await work(hosts);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The words may quote what a host was reached with.
    const words = hosts.explain(error);
    const code = error instanceof SdkError ? error.code : ErrorCode.CommandFailed;
    throw new SdkError(code, words);
  } finally {
    hosts.close();
  }
}
