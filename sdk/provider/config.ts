// A provider instance's configuration: which daemon, and with what credentials. Nothing is connected
// here: an engine out of reach is an error of the resources on it, not of the provider.

import { DockerClient } from "../docker/client.ts";
import { parseDockerHost } from "../docker/endpoint.ts";
import { f } from "./fields.ts";
import type { ValueMap } from "./values.ts";

/** Where a daemon listens when nothing else is said (the Engine's own default). */
export const defaultDockerHost = "unix:///var/run/docker.sock";

function checkHost(value: string): string | undefined {
  if (/^unix:\/\/\/.+/.test(value) || /^tcp:\/\/[^/]+:\d+$/.test(value)) return undefined;
  return 'write unix:///PATH or tcp://HOST:PORT, such as "unix:///var/run/docker.sock"';
}

export const providerFields = {
  host: f.string({
    doc: "The daemon's address, as in DOCKER_HOST: `unix:///PATH`, or `tcp://HOST:PORT` with mutual TLS.",
    default: `DOCKER_HOST of the environment, else ${defaultDockerHost}`,
    onChange: "update",
    check: checkHost,
  }),
  ca: f.string({
    doc: "The certificate of the authority that signed the daemon's certificate, as PEM. Required for tcp.",
    onChange: "update",
  }),
  cert: f.string({
    doc: "The client's certificate, as PEM. Required for tcp.",
    onChange: "update",
  }),
  key: f.string({
    doc: "The client's private key, as PEM. Required for tcp.",
    secret: true,
    onChange: "update",
  }),
} as const;

/** The client of the daemon that the configuration names. */
export function connectDocker(config: ValueMap): DockerClient {
  const text = (name: string) => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const host = text("host") ?? process.env["DOCKER_HOST"] ?? defaultDockerHost;
  const ca = text("ca");
  const cert = text("cert");
  const key = text("key");
  const tls = ca && cert && key ? { ca, cert, key } : undefined;
  return new DockerClient(parseDockerHost(host, tls));
}
