// Why something over SSH failed, as a word that callers decide by: what may be tried again, what a
// person must see first. ssh2's own errors are told apart here and nowhere else.

import { ErrorCode, SdkError, type SdkErrorOptions } from "../errors.ts";

export const SshProblem = {
  /** Nothing listens, or the network says no. */
  Refused: "refused",
  /** No answer in time. */
  Timeout: "timeout",
  /** The name cannot be looked up. */
  Name: "name",
  /** What answers ended the connection before SSH began, or speaks something else. */
  Handshake: "handshake",
  /** None of the keys given was taken. */
  Auth: "auth",
  /** The host shows another key than the one that is pinned. */
  HostKey: "hostKey",
  /** The connection was there, and broke. */
  Lost: "lost",
  /** The host would not open a channel: too many, or forbidden. */
  Channel: "channel",
  /** The user may not become root. */
  Sudo: "sudo",
} as const;
export type SshProblem = (typeof SshProblem)[keyof typeof SshProblem];

/** Those after which nobody is in a different place than before: another try may help. */
const passing: ReadonlySet<SshProblem> = new Set([
  SshProblem.Refused,
  SshProblem.Timeout,
  SshProblem.Name,
  SshProblem.Handshake,
  SshProblem.Lost,
]);

const codes: Readonly<Record<SshProblem, ErrorCode>> = {
  refused: ErrorCode.Unreachable,
  timeout: ErrorCode.Unreachable,
  name: ErrorCode.Unreachable,
  handshake: ErrorCode.Unreachable,
  auth: ErrorCode.Refused,
  hostKey: ErrorCode.Refused,
  lost: ErrorCode.Unreachable,
  channel: ErrorCode.Refused,
  sudo: ErrorCode.Refused,
};

export class SshError extends SdkError {
  readonly problem: SshProblem;

  constructor(problem: SshProblem, message: string, options: SdkErrorOptions = {}) {
    super(codes[problem], message, options);
    this.problem = problem;
  }
}

/** Whether the same may well succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof SshError && passing.has(error.problem);
}

/** The error for a TCP connection that was not made. */
export function tcpError(label: string, error: NodeJS.ErrnoException): SshError {
  const options = { cause: error };
  switch (error.code) {
    case "ECONNREFUSED":
      return new SshError(SshProblem.Refused, `${label} cannot be reached: connection refused`, {
        fix: "check that sshd runs there, and the port",
        ...options,
      });
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new SshError(
        SshProblem.Name,
        `${label} cannot be reached: its name cannot be looked up`,
        { fix: "check the host's name", ...options },
      );
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return new SshError(
        SshProblem.Timeout,
        `${label} cannot be reached: it does not answer (${error.message})`,
        { fix: "check its address, its firewall and the network", ...options },
      );
    default:
      return new SshError(SshProblem.Refused, `${label} cannot be reached: ${error.message}`, {
        fix: "check its address and the network",
        ...options,
      });
  }
}

/** What ssh2 puts on its errors. */
interface ClientError extends Error {
  readonly level?: string;
  readonly code?: string | number;
}

/** The error for a connection that did not get as far as being usable. */
export function handshakeError(label: string, user: string, error: ClientError): SshError {
  const options = { cause: error };
  if (error.level === "client-authentication" || error.level === "agent") {
    return new SshError(
      SshProblem.Auth,
      `${label} does not let "${user}" in: none of the keys given was taken`,
      {
        fix: `check the user, and that the public key is in its authorized_keys on the host`,
        ...options,
      },
    );
  }
  if (error.level === "client-timeout") {
    return new SshError(
      SshProblem.Timeout,
      `${label} took the connection, and then did not get through SSH's handshake in time`,
      { fix: "check the load of the host, and that its port is sshd's", ...options },
    );
  }
  const words =
    error.code === "ECONNRESET" || /before handshake|Connection lost/.test(error.message)
      ? "it ended the connection before SSH began"
      : error.message;
  return new SshError(SshProblem.Handshake, `cannot speak SSH with ${label}: ${words}`, {
    fix: "check that its port is sshd's, and sshd's log (MaxStartups drops connections by chance)",
    ...options,
  });
}

export function lostError(label: string, error: Error | undefined): SshError {
  const words =
    error === undefined
      ? "it was closed"
      : /keepalive/i.test(error.message)
        ? "the host does not answer any more"
        : error.message;
  return new SshError(SshProblem.Lost, `the connection to ${label} was lost: ${words}`, {
    fix: "check the host and the network, then run the same again",
    cause: error,
  });
}

/** Whether a handshake failed because the host has no key of the types asked for. */
export function hasNoCommonKey(error: unknown): boolean {
  return error instanceof SshError && /no matching host key/.test(error.message);
}
