// Why a daemon gave no answer, told apart: refused, timed out, plain text on a TLS port, and which
// check of which certificate failed. A peer's alert says little ("bad certificate"): what is wrong
// with this client's own certificate is found out here. RFC 8446 6.2 (alerts), RFC 5280 6 (paths).

import { ErrorCode, SdkError } from "../errors.ts";
import {
  type CertificateFacts,
  clientUsage,
  inspectCertificate,
  isIssuedBy,
  splitPem,
} from "../pki/inspect.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { DockerEndpoint, TlsMaterials } from "./types.ts";

/** Why there was no answer, as a word a program can test on. */
export const UnreachableReason = {
  /** There is no such socket. */
  Missing: "missing",
  /** The socket may not be opened by this user. */
  Permission: "permission",
  /** Nothing listens there. */
  Refused: "refused",
  /** The name of the machine is not known. */
  Lookup: "lookup",
  /** Nothing came back in time. */
  TimedOut: "timed-out",
  /** The connection broke before an answer. */
  Cut: "cut",
  /** What listens there does not speak TLS. */
  PlainText: "plain-text",
  /** There is no version of TLS that both speak. */
  Protocol: "protocol",
  /** The daemon's certificate is for other names. */
  ServerName: "server-name",
  /** The daemon's certificate is from an authority that was not given. */
  ServerAuthority: "server-authority",
  /** The daemon's certificate is out of date, or not valid yet. */
  ServerExpired: "server-expired",
  /** The daemon's certificate is not for servers. */
  ServerPurpose: "server-purpose",
  /** The daemon asks for a client certificate, and none was given. */
  ClientMissing: "client-missing",
  /** The daemon does not trust the authority of this client's certificate. */
  ClientAuthority: "client-authority",
  /** This client's certificate is out of date, or not valid yet. */
  ClientExpired: "client-expired",
  /** This client's certificate is not for clients. */
  ClientPurpose: "client-purpose",
  /** The certificate, key or authority that was given cannot be used. */
  Materials: "materials",
  Other: "other",
} as const;
export type UnreachableReason = (typeof UnreachableReason)[keyof typeof UnreachableReason];

/** A call that got no answer from the daemon. */
export class UnreachableError extends SdkError {
  readonly reason: UnreachableReason;

  constructor(
    message: string,
    reason: UnreachableReason,
    options: { fix: string; cause: unknown },
  ) {
    super(ErrorCode.Unreachable, message, options);
    this.reason = reason;
  }

  /** The same in other words. */
  with(message: string): UnreachableError {
    return new UnreachableError(message, this.reason, { fix: this.fix ?? "", cause: this.cause });
  }
}

interface Explanation {
  readonly reason: UnreachableReason;
  readonly why: string;
  readonly fix: string;
}

type TcpEndpoint = Extract<DockerEndpoint, { kind: "tcp" }>;

/** What a failed connection left to go by. */
interface Failure {
  readonly code: string | undefined;
  readonly message: string;
  /** The daemon's certificate as PEM, where it was seen. */
  readonly peer: string | undefined;
}

function failureOf(cause: unknown): Failure {
  if (!(cause instanceof Error))
    return { code: undefined, message: String(cause), peer: undefined };
  const { code, peer } = cause as NodeJS.ErrnoException & { readonly peer?: string };
  return { code, message: cause.message, peer };
}

const day = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");
const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

function factsOf(pem: string | undefined): CertificateFacts | undefined {
  if (!pem) return undefined;
  try {
    return inspectCertificate(pem);
  } catch {
    return undefined;
  }
}

function unixReason(code: string | undefined, socketPath: string): Explanation | undefined {
  switch (code) {
    case "ENOENT":
      return {
        reason: UnreachableReason.Missing,
        why: `there is no socket ${socketPath}`,
        fix: "install Docker and start its daemon (systemctl start docker, or dockerd)",
      };
    case "ECONNREFUSED":
      return {
        reason: UnreachableReason.Refused,
        why: `nothing listens on ${socketPath}`,
        fix: "start the Docker daemon (systemctl start docker, or dockerd)",
      };
    case "EACCES":
    case "EPERM":
      return {
        reason: UnreachableReason.Permission,
        why: `this user may not open ${socketPath}`,
        fix: "run as root, or add the user to the group docker and log in again",
      };
    default:
      return undefined;
  }
}

