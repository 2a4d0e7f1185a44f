// Where a container's port is asked: its own address means something on the daemon's machine only.
import * as assert from "uvu/assert";
import type { ContainerInspect, DockerEndpoint } from "../../../../sdk/docker/types.ts";
import { placeOf } from "../../../../sdk/provider/container/ready.ts";
import { suite } from "../../../support/suite.ts";

const test = suite("provider/container ready");

const tls = { ca: "", cert: "", key: "" };
const here: DockerEndpoint = { kind: "unix", socketPath: "/var/run/docker.sock" };
const overTcp = (host: string): DockerEndpoint => ({ kind: "tcp", host, port: 2376, tls });
const overSsh: DockerEndpoint = {
  kind: "stream",
  name: "ssh",
  connect: () => Promise.reject(new Error("not dialled")),
};

function container(...published: readonly [ip: string, port: string][]): ContainerInspect {
  const Ports = { "80/tcp": published.map(([HostIp, HostPort]) => ({ HostIp, HostPort })) };
  const settings = { Networks: { bridge: { IPAddress: "172.17.0.2" } }, Ports };
  return { NetworkSettings: settings } as unknown as ContainerInspect;
}

const cases: readonly [string, DockerEndpoint, ContainerInspect, string | undefined][] = [
  ["on this machine: its own address", here, container(), "172.17.0.2:80"],
  [
    "a daemon on the loopback is on this machine",
    overTcp("127.0.0.1"),
    container(),
    "172.17.0.2:80",
  ],
  [
    "elsewhere: where its host publishes it",
    overTcp("203.0.113.7"),
    container(["0.0.0.0", "8080"]),
    "203.0.113.7:8080",
  ],
  [
    "published on one address: there",
    overTcp("203.0.113.7"),
    container(["127.0.0.1", "8080"], ["203.0.113.9", "8081"]),
    "203.0.113.9:8081",
  ],
  ["elsewhere and not published: nowhere", overTcp("203.0.113.7"), container(), undefined],
  [
    "on its host's loopback only: nowhere",
    overTcp("a.example"),
    container(["::1", "1"]),
    undefined,
  ],
  ["over SSH: nowhere", overSsh, container(["0.0.0.0", "8080"]), undefined],
];
for (const [name, endpoint, inspected, want] of cases) {
  test(name, () => {
    const place = placeOf(endpoint, inspected, 80);
    assert.is(place && `${place.host}:${place.port}`, want);
  });
}

test.run();
