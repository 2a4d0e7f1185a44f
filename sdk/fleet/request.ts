// A placement as a resource has it: hosts and other services by name.

import { place } from "./place.ts";
import type { FleetHost, FormerPlacement, Occupant, Placement, PlacementRequest } from "./types.ts";

export interface NamedPlacementRequest extends PlacementRequest {
  readonly hosts: { readonly [name: string]: Omit<FleetHost, "name"> };
  readonly others?: { readonly [service: string]: Omit<Occupant, "service"> };
}

export function hostsOf({ hosts }: Pick<NamedPlacementRequest, "hosts">): readonly FleetHost[] {
  return Object.entries(hosts).map(([name, host]) => ({ ...host, name }));
}

export function placeNamed(values: NamedPlacementRequest, former?: FormerPlacement): Placement {
  const others = Object.entries(values.others ?? {}).map(([service, other]) => ({
    ...other,
    service,
  }));
  const { hosts: _, others: __, ...request } = values;
  return place(hostsOf(values), former ? { request, former } : { request }, others);
}
