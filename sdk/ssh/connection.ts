// One SSH connection: ssh2 wrapped once. The host key is checked against the one that is pinned, jump
// hosts are gone through, a dead peer is noticed, and each failure says which it was. ssh2 takes any
// host key unless it is told otherwise, notices no dead peer by default, and may tell of an error
// twice: all three are dealt with here. RFC 4251 to 4254; OpenSSH's PROTOCOL 2.4 for sockets.

import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel, ConnectConfig } from "ssh2";
import { ErrorCode, SdkError } from "../errors.ts";
import {
  handshakeError,
  hasNoCommonKey,
  lostError,
  SshError,
  SshProblem,
  tcpError,
} from "./errors.ts";
import {
  algorithmsOf,
  anyAlgorithm,
  type HostKey,
  type HostKeyAlgorithm,
  hostKeyChanged,
  parseHostKey,
  typeOfBlob,
} from "./hostkey.ts";
import type { SshTarget } from "./types.ts";

export interface ConnectionOptions {
  /** Milliseconds for the TCP connection. @defaultValue 20 s */
  readonly connectTimeoutMs?: number;
  /** Milliseconds from there to being logged in. @defaultValue 60 s */
  readonly handshakeTimeoutMs?: number;
  /** A host that is silent is asked this often, and lost after three times. @defaultValue 15 s */
  readonly keepaliveMs?: number;
  readonly signal?: AbortSignal;
}

export interface SshConnection {
  readonly label: string;
  /** Why it is gone, once it is. */
  readonly gone: SshError | undefined;
  exec(command: string): Promise<ClientChannel>;
  /** A connection from the host to a unix socket there, opened as the login user. */
  forwardUnix(path: string): Promise<Duplex>;
  forwardTcp(host: string, port: number): Promise<Duplex>;
  close(): void;
}

const defaults = { connectTimeoutMs: 20_000, handshakeTimeoutMs: 60_000, keepaliveMs: 15_000 };

/** `admin@203.0.113.10`, with the port where it is not the usual one. */
export function labelOf(target: { readonly user?: string; host: string; port?: number }): string {
  const user = target.user === undefined ? "" : `${target.user}@`;
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `${user}${host}${target.port === undefined || target.port === 22 ? "" : `:${target.port}`}`;
}

async function loadSsh2() {
  return (await import("ssh2")).default;
}

/** The TCP connection, from here. */
function dialTcp(target: SshTarget, label: string, options: ConnectionOptions): Promise<Duplex> {
  const timeoutMs = options.connectTimeoutMs ?? defaults.connectTimeoutMs;
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: target.host, port: target.port ?? 22, noDelay: true });
    const stop = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      const words = `${label} cannot be reached: no answer within ${timeoutMs} ms`;
      const fix = "check its address, its firewall and the network";
      stop(new SshError(SshProblem.Timeout, words, { fix }));
    }, timeoutMs);
    const onAbort = () => stop(cancelled(label, options.signal));
    const onError = (error: Error) => stop(tcpError(label, error));
    const settle = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      socket.off("error", onError);
      // Whoever has it next listens too; until then nothing may end the process.
      socket.on("error", () => undefined);
    };
    if (options.signal?.aborted) return onAbort();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("connect", () => {
      settle();
      resolve(socket);
    });
  });
}

export function cancelled(label: string, signal: AbortSignal | undefined): SdkError {
  return new SdkError(ErrorCode.Cancelled, `the work on ${label} was stopped on request`, {
    cause: signal?.reason,
  });
}

/** `SSH_AUTH_SOCK` and `$NAME` mean what that variable holds, as in ssh_config(5). */
function agentPath(text: string, label: string): string {
  const name = /^\$\{?(\w+)\}?$/.exec(text)?.[1] ?? (text === "SSH_AUTH_SOCK" ? text : undefined);
  if (name === undefined) return text;
  const found = process.env[name];
  if (found) return found;
  throw new SdkError(
    ErrorCode.BadInput,
    `there is no SSH agent to log in on ${label} with: ${name} is not set`,
    {
      fix: "start an agent with the key (ssh-agent, ssh-add), or give privateKey",
    },
  );
}

