// A service of a swarm as fields: Docker's words, and those of a container where both have them. All is
// changed in place: Swarm itself exchanges the tasks, one after the other.

import { healthOptions } from "../container/health.ts";
import { checkPath, mountOptions } from "../container/mounts.ts";
import { processOptions } from "../container/process.ts";
import { element, type Field, f, type Plain } from "../fields.ts";
import { authField } from "../image/fields.ts";

const update = { onChange: "update" } as const;

/** The same field, whose change is made in place. */
function inPlace<F extends Field>(field: F): F {
  return { ...field, options: { ...field.options, ...update } };
}

const positive = (value: number) => (value > 0 ? undefined : "write more than 0");
const notNegative = (value: number) => (value >= 0 ? undefined : "write 0 or more");
const checkPort = (value: number) =>
  value >= 1 && value <= 65_535 ? undefined : "write a port, 1 to 65535";
const checkLabels = (labels: { readonly [name: string]: string }) =>
  Object.keys(labels).some((name) => name.startsWith("dockwright."))
    ? 'has a name that begins with "dockwright."; such are this provider\'s own'
    : undefined;

const resourceFields = {
  cpus: f.number({ doc: "Processors, to a thousandth.", default: "none", check: positive }),
  memoryBytes: f.integer({ doc: "Memory, in bytes.", default: "none", check: positive }),
} as const;

function configFields(words: { readonly failure: readonly string[]; readonly fallback: string }) {
  return {
    parallelism: f.integer({
      doc: "How many tasks at once; 0 is all.",
      default: "1",
      check: notNegative,
    }),
    delayMs: f.integer({
      doc: "Time between two of them, in milliseconds.",
      default: "0",
      check: notNegative,
    }),
    order: f.choice(["start-first", "stop-first"], {
      doc: "Whether the new task is ready before the old one ends, or begins after it.",
      default:
        "start-first; stop-first where a fixed port of the nodes is published in the mode host, or one replica has a volume of its own",
    }),
    failureAction: f.choice(words.failure, {
      doc: "What Swarm does when tasks fail. Whatever it is, the update then fails and says why.",
      default: words.fallback,
    }),
    monitorMs: f.integer({
      doc: "How long a new task is watched for failure, in milliseconds.",
      default: "5000",
      check: positive,
    }),
    maxFailureRatio: f.number({
      doc: "The part of the tasks that may fail, 0 to 1.",
      default: "0",
      check: (value) => (value >= 0 && value <= 1 ? undefined : "write 0 to 1"),
    }),
  } as const;
}

function targetFields(what: string, target: string) {
  return {
    name: f.string({ doc: `The ${what}'s name in the swarm.`, required: true }),
    target: f.string({ doc: target, default: "the name" }),
    uid: f.string({ doc: "The owner's user id.", default: "0" }),
    gid: f.string({ doc: "The owner's group id.", default: "0" }),
    mode: f.integer({ doc: "The mode of the file.", default: "0o444" }),
  } as const;
}