function networkReason(code: string | undefined, where: string): Explanation | undefined {
  switch (code) {
    case "ECONNREFUSED":
      return {
        reason: UnreachableReason.Refused,
        why: "the connection was refused",
        fix: `check that dockerd listens on ${where} and that no firewall refuses it`,
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        reason: UnreachableReason.Lookup,
        why: "its name cannot be looked up",
        fix: "check the host's name",
      };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return {
        reason: UnreachableReason.TimedOut,
        why: "timed out: the machine does not answer",
        fix: "check its address, the network, and that no firewall drops the packets",
      };
    case "ERR_TLS_HANDSHAKE_TIMEOUT":
      return {
        reason: UnreachableReason.TimedOut,
        why: "timed out: the connection was taken, but nothing answered the TLS handshake",
        fix: "check that dockerd listens there with --tlsverify, and look at its log",
      };
    default:
      return undefined;
  }
}

function serverNameReason(endpoint: TcpEndpoint, { peer }: Failure): Explanation {
  const asked = endpoint.tls.serverName ?? endpoint.host;
  const facts = factsOf(peer);
  const names = [...(facts?.names ?? []), ...(facts?.addresses ?? [])];
  const found = names.length > 0 ? `: it is for ${names.join(", ")}` : "";
  return {
    reason: UnreachableReason.ServerName,
    why: `its certificate is for another name than ${asked}${found}`,
    fix: `use a name that the certificate carries, or issue one for ${asked}`,
  };
}

function serverExpiredReason({ code, peer }: Failure): Explanation {
  const reason = UnreachableReason.ServerExpired;
  const facts = factsOf(peer);
  if (code === "CERT_NOT_YET_VALID") {
    const from = facts ? ` before ${day(facts.startsAt)}` : " yet";
    return { reason, why: `its certificate is not valid${from}`, fix: "set both clocks right" };
  }
  const own = facts && facts.expiresAt <= new Date();
  return {
    reason,
    why: own
      ? `its certificate has expired: that of "${facts.subject}" ended on ${day(facts.expiresAt)}`
      : "its certificate has expired, or that of its authority",
    fix: "renew the daemon's certificate",
  };
}

function serverAuthorityReason({ tls }: TcpEndpoint, { peer }: Failure): Explanation {
  const facts = factsOf(peer);
  const given = splitPem(tls.ca).flatMap((pem) => factsOf(pem)?.subject ?? []);
  const seen = facts
    ? `: that of "${facts.subject}" was issued by "${facts.issuer}", and trusted is ${quoted(given)}`
    : "";
  const same = facts && given.includes(facts.issuer) ? " of another key" : "";
  return {
    reason: UnreachableReason.ServerAuthority,
    why: `its certificate is from another authority than the one given${seen}${same}`,
    fix: "give the CA that issued the daemon's certificate",
  };
}

function serverReason(endpoint: TcpEndpoint, failure: Failure): Explanation | undefined {
  switch (failure.code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return serverNameReason(endpoint, failure);
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
      return serverExpiredReason(failure);
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "CERT_UNTRUSTED":
    case "CERT_SIGNATURE_FAILURE":
      return serverAuthorityReason(endpoint, failure);
    case "INVALID_PURPOSE":
      return {
        reason: UnreachableReason.ServerPurpose,
        why: "its certificate is not for servers",
        fix: "issue the daemon's certificate for servers (extended key usage serverAuth)",
      };
    default:
      return undefined;
  }
}

/** Alerts of a peer that does not take our certificate (RFC 8446 6.2), and their OpenSSL names. */
const certificateAlerts: ReadonlyMap<number, string> = new Map([
  [42, "BAD_CERTIFICATE"],
  [43, "UNSUPPORTED_CERTIFICATE"],
  [44, "CERTIFICATE_REVOKED"],
  [45, "CERTIFICATE_EXPIRED"],
  [46, "CERTIFICATE_UNKNOWN"],
  [48, "UNKNOWN_CA"],
  [49, "ACCESS_DENIED"],
  [116, "CERTIFICATE_REQUIRED"],
]);

/** The alert that the peer sent about our certificate, if it did. */
function alertOf({ code = "", message }: Failure): number | undefined {
  const number = Number(/SSL alert number (\d+)/.exec(message)?.[1]);
  if (certificateAlerts.has(number)) return number;
  const named = [...certificateAlerts].find(([, name]) => code.endsWith(`ALERT_${name}`));
  return named?.[0];
}

