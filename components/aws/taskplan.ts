// The task definition of a service, as data: RegisterTaskDefinition's own words and units. Pure: plain
// values in, a plan out. See docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html.

import { present } from "../present.ts";
import { tmpfsBytes, tmpfsOptions } from "../specfaults.ts";

/** What a task is planned from: members of a service's spec, by their values. */
export interface TaskValues {
  readonly name: string;
  readonly image: string;
  /** None for a container that only its own task talks to. */
  readonly port?: number;
  /** Whether it stands beside the service's own container. */
  readonly beside?: boolean;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly workingDir?: string;
  readonly user?: string;
  readonly init?: boolean;
  readonly stopGraceMs?: number;
  readonly labels?: { readonly [name: string]: string };
  readonly tty?: boolean;
  readonly openStdin?: boolean;
  readonly logging?: {
    readonly driver?: string;
    readonly options?: { readonly [name: string]: string };
  };
  readonly tmpfs?: { readonly [path: string]: string };
  readonly healthCheck?: {
    readonly test: readonly string[];
    readonly intervalMs?: number;
    readonly timeoutMs?: number;
    readonly retries?: number;
    readonly startPeriodMs?: number;
  };
  readonly memoryBytes?: number;
  readonly memoryReservationBytes?: number;
  readonly cpus?: number;
  readonly ulimits?: { readonly [name: string]: { readonly soft: number; readonly hard: number } };
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly readOnly?: boolean;
  readonly sysctls?: { readonly [name: string]: string };
  readonly platform?: string;
}

/** Where the task is to run, and what is made around it. */
export interface TaskPlace {
  readonly fargate: boolean;
  readonly logGroup: string;
  readonly region: string;
  /** ARNs of secrets by the variable's name. */
  readonly secrets: { readonly [name: string]: string };
  /** Volumes by name: where they appear. */
  readonly mounts: readonly {
    readonly name: string;
    readonly path: string;
    readonly readOnly: boolean;
  }[];
}

const mib = 1024 * 1024;
const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** Fargate's sizes: processors in 1/1024, with the memory that each may have, in MiB. */
const sizes: readonly {
  readonly cpu: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
}[] = [
  { cpu: 256, from: 512, to: 2048, step: 512 },
  { cpu: 512, from: 1024, to: 4096, step: 1024 },
  { cpu: 1024, from: 2048, to: 8192, step: 1024 },
  { cpu: 2048, from: 4096, to: 16_384, step: 1024 },
  { cpu: 4096, from: 8192, to: 30_720, step: 1024 },
  { cpu: 8192, from: 16_384, to: 61_440, step: 4096 },
  { cpu: 16_384, from: 32_768, to: 122_880, step: 8192 },
];

/** A size of Fargate, as it wants it. */
export interface FargateSize {
  readonly cpu: string;
  readonly memory: string;
}

