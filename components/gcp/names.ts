// Names of things of Google that have to be given, and may be there once.

import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Eight digits of what cannot be changed in place. */
export function hashOf(fixed: { readonly [name: string]: unknown }): string {
  const sorted = Object.entries(fixed).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 8);
}

/** The id of a service account, at most 30 characters: another stack of the project has its own. */
export function accountIdOf(name: string): string {
  const whose = { name, project: pulumi.getProject(), stack: pulumi.getStack() };
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `${words.slice(0, 21).replace(/^[^a-z]+|-$/g, "")}-${hashOf(whose)}`.replace(/^-/, "a-");
}
