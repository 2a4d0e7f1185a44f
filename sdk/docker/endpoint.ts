// Endpoints: what DOCKER_HOST may say, and how an endpoint is called in messages.
// Refuses plain TCP: whoever reaches such a port is root on the machine.
import { isIPv6 } from "node:net";
import { ErrorCode, SdkError } from "../errors.ts";
import type { DockerEndpoint, TlsMaterials } from "./types.ts";

const allowed = 'write "unix:///path/to/docker.sock" or "tcp://host:port" with TLS materials';

/** The port Docker uses for TLS. */
const tlsPort = 2376;

function refuse(dockerHost: string, why: string, fix = allowed): SdkError {
  return new SdkError(ErrorCode.BadInput, `the Docker host ${JSON.stringify(dockerHost)} ${why}`, {
    fix,
  });
}

function parseUnix(dockerHost: string): DockerEndpoint {
  const socketPath = dockerHost.slice("unix://".length);
  if (!socketPath.startsWith("/")) {
    throw refuse(dockerHost, "has no absolute path to a socket");
  }
  return { kind: "unix", socketPath };
}

function parseTcp(dockerHost: string, tls: TlsMaterials | undefined): DockerEndpoint {
  const match = /^tcp:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]@?#]+))(?::(\d{1,5}))?\/?$/.exec(
    dockerHost,
  );
  const host = match?.[1] ?? match?.[2];
  if (!match || !host || (match[1] !== undefined && !isIPv6(host))) {
    throw refuse(dockerHost, "is not of the form tcp://host:port");
  }
  const port = match[3] === undefined ? tlsPort : Number(match[3]);
  if (port < 1 || port > 65535) {
    throw refuse(dockerHost, `has the port ${port}; a port is 1 to 65535`);
  }
  if (!tls) {
    throw refuse(
      dockerHost,
      "is TCP without TLS, which gives root on that machine to anybody who reaches it",
      "give ca, cert and key, or use the daemon's unix socket",
    );
  }
  return { kind: "tcp", host, port, tls };
}

/** The endpoint that a DOCKER_HOST value means; others than unix and TLS are refused. */
export function parseDockerHost(dockerHost: string, tls?: TlsMaterials): DockerEndpoint {
  if (dockerHost.startsWith("unix://")) return parseUnix(dockerHost);
  if (dockerHost.startsWith("tcp://")) return parseTcp(dockerHost, tls);
  throw refuse(dockerHost, "is of a kind that is not spoken here");
}

/** The endpoint for messages; never shows key material. */
export function describeEndpoint(endpoint: DockerEndpoint): string {
  switch (endpoint.kind) {
    case "unix":
      return `unix://${endpoint.socketPath}`;
    case "tcp": {
      const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host;
      return `tcp://${host}:${endpoint.port}`;
    }
    case "stream":
      return endpoint.name;
  }
}
