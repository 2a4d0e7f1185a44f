// A machine that answers SSH. Its key is pinned (given, or learned on first contact and kept in the
// state), it is waited for until it can be worked on, and its provider is made of what came out of
// that: so all that is on the host comes after it, and a host out of reach is an error of its own
// (`pulumi up --continue-on-error` does the rest of the update all the same).

import * as pulumi from "@pulumi/pulumi";
import { FactsResource } from "../sdk/resources/facts.ts";
import { HostKeyResource } from "../sdk/resources/hostkey.ts";
import { HostReadyResource } from "../sdk/resources/hostready.ts";
import { ProviderResource, type SshArgs, type SshJumpArgs } from "../sdk/resources/provider.ts";
import type { HostLike } from "./hostlike.ts";
import { requirePlugin } from "./plugin.ts";
import { type Provisioned, provision, type Recipe } from "./recipe.ts";

/** How to log in on a machine. */
export interface LoginArgs {
  /** Its name or address. */
  readonly address: pulumi.Input<string>;
  /**
   * The port of its sshd.
   * @defaultValue 22
   */
  readonly port?: pulumi.Input<number>;
  /**
   * The user to log in as.
   * @defaultValue root
   */
  readonly user?: pulumi.Input<string>;
  /**
   * The user's private key: the text of an OpenSSH or PEM file. Kept as a secret.
   * @defaultValue none: then `agentSocket` is needed
   */
  readonly privateKey?: pulumi.Input<string>;
  /**
   * The passphrase of the private key. Kept as a secret.
   * @defaultValue none
   */
  readonly passphrase?: pulumi.Input<string>;
  /**
   * The socket of an SSH agent that has the key, or `SSH_AUTH_SOCK` for the one of that variable when
   * the update runs.
   * @defaultValue none: keys of an agent are used only when asked for
   */
  readonly agentSocket?: pulumi.Input<string>;
  /**
   * The host's public key as in known_hosts: `ssh-ed25519 AAAA...`. Another key is refused.
   * @defaultValue the one that the host shows on first contact, kept in the state from then on
   */
  readonly hostKey?: pulumi.Input<string>;
}

/** A machine on the way to a host. Without a key or an agent of its own, the host's are used. */
export interface JumpArgs extends LoginArgs {}

/** How long a machine may take to become a host. */
export interface HostWaitArgs {
  /**
   * Milliseconds for its sshd to answer, and then again for the login and cloud-init.
   * @defaultValue 5 minutes, and then 15
   */
  readonly timeoutMs?: number;
  /**
   * What a cloud-init that failed means: an error, or a warning.
   * @defaultValue fail
   */
  readonly onCloudInitError?: "fail" | "continue";
}

/**
 * A change of how it is reached leads to the same machine by another way: one that shows another key
 * there is refused. For another machine, make another Host.
 */
export interface HostArgs extends LoginArgs {
  /**
   * The user's password for sudo, where the user is not root and sudo asks. Kept as a secret.
   * @defaultValue none
   */
  readonly sudoPassword?: pulumi.Input<string>;
  /**
   * The machines to go through, the nearest first.
   * @defaultValue none
   */
  readonly jump?: readonly JumpArgs[];
  /**
   * How a machine that is still coming up is waited for.
   * @defaultValue as its members say
   */
  readonly wait?: HostWaitArgs;
  /**
   * Marks the machine as lost. Nothing contacts it or the daemons on it then: what is on it stays in the
   * state as it was, what leaves the program is forgotten, and nothing new is made there. Previews name
   * the volumes that are there, and their backups. Without it the machine is used as before.
   * @defaultValue false
   */
  readonly lost?: boolean;
}

/** What is there of these, and nothing else: an argument that is undefined is no argument. */
function given<T extends object>(args: T): T {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as T;
}

function requireKey(args: LoginArgs, propertyPath: string): void {
  if (args.privateKey !== undefined || args.agentSocket !== undefined) return;
  throw new pulumi.InputPropertyError({
    propertyPath,
    reason:
      'is not given, nor is agentSocket; give the text of a key, or agentSocket: "SSH_AUTH_SOCK"',
  });
}

/** A jump logs in with the host's own key where it has none. */
function loginOf(jump: JumpArgs, host: HostArgs): JumpArgs {
  if (jump.privateKey !== undefined || jump.agentSocket !== undefined) return jump;
  const { privateKey, passphrase, agentSocket } = host;
  return { ...given({ privateKey, passphrase, agentSocket }), ...given(jump) };
}

