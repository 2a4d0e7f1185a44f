// Options of a container's life: who starts it again, and what goes with it.
// Engine API 1.41 to 1.45, POST /containers/create: HostConfig.RestartPolicy, AutoRemove.

import { f } from "../fields.ts";
import { hostOption, option } from "./option.ts";

export const lifecycleOptions = {
  start: option(
    f.boolean({
      doc: "Whether it is started when it is made. With false, something else starts it, such as the rollout of its service: it then passes no gate, and is not seen as changed when it does not run.",
      default: "true",
      onChange: "update",
    }),
  ),
  restart: option(
    f.choice(["no", "always", "unless-stopped", "on-failure"], {
      doc: "When the daemon starts the container again by itself.",
      default: "no",
      onChange: "update",
    }),
    (body, value) => {
      body.HostConfig.RestartPolicy = { ...body.HostConfig.RestartPolicy, Name: value };
    },
    (container) => {
      const name = container.HostConfig.RestartPolicy?.Name;
      return name === "always" || name === "unless-stopped" || name === "on-failure"
        ? name
        : undefined;
    },
  ),
  restartMaxRetries: option(
    f.integer({
      doc: "How often the daemon starts it again after failures, with restart `on-failure`.",
      default: "without end",
      onChange: "update",
      check: (value) => (value >= 1 ? undefined : "write 1 or more"),
    }),
    (body, value) => {
      const policy = { Name: "on-failure", ...body.HostConfig.RestartPolicy };
      body.HostConfig.RestartPolicy = { ...policy, MaximumRetryCount: value };
    },
    (container) => container.HostConfig.RestartPolicy?.MaximumRetryCount || undefined,
  ),
  autoRemove: hostOption(
    "AutoRemove",
    f.boolean({
      doc: "Removes the container as soon as it ends: what it wrote, and its log, are then gone, and the next update makes a new one. For work that ends, take a task.",
      default: "false",
    }),
  ),
  removeVolumes: option(
    f.boolean({
      doc: "Whether its anonymous volumes are removed with it.",
      default: "true",
      onChange: "update",
    }),
  ),
} as const;
