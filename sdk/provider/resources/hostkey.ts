// A host's SSH key, learned on first contact and pinned in the state from then on. A host that later
// shows another key is refused, with both fingerprints: adopting it silently would be no check at
// all. Deleting the resource forgets the key; nothing on the host changes.

import { setTimeout as sleep } from "node:timers/promises";
import { ErrorCode, SdkError } from "../../errors.ts";
import { labelOf } from "../../ssh/connection.ts";
import { isPassing } from "../../ssh/errors.ts";
import { hostKeyChanged, parseHostKey } from "../../ssh/hostkey.ts";
import { type LearntKey, learnHostKey, type UnknownHost } from "../../ssh/learn.ts";
import { f, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";
import { chainJumps, jumpsField } from "../ssh.ts";

/** What a machine may take to come up, unless `customTimeouts` says otherwise. */
const defaultTimeoutMs = 5 * 60_000;
const pollMs = 2_000;
const tryOptions = { connectTimeoutMs: 10_000, handshakeTimeoutMs: 30_000 };

const inputs = {
  address: f.string({
    doc: "The host's name or address. At another one the same key is expected.",
    required: true,
    onChange: "update",
    check: (value) =>
      /^[^\s@/]+$/.test(value) ? undefined : "write a name or an address, such as 203.0.113.10",
  }),
  port: f.integer({
    doc: "The port of its sshd.",
    default: "22",
    onChange: "update",
    check: (value) => (value >= 1 && value <= 65_535 ? undefined : "write a port, such as 22"),
  }),
  jumps: { ...jumpsField, options: { ...jumpsField.options, onChange: "update" } },
} as const;
type Inputs = Plain<typeof inputs>;

function unknownHost({ address, port, jumps }: Inputs): UnknownHost {
  const jump = chainJumps(jumps);
  return {
    host: address,
    ...(port === undefined ? {} : { port }),
    ...(jump === undefined ? {} : { jump }),
  };
}

const idOf = ({ address, port }: Inputs) =>
  address.includes(":") ? `[${address}]:${port ?? 22}` : `${address}:${port ?? 22}`;

/** Waits for a machine that is still coming up. */
async function learnWhenUp(
  { log, signal, timeoutMs }: Context,
  host: UnknownHost,
  known: { readonly like?: string } = {},
) {
  const label = labelOf(host);
  const limitMs = timeoutMs ?? defaultTimeoutMs;
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await learnHostKey(host, { ...tryOptions, ...known, signal });
    } catch (error) {
      if (!isPassing(error)) throw error;
      const words = error instanceof Error ? error.message : String(error);
      if (performance.now() + pollMs > deadline) {
        throw new SdkError(
          ErrorCode.Timeout,
          `the host key of ${label} could not be learned within ${limitMs} ms; last: ${words}`,
          { fix: error instanceof SdkError ? error.fix : undefined, cause: error },
        );
      }
      log.progress(`waiting for sshd: ${words}`);
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** Throws when what the host shows is not what is pinned. */
function compare(label: string, pinned: string, shown: LearntKey, urn: string): void {
  if (shown.hostKey === pinned) return;
  const refusal = hostKeyChanged(label, parseHostKey(pinned), parseHostKey(shown.hostKey));
  throw new SdkError(refusal.code, refusal.message, {
    fix: `find out why it changed (a new machine at this address, or somebody in between); to pin the new key: pulumi up --replace '${urn}'`,
  });
}

function parseId(id: string): Inputs {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(id);
  const address = match?.[1] ?? match?.[2];
  if (address === undefined) {
    throw new SdkError(ErrorCode.BadInput, `"${id}" is no id of a host key`, {
      fix: "write ADDRESS:PORT",
    });
  }
  const port = match?.[3];
  return { address, ...(port === undefined || port === "22" ? {} : { port: Number(port) }) };
}

export const hostKey = defineResource({
  name: "HostKey",
  doc: "A host's SSH key, learned on first contact and pinned from then on: a host that shows another one is refused.",
  inputs,
  outputs: {
    hostKey: f.string({
      doc: "The key as in known_hosts, without the name: `ssh-ed25519 AAAA...`.",
      required: true,
    }),
    fingerprint: f.string({ doc: "The key's fingerprint: `SHA256:...`.", required: true }),
  },
  preview: (_values, old) => old?.outputs ?? {},

  async create(context, values) {
    const learnt = await learnWhenUp(context, unknownHost(values));
    context.log.done(`pinned ${learnt.fingerprint}`);
    return { id: idOf(values), outputs: { ...learnt } };
  },

  async read({ log, signal, urn }, id, known) {
    const values = known?.inputs ?? parseId(id);
    const host = unknownHost(values);
    let shown: LearntKey;
    try {
      const like = known && { like: known.outputs.hostKey };
      shown = await learnHostKey(host, { ...tryOptions, ...like, signal });
    } catch (error) {
      // What is pinned stays pinned: a host that is down has not changed its key.
      if (!known || !isPassing(error)) throw error;
      log.warn(`the pinned key was not compared: ${error instanceof Error ? error.message : ""}`);
      return { id, ...known };
    }
    if (known) compare(labelOf(host), known.outputs.hostKey, shown, urn);
    return { id, inputs: values, outputs: known?.outputs ?? { ...shown } };
  },

  // Another way to the host, or another address of it: the same machine shows the same key.
  async update(context, _id, old, values) {
    const host = unknownHost(values);
    const { hostKey } = old.outputs;
    const shown = await learnWhenUp(context, host, { like: hostKey });
    compare(labelOf(host), hostKey, shown, context.urn);
    return old.outputs;
  },

  delete: () => Promise.resolve(),
});
