// A certificate with which a proxy answers for some of its sites. Stacks of several repositories may
// bring their own. It is checked here before HAProxy meets it; its key is on the proxy's volume, for
// root alone, and in no command line.

import {
  certificateDrift,
  checkCertificate,
  ensureCertificate,
  removeCertificate,
  servedNames,
} from "../../haproxy/certificates.ts";
import type { CertificateSpec } from "../../haproxy/types.ts";
import { inspectCertificate, splitPem } from "../../pki/inspect.ts";
import { leftAt } from "../diff.ts";
import { element, f, type Plain } from "../fields.ts";
import { proxyEntryOf, requireProxy, withProxy } from "../proxy.ts";
import { proxyDrift, proxyPlace } from "../proxyfields.ts";
import { type Context, defineResource } from "../resource.ts";

const inputs = {
  ...proxyPlace,
  certificate: f.string({
    doc: "The server's certificate, then those that issued it, as PEM. A change loses no request; open connections go on with the former one.",
    required: true,
    onChange: "update",
  }),
  key: f.string({
    doc: "Its private key, as PEM without a passphrase.",
    required: true,
    secret: true,
    onChange: "update",
  }),
  names: f.list(f.string(element), {
    doc: "The host names to answer for with it; `*.example.com` for one label.",
    default: "all DNS names that the certificate is for",
    onChange: "update",
  }),
} as const;
type Inputs = Plain<typeof inputs>;

const outputs = {
  entry: f.string({ doc: "The entry's name in the proxy.", required: true }),
  servedNames: f.list(f.string(element), {
    doc: "The host names that are answered for with it.",
    required: true,
  }),
  expiresAt: f.string({ doc: "When it ends, as ISO 8601.", required: true }),
  drift: proxyDrift,
} as const;
type Outputs = Plain<typeof outputs>;

const specOf = (entry: string, { certificate, key, names }: Inputs): CertificateSpec => ({
  entry,
  certificate,
  key,
  ...(names ? { names: names.map((name) => name.toLowerCase()) } : {}),
});

function outputsOf(entry: string, values: Inputs): Outputs {
  const [leaf = ""] = splitPem(values.certificate);
  return {
    entry,
    servedNames: [...servedNames(specOf(entry, values))],
    expiresAt: inspectCertificate(leaf).expiresAt.toISOString(),
    drift: [],
  };
}

async function ensure(context: Context, values: Inputs): Promise<Outputs> {
  const entry = proxyEntryOf(context);
  const done = outputsOf(entry, values);
  if (Date.parse(done.expiresAt) <= context.now().getTime()) {
    context.log.warn(`the certificate ended on ${done.expiresAt}: clients will refuse it`);
  }
  const changed = await requireProxy(context, values, (agent) =>
    ensureCertificate(agent, specOf(entry, values), { signal: context.signal }),
  );
  const names = done.servedNames.join(", ");
  context.log.done(`${context.logicalName}: ${names} ${changed ? "loaded" : "as declared"}`);
  return done;
}

export const proxyCertificate = defineResource({
  name: "ProxyCertificate",
  doc: "A certificate with which a proxy answers for host names of its sites; who asks for another name is not shown it. The chain and the key are checked before the proxy meets them. A change loses no request. Two certificates for one name are refused.",
  inputs,
  outputs,
  check: (values) => checkCertificate(specOf("certificate", values)),
  drift: ({ drift }) => (drift.length > 0 ? leftAt("drift") : []),
  preview: (values, old) => (old ? outputsOf(old.outputs.entry, values) : {}),

  async create(context, values) {
    const made = await ensure(context, values);
    return { id: made.entry, outputs: made };
  },

  async read(context, id, known) {
    if (!known) return undefined;
    const { inputs: seen, outputs: was } = known;
    const looked = await withProxy(context, seen, async (agent) => ({
      drift: await certificateDrift(agent, specOf(id, seen)),
    }));
    // Of a proxy that does not run, its own refresh tells.
    const drift = looked ? looked.drift : ["the proxy does not run"];
    return drift && { id, inputs: seen, outputs: { ...was, drift } };
  },

  update: (context, _id, _old, values) => ensure(context, values),

  async delete(context, id, old) {
    await withProxy(context, old.inputs, (agent) =>
      removeCertificate(agent, id, { signal: context.signal }),
    );
  },
});
