// Where the replicas of a service go, over the hosts of a pool. It contacts no host: the recorded
// assignment is its memory, and the planning is sdk/fleet's.

import { checkRule, labelOf } from "../../fleet/labels.ts";
import { hostsOf, placeNamed } from "../../fleet/request.ts";
import type { FormerPlacement, Placement } from "../../fleet/types.ts";
import { describeCauses, describePlacement } from "../../fleet/words.ts";
import type { Failure } from "../check.ts";
import { element, f, OnChange, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";
import { hasUnknown, type ValueMap } from "../values.ts";

const required = { required: true, onChange: OnChange.Update } as const;
const optional = (fallback: string) => ({ default: fallback, onChange: OnChange.Update }) as const;
const aboveZero = (value: number) => (value > 0 ? undefined : "write a number above 0");
const checkPort = (value: number) =>
  value >= 1 && value <= 65535 ? undefined : "write a port, 1 to 65535";

const cpus = (of: string, fallback: string) =>
  f.number({ doc: `Processors ${of}.`, check: aboveZero, ...optional(fallback) });
const memoryBytes = (of: string, fallback: string) =>
  f.integer({ doc: `Memory ${of}, in bytes.`, check: aboveZero, ...optional(fallback) });
/** Ten times what has been tried: a number above it is a slip, and would take the plugin's memory. */
const mostReplicas = 10_000;
const names = (doc: string) => f.list(f.string(element), { doc, ...optional("none") });
const hostPorts = f.list(f.integer({ ...element, check: checkPort }), {
  doc: "Fixed ports of the host that each replica takes: no two that take one stand on a host.",
  ...optional("none"),
});
const conflicts = names(
  "Services that it does not stand beside, by name, with `*` and `?`. It holds in both directions; one that names itself is alone of its kind on a host.",
);

const ruleFields = {
  label: f.string({ doc: "The label's name; `host` is the host's own name.", ...required }),
  equals: f.string({ doc: "The host has it with this value.", ...optional("not asked") }),
  oneOf: f.list(f.string(element), {
    doc: "The host has it with one of these values.",
    ...optional("not asked"),
  }),
  exists: f.boolean({
    doc: "Whether the host has it, with any value.",
    ...optional("not asked"),
  }),
  not: f.string({
    doc: "The host has it with another value, or does not have it.",
    ...optional("not asked"),
  }),
} as const;
const preferenceFields = {
  ...ruleFields,
  weight: f.integer({
    doc: "What a host that satisfies it is worth more than others, -100 to 100; below 0 it is avoided.",
    check: (value) => (Math.abs(value) <= 100 ? undefined : "write -100 to 100"),
    ...optional("1"),
  }),
} as const;

const inputs = {
  service: f.string({ doc: "The service's name, as others name it in `conflicts`.", ...required }),
  replicas: f.integer({
    doc: "How many are wanted, at most 10,000.",
    check: (value) => (value >= 0 && value <= mostReplicas ? undefined : "write 0 to 10000"),
    ...required,
  }),
  cpus: cpus("for each replica, to a thousandth", "none are counted"),
  memoryBytes: memoryBytes("for each replica", "none is counted"),
  hostPorts,
  conflicts,
  require: f.list(f.object("FleetRule", ruleFields, { ...element, check: checkRule }), {
    doc: "What labels of a host have to be.",
    ...optional("any host will do"),
  }),
  prefer: f.list(f.object("FleetPreference", preferenceFields, { ...element, check: checkRule }), {
    doc: "What labels of a host should be: the weights of all that hold are added up.",
    ...optional("none"),
  }),
  spread: names(
    "Labels over whose values replicas are spread evenly, the most important first; then evenly over hosts.",
  ),
  near: names("Services that have to be on the same host, by name; they are placed before."),
  onePerHost: f.boolean({ doc: "Whether a host has at most one of it.", ...optional("false") }),
  volumes: f.map(f.string(element), {
    doc: "Volumes that are on one host only: the host's name by the volume's. It has to be there.",
    ...optional("none"),
  }),
  hosts: f.map(
    f.object(
      "FleetHost",
      {
        labels: f.map(f.string(element), { doc: "Its labels by name.", ...optional("none") }),
        cpus: cpus("of the host for containers", "not counted"),
        memoryBytes: memoryBytes("of the host for containers", "not counted"),
        drain: f.boolean({ doc: "Whether everything leaves it.", ...optional("false") }),
      },
      element,
    ),
    { doc: "The hosts of the pool by name.", ...required },
  ),
  others: f.map(
    f.object(
      "FleetOccupant",
      {
        hosts: f.list(f.string(element), { doc: "The host of each replica.", ...required }),
        cpus: cpus("for each replica", "none are counted"),
        memoryBytes: memoryBytes("for each replica", "none is counted"),
        hostPorts,
        conflicts,
      },
      element,
    ),
    {
      doc: "The services that were placed before, by name, with what they take.",
      ...optional("none"),
    },
  ),
} as const;

const outputs = {
  assignment: f.list(
    f.object(
      "FleetPlace",
      {
        replica: f.integer({
          doc: "The replica's number, from 1. It stays with its container: after a scale-down numbers may be missing.",
          ...required,
        }),
        host: f.string({ doc: "The host's name.", ...required }),
        reason: f.string({ doc: "Why there.", ...required }),
      },
      element,
    ),
    { doc: "The host of each replica, by number.", ...required },
  ),
  record: f.object(
    "FleetRecord",
    {
      hosts: f.list(f.string(element), {
        doc: "The hosts that its own rules allowed: one that is not among them has joined.",
        ...required,
      }),
    },
    { doc: "What the next placement has to know besides the assignment.", ...required },
  ),
} as const;

type Inputs = Plain<typeof inputs>;
type Outputs = Plain<typeof outputs>;

function formerOf(old: Outputs | undefined): FormerPlacement | undefined {
  return old && { places: old.assignment, hosts: old.record.hosts };
}

function plan(values: Inputs, old: Outputs | undefined): Placement {
  return placeNamed(values, formerOf(old));
}

function outputsOf({ assignment, hosts }: Placement): Outputs {
  return { assignment, record: { hosts } };
}

/** What fits does not depend on the memory: replicas are alike. So all of it is said at once, here. */
function check(values: Inputs): readonly Failure[] {
  const hosts = hostsOf(values);
  const failures: Failure[] = (values.spread ?? []).flatMap((label, index) =>
    hosts.some((host) => labelOf(host, label) !== undefined)
      ? []
      : [{ property: `spread[${index}]`, reason: `is "${label}", a label that no host has` }],
  );
  const { unplaced } = plan(values, undefined);
  const first = unplaced[0];
  if (!first) return failures;
  const reason = `is ${values.replicas}, and ${unplaced.length} of ${values.service} fit on no host; add a host, make room, or ask for less:\n${describeCauses(first.causes)}`;
  return [...failures, { property: "replicas", reason }];
}

function apply({ log }: Context, values: Inputs, old: Outputs | undefined): Outputs {
  const placement = plan(values, old);
  const words = describePlacement(values.service, placement, formerOf(old));
  if (words !== undefined) log.done(words);
  return outputsOf(placement);
}

export const placement = defineResource({
  name: "Placement",
  doc: "Which hosts of a pool the replicas of a service are on. It contacts no host. It remembers what it decided: what still fits stays; a host that joins takes its share and no more, one that goes moves only what was on it. A preview has the very assignment that the update will have.",
  inputs,
  outputs,
  check,
  preview: (values, old) => outputsOf(plan(values, old?.outputs)),
  announce: (values: ValueMap, old) => {
    if (hasUnknown(values)) return undefined;
    const known = values as Inputs;
    const planned = plan(known, old?.outputs);
    return describePlacement(known.service, planned, formerOf(old?.outputs));
  },
  create: (context, values) =>
    Promise.resolve({ id: context.logicalName, outputs: apply(context, values, undefined) }),
  read: (_context, id, known) => Promise.resolve(known && { id, ...known }),
  update: (context, _id, old, values) => Promise.resolve(apply(context, values, old.outputs)),
  delete: () => Promise.resolve(),
});
