// Runs a program with no engine and gives what it registered: inputs, parents, dependencies and
// options. Each resource has outputs: those that its provider would have made up, since an output that
// is missing is an input that silently is not there. A file of tests is a process of its own, or its
// programs run one after the other: Pulumi has one set of mocks a process.

import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { type NamedPlacementRequest, placeNamed } from "../fleet/request.ts";
import { answerTo } from "./echo/answers.ts";
import { madeUp } from "./echo/outputs.ts";
import type { EchoPlan, EchoResource } from "./echo/plan.ts";

/** A resource as the program registered it. */
export interface Registered {
  /** Its type token, such as `aws:ecs/service:Service`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** What it was declared with; secrets are bare. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider's reference, `URN::ID`; none of its own is empty. */
  readonly provider: string;
  /** Its URN. */
  readonly urn: string;
  /** The URN of the component that it belongs to. */
  readonly parent: string;
  /** The URNs of what it depends on, by its inputs or by `dependsOn`. */
  readonly dependsOn: readonly string[];
  /** The properties that it shall be replaced by, and those whose changes are not looked at. */
  readonly replaceOnChanges: readonly string[];
  /** Paths whose changes are not looked at. */
  readonly ignoreChanges: readonly string[];
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  /** Whether what it stands for stays when it is deleted. */
  readonly retainOnDelete: boolean;
}

type Request = Parameters<MockMonitor["registerResource"]>[0] & {
  getUrn?: () => string;
  getParent: () => string;
  getType: () => string;
  getName: () => string;
  getDependenciesList: () => string[];
  getReplaceonchangesList: () => string[];
  getIgnorechangesList: () => string[];
  getProtect: () => boolean;
  getRetainondelete: () => boolean;
};

interface Reply {
  getUrn: () => string;
}

/** The public mocks see neither parents nor dependencies; the request has them. */
class Recorder extends MockMonitor {
  readonly options = new Map<string, Partial<Registered>>();

  override registerResource(request: Request, callback: (error: unknown, reply: Reply) => void) {
    return super.registerResource(request, (error: unknown, reply: Reply | undefined) => {
      if (reply !== undefined) {
        this.options.set(`${request.getType()} ${request.getName()}`, {
          urn: reply.getUrn(),
          parent: request.getParent(),
          dependsOn: request.getDependenciesList(),
          replaceOnChanges: request.getReplaceonchangesList(),
          ignoreChanges: request.getIgnorechangesList(),
          protect: request.getProtect(),
          retainOnDelete: request.getRetainondelete(),
        });
      }
      callback(error, reply as Reply);
    });
  }
}

/** What the plugin would have added to the inputs of a resource of Dockwright's own. */
function ownOutputs({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
  const physical = { name: `${name}-0a1b2c3d` };
  switch (type.split(":")[2]) {
    case "Network":
      return { ...physical, networkName: physical.name, ...inputs };
    case "Volume":
      return { ...physical, volumeName: physical.name, ...inputs };
    case "Image":
      return { ref: `${name}:0123456789abcdef`, imageId: "sha256:0", ...inputs };
    case "RandomSecret":
      return { value: "not-so-random", ...inputs };
    case "Container":
      return {
        ...physical,
        containerId: `id-of-${name}`,
        addresses: addressesOf(inputs["networks"]),
        ...inputs,
      };
    case "ActiveProxy":
      return { ...inputs, containerName: inputs["proxy"] };
    case "LocalDocker":
      return { host: "unix:///var/run/docker.sock" };
    case "HostKey":
      return { hostKey: `learned by ${name}`, fingerprint: "SHA256:learned", ...inputs };
    case "HostReady":
      return { hostKey: `checked by ${name}`, fingerprint: "SHA256:checked", ...inputs };
    case "Placement": {
      const { assignment, hosts } = placeNamed(inputs as unknown as NamedPlacementRequest);
      return { ...inputs, assignment, record: { hosts } };
    }
    default:
      return { ...inputs };
  }
}

function addressesOf(networks: unknown): Record<string, string> {
  const list = (networks ?? []) as readonly { readonly network: string }[];
  return Object.fromEntries(list.map(({ network }) => [network, "172.30.0.2"]));
}

function stateOf(args: pulumi.runtime.MockResourceArgs) {
  const { type, name, inputs } = args;
  if (!/^(aws|gcp|kubernetes):/.test(type)) {
    return { id: `${name}-id`, outputs: ownOutputs(args) as Record<string, unknown> };
  }
  const { id, outputs } = madeUp({ type, name, urn: name, seed: name, inputs }, {});
  return { id, outputs };
}

/**
 * Runs `program` to its end; the resources it registered, in the order in which they came. `more` are
 * outputs by kind of resource, where those that are made up do not do; `answers` are those of functions,
 * by token.
 */
export async function register(
  program: () => unknown,
  more: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  answers: NonNullable<EchoPlan["answers"]> = {},
): Promise<readonly Registered[]> {
  const registered: Pick<Registered, "type" | "name" | "inputs" | "provider">[] = [];
  const made: EchoResource[] = [];
  const recorder = new Recorder({
    newResource: (args) => {
      const { type, name, inputs, provider = "" } = args;
      registered.push({ type, name, inputs, provider });
      const { id, outputs } = stateOf(args);
      made.push({ type, urn: name, id, inputs, outputs });
      return { id, state: { ...outputs, ...more[type.split(":")[2] ?? ""] } };
    },
    call: ({ token, inputs }) => answerTo(token, inputs, { answers }, made) ?? {},
  });
  pulumi.runtime.setMockOptions(recorder, "harbour", "dev", false);
  await pulumi.runtime.runInPulumiStack(async () => {
    const made = program();
    if (made instanceof Promise) await made;
  });
  await pulumi.runtime.disconnect();
  const none = { urn: "", parent: "", dependsOn: [], replaceOnChanges: [], ignoreChanges: [] };
  return registered.map((one) => ({
    ...none,
    protect: false,
    retainOnDelete: false,
    ...one,
    ...recorder.options.get(`${one.type} ${one.name}`),
  }));
}

/** The resource of that name; throws with the names that there are. */
export function named(all: readonly Registered[], name: string): Registered {
  const found = all.find((one) => one.name === name);
  if (found) return found;
  throw new Error(`no ${name}; there are ${all.map((one) => one.name).join(", ")}`);
}

/** Those of a type, or of the last part of it: `TaskDefinition`. */
export function ofType(all: readonly Registered[], type: string): readonly Registered[] {
  return all.filter((one) => one.type === type || one.type.endsWith(`:${type}`));
}