/** The keys to offer, and nothing else: each offer counts against the host's MaxAuthTries. */
async function credentials(target: SshTarget, label: string): Promise<ConnectConfig> {
  const { privateKey, passphrase, agentSocket } = target;
  const methods = [
    ...(privateKey === undefined ? [] : (["publickey"] as const)),
    ...(agentSocket === undefined ? [] : (["agent"] as const)),
  ];
  if (methods.length === 0) {
    throw new SdkError(ErrorCode.BadInput, `there is no key to log in on ${label} with`, {
      fix: "give privateKey (the key's text), or agentSocket (SSH_AUTH_SOCK)",
    });
  }
  if (privateKey !== undefined) {
    const parsed = (await loadSsh2()).utils.parseKey(privateKey, passphrase);
    const fault =
      parsed instanceof Error
        ? parsed.message
        : "isPrivateKey" in parsed && !parsed.isPrivateKey()
          ? "it is a public key"
          : undefined;
    if (fault !== undefined) {
      throw new SdkError(
        ErrorCode.BadInput,
        `the private key for ${label} cannot be used: ${fault}`,
        {
          fix: "give an OpenSSH or PEM private key (ed25519, ECDSA or RSA), and its passphrase if it has one",
        },
      );
    }
  }
  return {
    username: target.user,
    authHandler: methods,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agentSocket === undefined ? {} : { agent: agentPath(agentSocket, label) }),
  };
}

interface Handshake {
  readonly label: string;
  readonly user: string;
  readonly socket: Duplex;
  readonly config: ConnectConfig;
  readonly algorithms: readonly HostKeyAlgorithm[];
  /** Why the key that the host shows is not taken. */
  readonly judge: (key: HostKey) => Error | undefined;
  readonly options: ConnectionOptions;
}

/** Makes `socket` an SSH connection. Rejects with the reason, once, and leaves nothing open. */
export async function handshake(how: Handshake): Promise<Client> {
  const { label, socket, options } = how;
  const { Client } = await loadSsh2();
  const client = new Client();
  return await new Promise((resolve, reject) => {
    let refusal: Error | undefined;
    const onAbort = () => fail(cancelled(label, options.signal));
    const fail = (error: Error) => {
      options.signal?.removeEventListener("abort", onAbort);
      client.destroy();
      socket.destroy();
      reject(refusal ?? error);
    };
    // For the client's life: it may tell of a reset, and then of the loss that came of it.
    client.on("error", (error) => fail(handshakeError(label, how.user, error)));
    client.once("close", () => fail(handshakeError(label, how.user, new Error("Connection lost"))));
    client.once("ready", () => {
      options.signal?.removeEventListener("abort", onAbort);
      resolve(client);
    });
    if (options.signal?.aborted) return onAbort();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    client.connect({
      ...how.config,
      sock: socket as NonNullable<ConnectConfig["sock"]>,
      readyTimeout: options.handshakeTimeoutMs ?? defaults.handshakeTimeoutMs,
      keepaliveInterval: options.keepaliveMs ?? defaults.keepaliveMs,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: [...how.algorithms] },
      // The form with a callback: what it returns would count, and a promise counts as yes.
      hostVerifier: (blob: Buffer, verify: (valid: boolean) => void): void => {
        refusal = how.judge({ type: typeOfBlob(blob), blob });
        verify(refusal === undefined);
      },
    });
  });
}

/** The stream to the target's sshd: from here, or through the machine to jump over. */
export async function reach(
  target: Pick<SshTarget, "host" | "port" | "jump">,
  label: string,
  options: ConnectionOptions,
): Promise<{ readonly socket: Duplex; readonly jump: SshConnection | undefined }> {
  if (!target.jump) {
    return { socket: await dialTcp(target as SshTarget, label, options), jump: undefined };
  }
  const jump = await connectSsh(target.jump, options);
  try {
    return { socket: await jump.forwardTcp(target.host, target.port ?? 22), jump };
  } catch (error) {
    jump.close();
    if (!(error instanceof SshError) || error.problem !== SshProblem.Channel) throw error;
    const words = `${label} cannot be reached through ${jump.label}: ${error.message}`;
    const fix = "check the address as the jump host sees it, and that its sshd allows forwarding";
    throw new SshError(SshProblem.Refused, words, { fix, cause: error });
  }
}

/** Connects and logs in. */
export async function connectSsh(
  target: SshTarget,
  options: ConnectionOptions = {},
): Promise<SshConnection> {
  const label = labelOf(target);
  const pinned = parseHostKey(target.hostKey);
  const config = await credentials(target, label);
  const { socket, jump } = await reach(target, label, options);
  try {
    const client = await handshake({
      label,
      user: target.user,
      socket,
      config,
      algorithms: algorithmsOf(pinned),
      judge: (shown) =>
        shown.blob.equals(pinned.blob) ? undefined : hostKeyChanged(label, pinned, shown),
      options,
    });
    return wrapClient(client, label, jump);
  } catch (error) {
    jump?.close();
    if (!hasNoCommonKey(error)) throw error;
    // It has a key, and not of the pinned one's type: as good as another key.
    throw hostKeyChanged(label, pinned, await seeHostKey(target, options));
  }
}