/** A machine that answers SSH, ready to be provisioned. */
export class Host extends pulumi.ComponentResource implements HostLike {
  readonly provider: ProviderResource;
  readonly address: pulumi.Output<string>;
  /** How it is reached, once it is ready: a provider configured with it comes after that. */
  readonly ssh: SshArgs;
  /** Its public key, as it is pinned: `ssh-ed25519 AAAA...`. */
  readonly hostKey: pulumi.Output<string>;
  /** The fingerprint of its key, to be compared by eye: `SHA256:...`. */
  readonly fingerprint: pulumi.Output<string>;
  /** What there is to know of it. */
  readonly facts: FactsResource;
  readonly lost: boolean;
  readonly #name: string;
  readonly #options: pulumi.CustomResourceOptions;

  constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:Host", name, {}, opts);
    requirePlugin();
    requireKey(args, "privateKey");
    this.#name = name;
    this.lost = args.lost ?? false;
    const own = { parent: this };
    // One that is lost knows no way to it, so that it can go before the others, which must not look.
    const lost = this.lost
      ? new ProviderResource(`${name}-provider`, { lost: true }, own)
      : undefined;
    this.#options = {
      ...own,
      ...this.#limits(args.wait, opts),
      ...(lost ? { provider: lost } : {}),
    };
    const ssh = this.#login(args);
    const { onCloudInitError } = args.wait ?? {};
    const ready = new HostReadyResource(
      `${name}-ready`,
      { ssh, ...(onCloudInitError === undefined ? {} : { onCloudInitError }) },
      this.#options,
    );
    this.hostKey = ready.hostKey;
    this.fingerprint = ready.fingerprint;
    // Through what is known only once it is ready: whatever uses this provider comes after that.
    this.ssh = { ...ssh, hostKey: ready.hostKey };
    this.provider = lost ?? new ProviderResource(`${name}-provider`, { ssh: this.ssh }, own);
    this.facts = new FactsResource(`${name}-facts`, {}, { parent: this, provider: this.provider });
    this.address = pulumi.output(args.address);
    const { address, hostKey, fingerprint } = this;
    this.registerOutputs({ address, hostKey, fingerprint });
  }

  /** Makes the steps of a recipe, one after the other; those of an inner list side by side. */
  provision(recipe: Recipe): Provisioned {
    const options = { prefix: this.#name, parent: this, dependsOn: [this.facts] };
    return provision(this, recipe, options);
  }

  #limits(wait: HostWaitArgs | undefined, opts: pulumi.ComponentResourceOptions | undefined) {
    const { customTimeouts } = (opts ?? {}) as pulumi.CustomResourceOptions;
    if (customTimeouts !== undefined) return { customTimeouts };
    if (wait?.timeoutMs === undefined) return {};
    const limit = `${wait.timeoutMs}ms`;
    return { customTimeouts: { create: limit, update: limit } };
  }

  #login(args: HostArgs): SshArgs {
    const jumps = this.#jumps(args);
    const {
      address,
      port,
      user = "root",
      privateKey,
      passphrase,
      agentSocket,
      sudoPassword,
    } = args;
    const hostKey = args.hostKey ?? this.#learn(`${this.#name}-key`, args, jumps);
    const login = { host: address, port, user, privateKey, passphrase, agentSocket };
    return given({
      ...login,
      sudoPassword,
      hostKey,
      jumps: jumps.length > 0 ? jumps : undefined,
    }) as SshArgs;
  }

  /** Each is reached through those before it, to learn its key too. */
  #jumps(args: HostArgs): readonly SshJumpArgs[] {
    const way: SshJumpArgs[] = [];
    for (const [index, jump] of (args.jump ?? []).entries()) {
      const { address, user = "root", hostKey, ...login } = loginOf(jump, args);
      const key = hostKey ?? this.#learn(`${this.#name}-jump${index + 1}-key`, jump, [...way]);
      way.push(given({ ...login, host: address, user, hostKey: key }));
    }
    return way;
  }

  #learn(name: string, { address, port }: LoginArgs, jumps: readonly SshJumpArgs[]) {
    const args = {
      address,
      ...(port === undefined ? {} : { port }),
      ...(jumps.length > 0 ? { jumps } : {}),
    };
    return new HostKeyResource(name, args, this.#options).hostKey;
  }
}