/** The smallest size that has at least this; undefined where there is none. */
export function fargateSize(cpus = 0, memoryBytes = 0): FargateSize | undefined {
  const [cpu, memory] = [cpus * 1024, memoryBytes / mib];
  const size = sizes.find((one) => one.cpu >= cpu && one.to >= memory);
  if (size === undefined) return undefined;
  const steps = Math.max(0, Math.ceil((memory - size.from) / size.step));
  const fits = size.cpu === 256 && memory > 1024 ? 2048 : size.from + steps * size.step;
  return { cpu: String(size.cpu), memory: String(fits) };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
const sorted = <T>(map: { readonly [name: string]: T } = {}) => Object.entries(map).sort(byName);

/** A folder in memory; Fargate has none, and gives a part of the task's own disk. */
function temporary({ tmpfs, readOnly = true }: TaskValues) {
  return Object.entries(tmpfs ?? (readOnly ? { "/tmp": "size=64m" } : {})).sort(byName);
}

const volumeOf = ({ name, beside }: TaskValues, path: string): string =>
  `${beside === true ? `${name}-` : ""}tmp${path.replaceAll(/[^A-Za-z0-9]/g, "-")}`;

const sizeOf = (options: string): number =>
  Math.max(1, Math.ceil((tmpfsBytes(options) ?? 64 * mib) / mib));

function linuxParameters(values: TaskValues, { fargate }: TaskPlace) {
  const { init, capAdd, capDrop = ["ALL"] } = values;
  const tmpfs = temporary(values).map(([containerPath, options]) => ({
    containerPath,
    size: sizeOf(options),
    mountOptions: tmpfsOptions(options),
  }));
  return present({
    initProcessEnabled: init,
    capabilities: present({ add: capAdd, drop: capDrop }),
    tmpfs: fargate || tmpfs.length === 0 ? undefined : tmpfs,
  });
}

function healthCheck({ healthCheck: check }: TaskValues) {
  if (check === undefined) return undefined;
  const { test, intervalMs, timeoutMs, retries, startPeriodMs } = check;
  return present({
    command: test,
    interval: intervalMs === undefined ? undefined : seconds(intervalMs),
    timeout: timeoutMs === undefined ? undefined : seconds(timeoutMs),
    retries,
    startPeriod: startPeriodMs === undefined ? undefined : seconds(startPeriodMs),
  });
}

function logConfiguration({ name, logging }: TaskValues, { logGroup, region }: TaskPlace) {
  if (logging !== undefined) {
    return present({ logDriver: logging.driver ?? "awslogs", options: logging.options });
  }
  const options = {
    "awslogs-group": logGroup,
    "awslogs-region": region,
    "awslogs-stream-prefix": name,
    mode: "non-blocking",
    "max-buffer-size": "25m",
  };
  return { logDriver: "awslogs", options };
}

function portsOf({ port }: TaskValues) {
  if (port === undefined) return [];
  return [{ containerPort: port, hostPort: port, protocol: "tcp", name: "main" }];
}

/** A container of a service's task. */
export function containerDefinition(values: TaskValues, place: TaskPlace) {
  const { fargate, mounts, secrets } = place;
  const { stopGraceMs, memoryBytes, memoryReservationBytes, cpus, ulimits, sysctls } = values;
  const scratch = fargate ? temporary(values) : [];
  return present({
    name: values.name,
    image: values.image,
    essential: true,
    command: values.command,
    entryPoint: values.entrypoint,
    environment: sorted(values.env).map(([name, value]) => ({ name, value })),
    secrets: sorted(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    portMappings: portsOf(values),
    workingDirectory: values.workingDir,
    user: values.user,
    readonlyRootFilesystem: values.readOnly ?? true,
    linuxParameters: linuxParameters(values, place),
    stopTimeout: stopGraceMs === undefined ? undefined : seconds(stopGraceMs),
    interactive: values.openStdin,
    pseudoTerminal: values.tty,
    dockerLabels: values.labels,
    healthCheck: healthCheck(values),
    logConfiguration: logConfiguration(values, place),
    // On Fargate the task's size is the limit.
    cpu: fargate || cpus === undefined ? undefined : Math.round(cpus * 1024),
    memory: fargate || memoryBytes === undefined ? undefined : Math.floor(memoryBytes / mib),
    memoryReservation:
      memoryReservationBytes === undefined ? undefined : Math.floor(memoryReservationBytes / mib),
    ulimits:
      ulimits === undefined
        ? undefined
        : sorted(ulimits).map(([name, { soft, hard }]) => ({
            name,
            softLimit: soft,
            hardLimit: hard,
          })),
    systemControls:
      sysctls === undefined
        ? undefined
        : sorted(sysctls).map(([namespace, value]) => ({ namespace, value })),
    mountPoints: [
      ...mounts.map(({ name, path, readOnly }) => ({
        sourceVolume: name,
        containerPath: path,
        readOnly,
      })),
      ...scratch.map(([path]) => ({
        sourceVolume: volumeOf(values, path),
        containerPath: path,
        readOnly: false,
      })),
    ],
    volumesFrom: [],
  });
}

/** Folders of the task's own disk, where memory cannot be had. */
export function scratchVolumes(
  values: TaskValues,
  fargate: boolean,
): readonly { readonly name: string }[] {
  return fargate ? temporary(values).map(([path]) => ({ name: volumeOf(values, path) })) : [];
}

/** The task's processors and memory. A host's task has none of its own unless its container has. */
export function taskSize(
  { cpus, memoryBytes }: Pick<TaskValues, "cpus" | "memoryBytes">,
  fargate: boolean,
) {
  if (fargate) return fargateSize(cpus, memoryBytes);
  // EC2 needs one limit of memory: 512 MiB, as on the smallest Fargate.
  const memory = Math.floor((memoryBytes ?? 512 * mib) / mib);
  return present({
    cpu: cpus === undefined ? undefined : String(Math.max(128, Math.round(cpus * 1024))),
    memory: String(memory),
  });
}

/** `linux/arm64` as ECS says it. */
export function runtimePlatform(platform: string | undefined) {
  const arm = platform !== undefined && /\/(arm64|aarch64)/.test(platform);
  return { operatingSystemFamily: "LINUX", cpuArchitecture: arm ? "ARM64" : "X86_64" };
}