/** Ends a handshake once the key was seen. */
class Seen extends Error {}

/** The key that a host shows before anybody logs in: of the first of these types that it has. */
export async function seeHostKey(
  host: Pick<SshTarget, "host" | "port" | "jump">,
  options: ConnectionOptions,
  algorithms: readonly HostKeyAlgorithm[] = anyAlgorithm,
): Promise<HostKey> {
  const label = labelOf(host);
  const { socket, jump } = await reach(host, label, options);
  let seen: HostKey | undefined;
  try {
    const judge = (key: HostKey) => {
      seen = key;
      return new Seen();
    };
    const config = { username: "nobody", authHandler: [] };
    const client = await handshake({
      label,
      user: "nobody",
      socket,
      config,
      algorithms,
      judge,
      options,
    });
    client.end();
  } catch (error) {
    if (!(error instanceof Seen)) throw error;
  } finally {
    jump?.close();
  }
  if (!seen) throw new SshError(SshProblem.Handshake, `${label} showed no key`);
  return seen;
}

type Opened<T> = (error: Error | undefined, stream: T) => void;

/** The calls of a client as promises that end when the connection does. */
function wrapClient(client: Client, label: string, jump: SshConnection | undefined): SshConnection {
  let gone = undefined as SshError | undefined;
  let lastError: Error | undefined;
  const pending = new Set<(error: Error) => void>();
  const forwarded = new Set<Duplex>();
  client.on("error", (error) => {
    lastError ??= error;
    client.destroy();
  });
  client.once("close", () => {
    gone ??= lostError(label, lastError);
    jump?.close();
    for (const reject of pending) reject(gone);
    // ssh2 tells a stream's end to who reads it, and leaves it writable: an idle one would be used again.
    for (const stream of forwarded) stream.resume().end();
  });
  const kept = (stream: Duplex): Duplex => {
    forwarded.add(stream);
    stream.once("close", () => forwarded.delete(stream));
    return stream;
  };
  const open = <T>(what: string, start: (done: Opened<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (gone) {
        reject(gone);
        return;
      }
      pending.add(reject);
      const settle = (error: Error | undefined, stream?: T) => {
        pending.delete(reject);
        if (stream !== undefined && !error) resolve(stream);
        else if (error instanceof SshError) reject(error);
        else reject(gone ?? channelError(label, what, error));
      };
      try {
        start(settle);
      } catch (error) {
        // ssh2 throws where it knows already that the connection is gone.
        client.destroy();
        settle(lostError(label, error as Error));
      }
    });
  return {
    label,
    get gone() {
      return gone;
    },
    exec: (command) => open("a command", (done) => client.exec(command, done)),
    forwardUnix: (path) =>
      open<Duplex>(path, (done) =>
        client.openssh_forwardOutStreamLocal(path, done as Opened<unknown>),
      ).then(kept),
    forwardTcp: (host, port) =>
      open<Duplex>(`${host}:${port}`, (done) =>
        client.forwardOut("127.0.0.1", 0, host, port, done),
      ).then(kept),
    close: () => {
      gone ??= lostError(label, new Error("it was closed by this program"));
      client.end();
    },
  };
}

/** Reasons of RFC 4254 5.1 for a channel that is not opened. */
const prohibited = 1;

/** The host refused a channel. */
export class ChannelError extends SshError {
  /** Whether the host forbids it, rather than failing to do it. */
  readonly forbidden: boolean;

  constructor(message: string, forbidden: boolean, cause: unknown) {
    super(SshProblem.Channel, message, { cause });
    this.forbidden = forbidden;
  }
}

function channelError(label: string, what: string, error: Error | undefined): ChannelError {
  const reason = (error as { reason?: number | string } | undefined)?.reason;
  const words = error?.message.replace(/^\(SSH\) /, "") ?? "no channel";
  const forbidden = reason === prohibited || reason === "ADMINISTRATIVELY_PROHIBITED";
  return new ChannelError(`${label} opens no channel for ${what}: ${words}`, forbidden, error);
}
