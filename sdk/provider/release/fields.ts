// What a release is, as fields. What it ran is one secret text: a rollback hands it back to the program
// as it was. What is told about it is beside it, and never secret.

import { connectionFields } from "../config.ts";
import { element, f, type Plain } from "../fields.ts";

const updates = { onChange: "update" } as const;
const hostField = f.string({
  doc: "The host that it is on, as in connections.",
  default: "the daemon of the provider",
});

const rolloutFields = {
  durationMs: f.integer({ doc: "How long it took, in milliseconds.", required: true }),
  drained: f.integer({ doc: "Requests that ended by themselves.", required: true }),
  cut: f.integer({ doc: "Requests that were cut at the deadline.", required: true }),
  moved: f.integer({
    doc: "Upgraded connections and event streams that were closed, to connect again.",
    default: "0",
  }),
  steps: f.list(f.string(element), { doc: "What was done, in order.", required: true }),
} as const;

const containerField = f.object(
  "ReleaseContainer",
  {
    name: f.string({ doc: "The container's name.", required: true }),
    host: hostField,
    imageId: f.string({ doc: "The id of the image that it runs.", required: true }),
  },
  element,
);

export const releaseInputs = {
  service: f.string({ doc: "The service's name.", required: true, ...updates }),
  spec: f.string({
    doc: "What the service runs: its arguments, as JSON. A change is another release.",
    required: true,
    secret: true,
    ...updates,
  }),
  containers: f.list(containerField, {
    doc: "The containers that run it.",
    required: true,
    ...updates,
  }),
  images: f.list(
    f.object(
      "ReleaseImageRef",
      {
        ref: f.string({ doc: "What the daemon knows the image by.", required: true }),
        host: hostField,
      },
      element,
    ),
    { doc: "The image on each host that it may run on.", required: true, ...updates },
  ),
  rollbackOf: f.integer({
    doc: "The number of the release that it brings back.",
    default: "none: it is what the program says",
    ...updates,
  }),
  keep: f.integer({
    doc: "How many releases are kept, with their images.",
    default: "5",
    check: (value) => (value >= 1 ? undefined : "write 1 or more"),
    ...updates,
  }),
  rollout: f.object("ReleaseRollout", rolloutFields, {
    doc: "How the rollout went that brought it.",
    default: "none: there was nothing to exchange in an order of its own",
    onChange: "ignore",
  }),
  connections: f.map(f.object("DaemonConnection", connectionFields, element), {
    doc: "How the hosts are reached, by host: as a provider's configuration.",
    default: "none: all is on the daemon of the provider",
    onChange: "ignore",
  }),
  lost: f.list(f.string(element), {
    doc: "Hosts that are gone: nothing contacts them.",
    default: "none",
    onChange: "ignore",
  }),
} as const;

const summaryFields = {
  number: f.integer({ doc: "Its number, from 1.", required: true }),
  at: f.string({ doc: "When it was made, as ISO 8601.", required: true }),
  by: f.string({ doc: "Who made it: the actor that CI names, else USER@HOST.", required: true }),
  hash: f.string({ doc: "A hash of what it runs, secrets included.", required: true }),
  rollbackOf: f.integer({ doc: "The release that it brought back.", default: "none" }),
  images: f.list(
    f.object(
      "ReleaseImage",
      {
        host: hostField,
        ref: f.string({ doc: "What the daemon knew the image by.", required: true }),
        imageId: f.string({ doc: "The image's id, `sha256:...`.", required: true }),
        tag: f.string({ doc: "The tag that keeps it from going.", required: true }),
      },
      element,
    ),
    { doc: "Its images, by host.", required: true },
  ),
  containers: f.list(containerField, { doc: "The containers that ran it.", required: true }),
  rollout: f.object("ReleaseRollout", rolloutFields, {
    doc: "How its rollout went.",
    default: "none",
  }),
} as const;

export const releaseOutputs = {
  number: f.integer({ doc: "The number of the release that runs, from 1.", required: true }),
  current: f.object("ReleaseSummary", summaryFields, {
    doc: "The release that runs.",
    required: true,
  }),
  releases: f.list(
    f.object(
      "ReleaseRecord",
      {
        ...summaryFields,
        spec: f.string({ doc: "What it ran, as JSON.", required: true, secret: true }),
      },
      element,
    ),
    { doc: "The releases that are kept, the newest first.", required: true },
  ),
  missing: f.list(f.string(element), {
    doc: "Images of kept releases that were not there when they were last looked for.",
    required: true,
  }),
} as const;

export type ReleaseInputs = Plain<typeof releaseInputs>;
export type ReleaseOutputs = Plain<typeof releaseOutputs>;
export type ReleaseRecord = ReleaseOutputs["releases"][number];
export type ReleaseImage = ReleaseRecord["images"][number];

export const defaultKeep = 5;
