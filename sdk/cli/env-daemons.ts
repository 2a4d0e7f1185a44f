// Daemons of a stack, as its state tells: components whose outputs say how they are reached. Pure.
import type { ExportedResource, StackExport } from "../engine/index.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { revealed } from "./revealed.ts";

export interface DaemonAccess {
  readonly name: string;
  /** As DOCKER_HOST has it. */
  readonly dockerHost: string;
  /** PEM texts; absent where the daemon is not reached by TLS. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
}

/** A text of the state, secret or not; undefined for anything else, and for none. */
function textOf(value: unknown): string | undefined {
  const plain = revealed(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

function accessOf(resource: ExportedResource): DaemonAccess | undefined {
  const { type, urn, outputs = {} } = resource;
  if (!/^dockwright:index:\w*Daemon$/.test(type) || resource.delete) return undefined;
  const dockerHost = textOf(outputs["dockerHost"]);
  if (dockerHost === undefined) return undefined;
  const [ca, cert, key] = ["ca", "cert", "key"].map((name) => textOf(outputs[name]));
  const tls = ca && cert && key ? { ca, cert, key } : undefined;
  return { name: urn.split("::").at(-1) ?? urn, dockerHost, tls };
}

/** All daemons that say how they are reached. */
export function daemonsOf(state: StackExport): readonly DaemonAccess[] {
  return (state.deployment.resources ?? []).flatMap((resource) => accessOf(resource) ?? []);
}

/** The daemon of that name; the only one where none is asked for. */
export function chooseDaemon(
  daemons: readonly DaemonAccess[],
  name: string | undefined,
  stack: string,
): DaemonAccess {
  const [first, ...others] = daemons;
  if (!first) {
    throw new SdkError(ErrorCode.Missing, `the stack ${stack} has no daemon that can be reached`, {
      fix: "run `pulumi up` first, or name another stack with --stack",
    });
  }
  const known = daemons.map((daemon) => daemon.name).join(", ");
  if (name === undefined) {
    if (others.length === 0) return first;
    throw new SdkError(ErrorCode.BadInput, `the stack ${stack} has ${daemons.length} daemons`, {
      fix: `name one: ${known}`,
    });
  }
  const found = daemons.find((daemon) => daemon.name === name);
  if (found) return found;
  throw new SdkError(ErrorCode.Missing, `the stack ${stack} has no daemon "${name}"`, {
    fix: `name one of ${known}`,
  });
}
