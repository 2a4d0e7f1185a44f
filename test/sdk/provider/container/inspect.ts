// A made-up container, as the Engine would tell of one that was made from a create body.

import type { ContainerInspect, ImageInspect } from "../../../../sdk/docker/types.ts";
import type { Body } from "../../../../sdk/provider/container/option.ts";

export const id = `db${"0".repeat(62)}`;

/** What a daemon says of a container that was made with this body and this name. */
export function inspectOf(body: Body, name = "web"): ContainerInspect {
  const { HostConfig, NetworkingConfig, ...config } = body;
  return {
    Id: id,
    Created: "2026-01-01T00:00:00Z",
    Path: "",
    Args: [],
    State: {
      Status: "running",
      Running: true,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: 1,
      ExitCode: 0,
      Error: "",
      StartedAt: "2026-01-01T00:00:00Z",
      FinishedAt: "0001-01-01T00:00:00Z",
    },
    Image: "sha256:1",
    Name: `/${name}`,
    RestartCount: 0,
    Driver: "overlay2",
    Platform: "linux",
    HostConfig: {
      NetworkMode: "default",
      RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
      ...HostConfig,
    },
    Mounts: [],
    Config: { Hostname: id.slice(0, 12), ...config },
    NetworkSettings: { Networks: { ...NetworkingConfig?.EndpointsConfig } },
  };
}

/** An image that gives by itself whatever an image can give. */
export const image: ImageInspect = {
  Id: "sha256:1",
  RepoTags: ["shop:1"],
  RepoDigests: [],
  Architecture: "amd64",
  Os: "linux",
  Size: 1,
  Config: {
    Cmd: ["serve"],
    Entrypoint: ["/entry"],
    Env: ["PATH=/bin", "LANG=C"],
    WorkingDir: "/srv",
    User: "www-data",
    StopSignal: "SIGQUIT",
    Labels: { "org.example.image": "yes" },
    Healthcheck: { Test: ["CMD", "check"], Interval: 5e9, Timeout: 0, Retries: 0, StartPeriod: 0 },
  },
};
