// Fields of what is kept in a proxy, and of what is done to it.

import { element, f } from "./fields.ts";

/** The proxy's lasting identity. */
export const dataVolume = f.string({
  doc: "The volume on which the proxy keeps its routes: the proxy's lasting identity.",
  required: true,
  onChange: "replace",
});

/** Which proxy it is kept in. */
export const proxyPlace = {
  proxy: f.string({
    doc: "The name or id of the proxy's container.",
    required: true,
    onChange: "update",
  }),
  dataVolume,
} as const;

export const proxyDrift = f.list(f.string(element), {
  doc: "How the proxy differed when it was last looked at.",
  required: true,
});

/** What the last change did to requests. */
export const requestCounts = {
  drained: f.integer({
    doc: "Requests that ended by themselves in the last change.",
    required: true,
  }),
  cut: f.integer({
    doc: "Requests that were cut at the deadline of the last change.",
    required: true,
  }),
} as const;
