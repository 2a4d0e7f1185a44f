// Whether what runs is what was planned. A deployment that ECS's circuit breaker took back ends in a
// steady state, on the old revision, and looks like a success: the comparison makes it a failure.

import { ErrorCode, SdkError } from "../../sdk/errors.ts";

/** A service as ECS describes it. */
export interface Running {
  readonly serviceName: string;
  readonly taskDefinition: string;
  readonly events: readonly { readonly message: string }[];
}

const shown = 5;

/** The service's name, if it runs `planned`; else an error with its last events. */
export function checkRunning(
  planned: string,
  { serviceName, taskDefinition, events }: Running,
): string {
  if (taskDefinition === planned) return serviceName;
  const revision = (arn: string): string => arn.split("/").at(-1) ?? arn;
  const last = events.slice(0, shown).map(({ message }) => `\n  ${message}`);
  const said = last.length === 0 ? "" : `; its last events:${last.join("")}`;
  throw new SdkError(
    ErrorCode.GateFailed,
    `${serviceName} runs ${revision(taskDefinition)}, and ${revision(planned)} was planned: ECS took the deployment back${said}`,
    { fix: "put right what the events say, then run `pulumi up --refresh`" },
  );
}
