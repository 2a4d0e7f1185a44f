// What ECS would refuse of a task, told before it is asked, all at once. The limits are those of
// docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html and of the pages
// about Fargate's differences and about service quotas.

import { specFaults } from "../specfaults.ts";
import { fargateSize, type TaskValues } from "./taskplan.ts";

export interface TaskFault {
  readonly propertyPath: string;
  readonly reason: string;
}

type Rule = (values: TaskValues, fargate: boolean) => readonly (TaskFault | undefined)[];

const fault = (propertyPath: string, reason: string): TaskFault => ({ propertyPath, reason });

/** A fault where the value is given and is not in its range. */
function within(
  path: string,
  value: number | undefined,
  [from, to]: readonly [number, number],
  unit: string,
) {
  if (value === undefined || (value >= from && value <= to)) return undefined;
  return fault(path, `is ${value}; ECS takes ${from} to ${to} ${unit}`);
}

const naming: Rule = ({ name, image }) => [
  /^[A-Za-z0-9_-]{1,255}$/.test(name)
    ? undefined
    : fault("name", `is "${name}"; ECS takes letters, digits, - and _, at most 255`),
  image.length <= 255 ? undefined : fault("image", "is longer than 255 characters"),
  /@sha256:[0-9a-f]{64}$/.test(image)
    ? undefined
    : fault(
        "image",
        `is "${image}"; give it by digest (NAME@sha256:...): a tag may be another image tomorrow`,
      ),
];

const size: Rule = ({ cpus, memoryBytes, memoryReservationBytes }, fargate) => {
  const faults = [
    memoryBytes !== undefined && memoryBytes < 6 * 1024 * 1024
      ? fault("memoryBytes", `is ${memoryBytes}; ECS takes 6291456 or more`)
      : undefined,
    memoryBytes !== undefined && (memoryReservationBytes ?? 0) > memoryBytes
      ? fault("memoryReservationBytes", `is more than memoryBytes, ${memoryBytes}`)
      : undefined,
  ];
  if (!fargate || fargateSize(cpus, memoryBytes) !== undefined) return faults;
  const asked = `${cpus ?? 0} processors and ${memoryBytes ?? 0} bytes`;
  return [
    ...faults,
    fault(
      "memoryBytes",
      `and cpus ask for ${asked}; the largest Fargate task has 16 and 128849018880`,
    ),
  ];
};

const times: Rule = ({ stopGraceMs, healthCheck: check }) => [
  within("stopGraceMs", stopGraceMs, [2000, 120_000], "ms"),
  within("healthCheck.intervalMs", check?.intervalMs, [5000, 300_000], "ms"),
  within("healthCheck.timeoutMs", check?.timeoutMs, [2000, 60_000], "ms"),
  within("healthCheck.retries", check?.retries, [1, 10], "times"),
  within("healthCheck.startPeriodMs", check?.startPeriodMs, [0, 300_000], "ms"),
];

const fargateOnly: Rule = ({ capAdd = [], ulimits = {}, sysctls = {} }, fargate) => {
  if (!fargate) return [];
  const other = capAdd.filter((name) => name.replace(/^CAP_/, "") !== "SYS_PTRACE");
  return [
    other.length === 0
      ? undefined
      : fault(
          "capAdd",
          `has ${other.join(", ")}; Fargate gives SYS_PTRACE alone; take EC2 capacity`,
        ),
    ...Object.keys(ulimits).map((name) =>
      name === "nofile" || name === "nproc"
        ? undefined
        : fault(`ulimits.${name}`, "is not Fargate's to set; it has nofile and nproc"),
    ),
    ...Object.keys(sysctls).map((name) =>
      name.startsWith("net.")
        ? undefined
        : fault(`sysctls["${name}"]`, "is not Fargate's to set; it has those that begin with net."),
    ),
  ];
};

const drivers = ["awslogs", "awsfirelens", "splunk"];
const logs: Rule = ({ logging }, fargate) => {
  const { driver } = logging ?? {};
  if (!fargate || driver === undefined || drivers.includes(driver)) return [];
  return [fault("logging.driver", `is "${driver}"; Fargate has ${drivers.join(", ")}`)];
};

/** What would be left out without a word, or refused by the agent only once the task starts. */
const common: Rule = (values, fargate) =>
  specFaults(values, {
    on: fargate ? "Fargate" : "ECS",
    processors: ["amd64", "x86_64", "arm64", "aarch64"],
    mountOptions: !fargate,
  });

const rules: readonly Rule[] = [naming, size, times, fargateOnly, logs, common];

/** Everything that ECS would refuse. */
export function taskFaults(values: TaskValues, fargate: boolean): readonly TaskFault[] {
  const found = rules.flatMap((rule) => rule(values, fargate));
  return found.filter((one) => one !== undefined);
}
