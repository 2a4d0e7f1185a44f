// A certificate with its key, issued by an authority. It is issued again in place when its authority,
// what it is for, or its date asks for it, and gets another chain when only that changed. Nothing
// outside of the state knows it, so there is nothing to read and nothing to delete.

import { randomBytes } from "node:crypto";
import { inspectCertificate, joinPem, splitPem } from "../../pki/inspect.ts";
import { defaultLifeDays, issueClient, issueServer } from "../../pki/issue.ts";
import { newKeyPair, serialBytes, serialNumber } from "../../pki/keys.ts";
import { checkAddress, checkCommonName, checkDnsName } from "../../pki/names.ts";
import { isReissueDue } from "../../pki/rotation.ts";
import type { Failure } from "../check.ts";
import { leftAt } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import { defineResource, type Recorded } from "../resource.ts";

const atLeast = (least: number) => (value: number) =>
  value >= least ? undefined : `write ${least} or more`;

const inputs = {
  caCertificate: f.string({
    doc: "The certificate of the authority that issues it, as PEM. A change issues it anew.",
    required: true,
    onChange: "update",
    check: (value) =>
      splitPem(value).length === 1 ? undefined : "write the text of one certificate as PEM",
  }),
  caKey: f.string({
    doc: "The private key of that authority, as PEM.",
    required: true,
    secret: true,
    onChange: "update",
  }),
  crossCertificate: f.string({
    doc: "What is sent along with it so that those who trust a former authority accept it, as PEM.",
    default: "none",
    onChange: "update",
  }),
  kind: f.choice(["server", "client"], {
    doc: "What it is used for. A change issues it anew.",
    required: true,
    onChange: "update",
  }),
  names: f.list(f.string({ ...element, check: checkDnsName }), {
    doc: "The DNS names under which the server is reached. A change issues it anew.",
    default: "none",
    onChange: "update",
  }),
  addresses: f.list(f.string({ ...element, check: checkAddress }), {
    doc: "The addresses, IPv4 or IPv6, under which the server is reached. A change issues it anew.",
    default: "none",
    onChange: "update",
  }),
  commonName: f.string({
    doc: "Whose it is: the client's name; of a server, nobody looks at it. A change issues it anew.",
    default: "of a server its first name or address, of a client the resource's name",
    onChange: "update",
    check: checkCommonName,
  }),
  lifeDays: f.integer({
    doc: "How long it lasts, in days; never longer than its authority. A change issues it anew.",
    default: `${defaultLifeDays.server} for a server, ${defaultLifeDays.client} for a client`,
    onChange: "update",
    check: atLeast(1),
  }),
  renewBeforeDays: f.integer({
    doc: "How many days before its end the next update issues it anew.",
    default: "a third of its life",
    onChange: "update",
    check: atLeast(0),
  }),
} as const;
type Inputs = Plain<typeof inputs>;

const outputs = {
  certificate: f.string({
    doc: "The certificate, followed by what is sent along with it, as PEM.",
    required: true,
  }),
  key: f.string({ doc: "The private key, as PEM.", required: true, secret: true }),
  fingerprint: f.string({ doc: "SHA-256 of the certificate.", required: true }),
  expiresAt: f.string({ doc: "When it ends, as ISO 8601.", required: true }),
} as const;
type Outputs = Plain<typeof outputs>;
type Known = Recorded<typeof inputs, typeof outputs>;

function settingsOf({ kind, lifeDays = defaultLifeDays[kind], renewBeforeDays }: Inputs) {
  return { lifeDays, renewBeforeDays: renewBeforeDays ?? Math.floor(lifeDays / 3) };
}

function check(values: Inputs): readonly Failure[] {
  const { kind, names = [], addresses = [] } = values;
  const { lifeDays, renewBeforeDays } = settingsOf(values);
  const failures: Failure[] = [];
  if (kind === "server" && names.length + addresses.length === 0) {
    const reason = "is empty, as is addresses; write a name or an address of the server";
    failures.push({ property: "names", reason });
  }
  if (kind === "client" && names.length + addresses.length > 0) {
    const property = names.length > 0 ? "names" : "addresses";
    failures.push({ property, reason: "belongs to a server; name the client by commonName" });
  }
  if (renewBeforeDays >= lifeDays) {
    const reason = `is ${renewBeforeDays}, and it lasts ${lifeDays} days: it would be issued in every update; write less`;
    failures.push({ property: "renewBeforeDays", reason });
  }
  return failures;
}

/** What the leaf is made from, as a text to compare. The order of names does not count. */
function contents(values: Inputs): string {
  const { kind, names = [], addresses = [], commonName, caCertificate } = values;
  return JSON.stringify([
    joinPem([caCertificate]),
    kind,
    [...names].sort(),
    [...addresses].sort(),
    commonName,
    settingsOf(values).lifeDays,
  ]);
}

function isDue({ expiresAt }: Pick<Outputs, "expiresAt">, values: Inputs, now: Date): boolean {
  const authorityExpiresAt = inspectCertificate(values.caCertificate).expiresAt.toISOString();
  return isReissueDue({ expiresAt, authorityExpiresAt }, settingsOf(values), now);
}

function mustIssue(old: Known, values: Inputs, now: Date): boolean {
  return contents(old.inputs) !== contents(values) || isDue(old.outputs, values, now);
}

/** The same leaf and key with what is sent along now. */
function rechained(old: Outputs, values: Inputs): Outputs {
  const [leaf = ""] = splitPem(old.certificate);
  return { ...old, certificate: joinPem([leaf, values.crossCertificate ?? ""]) };
}

async function issue(name: string, values: Inputs, now: Date): Promise<Outputs> {
  const { kind, names = [], addresses = [], commonName } = values;
  const { publicKey, privateKey } = await newKeyPair();
  const request = {
    issuer: { certificate: values.caCertificate, key: values.caKey },
    publicKey,
    lifeDays: settingsOf(values).lifeDays,
    now,
    serial: serialNumber(randomBytes(serialBytes)),
  };
  const leaf =
    kind === "server"
      ? await issueServer({
          ...request,
          names,
          addresses,
          ...(commonName === undefined ? {} : { commonName }),
        })
      : await issueClient({ ...request, name: commonName ?? name });
  const { fingerprint, expiresAt } = inspectCertificate(leaf);
  return {
    certificate: joinPem([leaf, values.crossCertificate ?? ""]),
    key: privateKey,
    fingerprint,
    expiresAt: expiresAt.toISOString(),
  };
}

export const certificate = defineResource({
  name: "Certificate",
  doc: "A certificate with its key, issued by an authority for a server or a client, and issued anew in place when its authority, its names or its date ask for it.",
  inputs,
  outputs,
  check,
  preview: (values, old, now) =>
    old && !mustIssue(old, values, now) ? rechained(old.outputs, values) : {},
  drift: (recorded, values, now) => (isDue(recorded, values, now) ? leftAt("expiresAt") : []),
  async create({ logicalName, now }, values) {
    const made = await issue(logicalName, values, now());
    const id = made.fingerprint.replaceAll(":", "").slice(0, 16).toLowerCase();
    return { id, outputs: made };
  },
  read: (_context, id, known) => Promise.resolve(known && { id, ...known }),
  async update({ logicalName, now, log }, _id, old, values) {
    const at = now();
    if (!mustIssue(old, values, at)) return rechained(old.outputs, values);
    const made = await issue(logicalName, values, at);
    log.done(`issued, ends ${made.expiresAt}`);
    return made;
  },
  delete: () => Promise.resolve(),
});
