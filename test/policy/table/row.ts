// A row of the table of rules: resources that a rule finds fault with, and resources that it lets pass.
import type { OptionValues } from "../../../policy/index.ts";

/** A resource: its type and its inputs, and the rule's options. */
export interface Case {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options?: OptionValues;
  /** The property that the finding names. */
  readonly at?: string;
}

export interface Row {
  readonly fails: readonly Case[];
  readonly passes: readonly Case[];
}

type Inputs = Readonly<Record<string, unknown>>;

/** The engine's words for a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function of(type: string) {
  return (inputs: Inputs, more: Omit<Case, "type" | "inputs"> = {}): Case => ({
    type,
    inputs,
    ...more,
  });
}

export const container = of("dockwright:index:Container");
export const docker = of("docker:index/container:Container");
export const daemon = (options: Inputs, more?: Omit<Case, "type" | "inputs">): Case =>
  of("dockwright:index:DockerDaemon")({ options }, more);

/** A pod of one container. */
export function pod(one: Inputs, spec: Inputs = {}): Case {
  return of("kubernetes:core/v1:Pod")({ spec: { ...spec, containers: [{ name: "a", ...one }] } });
}

export function deployment(one: Inputs, spec: Inputs = {}): Case {
  const template = { spec: { ...spec, containers: [{ name: "a", ...one }] } };
  return of("kubernetes:apps/v1:Deployment")({ spec: { template } });
}

/** A task definition of one container, as @pulumi/aws takes it. */
export function ecs(one: Inputs, task: Inputs = {}): Case {
  const containerDefinitions = JSON.stringify([{ name: "a", ...one }]);
  return of("aws:ecs/taskDefinition:TaskDefinition")({ ...task, containerDefinitions });
}
