// Options of health: the check that the daemon runs, and the gate that a new container must pass
// before the update goes on. Engine API 1.41 to 1.45: HealthConfig; its times are nanoseconds.

import type { HealthConfig } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { option } from "./option.ts";

const nanosPerMs = 1e6;

function positive(value: number): string | undefined {
  return value > 0 ? undefined : "write more than 0 milliseconds";
}

const healthCheckField = f.object(
  "HealthCheck",
  {
    test: f.list(f.string(element), {
      doc: 'The check: `["CMD", program, ...arguments]`, `["CMD-SHELL", line]`, or `["NONE"]` to switch the image\'s off.',
      required: true,
      check: (test) =>
        ["CMD", "CMD-SHELL", "NONE"].includes(test[0] ?? "")
          ? undefined
          : 'start it with "CMD", "CMD-SHELL" or "NONE"',
    }),
    intervalMs: f.integer({
      doc: "Time between checks, in milliseconds.",
      default: "30000",
      check: positive,
    }),
    timeoutMs: f.integer({
      doc: "How long a check may take, in milliseconds.",
      default: "30000",
      check: positive,
    }),
    retries: f.integer({ doc: "Failures in a row that make it unhealthy.", default: "3" }),
    startPeriodMs: f.integer({
      doc: "Time from the start during which failures do not count, in milliseconds.",
      default: "0",
    }),
    startIntervalMs: f.integer({
      doc: "Time between checks during startPeriodMs, in milliseconds. Needs API 1.44.",
      default: "5000",
      check: positive,
    }),
  },
  { doc: "The health check that the daemon runs inside the container.", default: "the image's" },
);

/** The longest a gate waits when nothing is said. */
export const defaultReadyTimeoutMs = 60_000;

export const readyField = f.object(
  "Ready",
  {
    http: f.object(
      "ReadyHttp",
      {
        port: f.integer({ doc: "The container's port.", required: true }),
        path: f.string({ doc: "The path to GET.", default: "/" }),
        status: f.integer({ doc: "The expected status.", default: "any of 200 to 399" }),
      },
      {
        doc: "Ready once this request is answered as expected. It is asked at the container's own address where the daemon is on this machine or its host is reached over SSH, else at the published port of a TCP daemon.",
      },
    ),
    tcp: f.object(
      "ReadyTcp",
      { port: f.integer({ doc: "The container's port.", required: true }) },
      { doc: "Ready once this port accepts connections, asked where `http` asks." },
    ),
    runningMs: f.integer({
      doc: "Ready once it has run without a break for this long, in milliseconds.",
      default: "1000 when there is no health check and nothing else is asked for",
    }),
    timeoutMs: f.integer({
      doc: "How long it may take to get ready, in milliseconds.",
      default: String(defaultReadyTimeoutMs),
      check: positive,
    }),
  },
  {
    doc: "When a new container counts as ready: until then the update waits, and if it never is, the container is removed and the old one stays. A health check, where there is one, must always be passed too.",
    default: "the health check, else running for 1 s",
    onChange: "update",
  },
);
export type ReadyValue = PlainOf<typeof readyField>;
export type HealthCheckValue = PlainOf<typeof healthCheckField>;

export function healthConfig(check: HealthCheckValue): HealthConfig {
  const nanos = (ms: number | undefined) => (ms === undefined ? 0 : ms * nanosPerMs);
  return {
    Test: check.test,
    Interval: nanos(check.intervalMs),
    Timeout: nanos(check.timeoutMs),
    Retries: check.retries ?? 0,
    StartPeriod: nanos(check.startPeriodMs),
    ...(check.startIntervalMs === undefined ? {} : { StartInterval: nanos(check.startIntervalMs) }),
  };
}

function sameCheck(a: HealthConfig, b: HealthConfig): boolean {
  const text = (config: HealthConfig) => {
    const { Test, Interval = 0, Timeout = 0, Retries = 0, StartPeriod = 0 } = config;
    return JSON.stringify([
      Test,
      Interval,
      Timeout,
      Retries,
      StartPeriod,
      config.StartInterval ?? 0,
    ]);
  };
  return text(a) === text(b);
}

export function readHealthCheck(config: HealthConfig): HealthCheckValue {
  const ms = (name: string, nanos: number | undefined) =>
    nanos ? { [name]: nanos / nanosPerMs } : {};
  return {
    test: config.Test ?? [],
    ...ms("intervalMs", config.Interval),
    ...ms("timeoutMs", config.Timeout),
    ...(config.Retries ? { retries: config.Retries } : {}),
    ...ms("startPeriodMs", config.StartPeriod),
    ...ms("startIntervalMs", config.StartInterval),
  };
}

export const healthOptions = {
  healthCheck: option(
    healthCheckField,
    (body, value) => {
      body.Healthcheck = healthConfig(value);
    },
    (container, image, declared) => {
      const live = container.Config.Healthcheck;
      if (!live?.Test || live.Test.length === 0) return undefined;
      // The Engine keeps no 0, and the declared check may be the image's own.
      if (declared && sameCheck(healthConfig(declared), live)) return declared;
      const given = image?.Config?.Healthcheck;
      if (given && JSON.stringify(given) === JSON.stringify(live)) return undefined;
      return readHealthCheck(live);
    },
  ),
  ready: option(readyField),
} as const;