/** What is wrong with this client's own certificate, as far as it can be seen from here. */
function clientFault(tls: TlsMaterials): Explanation | undefined {
  if (tls.cert.trim() === "") {
    return {
      reason: UnreachableReason.ClientMissing,
      why: "it asks for a client certificate, and none was given",
      fix: "give cert and key: a client certificate of the daemon's CA with its key",
    };
  }
  const facts = factsOf(tls.cert);
  if (!facts) return undefined;
  const { subject, startsAt, expiresAt, usages } = facts;
  const refused = `it refused this client's certificate: that of "${subject}"`;
  const now = new Date();
  if (expiresAt <= now) {
    return {
      reason: UnreachableReason.ClientExpired,
      why: `${refused} has expired, on ${day(expiresAt)}`,
      fix: "renew the client's certificate",
    };
  }
  if (startsAt > now) {
    return {
      reason: UnreachableReason.ClientExpired,
      why: `${refused} is not valid before ${day(startsAt)}`,
      fix: "set this machine's clock right",
    };
  }
  if (usages.length === 0 || usages.includes(clientUsage)) return undefined;
  return {
    reason: UnreachableReason.ClientPurpose,
    why: `${refused} is not for clients`,
    fix: "issue it for clients (extended key usage clientAuth)",
  };
}

function clientReason({ tls }: TcpEndpoint, alert: number): Explanation {
  const fault = clientFault(tls);
  if (fault) return fault;
  const facts = factsOf(tls.cert);
  if (certificateAlerts.get(alert) === "CERTIFICATE_EXPIRED") {
    return {
      reason: UnreachableReason.ClientExpired,
      why: `it refused this client's certificate as expired, which it is not by this machine's clock`,
      fix: "set the clock of the daemon's machine right",
    };
  }
  const who = facts ? `: that of "${facts.subject}" was issued by "${facts.issuer}"` : "";
  const certain = certificateAlerts.get(alert) === "UNKNOWN_CA" ? "" : ", most likely for its CA";
  const strange = facts && !splitPem(tls.ca).some((ca) => issued(tls.cert, ca));
  const hint = strange ? ", which is none of those given as the daemon's" : "";
  return {
    reason: UnreachableReason.ClientAuthority,
    why: `it refused this client's certificate${certain}${who}${hint}`,
    fix: "give a client certificate that is issued by a CA the daemon trusts (its tlscacert)",
  };
}

function issued(pem: string, authority: string): boolean {
  try {
    return isIssuedBy(pem, authority);
  } catch {
    return false;
  }
}

function protocolReason({ code = "" }: Failure): Explanation | undefined {
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|HANDSHAKE_FAILURE/.test(code)) {
    return {
      reason: UnreachableReason.Protocol,
      why: "it speaks no version of TLS from 1.2 on",
      fix: "update the daemon, or what stands in front of it",
    };
  }
  if (/^ERR_OSSL|^ERR_CRYPTO/.test(code)) {
    const mismatch = code.includes("KEY_VALUES_MISMATCH");
    return {
      reason: UnreachableReason.Materials,
      why: mismatch
        ? "the key that was given does not belong to the certificate that was given"
        : "the ca, cert or key that was given cannot be read",
      fix: "give ca, cert and key as PEM, cert and key of one client",
    };
  }
  if (code === "EPROTO" || /WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code)) {
    return {
      reason: UnreachableReason.PlainText,
      why: "it does not speak TLS: plain text came back",
      fix: "start dockerd with --tlsverify; plain TCP is not used",
    };
  }
  return undefined;
}

function cutReason({ tls }: TcpEndpoint, { code }: Failure): Explanation | undefined {
  if (code !== "ECONNRESET" && code !== "EPIPE") return undefined;
  // The alert may be lost when the connection is reset right behind it.
  return (
    clientFault(tls) ?? {
      reason: UnreachableReason.Cut,
      why: "the connection was cut before an answer came",
      fix: "check that the daemon is running and trusts this client's certificate; its log tells",
    }
  );
}

function tcpReason(endpoint: TcpEndpoint, failure: Failure): Explanation | undefined {
  const alert = alertOf(failure);
  if (alert !== undefined) return clientReason(endpoint, alert);
  return (
    networkReason(failure.code, describeEndpoint(endpoint)) ??
    serverReason(endpoint, failure) ??
    protocolReason(failure) ??
    cutReason(endpoint, failure)
  );
}

/** The error for a call that got no answer. */
export function unreachable(
  doing: string,
  endpoint: DockerEndpoint,
  cause: unknown,
): UnreachableError {
  const failure = failureOf(cause);
  const where = describeEndpoint(endpoint);
  const known =
    endpoint.kind === "unix"
      ? unixReason(failure.code, endpoint.socketPath)
      : endpoint.kind === "tcp"
        ? tcpReason(endpoint, failure)
        : undefined;
  const why = known?.why ?? failure.message;
  const fix = known?.fix ?? `check that the Docker daemon at ${where} is running`;
  return new UnreachableError(
    `cannot ${doing}: no answer from the Docker daemon at ${where}: ${why}`,
    known?.reason ?? UnreachableReason.Other,
    { fix, cause },
  );
}
