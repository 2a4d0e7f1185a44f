// What the plugin uses of Pulumi's provider protocol: the fields that it reads or writes, by their
// numbers. A test holds them against the stubs of @pulumi/pulumi.
// Specification: pulumi/pulumi, proto/pulumi/provider.proto, plugin.proto and engine.proto.

import {
  bytes,
  type Codec,
  type Decoded,
  double,
  flag,
  integer,
  many,
  mapOf,
  message,
  text,
  texts,
} from "../../protobuf.ts";
import { struct } from "./struct.ts";

/** google.protobuf.Empty. */
const nothing = message({});

const checkRequest = message({
  urn: [1, text],
  olds: [2, struct],
  news: [3, struct],
  type: [7, text],
});
const checkFailure = message({ property: [1, text], reason: [2, text] });
const checkResponse = message({ inputs: [1, struct], failures: [2, many(checkFailure)] });

const diffRequest = message({
  id: [1, text],
  urn: [2, text],
  olds: [3, struct],
  news: [4, struct],
  oldInputs: [6, struct],
  type: [8, text],
});
const propertyDiff = message({ kind: [1, integer], inputDiff: [2, flag] });
const diffResponse = message({
  deleteBeforeReplace: [3, flag],
  changes: [4, integer],
  detailedDiff: [6, mapOf(propertyDiff)],
  hasDetailedDiff: [7, flag],
});

/** DiffResponse.DiffChanges. */
export const diffChanges = { none: 1, some: 2 } as const;
/** PropertyDiff.Kind. */
export const propertyDiffs = {
  add: 0,
  addReplace: 1,
  delete: 2,
  deleteReplace: 3,
  update: 4,
  updateReplace: 5,
} as const;

/** What a failed call tells the engine to record all the same, as a detail of its status. */
export const initFailed = message({
  id: [1, text],
  properties: [2, struct],
  reasons: [3, texts],
  inputs: [4, struct],
});
export const initFailedType = "type.googleapis.com/pulumirpc.ErrorResourceInitFailed";

/** google.rpc.Status, with details each of its own type. */
const anything = message({ typeUrl: [1, text], value: [2, bytes] });
export const rpcStatus = message({
  code: [1, integer],
  message: [2, text],
  details: [3, many(anything)],
});

interface Method<Q, A> {
  readonly path: string;
  readonly request: Codec<Q>;
  readonly answer: Codec<A>;
}

function method<Q, A>(name: string, request: Codec<Q>, answer: Codec<A>): Method<Q, A> {
  return { path: `/pulumirpc.ResourceProvider/${name}`, request, answer };
}

/** The calls that the plugin takes; of any other gRPC says UNIMPLEMENTED, which the engine knows. */
export const methods = {
  handshake: method(
    "Handshake",
    message({ engineAddress: [1, text] }),
    message({ acceptSecrets: [1, flag] }),
  ),
  attach: method("Attach", message({ address: [1, text] }), nothing),
  getPluginInfo: method("GetPluginInfo", nothing, message({ version: [1, text] })),
  getSchema: method("GetSchema", nothing, message({ schema: [1, text] })),
  checkConfig: method("CheckConfig", checkRequest, checkResponse),
  diffConfig: method("DiffConfig", diffRequest, diffResponse),
  configure: method(
    "Configure",
    message({ args: [2, struct] }),
    message({ acceptSecrets: [1, flag], supportsPreview: [2, flag] }),
  ),
  cancel: method("Cancel", nothing, nothing),
  check: method("Check", checkRequest, checkResponse),
  diff: method("Diff", diffRequest, diffResponse),
  create: method(
    "Create",
    message({
      urn: [1, text],
      properties: [2, struct],
      timeout: [3, double],
      preview: [4, flag],
      type: [6, text],
    }),
    message({ id: [1, text], properties: [2, struct] }),
  ),
  read: method(
    "Read",
    message({
      id: [1, text],
      urn: [2, text],
      properties: [3, struct],
      inputs: [4, struct],
      type: [6, text],
      timeout: [10, double],
    }),
    message({ id: [1, text], properties: [2, struct], inputs: [3, struct] }),
  ),
  update: method(
    "Update",
    message({
      id: [1, text],
      urn: [2, text],
      olds: [3, struct],
      news: [4, struct],
      timeout: [5, double],
      preview: [7, flag],
      oldInputs: [8, struct],
      type: [10, text],
    }),
    message({ properties: [1, struct] }),
  ),
  delete: method(
    "Delete",
    message({
      id: [1, text],
      urn: [2, text],
      properties: [3, struct],
      timeout: [4, double],
      oldInputs: [5, struct],
      type: [7, text],
    }),
    nothing,
  ),
  invoke: method(
    "Invoke",
    message({ tok: [1, text], args: [2, struct], preview: [7, flag] }),
    message({ return: [1, struct], failures: [2, many(checkFailure)] }),
  ),
} as const;

type Methods = typeof methods;
export type RequestOf<K extends keyof Methods> = Decoded<Methods[K]["request"]>;
/** What it does not have is not sent. */
export type AnswerOf<K extends keyof Methods> = Partial<Decoded<Methods[K]["answer"]>>;

/** The engine's log: `/pulumirpc.Engine/Log`. */
export const logPath = "/pulumirpc.Engine/Log";
export const logRequest = message({
  severity: [1, integer],
  message: [2, text],
  urn: [3, text],
  ephemeral: [5, flag],
});
/** LogSeverity. */
export const logSeverities = { debug: 0, info: 1, warning: 2 } as const;
