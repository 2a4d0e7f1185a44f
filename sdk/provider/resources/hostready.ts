// The moment from which a host can be worked on: its sshd answers, the user is let in and may become
// root, and cloud-init has ended, well or not. Waits within a limit, and says what it waits for. A
// provider whose configuration goes through its outputs comes after it, and with that provider all
// that is on the host. Nothing on the host changes.

import { fingerprint, parseHostKey } from "../../ssh/hostkey.ts";
import { waitForHost } from "../../ssh/wait.ts";
import { f, type Plain } from "../fields.ts";
import { type Context, defineResource } from "../resource.ts";
import { type SshValues, sshFields, sshTarget } from "../ssh.ts";

/** What a machine and its cloud-init may take, unless `customTimeouts` says otherwise. */
const defaultTimeoutMs = 15 * 60_000;

const inputs = {
  ssh: f.object("Ssh", sshFields, {
    doc: "The host, and how to log in.",
    required: true,
    onChange: "update",
    check: (ssh) =>
      ssh.privateKey === undefined && ssh.agentSocket === undefined
        ? "has no key to log in with; give privateKey or agentSocket"
        : undefined,
  }),
  onCloudInitError: f.choice(["fail", "continue"], {
    doc: "What a cloud-init that failed means: an error, or a warning.",
    default: "fail",
    onChange: "ignore",
  }),
} as const;
type Inputs = Plain<typeof inputs>;

async function wait({ log, signal, timeoutMs }: Context, values: Inputs) {
  const target = sshTarget(values.ssh as SshValues);
  const { state, detail } = await waitForHost(target, {
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    signal,
    onProgress: log.progress,
    ...(values.onCloudInitError ? { onCloudInitError: values.onCloudInitError } : {}),
  });
  if (state === "degraded") log.warn(`cloud-init recovered from errors: ${detail}`);
  if (state === "failed") log.warn(`cloud-init failed: ${detail}`);
  log.done("it can be worked on");
  const key = parseHostKey(target.hostKey);
  return { hostKey: target.hostKey, fingerprint: fingerprint(key), cloudInit: state };
}

export const hostReady = defineResource({
  name: "HostReady",
  doc: "Waits until a host can be worked on: sshd answers, the user is let in and may become root, cloud-init has ended. What follows goes through its outputs. `customTimeouts` bounds it; 15 minutes unless said otherwise.",
  inputs,
  outputs: {
    hostKey: f.string({
      doc: "The key that the host has shown, which is the pinned one.",
      required: true,
    }),
    fingerprint: f.string({ doc: "The key's fingerprint: `SHA256:...`.", required: true }),
    cloudInit: f.choice(["absent", "done", "degraded", "failed"], {
      doc: "How cloud-init ended; degraded: with errors that it recovered from.",
      required: true,
    }),
  },
  // A new way to the same host, or another login there, leaves the host what it is.
  preview: ({ ssh }, old) => (old && old.outputs.hostKey === ssh.hostKey ? old.outputs : {}),

  async create(context, values) {
    return { id: context.logicalName, outputs: await wait(context, values) };
  },

  /** It was ready once: that does not become untrue. */
  read: (_context, id, known) => Promise.resolve(known && { id, ...known }),

  update: (context, _id, _old, values) => wait(context, values),

  delete: () => Promise.resolve(),
});
