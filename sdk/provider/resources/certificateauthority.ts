// A certificate authority of the stack's own, kept in its state. It rotates by date or when asked: a
// new key and certificate, the old one trusted on for a while. sdk/pki/rotation.ts has the stages.
// Nothing outside of the state knows it, so there is nothing to read and nothing to delete.

import { randomBytes } from "node:crypto";
import { inspectCertificate, joinPem } from "../../pki/inspect.ts";
import { defaultLifeDays, issueAuthority, issueCross } from "../../pki/issue.ts";
import { newKeyPair, serialBytes, serialNumber } from "../../pki/keys.ts";
import { checkCommonName } from "../../pki/names.ts";
import {
  type FormerAuthority,
  overlapEndsAt,
  planRotation,
  type RotationStep,
  stillTrusted,
} from "../../pki/rotation.ts";
import type { Failure } from "../check.ts";
import { leftAt } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import { defineResource, type Recorded } from "../resource.ts";

const defaults = { renewBeforeDays: 365, overlapDays: 30 } as const;
/** Room for the generation in a common name of 64 characters. */
const generationChars = 6;

function atLeast(least: number) {
  return (value: number) => (value >= least ? undefined : `write ${least} or more`);
}

const inputs = {
  commonName: f.string({
    doc: "What the authority is called; its generation is added, so that two in a row have different names. A change rotates.",
    default: "the resource's name",
    onChange: "update",
    check: (value) =>
      value.length > 64 - generationChars
        ? `write ${64 - generationChars} characters at most`
        : checkCommonName(value),
  }),
  lifeDays: f.integer({
    doc: "How long a certificate of the authority lasts, in days. A change counts from the next rotation on.",
    default: String(defaultLifeDays.authority),
    onChange: "update",
    check: atLeast(1),
  }),
  renewBeforeDays: f.integer({
    doc: "How many days before its end it rotates by itself, in the first update from then on.",
    default: String(defaults.renewBeforeDays),
    onChange: "update",
    check: atLeast(0),
  }),
  overlapDays: f.integer({
    doc: "How many days the former authority stays trusted after a rotation. It is dropped by the first update from then on. 0 drops it at once, as after a theft of its key: who holds only old certificates is then refused.",
    default: String(defaults.overlapDays),
    onChange: "update",
    check: atLeast(0),
  }),
  rotate: f.string({
    doc: "Any text, such as a date. A change rotates now.",
    default: "none",
    onChange: "update",
  }),
} as const;
type Inputs = Plain<typeof inputs>;

const former = f.object(
  "FormerAuthority",
  {
    certificate: f.string({ doc: "Its certificate, as PEM.", required: true }),
    crossCertificate: f.string({
      doc: "The certificate of its successor, signed by it, as PEM.",
      required: true,
    }),
    rotatedAt: f.string({ doc: "When its successor took over.", required: true }),
  },
  element,
);

const outputs = {
  certificate: f.string({ doc: "The certificate, as PEM.", required: true }),
  key: f.string({ doc: "The private key, as PEM.", required: true, secret: true }),
  bundle: f.string({
    doc: "All that is to be trusted, as PEM: the certificate, and during an overlap the former ones.",
    required: true,
  }),
  crossCertificate: f.string({
    doc: "What is sent along with a certificate during an overlap, as PEM, so that those who trust only the former authority accept it. Empty outside of an overlap.",
    required: true,
  }),
  fingerprint: f.string({ doc: "SHA-256 of the certificate.", required: true }),
  generation: f.integer({ doc: "Counts the rotations, from 1.", required: true }),
  expiresAt: f.string({ doc: "When the certificate ends, as ISO 8601.", required: true }),
  overlapEndsAt: f.string({
    doc: "When the oldest former authority is dropped, as ISO 8601. Empty outside of an overlap.",
    required: true,
  }),
  previous: f.list(former, { doc: "Former authorities that are trusted on.", required: true }),
} as const;
type Outputs = Plain<typeof outputs>;
type Known = Recorded<typeof inputs, typeof outputs>;

const serial = () => serialNumber(randomBytes(serialBytes));

function settingsOf(values: Inputs) {
  return {
    lifeDays: values.lifeDays ?? defaultLifeDays.authority,
    renewBeforeDays: values.renewBeforeDays ?? defaults.renewBeforeDays,
    overlapDays: values.overlapDays ?? defaults.overlapDays,
  };
}

function check(values: Inputs): readonly Failure[] {
  const { lifeDays, renewBeforeDays } = settingsOf(values);
  if (renewBeforeDays < lifeDays) return [];
  const reason = `is ${renewBeforeDays}, and the authority lasts ${lifeDays} days: it would rotate in every update; write less`;
  return [{ property: "renewBeforeDays", reason }];
}

