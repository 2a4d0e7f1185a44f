// The session that BuildKit calls back on while it builds: gRPC over a hijacked connection, on which
// this end is the server. It gives registry credentials and build secrets when they are asked for, and
// says that it is alive; without a session BuildKit fetches no base image from any registry.
// Specification: POST /session; moby/buildkit, session/auth/auth.proto, session/secrets/secrets.proto;
// grpc/health/v1.
import { randomUUID } from "node:crypto";
import { GrpcCode, GrpcFailure, type GrpcServer, serveGrpc } from "../grpc.ts";
import { bytes, message, text } from "../protobuf.ts";
import type { Transport } from "./transport.ts";
import type { CallOptions, RegistryAuth } from "./types.ts";

/** Credentials for a registry host, looked up when BuildKit asks. */
export type FindAuth = (registry: string) => Promise<RegistryAuth | undefined>;

/** What a build may ask for. */
export interface SessionGifts {
  readonly findAuth: FindAuth;
  /** By id. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface BuildSession {
  /** For the query of the build. */
  readonly id: string;
  close(): void;
}

const credentialsPath = "/moby.filesync.v1.Auth/Credentials";
const secretPath = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
const healthPath = "/grpc.health.v1.Health/Check";
/** HealthCheckResponse { status: SERVING }. */
const serving = Buffer.from([0x08, 0x01]);

const credentialsRequest = message({ host: [1, text] });
const credentialsResponse = message({ username: [1, text], secret: [2, text] });
const secretRequest = message({ id: [1, text] });
const secretResponse = message({ data: [1, bytes] });

/** The registry of a CredentialsRequest. */
export function decodeHost(request: Uint8Array): string {
  const { host } = credentialsRequest.decode(request);
  // BuildKit names the hub by the host that serves it.
  return host === "registry-1.docker.io" ? "docker.io" : host;
}

/** A CredentialsResponse; both of its fields empty where there are none. */
export function encodeCredentials(auth: RegistryAuth | undefined): Buffer {
  const { identitytoken, password, username } = auth ?? {};
  return credentialsResponse.encode({
    // A token goes without a name: so BuildKit knows it for one.
    username: identitytoken ? undefined : username,
    secret: identitytoken ?? password,
  });
}

/** The id of a GetSecretRequest. */
export function decodeSecretId(request: Uint8Array): string {
  return secretRequest.decode(request).id;
}

/** A GetSecretResponse. */
export function encodeSecret(secret: string): Buffer {
  return secretResponse.encode({ data: Buffer.from(secret) });
}

function sessionServer({ findAuth, secrets }: SessionGifts): GrpcServer {
  const credentials = async (request: Buffer): Promise<Buffer> => {
    try {
      return encodeCredentials(await findAuth(decodeHost(request)));
    } catch (error) {
      throw new GrpcFailure(GrpcCode.Unavailable, (error as Error).message);
    }
  };
  const secret = (request: Buffer): Buffer => {
    const id = decodeSecretId(request);
    if (Object.hasOwn(secrets, id)) return encodeSecret(secrets[id] ?? "");
    throw new GrpcFailure(GrpcCode.NotFound, `no build secret "${id}" is given`);
  };
  const answers = {
    [credentialsPath]: credentials,
    [secretPath]: secret,
    [healthPath]: () => serving,
  };
  return serveGrpc(new Map(Object.entries(answers)));
}

/** Opens a session for one build. */
export async function openBuildSession(
  transport: Transport,
  gifts: SessionGifts,
  options: CallOptions,
): Promise<BuildSession> {
  const id = randomUUID();
  const { socket, head } = await transport.hijack({
    doing: "open a build session",
    method: "POST",
    path: "/session",
    headers: {
      Upgrade: "h2c",
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Name": "dockwright",
      "X-Docker-Expose-Session-Sharedkey": "",
      "X-Docker-Expose-Session-Grpc-Method": [credentialsPath, secretPath, healthPath],
    },
    options,
    timeoutMs: Number.POSITIVE_INFINITY,
  });
  // Whatever breaks the session breaks the build, whose own error tells more.
  socket.on("error", () => undefined);
  if (head.length > 0) socket.unshift(head);
  const server = sessionServer(gifts);
  server.take(socket);
  return {
    id,
    close: () => {
      server.close();
      socket.destroy();
    },
  };
}
