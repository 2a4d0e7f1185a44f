// What `dockwright ps --json` prints, by the command as it is published, and judged by its schema.
import { asPrinted } from "./clischema.ts";
import { builtDockwright } from "./command.ts";
import type { Site } from "./site.ts";

/** As far as tests ask. */
export interface Listing {
  readonly hosts: readonly { readonly name: string; readonly trouble?: string }[];
  readonly containers: readonly {
    readonly service: string;
    readonly name: string;
    readonly kind: string;
    readonly host: string;
    readonly container: string;
    readonly id?: string;
    readonly state: string;
    readonly image?: string;
    readonly release?: number;
    readonly ports: readonly string[];
    readonly task?: string;
    readonly drift: readonly { readonly kind: string; readonly says: string }[];
  }[];
}

/** What it prints of a site's stack, and how it ends. */
export async function listingOf(site: Site, ...more: readonly string[]) {
  const { code, stdout, stderr } = await builtDockwright(site, "ps", "--json", ...more);
  return { code, stderr, ...asPrinted<Listing>("ps", JSON.parse(stdout)) };
}
