// How each kind of endpoint is dialled, as an http.Agent: the kind is known here and nowhere else.
// TLS is 1.2 or later, mutual, with the server's name checked (RFC 5246, RFC 6125).
import { Agent } from "node:http";
import { connect as connectNet, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { DockerEndpoint } from "./types.ts";

type Dialled = (error: Error | null, socket?: Duplex) => void;

/** How long making a connection may take. */
const connectTimeoutMs = 20_000;

/** node:http calls these on its sockets; a stream of another kind need not have them. */
const socketMethods = ["ref", "unref", "setKeepAlive", "setNoDelay", "setTimeout"] as const;

function asSocket(stream: Duplex): Duplex {
  const methods = stream as unknown as Record<string, unknown>;
  for (const name of socketMethods) {
    if (typeof methods[name] !== "function") methods[name] = () => stream;
  }
  return stream;
}

/** Calls back when the socket is connected, so that a failure is known to be before any request. */
function whenReady(
  socket: Socket,
  event: "connect" | "secureConnect",
  timeoutMs: number,
  done: Dialled,
): void {
  const timer = setTimeout(() => {
    const code = socket.connecting ? "ETIMEDOUT" : "ERR_TLS_HANDSHAKE_TIMEOUT";
    socket.destroy(Object.assign(new Error(`no connection in ${timeoutMs} ms`), { code }));
  }, timeoutMs);
  const settle = (error: Error | null) => {
    clearTimeout(timer);
    socket.off(event, onReady);
    socket.off("error", settle);
    if (error) done(error);
    else done(null, socket);
  };
  const onReady = () => settle(null);
  socket.once(event, onReady);
  socket.once("error", settle);
}

function asPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

async function dialTls(
  endpoint: Extract<DockerEndpoint, { kind: "tcp" }>,
  timeoutMs: number,
  done: Dialled,
): Promise<void> {
  const { checkServerIdentity, connect } = await import("node:tls");
  const { ca, cert, key, serverName } = endpoint.tls;
  const name = serverName ?? endpoint.host;
  const socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    ca,
    cert,
    key,
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
    // SNI must not carry an address (RFC 6066 3); the name is checked either way.
    ...(isIP(name) ? {} : { servername: name }),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  });
  socket.setNoDelay(true);
  // After a failed check the socket is closed, and its certificate gone, before the error is told.
  let peer: string | undefined;
  socket.prependListener("secure", () => {
    const { raw } = socket.getPeerCertificate() as { readonly raw?: Buffer };
    peer = raw && asPem(raw);
  });
  whenReady(socket, "secureConnect", timeoutMs, (error, ready) => {
    done(error && peer !== undefined ? Object.assign(error, { peer }) : error, ready);
  });
}

/** Opens one connection to the endpoint. */
export function dialEndpoint(
  endpoint: DockerEndpoint,
  done: Dialled,
  timeoutMs = connectTimeoutMs,
): void {
  switch (endpoint.kind) {
    case "unix":
      whenReady(connectNet({ path: endpoint.socketPath }), "connect", timeoutMs, done);
      return;
    case "tcp":
      dialTls(endpoint, timeoutMs, done).catch((error: unknown) => done(error as Error));
      return;
    case "stream":
      endpoint.connect().then(
        (stream) => done(null, asSocket(stream)),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
      return;
  }
}

/** Keeps connections to the endpoint alive between calls; idle ones do not hold the process. */
export class EndpointAgent extends Agent {
  readonly #endpoint: DockerEndpoint;
  readonly #timeoutMs: number | undefined;

  constructor(endpoint: DockerEndpoint, timeoutMs?: number) {
    super({ keepAlive: true, maxFreeSockets: 8 });
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
  }

  override createConnection(_options: unknown, done: unknown): undefined {
    dialEndpoint(this.#endpoint, done as Dialled, this.#timeoutMs);
    return undefined;
  }
}
