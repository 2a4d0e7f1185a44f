// Runs a program against Pulumi's mock monitor and gives what it registered. A file sets its own
// mocks, since each test file is a process of its own.

import * as pulumi from "@pulumi/pulumi";
import { placement } from "../../sdk/provider/resources/placement.ts";
import type { ValueMap } from "../../sdk/provider/values.ts";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider's reference, `URN::ID`; none of its own is empty. */
  readonly provider: string;
}

/** What the plugin would have added to a resource's inputs. */
function outputsOf({
  type,
  name,
  inputs,
}: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
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
    case "Placement":
      return { ...inputs, ...placement.preview?.(inputs as ValueMap, undefined, new Date(0)) };
    default:
      return { ...inputs };
  }
}

function addressesOf(networks: unknown): Record<string, string> {
  const list = (networks ?? []) as readonly { readonly network: string }[];
  return Object.fromEntries(list.map(({ network }) => [network, "172.30.0.2"]));
}

/**
 * Runs `program` to its end; the resources it registered, in the order in which they came. `more` are
 * outputs by kind of resource, where those of the plugin matter.
 */
export async function register(
  program: () => unknown,
  more: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const { type, name, inputs, provider = "" } = args;
        registered.push({ type, name, inputs, provider });
        return {
          id: `${args.name}-id`,
          state: { ...outputsOf(args), ...more[args.type.split(":")[2] ?? ""] },
        };
      },
      call: () => ({}),
    },
    "harbour",
    "dev",
    false,
  );
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(void program()));
  await pulumi.runtime.disconnect();
  return registered;
}

/** The resource of that name; throws with the names that there are. */
export function named(all: readonly Registered[], name: string): Registered {
  const found = all.find((one) => one.name === name);
  if (found) return found;
  throw new Error(`no ${name}; there are ${all.map((one) => one.name).join(", ")}`);
}
