// States, and lists of daemons, for tests of the verbs that look at what runs.
import { viewOf } from "../../../../sdk/cli/live/view.ts";
import type { ContainerSummary } from "../../../../sdk/docker/types.ts";
import type { ExportedResource, StackExport } from "../../../../sdk/engine/index.ts";

export const urnOf = (type: string, name: string): string =>
  `urn:pulumi:dev::site::${type}::${name}`;

export const owner = "0123456789abcdef";

const daemon = (name: string) => urnOf("dockwright:index:LocalDaemon", name);
const provider = (name: string) =>
  urnOf("dockwright:index:LocalDaemon$pulumi:providers:dockwright", `${name}-provider`);

export const reference = (name: string): string => `${provider(name)}::p-${name}`;

/** A daemon, with the provider that it makes. */
export function hostResources(
  name: string,
  inputs: Readonly<Record<string, unknown>> = { host: `tcp://${name}:2376` },
): readonly ExportedResource[] {
  return [
    { urn: daemon(name), type: "dockwright:index:LocalDaemon" },
    {
      urn: provider(name),
      type: "pulumi:providers:dockwright",
      id: `p-${name}`,
      parent: daemon(name),
      inputs: { __owner: owner, ...inputs },
    },
  ];
}

export const containerUrn = (name: string): string =>
  urnOf("dockwright:index:Service$dockwright:index:Container", name);

export function containerResource(
  name: string,
  host: string,
  more: Partial<ExportedResource> = {},
): ExportedResource {
  return {
    urn: containerUrn(name),
    type: "dockwright:index:Container",
    id: `id-${name}`,
    parent: urnOf("dockwright:index:Service", "shop"),
    provider: reference(host),
    inputs: { name: `${name}-aaaa`, image: "shop:1" },
    outputs: { running: true, imageId: "sha256:one" },
    ...more,
  };
}

export const service: ExportedResource = {
  urn: urnOf("dockwright:index:Service", "shop"),
  type: "dockwright:index:Service",
};

export const stateWith = (...resources: readonly ExportedResource[]): StackExport => ({
  version: 3,
  deployment: { resources: [service, ...resources] },
});

export const viewWith = (...resources: readonly ExportedResource[]) =>
  viewOf(stateWith(...resources), "dev");

/** A container as a daemon lists it: as recorded, but for `more`. */
export function listed(name: string, more: Partial<ContainerSummary> = {}): ContainerSummary {
  return {
    Id: `id-${name}`,
    Names: [`/${name}-aaaa`],
    Image: "shop:1",
    ImageID: "sha256:one",
    Command: "serve",
    Created: 0,
    Ports: [],
    Labels: { "dockwright.urn": containerUrn(name), "dockwright.owner": owner },
    State: "running",
    Status: "Up 3 hours",
    ...more,
  };
}