function planOf(old: Known, values: Inputs, now: Date): RotationStep {
  const asked = old.inputs.rotate !== values.rotate || old.inputs.commonName !== values.commonName;
  return planRotation(old.outputs, settingsOf(values), { now, asked });
}

/** What follows from the former authorities that are trusted on. */
function withPrevious(
  outputs: Omit<Outputs, "bundle" | "crossCertificate" | "overlapEndsAt" | "previous">,
  previous: readonly FormerAuthority[],
  overlapDays: number,
): Outputs {
  return {
    ...outputs,
    bundle: joinPem([outputs.certificate, ...previous.map((one) => one.certificate)]),
    crossCertificate: joinPem(previous.map((one) => one.crossCertificate)),
    overlapEndsAt: overlapEndsAt(previous, overlapDays),
    previous,
  };
}

/** The outputs of all steps but a rotation: they follow from what is known. */
function settled(old: Known, values: Inputs, now: Date): Outputs {
  const { overlapDays } = settingsOf(values);
  const previous = stillTrusted(old.outputs.previous, overlapDays, now);
  return withPrevious(old.outputs, previous, overlapDays);
}

/** A new key with its certificate. */
async function newAuthority(name: string, values: Inputs, generation: number, now: Date) {
  const { lifeDays } = settingsOf(values);
  const { privateKey } = await newKeyPair();
  const certificate = await issueAuthority({
    commonName: `${values.commonName ?? name} ${generation}`,
    key: privateKey,
    lifeDays,
    now,
    serial: serial(),
  });
  const { fingerprint, expiresAt } = inspectCertificate(certificate);
  return {
    certificate,
    key: privateKey,
    fingerprint,
    generation,
    expiresAt: expiresAt.toISOString(),
  };
}

async function rotated(name: string, old: Known, values: Inputs, now: Date): Promise<Outputs> {
  const { overlapDays } = settingsOf(values);
  const { outputs } = old;
  const next = await newAuthority(name, values, outputs.generation + 1, now);
  // One that has ended leads nowhere any more.
  const usable = overlapDays > 0 && Date.parse(outputs.expiresAt) > now.getTime();
  if (!usable) return withPrevious(next, [], overlapDays);
  const issuer = { certificate: outputs.certificate, key: outputs.key };
  const crossCertificate = await issueCross({
    issuer,
    authority: next.certificate,
    now,
    serial: serial(),
  });
  const rotatedAt = now.toISOString();
  const previous = [
    { certificate: outputs.certificate, crossCertificate, rotatedAt },
    ...stillTrusted(outputs.previous, overlapDays, now),
  ];
  return withPrevious(next, previous, overlapDays);
}

function describe(outputs: Outputs): string {
  const { generation, overlapEndsAt: until } = outputs;
  const trusted = until === "" ? "no former one is trusted" : `the former is trusted to ${until}`;
  return `generation ${generation}; ${trusted}`;
}

export const certificateAuthority = defineResource({
  name: "CertificateAuthority",
  doc: "A certificate authority, kept in the state with its key as a secret. It rotates by date or when asked, in stages of an update each: a new authority signs while both are trusted, then the former one is dropped.",
  inputs,
  outputs,
  check,
  preview: (values, old, now) => {
    if (!old) return { generation: 1, crossCertificate: "", overlapEndsAt: "", previous: [] };
    if (planOf(old, values, now).kind !== "rotate") return settled(old, values, now);
    return { generation: old.outputs.generation + 1 };
  },
  drift: (recorded, values, now) => {
    const step = planRotation(recorded, settingsOf(values), { now, asked: false });
    if (step.kind === "keep") return [];
    const property = step.kind === "rotate" ? "expiresAt" : "overlapEndsAt";
    return leftAt(property);
  },
  async create({ logicalName, now }, values) {
    const made = await newAuthority(logicalName, values, 1, now());
    const id = made.fingerprint.replaceAll(":", "").slice(0, 16).toLowerCase();
    return { id, outputs: withPrevious(made, [], 0) };
  },
  read: (_context, id, known) => Promise.resolve(known && { id, ...known }),
  async update({ logicalName, now, log }, _id, old, values) {
    const at = now();
    const after =
      planOf(old, values, at).kind === "rotate"
        ? await rotated(logicalName, old, values, at)
        : settled(old, values, at);
    log.done(describe(after));
    return after;
  },
  delete: () => Promise.resolve(),
});
