// Errors of the Docker client: what the daemon answered, and why it could not be reached. Callers
// test on `status` and `code`; the words are for people.
import { ErrorCode, SdkError } from "../errors.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { DockerEndpoint } from "./types.ts";

/** The daemon answered with an error of its own. */
export class DockerApiError extends SdkError {
  /** HTTP status; 500 where a progress stream ended in an error without a status. */
  readonly status: number;

  constructor(message: string, status: number, options: { readonly fix?: string } = {}) {
    super(ErrorCode.Refused, message, options);
    this.status = status;
  }
}

/** The daemon's own words out of an error body, which is JSON unless something is in between. */
export function daemonMessage(body: string, status: number): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed && typeof parsed === "object" && "message" in parsed) {
      const { message } = parsed;
      if (typeof message === "string" && message.trim()) return message.trim();
    }
  } catch {
    // Not JSON: a proxy, or a daemon of another kind; its text is better than nothing.
  }
  const text = body.trim().slice(0, 500);
  return text || `HTTP status ${status} without a message`;
}

export function apiError(
  doing: string,
  endpoint: DockerEndpoint,
  answer: { readonly status: number; readonly body: string },
): DockerApiError {
  const message = daemonMessage(answer.body, answer.status);
  return new DockerApiError(
    `cannot ${doing} on ${describeEndpoint(endpoint)}: ${message}`,
    answer.status,
  );
}

interface Reason {
  readonly why: string;
  readonly fix: string;
}

function unixReason(code: string | undefined, socketPath: string): Reason | undefined {
  switch (code) {
    case "ENOENT":
      return {
        why: `there is no socket ${socketPath}`,
        fix: "install Docker and start its daemon (systemctl start docker, or dockerd)",
      };
    case "ECONNREFUSED":
      return {
        why: `nothing listens on ${socketPath}`,
        fix: "start the Docker daemon (systemctl start docker, or dockerd)",
      };
    case "EACCES":
    case "EPERM":
      return {
        why: `this user may not open ${socketPath}`,
        fix: "run as root, or add the user to the group docker and log in again",
      };
    default:
      return undefined;
  }
}

function tcpReason(code: string | undefined, endpoint: string): Reason | undefined {
  switch (code) {
    case "ECONNREFUSED":
      return {
        why: "the connection was refused",
        fix: `check that dockerd listens on ${endpoint} and that no firewall refuses it`,
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return { why: "its name cannot be looked up", fix: "check the host's name" };
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
      return { why: "the machine does not answer", fix: "check its address and the network" };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        why: "its certificate is for another name",
        fix: "use a name that the certificate carries, or issue one with this name",
      };
    case "CERT_HAS_EXPIRED":
      return { why: "its certificate has expired", fix: "renew the daemon's certificate" };
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_SIGNATURE_FAILURE":
      return {
        why: "its certificate is from another authority than the one given",
        fix: "give the CA that issued the daemon's certificate",
      };
    case "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED":
    case "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA":
    case "ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE":
    case "ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED":
    case "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE":
    case "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED":
      return {
        why: "it refused this client's certificate",
        fix: "give a client certificate that is in date and issued by the daemon's CA",
      };
    case "EPROTO":
    case "ERR_SSL_WRONG_VERSION_NUMBER":
      return {
        why: "it does not speak TLS",
        fix: "start dockerd with --tlsverify; plain TCP is not used",
      };
    default:
      return undefined;
  }
}

/** The error for a call that got no answer. */
export function unreachable(doing: string, endpoint: DockerEndpoint, cause: unknown): SdkError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const where = describeEndpoint(endpoint);
  const known =
    endpoint.kind === "unix"
      ? unixReason(code, endpoint.socketPath)
      : endpoint.kind === "tcp"
        ? tcpReason(code, where)
        : undefined;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new SdkError(
    ErrorCode.Unreachable,
    `cannot ${doing}: no answer from the Docker daemon at ${where}: ${known?.why ?? words}`,
    { fix: known?.fix ?? `check that the Docker daemon at ${where} is running`, cause },
  );
}