export const serviceInputs = {
  name: f.string({
    doc: "The service's name in the swarm.",
    default: "the resource's name and a hash of its URN",
  }),
  mode: f.choice(["replicated", "global"], {
    doc: "How many tasks there are. `replicated`: so many tasks as `replicas` says. `global`: one on every node that fits. A change replaces the service: it is gone in between.",
    default: "replicated",
  }),
  replicas: f.integer({
    doc: "How many tasks of a replicated service.",
    default: "1",
    ...update,
    check: notNegative,
  }),
  image: f.string({
    doc: "The image: by digest (`registry.example.com/shop@sha256:...`), or an id (`sha256:...`) that every node has.",
    required: true,
    ...update,
  }),
  auth: authField,
  command: inPlace(processOptions.command.field),
  entrypoint: inPlace(processOptions.entrypoint.field),
  env: inPlace(processOptions.env.field),
  workingDir: inPlace(processOptions.workingDir.field),
  user: inPlace(processOptions.user.field),
  hostname: f.string({
    doc: 'The host name inside; Swarm fills in templates such as "{{.Node.Hostname}}".',
    default: "the first 12 digits of the container's id",
    ...update,
  }),
  init: f.boolean({ doc: "Whether a small init runs as process 1.", default: "false", ...update }),
  readOnly: f.boolean({
    doc: "Mounts the root file system read-only.",
    default: "false",
    ...update,
  }),
  stopSignal: inPlace(processOptions.stopSignal.field),
  stopGraceMs: f.integer({
    doc: "How long a task may take to end, in milliseconds.",
    default: "10000",
    ...update,
    check: positive,
  }),
  capAdd: f.list(f.string(element), { doc: "Capabilities to add.", default: "none", ...update }),
  capDrop: f.list(f.string(element), {
    doc: "Capabilities to take away.",
    default: "none",
    ...update,
  }),
  healthCheck: inPlace(healthOptions.healthCheck.field),
  mounts: inPlace(mountOptions.mounts.field),
  extraHosts: f.map(f.string(element), {
    doc: "Addresses by host name, beside DNS.",
    default: "none",
    ...update,
  }),
  sysctls: f.map(f.string(element), {
    doc: "Kernel settings of its own network and processes.",
    default: "none",
    ...update,
  }),
  limits: f.object(
    "SwarmLimits",
    {
      ...resourceFields,
      pids: f.integer({ doc: "Processes and threads.", default: "no limit", check: positive }),
    },
    { doc: "The most that each task gets.", default: "no limits", ...update },
  ),
  reservations: f.object("SwarmReservations", resourceFields, {
    doc: "What a node must have left for a task to be placed there.",
    default: "nothing",
    ...update,
  }),
  restart: f.object(
    "SwarmRestart",
    {
      condition: f.choice(["any", "on-failure", "none"], {
        doc: "When a task that ended is followed by another.",
        default: "any",
      }),
      delayMs: f.integer({
        doc: "Time before that, in milliseconds.",
        default: "1000",
        check: notNegative,
      }),
      maxAttempts: f.integer({ doc: "How often; 0 is always.", default: "0", check: notNegative }),
      windowMs: f.integer({
        doc: "Within which time attempts are counted, in milliseconds; 0 is all time.",
        default: "0",
        check: notNegative,
      }),
    },
    { doc: "What follows a task that ended.", default: "another one, always", ...update },
  ),
  placement: f.object(
    "SwarmPlacement",
    {
      constraints: f.list(f.string(element), {
        doc: "What a node must be: `node.labels.disk == ssd`, `node.role != manager`.",
        default: "none",
        check: (all) =>
          all.every((one) => /^\S+\s*(==|!=)\s*\S.*$/.test(one))
            ? undefined
            : 'write KEY == VALUE or KEY != VALUE, such as "node.labels.disk == ssd"',
      }),
      spread: f.list(f.string(element), {
        doc: "Labels over whose values tasks are spread evenly: `node.labels.zone`.",
        default: "none: evenly over nodes",
      }),
      maxPerNode: f.integer({
        doc: "How many replicas a node has at most.",
        default: "no limit",
        check: positive,
      }),
    },
    { doc: "Which nodes have its tasks.", default: "any", ...update },
  ),
  update: f.object(
    "SwarmUpdate",
    configFields({ failure: ["rollback", "pause", "continue"], fallback: "rollback" }),
    { doc: "How Swarm exchanges tasks in an update.", default: "one by one", ...update },
  ),
  rollback: f.object(
    "SwarmRollback",
    configFields({ failure: ["pause", "continue"], fallback: "pause" }),
    { doc: "How Swarm goes back.", default: "one by one", ...update },
  ),
  networks: f.list(
    f.object(
      "SwarmAttachment",
      {
        network: f.string({ doc: "The network's name.", required: true }),
        aliases: f.list(f.string(element), {
          doc: "Further names under which the tasks are found on it.",
          default: "none",
        }),
      },
      element,
    ),
    { doc: "The overlay networks that the tasks are on.", default: "none", ...update },
  ),
  ports: f.list(
    f.object(
      "SwarmPort",
      {
        port: f.integer({ doc: "The port in the containers.", required: true, check: checkPort }),
        publishedPort: f.integer({
          doc: "The port of the nodes.",
          default: "a free one, chosen by Swarm",
          check: checkPort,
        }),
        mode: f.choice(["ingress", "host"], {
          doc: "How it is published. `ingress`: every node takes connections and passes them on (the routing mesh; it needs IPVS in the nodes' kernels). `host`: a node that has a task does, straight to it.",
          default: "ingress",
        }),
        protocol: f.choice(["tcp", "udp", "sctp"], { doc: "The protocol.", default: "tcp" }),
      },
      element,
    ),
    { doc: "The ports that are published on nodes.", default: "none", ...update },
  ),
  endpointMode: f.choice(["vip", "dnsrr"], {
    doc: "What its name leads to on overlay networks: one virtual address that spreads connections (it needs IPVS in the nodes' kernels), or the addresses of all tasks in turn. `tasks.NAME` always has the latter.",
    default: "vip",
    ...update,
  }),
  secrets: f.list(
    f.object(
      "SwarmSecretMount",
      targetFields("secret", "The file in /run/secrets, or an absolute path."),
      element,
    ),
    { doc: "Secrets, as files in memory.", default: "none", ...update },
  ),
  configs: f.list(
    f.object(
      "SwarmConfigMount",
      {
        ...targetFields("config", "The absolute path of the file."),
        target: f.string({
          doc: "The absolute path of the file.",
          default: "/ and the name",
          check: checkPath,
        }),
      },
      element,
    ),
    { doc: "Configs, as files.", default: "none", ...update },
  ),
  logDriver: f.string({ doc: "The log driver.", default: "that of the node's daemon", ...update }),
  logOptions: f.map(f.string(element), {
    doc: "Options of logDriver.",
    default: "none",
    ...update,
  }),
  labels: f.map(f.string(element), {
    doc: "Labels of the service by name. A change exchanges no task.",
    default: "none",
    ...update,
    check: checkLabels,
  }),
  containerLabels: f.map(f.string(element), {
    doc: "Labels of its containers by name.",
    default: "none",
    ...update,
    check: checkLabels,
  }),
} as const;
export type ServiceInputs = Plain<typeof serviceInputs>;

export const serviceOutputs = {
  serviceId: f.string({ doc: "The service's id.", required: true }),
  serviceName: f.string({ doc: "The service's name in the swarm.", required: true }),
  taskNodes: f.map(f.string(element), {
    doc: "Where its tasks ran when they were last looked at: the node by the task's number, or name.",
    required: true,
  }),
  drift: f.list(f.string(element), {
    doc: "Which tasks did not run when they were last looked at.",
    required: true,
  }),
} as const;
export type ServiceOutputs = Plain<typeof serviceOutputs>;
